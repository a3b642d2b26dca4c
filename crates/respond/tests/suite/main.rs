//! Everything about the crate that needs more than one of its modules.

mod laws;
mod recorder;
