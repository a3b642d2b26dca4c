//! The aggregates that look at one row at a time.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use arrow::datatypes::DataType;
use datafusion::logical_expr::AggregateUDF;

use super::fold::{Fold, udaf};
use super::state::{read, write};
use crate::engine::value::{Value, json, plain, sort_order};

/// Returns every aggregate of this kind.
pub(super) fn all() -> Vec<AggregateUDF> {
    vec![
        udaf::<Extreme<false>>("insights_max", first),
        udaf::<Extreme<true>>("insights_min", first),
        udaf::<Sorted<true>>("insights_sortsfirst", first),
        udaf::<Sorted<false>>("insights_sortslast", first),
        udaf::<AtTime<true>>("insights_earliest", first),
        udaf::<AtTime<false>>("insights_latest", first),
        udaf::<Rate>("insights_rate", |_| DataType::Float64),
        udaf::<Distinct>("insights_values", |_| DataType::LargeUtf8),
        udaf::<TopK>("insights_topk", |_| DataType::LargeUtf8),
        udaf::<Histogram>("insights_histogram", |_| DataType::LargeUtf8),
    ]
}

fn first(kinds: &[DataType]) -> DataType {
    kinds.first().map_or(DataType::Null, plain)
}

/// A value with the order of `sort`, and of equal ones by their text, so that only equal values are equal.
#[derive(Clone, Debug)]
struct Ordered(Value<'static>);

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        sort_order(&self.0, &other.0).then_with(|| self.0.to_string().cmp(&other.0.to_string()))
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

/// Returns the value of a row that an aggregate is of, if there is one.
fn subject<'v, 'a>(values: &'v [Value<'a>]) -> Option<&'v Value<'a>> {
    values.first().filter(|value| !value.is_missing())
}

fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) | Value::Json(text) => text.len(),
        _ => 0,
    }
}

fn list<'v>(values: impl Iterator<Item = &'v Value<'static>>) -> Value<'static> {
    let items: Vec<String> = values.map(json).collect();
    Value::Json(Cow::Owned(format!("[{}]", items.join(","))))
}

