//! The files of a lake at one commit.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::commit::{Commit, Operation};
use super::entry::FileEntry;

/// A consistent list of files: all of what some commits did, and nothing of what others did since.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Snapshot {
    pub(super) number: u64,
    // INVARIANT: keyed by the path of the entry.
    pub(super) files: BTreeMap<String, Arc<FileEntry>>,
    pub(super) tombs: BTreeMap<String, i64>,
    pub(super) totals: Totals,
}

/// What the commits so far sum up to.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Totals {
    /// How many sources were read.
    pub sources: u64,
    /// How many bytes they had.
    pub source_bytes: u64,
    /// How many rows came of them, those that expired since included.
    pub rows: u64,
    /// How many lines were no records.
    pub rejects: u64,
    /// The objects that hold rejected lines.
    pub reject_objects: BTreeSet<String>,
    /// When the last commit of each kind was made, in seconds.
    pub last: BTreeMap<Operation, i64>,
}

impl Snapshot {
    /// Returns the number of the last commit in it; 0 for an empty lake.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the files, in the order of their paths and hence of time.
    pub fn files(&self) -> impl DoubleEndedIterator<Item = &Arc<FileEntry>> {
        self.files.values()
    }

    /// Returns the files that can have rows whose `start` is in the range.
    pub fn files_within(
        &self,
        range: RangeInclusive<i64>,
    ) -> impl DoubleEndedIterator<Item = &Arc<FileEntry>> {
        self.files().filter(move |it| it.may_start_in(&range))
    }

    /// Returns at most how many rows with a `start` in the range, in seconds, stand for records that were left out (`SKIPDATA`), and
    /// whether that is exact: files tell it only of all their rows.
    pub fn rows_skipped(&self, range: &RangeInclusive<i64>) -> (u64, bool) {
        let files = self.files_within(range.clone()).filter(|it| it.rows_skipped > 0);
        let is_inside = |file: &FileEntry| {
            file.start.is_some_and(|(first, last)| range.contains(&first) && range.contains(&last))
        };
        files.fold((0, true), |(rows, is_exact), file| {
            (rows.saturating_add(file.rows_skipped), is_exact && is_inside(file))
        })
    }

    /// Returns whether a file is in it.
    pub fn holds(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Returns how many rows there are.
    pub fn rows(&self) -> u64 {
        total(self.files().map(|it| it.rows))
    }

    /// Returns how many bytes the files have.
    pub fn bytes(&self) -> u64 {
        total(self.files().map(|it| it.size))
    }

    /// Returns the first and the last `start`, in seconds, if any row has one.
    pub fn time_range(&self) -> Option<(i64, i64)> {
        let ranges = self.files().filter_map(|it| it.start);
        ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Returns the layouts of the files, each once.
    pub fn layouts(&self) -> BTreeSet<&str> {
        self.files().map(|it| it.layout.as_str()).collect()
    }

    /// Returns what all commits sum up to.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Returns when a file was removed, if it was and is remembered.
    pub(crate) fn removed_at(&self, path: &str) -> Option<i64> {
        self.tombs.get(path).copied()
    }

    /// Takes the step that a commit is.
    pub(super) fn apply(&mut self, commit: &Commit) {
        self.number = commit.number;
        for path in &commit.removed {
            self.files.remove(path);
            self.tombs.insert(path.clone(), commit.time);
        }
        let added = commit.added.iter().map(|it| (it.path.clone(), Arc::new(it.clone())));
        self.files.extend(added);
        self.totals.add(commit);
    }
}

/// Returns the sum of what files say of themselves, which a damaged manifest may have made into anything.
pub(crate) fn total(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

impl Totals {
    fn add(&mut self, commit: &Commit) {
        for source in &commit.sources {
            self.sources = self.sources.saturating_add(1);
            self.source_bytes = self.source_bytes.saturating_add(source.size);
            self.rows = self.rows.saturating_add(source.rows);
            self.rejects = self.rejects.saturating_add(source.rejects);
        }
        self.reject_objects.extend(commit.rejects.iter().map(|it| it.path.clone()));
        self.last.insert(commit.operation, commit.time);
    }
}
