//! Two time ranges beside each other, and what stands out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use arrow::datatypes::DataType;

use super::outlier::quantile;
use super::pattern::{Shapes, pattern_columns};
use super::{All, Each, Input, Made, Operator, Row, cell, declare, put};
use crate::engine::value::{Number, Value};

/// `diff`: the patterns of the text called `of` here and in earlier rows, where it is the only value.
pub(crate) fn diff(input: Input<'_>, of: &str, earlier: &[Row]) -> Made {
    let mut columns = pattern_columns();
    columns.push(("@previousSampleCount".to_owned(), DataType::Int64));
    columns.push(("@diffCount".to_owned(), DataType::Int64));
    columns.push(("@diffDescription".to_owned(), DataType::Utf8));
    let mut before = Shapes::default();
    earlier.iter().filter_map(|row| cell(row, 0).text()).for_each(|line| before.add(&line));
    Made::new(Diff { place: input.place(of), now: Shapes::default(), before }, columns)
}

struct Diff {
    place: usize,
    now: Shapes,
    before: Shapes,
}

impl Operator for Diff {
    fn push(&mut self, row: Row, _: &mut Vec<Row>) {
        if let Some(line) = cell(&row, self.place).text() {
            self.now.add(&line);
        }
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        let mut before: BTreeMap<String, (i64, &'static str)> = BTreeMap::new();
        for pattern in self.before.patterns() {
            before.insert(pattern.text, (pattern.count, pattern.severity));
        }
        let mut rows: Vec<(i64, Row)> = Vec::new();
        for now in self.now.patterns() {
            let (previous, _) = before.remove(&now.text).unwrap_or((0, ""));
            rows.push(compared(now.text, now.ratio, now.count, previous, now.severity));
        }
        for (text, (previous, severity)) in before {
            rows.push(compared(text, 0.0, 0, previous, severity));
        }
        rows.sort_by_key(|(change, _)| std::cmp::Reverse(change.abs()));
        out.extend(rows.into_iter().map(|(_, row)| row));
    }
}

fn compared(
    text: String,
    ratio: f64,
    count: i64,
    previous: i64,
    severity: &'static str,
) -> (i64, Row) {
    let change = count - previous;
    let words = match (previous, change) {
        (0, _) => "new".to_owned(),
        (_, 0) => "unchanged".to_owned(),
        (_, change) if count == 0 => format!("gone ({change})"),
        (previous, change) => format!("{:+}%", change.saturating_mul(100) / previous),
    };
    let row = vec![
        Value::owned(text),
        Value::float(ratio),
        Value::Integer(count),
        Value::Text(Cow::Borrowed(severity)),
        Value::Integer(previous),
        Value::Integer(change),
        Value::owned(words),
    ];
    (change, row)
}

/// `anomaly`: which patterns are unlike the others. Of `diff`, by how much they changed; otherwise by how frequent they are.
///
/// The score is the distance from the median in multiples of the median distance, on a logarithmic scale; from 3 on it is an
/// anomaly, the usual bound of that measure (Iglewicz and Hoaglin, 1993, say 3.5 of a scaled one).
pub(crate) fn anomaly(input: Input<'_>) -> Made {
    let mut columns = input.columns();
    let flag = declare(&mut columns, "@anomaly", DataType::Boolean);
    let score = declare(&mut columns, "@anomalyScore", DataType::Float64);
    let change = input.place("@diffCount");
    let count = input.place("@sampleCount");
    let is_diff = input.kind(change) != DataType::Null;
    Made::new(
        All::new(move |mut rows: Vec<Row>| {
            let measure = |row: &Row| {
                let place = if is_diff { change } else { count };
                let number = cell(row, place).number().map_or(0.0, Number::float);
                number.signum() * number.abs().ln_1p()
            };
            let mut values: Vec<f64> = rows.iter().map(measure).collect();
            values.sort_by(f64::total_cmp);
            let median = quantile(&values, 0.5).unwrap_or_default();
            let mut distances: Vec<f64> = values.iter().map(|it| (it - median).abs()).collect();
            distances.sort_by(f64::total_cmp);
            let usual = quantile(&distances, 0.5).unwrap_or_default().max(0.5);
            for row in &mut rows {
                let far = (measure(row) - median).abs() / usual;
                put(row, flag, Value::Boolean(far >= 3.0));
                put(row, score, Value::float(far));
            }
            rows
        }),
        columns,
    )
}

/// `logcompare`: says of each row which time range it is of, and adds the rows of the earlier one, with the same columns, moved
/// forward by `shift` milliseconds.
pub(crate) fn log_compare(input: Input<'_>, earlier: Vec<Row>, shift: i64) -> Made {
    let mut columns = input.columns();
    let time = input.place("@timestamp");
    if let Some((_, kind)) = columns.get_mut(time) {
        *kind = DataType::Timestamp(arrow::datatypes::TimeUnit::Millisecond, None);
    }
    let window = declare(&mut columns, "@window", DataType::Utf8);
    Made::new(LogCompare { time, window, earlier, shift }, columns)
}

struct LogCompare {
    time: usize,
    window: usize,
    earlier: Vec<Row>,
    shift: i64,
}

impl Operator for LogCompare {
    fn push(&mut self, mut row: Row, out: &mut Vec<Row>) {
        put(&mut row, self.window, Value::Text(Cow::Borrowed("current")));
        out.push(row);
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        for mut row in std::mem::take(&mut self.earlier) {
            if let Some(moment) = cell(&row, self.time).integer() {
                put(&mut row, self.time, Value::Time(moment.saturating_add(self.shift)));
            }
            put(&mut row, self.window, Value::Text(Cow::Borrowed("baseline")));
            out.push(row);
        }
    }
}

/// `estimate`: one row, whatever comes.
pub(crate) fn estimate(bytes: u64) -> Made {
    let mut bytes = Some(i64::try_from(bytes).unwrap_or(i64::MAX));
    let columns = vec![("bytesToScan".to_owned(), DataType::Int64)];
    Made::new(
        Each(move |_: Row, out: &mut Vec<Row>| {
            out.extend(bytes.take().map(|bytes| vec![Value::Integer(bytes)]));
        }),
        columns,
    )
}
