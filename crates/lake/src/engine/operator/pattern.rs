//! `pattern`: texts of the same shape.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;

use super::template::{pattern_of, severity};
use super::{Input, Made, Operator, Row, cell};
use crate::engine::value::Value;

/// How many patterns are told apart.
const MOST_PATTERNS: usize = 100_000;

/// What texts of further patterns are counted under.
const OTHERS: &str = "…";

/// The columns of patterns.
pub(super) fn pattern_columns() -> Vec<(String, DataType)> {
    vec![
        ("@pattern".to_owned(), DataType::Utf8),
        ("@ratio".to_owned(), DataType::Float64),
        ("@sampleCount".to_owned(), DataType::Int64),
        ("@severityLabel".to_owned(), DataType::Utf8),
    ]
}

/// Makes one row for each pattern of the text called `of`, the most frequent first.
pub(crate) fn pattern(input: Input<'_>, of: &str) -> Made {
    Made::new(Counting { place: input.place(of), patterns: Patterns::default() }, pattern_columns())
}

struct Counting {
    place: usize,
    patterns: Patterns,
}

impl Operator for Counting {
    fn push(&mut self, row: Row, _: &mut Vec<Row>) {
        if let Some(text) = cell(&row, self.place).text() {
            self.patterns.add(&text);
        }
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        let patterns = std::mem::take(&mut self.patterns);
        let total = patterns.total();
        let mut counted: Vec<(String, i64)> = patterns.counts.into_iter().collect();
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        out.extend(counted.into_iter().map(|(pattern, count)| pattern_row(pattern, count, total)));
    }
}

/// How often each pattern was seen.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    pub(super) counts: BTreeMap<String, i64>,
}

impl Patterns {
    /// Takes in a text.
    pub(super) fn add(&mut self, text: &str) {
        let mut pattern = pattern_of(text);
        if self.counts.len() >= MOST_PATTERNS && !self.counts.contains_key(&pattern) {
            OTHERS.clone_into(&mut pattern);
        }
        *self.counts.entry(pattern).or_default() += 1;
    }

    /// Returns how many texts there were.
    pub(super) fn total(&self) -> i64 {
        self.counts.values().sum()
    }
}

/// Returns what is said of a pattern that `count` of `total` texts have.
#[expect(clippy::cast_precision_loss, reason = "a share of texts")]
pub(super) fn pattern_row(pattern: String, count: i64, total: i64) -> Row {
    let label = severity(&pattern).map_or(Value::Missing, |it| Value::owned(it.to_owned()));
    let ratio = if total > 0 { count as f64 / total as f64 } else { 0.0 };
    vec![Value::owned(pattern), Value::float(ratio), Value::Integer(count), label]
}
