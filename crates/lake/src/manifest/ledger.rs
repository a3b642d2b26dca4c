//! Which sources are in the lake.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::commit::Source;

/// The sources that were read, by their keys.
///
/// It takes some 250 bytes for each source: a year of files every five minutes of a hundred flow logs is 2.6 GB. Whoever has
/// that many reads the larger hourly files that AWS makes on request.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Ledger {
    versions: BTreeMap<String, String>,
}

/// What the ledger knows of a source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Known {
    /// It was not read.
    No,
    /// It was read.
    Yes,
    /// Something of that name was read, and it was not this.
    OtherVersion,
}

impl Ledger {
    /// Returns what is known of the source of this key and version.
    pub fn look_up(&self, key: &str, version: &str) -> Known {
        match self.versions.get(key) {
            None => Known::No,
            Some(known) if known == version => Known::Yes,
            Some(_) => Known::OtherVersion,
        }
    }

    /// Returns how many sources there are.
    pub fn len(&self) -> usize {
        self.versions.len()
    }

    /// Returns whether nothing was read yet.
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// Adds sources.
    pub(super) fn extend(&mut self, sources: &[Source]) {
        let pairs = sources.iter().map(|it| (it.key.clone(), it.version.clone()));
        self.versions.extend(pairs);
    }
}
