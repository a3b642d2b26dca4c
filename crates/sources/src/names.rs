//! Texts that are kept once.

use std::collections::HashSet;
use std::sync::Arc;

/// The texts that were read so far.
///
/// A hundred thousand interfaces name a few thousand subnets, groups and VPCs. The set uses the hash of the
/// standard library and not a faster one, because who may tag a resource chooses what is hashed here.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<Arc<str>>);

impl Names {
    /// Returns the one copy of a text.
    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}
