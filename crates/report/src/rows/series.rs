//! Numbers over time, found in an answer.

use std::collections::BTreeMap;

use crate::rows::{ColumnKind, RowSet, Value};

/// Numbers over time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    /// What is drawn: the names of the columns of numbers.
    pub(crate) name: String,
    /// The points in time, in milliseconds and as text, in their order.
    pub(crate) times: Vec<(i64, String)>,
    /// What is drawn over them, the largest first.
    pub(crate) lines: Vec<SeriesLine>,
}

/// One line of a series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SeriesLine {
    pub(crate) name: String,
    /// A value for each point in time, or none.
    pub(crate) values: Vec<Option<f64>>,
}

impl SeriesLine {
    pub(crate) fn highest(&self) -> f64 {
        self.values.iter().flatten().copied().fold(0.0, f64::max)
    }

    fn total(&self) -> f64 {
        self.values.iter().flatten().sum()
    }
}

impl Series {
    /// Returns the time series that the answer is, if it is one: a column of times, columns of numbers, and at most
    /// one of texts, each of which is a line of its own then.
    pub(crate) fn of(set: &RowSet) -> Option<Self> {
        let of_kind = |kind| -> Vec<usize> {
            let columns = set.columns.iter().enumerate();
            columns.filter(|(_, it)| it.kind == kind).map(|(at, _)| at).collect()
        };
        let (times, numbers, texts) =
            (of_kind(ColumnKind::Time), of_kind(ColumnKind::Number), of_kind(ColumnKind::Text));
        let ([time], [_, ..], [] | [_]) = (&*times, &*numbers, &*texts) else { return None };
        let text = texts.first().copied();
        let mut points: BTreeMap<i64, String> = BTreeMap::new();
        let mut lines: BTreeMap<String, BTreeMap<i64, f64>> = BTreeMap::new();
        for row in &set.rows {
            let Some(Value::Time { millis, text: shown }) = row.get(*time) else { continue };
            points.insert(*millis, shown.clone());
            for number in &numbers {
                let Some(value) = row.get(*number).and_then(Value::number) else { continue };
                let name = line_name(set, row, text, (numbers.len() > 1).then_some(*number));
                *lines.entry(name).or_default().entry(*millis).or_default() += value;
            }
        }
        let times: Vec<_> = points.into_iter().collect();
        let values = |line: &BTreeMap<i64, f64>| {
            times.iter().map(|(millis, _)| line.get(millis).copied()).collect()
        };
        let mut lines: Vec<SeriesLine> = lines
            .iter()
            .map(|(name, line)| SeriesLine { name: name.clone(), values: values(line) })
            .collect();
        lines.sort_by(|one, other| other.total().total_cmp(&one.total()));
        let names = numbers.iter().filter_map(|at| set.columns.get(*at));
        let names: Vec<&str> = names.map(|column| column.name.as_str()).collect();
        Some(Self { name: names.join(", "), times, lines })
    }

    pub(crate) fn highest(&self) -> f64 {
        self.lines.iter().map(SeriesLine::highest).fold(0.0, f64::max)
    }
}

/// Returns the name of a line: the text that it is for, the column of its numbers, or both.
fn line_name(set: &RowSet, row: &[Value], text: Option<usize>, number: Option<usize>) -> String {
    let text = text.and_then(|at| row.get(at)).map(|it| it.text().into_owned());
    let number = number.and_then(|at| set.columns.get(at)).map(|it| it.name.clone());
    let parts: Vec<String> = text.into_iter().chain(number).collect();
    if parts.is_empty() {
        set.columns
            .iter()
            .find(|it| it.kind == ColumnKind::Number)
            .map_or_else(String::new, |it| it.name.clone())
    } else {
        parts.join(" ")
    }
}