/// `max`, or `min` if `LEAST`: numbers win over texts, then what sorts last or first.
#[derive(Clone, Debug, Default)]
struct Extreme<const LEAST: bool>(Value<'static>);

impl<const LEAST: bool> Fold for Extreme<LEAST> {
    fn add(&mut self, values: &[Value<'_>]) {
        let Some(value) = subject(values) else {
            return;
        };
        let number = |value: &Value<'_>| value.number().is_some();
        let wins = match (number(value), number(&self.0)) {
            (true, false) => true,
            (false, true) => false,
            _ if self.0.is_missing() => true,
            _ => {
                sort_order(value, &self.0) == if LEAST { Ordering::Less } else { Ordering::Greater }
            }
        };
        if wins {
            self.0 = value.clone().into_owned();
        }
    }

    fn result(&self) -> Value<'static> {
        self.0.clone()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write(&self.0, out);
    }

    fn merge(&mut self, mut bytes: &[u8]) {
        self.add(&[read(&mut bytes).unwrap_or_default()]);
    }

    fn size(&self) -> usize {
        weight(&self.0)
    }
}

/// `sortsFirst`, or `sortsLast` if not `FIRST`.
#[derive(Clone, Debug, Default)]
struct Sorted<const FIRST: bool>(Value<'static>);

impl<const FIRST: bool> Fold for Sorted<FIRST> {
    fn add(&mut self, values: &[Value<'_>]) {
        let Some(value) = subject(values) else {
            return;
        };
        let better = if FIRST { Ordering::Less } else { Ordering::Greater };
        if self.0.is_missing() || sort_order(value, &self.0) == better {
            self.0 = value.clone().into_owned();
        }
    }

    fn result(&self) -> Value<'static> {
        self.0.clone()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write(&self.0, out);
    }

    fn merge(&mut self, mut bytes: &[u8]) {
        self.add(&[read(&mut bytes).unwrap_or_default()]);
    }

    fn size(&self) -> usize {
        weight(&self.0)
    }
}

/// `earliest`, or `latest` if not `EARLY`: of a value and the time of its row.
#[derive(Clone, Debug, Default)]
struct AtTime<const EARLY: bool> {
    time: i64,
    value: Value<'static>,
}

impl<const EARLY: bool> Fold for AtTime<EARLY> {
    fn add(&mut self, values: &[Value<'_>]) {
        let (Some(value), Some(time)) = (subject(values), values.get(1).and_then(Value::integer))
        else {
            return;
        };
        let better = if EARLY { time < self.time } else { time > self.time };
        if self.value.is_missing() || better {
            *self = Self { time, value: value.clone().into_owned() };
        }
    }

    fn result(&self) -> Value<'static> {
        self.value.clone()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write(&self.value, out);
        write(&Value::Integer(self.time), out);
    }

    fn merge(&mut self, mut bytes: &[u8]) {
        let value = read(&mut bytes).unwrap_or_default();
        let time = read(&mut bytes).unwrap_or_default();
        self.add(&[value, time]);
    }

    fn size(&self) -> usize {
        weight(&self.value)
    }
}

/// `rate`: the change from the earliest number to the latest, for each period. Of a number, its time, and the length of the period
/// in milliseconds.
#[derive(Clone, Debug, Default)]
struct Rate {
    earliest: Option<(i64, f64)>,
    latest: Option<(i64, f64)>,
    period: i64,
}

impl Fold for Rate {
    fn add(&mut self, values: &[Value<'_>]) {
        let [value, time, period] = values else {
            return;
        };
        let (Some(number), Some(time)) = (value.number(), time.integer()) else {
            return;
        };
        self.period = period.integer().unwrap_or_default();
        let point = (time, number.float());
        if self.earliest.is_none_or(|(earliest, _)| time < earliest) {
            self.earliest = Some(point);
        }
        if self.latest.is_none_or(|(latest, _)| time > latest) {
            self.latest = Some(point);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a time range are below 2^53")]
    fn result(&self) -> Value<'static> {
        let (Some((from, first)), Some((to, last))) = (self.earliest, self.latest) else {
            return Value::Missing;
        };
        Value::float((last - first) * self.period as f64 / (to - from) as f64)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for (time, number) in self.earliest.into_iter().chain(self.latest) {
            for value in [Value::Float(number), Value::Integer(time), Value::Integer(self.period)] {
                write(&value, out);
            }
        }
    }

    fn merge(&mut self, mut bytes: &[u8]) {
        while let (Some(number), Some(time), Some(period)) =
            (read(&mut bytes), read(&mut bytes), read(&mut bytes))
        {
            self.add(&[number, time, period]);
        }
    }

    fn size(&self) -> usize {
        0
    }
}

/// `values`: the different ones, in natural order.
#[derive(Clone, Debug, Default)]
struct Distinct(BTreeSet<Ordered>);

impl Fold for Distinct {
    fn add(&mut self, values: &[Value<'_>]) {
        if let Some(value) = subject(values) {
            self.0.insert(Ordered(value.clone().into_owned()));
        }
    }

    fn result(&self) -> Value<'static> {
        list(self.0.iter().map(|ordered| &ordered.0))
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.0.iter().for_each(|ordered| write(&ordered.0, out));
    }

    fn merge(&mut self, mut bytes: &[u8]) {
        while let Some(value) = read(&mut bytes) {
            self.0.insert(Ordered(value));
        }
    }

    fn size(&self) -> usize {
        self.0.iter().map(|ordered| size_of::<Ordered>() + weight(&ordered.0)).sum()
    }
}

/// `topk`: the most frequent values. Of a value and how many are wanted.
#[derive(Clone, Debug, Default)]
struct TopK {
    counts: BTreeMap<Ordered, i64>,
    wanted: i64,
}

impl TopK {
    fn count(&mut self, value: &Value<'_>, times: i64) {
        *self.counts.entry(Ordered(value.clone().into_owned())).or_default() += times;
    }
}

impl Fold for TopK {
    fn add(&mut self, values: &[Value<'_>]) {
        self.wanted = values.get(1).and_then(Value::integer).unwrap_or(self.wanted);
        if let Some(value) = subject(values) {
            self.count(value, 1);
        }
    }

    fn result(&self) -> Value<'static> {
        let mut all: Vec<_> = self.counts.iter().collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        all.truncate(usize::try_from(self.wanted).unwrap_or_default());
        list(all.into_iter().map(|(ordered, _)| &ordered.0))
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write(&Value::Integer(self.wanted), out);
        for (ordered, count) in &self.counts {
            write(&ordered.0, out);
            write(&Value::Integer(*count), out);
        }
    }

    fn merge(&mut self, mut bytes: &[u8]) {
        let wanted = read(&mut bytes).and_then(|value| value.integer()).unwrap_or_default();
        self.wanted = self.wanted.max(wanted);
        while let (Some(value), Some(count)) = (read(&mut bytes), read(&mut bytes)) {
            self.count(&value, count.integer().unwrap_or_default());
        }
    }

    fn size(&self) -> usize {
        self.counts.keys().map(|key| 2 * size_of::<Ordered>() + weight(&key.0)).sum()
    }
}

/// `histogram`: how many numbers lie in ranges of equal width. Of a number and how many ranges there are.
#[derive(Clone, Debug, Default)]
struct Histogram {
    numbers: Vec<f64>,
    buckets: i64,
}

impl Fold for Histogram {
    fn add(&mut self, values: &[Value<'_>]) {
        self.buckets = values.get(1).and_then(Value::integer).unwrap_or(self.buckets);
        let number = subject(values).and_then(Value::number);
        self.numbers.extend(number.map(super::super::value::Number::float));
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a place among a number of buckets"
    )]
    fn result(&self) -> Value<'static> {
        let low = self.numbers.iter().copied().reduce(f64::min);
        let high = self.numbers.iter().copied().reduce(f64::max);
        let (Some(low), Some(high)) = (low, high) else {
            return Value::Missing;
        };
        // Numbers that are all the same have one range, not several of no width.
        let wanted = if low < high { self.buckets.clamp(1, 10_000) } else { 1 };
        let buckets = usize::try_from(wanted).unwrap_or(1);
        let width = (high - low) / buckets as f64;
        let mut counts = vec![0_u64; buckets];
        for number in &self.numbers {
            let place = if width > 0.0 { ((number - low) / width) as usize } else { 0 };
            if let Some(count) = counts.get_mut(place.min(buckets - 1)) {
                *count += 1;
            }
        }
        let mut out = String::from("{");
        for (place, count) in counts.iter().enumerate() {
            // Where a range ends the next begins, to the last digit.
            let [from, to] = [place, place + 1].map(|bound| low + width * bound as f64);
            let comma = if place > 0 { "," } else { "" };
            let _infallible = write!(out, "{comma}\"{from}-{to}\":{count}");
        }
        out.push('}');
        Value::Json(Cow::Owned(out))
    }

    fn encode(&self, out: &mut Vec<u8>) {
        write(&Value::Integer(self.buckets), out);
        self.numbers.iter().for_each(|number| write(&Value::Float(*number), out));
    }

    fn merge(&mut self, mut bytes: &[u8]) {
        let buckets = read(&mut bytes).and_then(|value| value.integer()).unwrap_or_default();
        self.buckets = self.buckets.max(buckets);
        while let Some(Value::Float(number)) = read(&mut bytes) {
            self.numbers.push(number);
        }
    }

    fn size(&self) -> usize {
        self.numbers.capacity() * size_of::<f64>()
    }
}
