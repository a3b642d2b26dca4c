//! Two time ranges beside each other, and what stands out.

use std::borrow::Cow;
use std::collections::BTreeSet;

use arrow::datatypes::DataType;

use super::outlier::quantile;
use super::pattern::{Patterns, pattern_columns, pattern_row};
use super::{All, Each, Input, Made, Operator, Row, cell, declare, put};
use crate::engine::value::Value;

/// The score above which a pattern is an anomaly.
///
/// Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993.
const ANOMALOUS: f64 = 3.5;

/// What the median distance of a normal distribution is of its standard deviation; from the same source.
const MEDIAN_DISTANCE: f64 = 0.6745;

/// How many times its mean distance the standard deviation of a normal distribution is.
const OF_MEAN_DISTANCE: f64 = 1.253_314;

/// `diff`: the patterns of the text called `of` here and in earlier rows, where it is the only value.
pub(crate) fn diff(input: Input<'_>, of: &str, earlier: &[Row]) -> Made {
    let mut columns = pattern_columns();
    columns.push(("@previousSampleCount".to_owned(), DataType::Int64));
    columns.push(("@diffCount".to_owned(), DataType::Int64));
    columns.push(("@diffDescription".to_owned(), DataType::Utf8));
    let mut before = Patterns::default();
    earlier.iter().filter_map(|row| cell(row, 0).text()).for_each(|text| before.add(&text));
    Made::new(Diff { place: input.place(of), now: Patterns::default(), before }, columns)
}

struct Diff {
    place: usize,
    now: Patterns,
    before: Patterns,
}

impl Operator for Diff {
    fn push(&mut self, row: Row, _: &mut Vec<Row>) {
        if let Some(text) = cell(&row, self.place).text() {
            self.now.add(&text);
        }
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        let Self { now, before, .. } = self;
        let total = now.total();
        let patterns: BTreeSet<&String> = now.counts.keys().chain(before.counts.keys()).collect();
        let count = |of: &Patterns, pattern| of.counts.get(pattern).copied().unwrap_or_default();
        let mut rows: Vec<(i64, Row)> = patterns
            .into_iter()
            .map(|pattern| {
                let (count, previous) = (count(now, pattern), count(before, pattern));
                let mut row = pattern_row(pattern.clone(), count, total);
                row.extend([
                    Value::Integer(previous),
                    Value::Integer(count - previous),
                    Value::Text(Cow::Borrowed(description(count, previous))),
                ]);
                (count - previous, row)
            })
            .collect();
        rows.sort_by_key(|(change, _)| std::cmp::Reverse(change.abs()));
        out.extend(rows.into_iter().map(|(_, row)| row));
    }
}

fn description(count: i64, previous: i64) -> &'static str {
    match count.cmp(&previous) {
        _ if previous == 0 => "new",
        _ if count == 0 => "gone",
        std::cmp::Ordering::Less => "less",
        std::cmp::Ordering::Equal => "same",
        std::cmp::Ordering::Greater => "more",
    }
}

/// `anomaly`: which patterns are unusually frequent or rare, or new.
///
/// The score is the modified z-score of the logarithm of the count.
pub(crate) fn anomaly(input: Input<'_>) -> Made {
    let mut columns = input.columns();
    let flag = declare(&mut columns, "@anomaly", DataType::Boolean);
    let score = declare(&mut columns, "@anomalyScore", DataType::Float64);
    let previous = input.place("@previousSampleCount");
    let count = input.place("@sampleCount");
    Made::new(
        All::new(move |mut rows: Vec<Row>| {
            let measure = |row: &Row| {
                cell(row, count).number().map_or(0.0, |count| count.float().max(1.0).ln())
            };
            let scores = scores(&rows.iter().map(measure).collect::<Vec<_>>());
            for (row, far) in rows.iter_mut().zip(scores) {
                let is_new = cell(row, previous).integer() == Some(0);
                put(row, flag, Value::Boolean(is_new || far > ANOMALOUS));
                put(row, score, Value::float(far));
            }
            rows
        }),
        columns,
    )
}

/// Returns how far each number is from the median, in standard deviations as the median distance tells them; as the mean distance
/// does where more than half of the numbers are equal.
#[expect(clippy::cast_precision_loss, reason = "a mean")]
fn scores(numbers: &[f64]) -> Vec<f64> {
    let median = |numbers: &[f64]| {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        quantile(&sorted, 0.5).unwrap_or_default()
    };
    let middle = median(numbers);
    let distances: Vec<f64> = numbers.iter().map(|number| (number - middle).abs()).collect();
    let mean = distances.iter().sum::<f64>() / distances.len().max(1) as f64;
    let deviation = match median(&distances) {
        0.0 => mean * OF_MEAN_DISTANCE,
        usual => usual / MEDIAN_DISTANCE,
    };
    let in_deviations = |distance: f64| if deviation > 0.0 { distance / deviation } else { 0.0 };
    distances.into_iter().map(in_deviations).collect()
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
