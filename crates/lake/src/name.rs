//! Names that nothing else has.

use std::hash::{BuildHasher as _, RandomState};

/// Returns 32 hexadecimal digits that were never there before.
///
/// The keys of [`RandomState`] come from the operating system, made to be beyond guessing; what a hash makes of
/// nothing is as random as they are.
pub(crate) fn random() -> String {
    let half = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", half(), half())
}
