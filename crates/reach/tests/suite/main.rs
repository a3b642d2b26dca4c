//! The engine, tested from outside.

mod oracle;
mod sets;
mod whole;
