//! CloudWatch Logs Insights query language: text to checked syntax, with spans.
