//! `pattern`: lines of the same shape.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use arrow::datatypes::DataType;

use super::template::{Kind, classify, pieces, severity};
use super::{Input, Made, Operator, Row, cell};
use crate::engine::value::Value;

/// How many shapes are kept; lines of further ones are counted as one.
const MOST_PATTERNS: usize = 10_000;

/// The columns of patterns.
pub(super) fn pattern_columns() -> Vec<(String, DataType)> {
    vec![
        ("@pattern".to_owned(), DataType::Utf8),
        ("@ratio".to_owned(), DataType::Float64),
        ("@sampleCount".to_owned(), DataType::Int64),
        ("@severityLabel".to_owned(), DataType::Utf8),
    ]
}

/// Makes one row for each shape of the text called `of`, the most frequent first.
pub(crate) fn pattern(input: Input<'_>, of: &str) -> Made {
    Made::new(Patterns { place: input.place(of), shapes: Shapes::default() }, pattern_columns())
}

struct Patterns {
    place: usize,
    shapes: Shapes,
}

impl Operator for Patterns {
    fn push(&mut self, row: Row, _: &mut Vec<Row>) {
        if let Some(line) = cell(&row, self.place).text() {
            self.shapes.add(&line);
        }
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        for pattern in self.shapes.patterns() {
            out.push(vec![
                Value::owned(pattern.text),
                Value::float(pattern.ratio),
                Value::Integer(pattern.count),
                Value::Text(Cow::Borrowed(pattern.severity)),
            ]);
        }
    }
}

/// The shapes of the lines that were seen.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    shapes: BTreeMap<Vec<u8>, Shape>,
    lines: i64,
}

/// Lines of one shape.
#[derive(Debug)]
struct Shape {
    /// The pieces of the first of them, what each is, and whether it was another in a later one.
    pieces: Vec<(String, Option<Kind>, bool)>,
    severity: &'static str,
    count: i64,
}

/// A shape in words.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) ratio: f64,
    pub(super) count: i64,
    pub(super) severity: &'static str,
}

impl Shapes {
    /// Takes in a line.
    pub(super) fn add(&mut self, line: &str) {
        self.lines += 1;
        let mut key = Vec::with_capacity(line.len());
        for piece in pieces(line) {
            match classify(piece) {
                Some(kind) => key.extend([0, kind as u8]),
                None => key.extend(piece.as_bytes()),
            }
        }
        if self.shapes.len() >= MOST_PATTERNS && !self.shapes.contains_key(&key) {
            key.clear();
        }
        let shape = self.shapes.entry(key).or_insert_with(|| Shape::of(line));
        shape.count += 1;
        for ((first, kind, varies), piece) in shape.pieces.iter_mut().zip(pieces(line)) {
            *varies |= kind.is_some() && first != piece;
        }
    }

    /// Returns the patterns, the most frequent first.
    pub(super) fn patterns(&self) -> Vec<Pattern> {
        let mut all: Vec<Pattern> =
            self.shapes.values().map(|shape| shape.pattern(self.lines)).collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
        all
    }
}

impl Shape {
    fn of(line: &str) -> Self {
        let piece = |piece: &str| (piece.to_owned(), classify(piece), false);
        Self { pieces: pieces(line).map(piece).collect(), severity: severity(line), count: 0 }
    }

    #[expect(clippy::cast_precision_loss, reason = "a share of lines")]
    fn pattern(&self, lines: i64) -> Pattern {
        let mut text = String::new();
        let mut numbers: BTreeMap<Kind, u32> = BTreeMap::new();
        for (piece, kind, varies) in &self.pieces {
            match kind {
                Some(kind) if *varies => {
                    let number = numbers.entry(*kind).or_default();
                    *number += 1;
                    let _infallible = write!(text, "<{}-{number}>", kind.as_str());
                }
                _ => text.push_str(piece),
            }
        }
        let ratio = self.count as f64 / lines.max(1) as f64;
        Pattern { text, ratio, count: self.count, severity: self.severity }
    }
}
