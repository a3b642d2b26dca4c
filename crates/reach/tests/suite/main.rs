//! The engine, tested from outside.

mod oracle;
