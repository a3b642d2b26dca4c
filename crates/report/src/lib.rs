//! Answers as table, JSON, CSV, Markdown and HTML with pictures.
