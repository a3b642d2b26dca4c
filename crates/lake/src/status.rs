//! What is in a lake, in numbers.

use std::collections::BTreeMap;

use portolan_flow::{Column, Field, Layout};

use crate::manifest::{Operation, Snapshot, total};

/// What is in a lake.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LakeStatus {
    /// The number of the last commit.
    pub commit: u64,
    /// How many files there are.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many rows.
    pub rows: u64,
    /// How many rows say that there was no traffic or that it was not recorded.
    pub rows_without_data: u64,
    /// How many of these stand for records that were left out: whatever is counted is a lower bound.
    pub rows_skipped: u64,
    /// The first and the last `start`, in seconds since 1970 UTC.
    pub time_range: Option<(i64, i64)>,
    /// How many sources were read, and how many bytes they had.
    pub sources: u64,
    /// The bytes of the sources.
    pub source_bytes: u64,
    /// How many of their lines are no records.
    pub rejects: u64,
    /// When each kind of commit was made last, in seconds since 1970 UTC.
    pub last: BTreeMap<Operation, i64>,
    /// What there is of each format, the most rows first.
    pub formats: Vec<FormatStatus>,
}

/// What is in a lake of one format.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormatStatus {
    /// The header.
    pub layout: String,
    /// The version of flow logs that has all its fields.
    pub version: u8,
    /// How many files there are.
    pub files: u64,
    /// How many rows.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl LakeStatus {
    /// Sums up the files of a lake.
    pub fn of(snapshot: &Snapshot) -> Self {
        let totals = snapshot.totals();
        let mut formats: BTreeMap<&str, FormatStatus> = BTreeMap::new();
        for file in snapshot.files() {
            let format =
                formats.entry(&file.layout).or_insert_with(|| FormatStatus::new(&file.layout));
            format.files += 1;
            format.rows = format.rows.saturating_add(file.rows);
            format.bytes = format.bytes.saturating_add(file.size);
        }
        let mut formats: Vec<_> = formats.into_values().collect();
        formats.sort_by_key(|it| std::cmp::Reverse(it.rows));
        Self {
            commit: snapshot.number(),
            files: formats.iter().map(|it| it.files).sum(),
            bytes: snapshot.bytes(),
            rows: snapshot.rows(),
            rows_without_data: total(snapshot.files().map(|it| it.rows_without_data)),
            rows_skipped: total(snapshot.files().map(|it| it.rows_skipped)),
            time_range: snapshot.time_range(),
            sources: totals.sources,
            source_bytes: totals.source_bytes,
            rejects: totals.rejects,
            last: totals.last.clone(),
            formats,
        }
    }
}

impl FormatStatus {
    fn new(layout: &str) -> Self {
        let version = Layout::parse(layout).map_or(0, |layout| {
            let fields = layout.columns().iter().filter_map(Column::field);
            fields.map(Field::version).max().unwrap_or_default()
        });
        Self { layout: layout.to_owned(), version, files: 0, rows: 0, bytes: 0 }
    }
}
