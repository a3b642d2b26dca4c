//! Everything about the crate that needs more than one of its modules.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also outside of test functions")]

mod adding_up;
mod cases;
mod laws;
mod recorder;
mod why;
