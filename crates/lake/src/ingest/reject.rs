//! Lines that are no records: counted, and the first of each source kept with their places.

use serde::{Deserialize, Serialize};

/// How many lines of one source are kept. The source itself has them all.
pub const KEPT_OF_A_SOURCE: usize = 1_000;

/// A line that is no record, as the lake keeps it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reject {
    /// The source.
    pub source: String,
    /// The number of the line, from 1; of the row, in Parquet.
    pub line: u64,
    /// Where the line begins, in bytes of the decompressed source; 0 in Parquet and JSON.
    pub offset: u64,
    /// The field that is wrong; none if there are too many values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong.
    pub fault: String,
    /// The beginning of the line.
    pub text: String,
}

/// What was wrong with the lines of one source.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    source: String,
    count: u64,
    pub(super) kept: Vec<Reject>,
}

impl Tally {
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), count: 0, kept: Vec::new() }
    }

    /// Returns how many lines there were.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn add(&mut self, reject: &portolan_flow::Reject<'_>) {
        self.count += 1;
        if self.kept.len() < KEPT_OF_A_SOURCE {
            self.kept.push(Reject {
                source: self.source.clone(),
                line: reject.place.line,
                offset: reject.place.offset,
                field: reject.column.as_ref().map(|it| it.text_name().to_owned()),
                fault: reject.fault.to_string(),
                text: reject.sample(),
            });
        }
    }

    /// Adds what another part of the same source has. The first lines are those that are kept.
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        if other.kept.is_empty() {
            return;
        }
        self.kept.extend(other.kept);
        self.kept.sort_by_key(|it| it.line);
        self.kept.truncate(KEPT_OF_A_SOURCE);
    }
}
