//! The engine, tested from outside.

#![expect(clippy::indexing_slicing, reason = "a test may panic, in its helpers too")]

mod beyond;
mod matrix;
mod oracle;
mod sets;
mod whole;
