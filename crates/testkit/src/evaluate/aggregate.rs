//! What each aggregate computes of a group.

use std::collections::BTreeMap;

use portolan_query::{Aggregate, Aggregation, Arithmetic, Literal};

use super::Run;
use super::natural::natural_order;
use super::number::{Number, count, real, truncated};
use super::value::{Row, Value, identity, timestamp};

/// Returns the aggregate of the rows of a group.
pub(super) fn aggregate(run: Run<'_>, it: &Aggregation, rows: &[Row]) -> Value {
    let Some(argument) = &it.argument else { return whole(rows.len()) };
    let timed = rows.iter().map(|row| (timestamp(row), run.value(argument, row)));
    let timed: Vec<_> = timed.filter(|(_, value)| value.is_present()).collect();
    let values: Vec<_> = timed.iter().map(|(_, value)| value.clone()).collect();
    let numbers: Vec<_> = values.iter().filter_map(Value::number).collect();
    match it.aggregate {
        Aggregate::Count | Aggregate::CountOverTime => whole(values.len()),
        Aggregate::CountDistinct => whole(distinct(&values).len()),
        Aggregate::Max => extreme(&values, true),
        Aggregate::Min => extreme(&values, false),
        Aggregate::Sum | Aggregate::SumOverTime => sum(&numbers).into(),
        Aggregate::Average => mean(&numbers).map(Number::Real).into(),
        Aggregate::Variance => variance(&numbers).map(Number::Real).into(),
        Aggregate::StandardDeviation => variance(&numbers).map(|it| Number::Real(it.sqrt())).into(),
        Aggregate::Percentile => percentile(&numbers, parameter(it)).map(Number::Real).into(),
        Aggregate::Values => {
            Value::List(distinct(&values).into_iter().map(|(value, _)| value).collect())
        }
        Aggregate::TopK => top(&values, parameter(it)),
        Aggregate::Histogram => histogram(&numbers, parameter(it)),
        Aggregate::Rate => rate(&timed, it.parameter.as_ref()).into(),
        Aggregate::Earliest => at_end(&timed, false),
        Aggregate::Latest => at_end(&timed, true),
        Aggregate::SortsFirst => sorted(&values).first().cloned().unwrap_or_default(),
        Aggregate::SortsLast => sorted(&values).last().cloned().unwrap_or_default(),
    }
}

fn whole(count: usize) -> Value {
    i64::try_from(count).ok().into()
}

fn parameter(it: &Aggregation) -> f64 {
    match it.parameter {
        Some(Literal::Integer(number)) => real(number),
        Some(Literal::Decimal(number)) => number,
        _ => 0.0,
    }
}

fn sorted(values: &[Value]) -> Vec<Value> {
    let mut values = values.to_vec();
    values.sort_by(natural_order);
    values
}

/// Returns each different value and how often it occurs, in natural order.
pub(super) fn distinct(values: &[Value]) -> Vec<(Value, usize)> {
    let mut counts = BTreeMap::new();
    for value in values {
        counts.entry(identity(value)).or_insert_with(|| (value.clone(), 0)).1 += 1;
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by(|(left, _), (right, _)| natural_order(left, right));
    counts
}

/// Returns the largest or smallest number, or text if there is no number.
fn extreme(values: &[Value], largest: bool) -> Value {
    let numbers: Vec<_> = values.iter().filter(|it| it.number().is_some()).cloned().collect();
    let sorted = sorted(if numbers.is_empty() { values } else { &numbers });
    let found = if largest { sorted.last() } else { sorted.first() };
    found.cloned().unwrap_or_default()
}

/// Returns the sum, whole if all are; `None` if there are none, or if whole ones overflow at the end.
pub(super) fn sum(numbers: &[Number]) -> Option<Number> {
    let wholes: Option<Vec<_>> = numbers
        .iter()
        .map(|it| if let Number::Whole(whole) = it { Some(i128::from(*whole)) } else { None })
        .collect();
    match wholes {
        _ if numbers.is_empty() => None,
        Some(wholes) => i64::try_from(wholes.iter().sum::<i128>()).ok().map(Number::Whole),
        None => Some(Number::Real(numbers.iter().map(|it| it.real()).sum()))
            .filter(|it| it.real().is_finite()),
    }
}

fn mean(numbers: &[Number]) -> Option<f64> {
    let total: f64 = numbers.iter().map(|it| it.real()).sum();
    (!numbers.is_empty()).then(|| total / count(numbers.len()))
}

fn variance(numbers: &[Number]) -> Option<f64> {
    let mean = mean(numbers)?;
    let squares: f64 = numbers.iter().map(|it| (it.real() - mean).powi(2)).sum();
    Some(squares / count(numbers.len()))
}

/// Returns the smallest number that so many percent of the numbers do not exceed: the nearest rank.
fn percentile(numbers: &[Number], percent: f64) -> Option<f64> {
    let mut numbers: Vec<_> = numbers.iter().map(|it| it.real()).collect();
    numbers.sort_by(f64::total_cmp);
    let rank = truncated((percent / 100.0 * count(numbers.len())).ceil())?;
    let index = usize::try_from(rank - 1).unwrap_or(0);
    numbers.get(index).copied()
}

fn top(values: &[Value], most: f64) -> Value {
    let mut counts = distinct(values);
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most = truncated(most).and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
    Value::List(counts.into_iter().take(most).map(|(value, _)| value).collect())
}

/// Returns how many numbers lie in each of so many ranges of equal width; the last range has its end.
fn histogram(numbers: &[Number], buckets: f64) -> Value {
    let reals: Vec<_> = numbers.iter().map(|it| it.real()).collect();
    let Some(low) = reals.iter().copied().reduce(f64::min) else { return Value::Missing };
    let high = reals.iter().copied().fold(low, f64::max);
    let buckets = if low < high { truncated(buckets).unwrap_or(1) } else { 1 };
    let width = (high - low) / real(buckets);
    let bound = |index| Value::Decimal(low + width * real(index)).to_text().unwrap_or_default();
    let bucket = |number: f64| {
        if width > 0.0 {
            truncated((number - low) / width).unwrap_or(0).min(buckets - 1)
        } else {
            0
        }
    };
    let counted = |index| reals.iter().filter(|number| bucket(**number) == index).count();
    let entry = |index| (format!("{}-{}", bound(index), bound(index + 1)), whole(counted(index)));
    Value::Map((0..buckets).map(entry).collect())
}

/// Returns the value of the earliest or latest row; of rows with the same time, the one that sorts first or last.
fn at_end(timed: &[(Option<i64>, Value)], last: bool) -> Value {
    let timed = timed.iter().filter_map(|(time, value)| Some(((*time)?, value)));
    let order = |left: &(i64, &Value), right: &(i64, &Value)| {
        left.0.cmp(&right.0).then_with(|| natural_order(left.1, right.1))
    };
    let found = if last { timed.max_by(order) } else { timed.min_by(order) };
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Returns the change from the earliest to the latest number, for each period between them.
fn rate(timed: &[(Option<i64>, Value)], period: Option<&Literal>) -> Option<Number> {
    let numbers = timed.iter().filter(|(_, value)| value.number().is_some());
    let numbers: Vec<_> = numbers.cloned().collect();
    let times = || numbers.iter().filter_map(|(time, _)| *time);
    let elapsed = times().max()?.checked_sub(times().min()?)?;
    let Some(Literal::Period(period)) = period else { return None };
    let periods = real(elapsed) / real(period.milliseconds()?);
    let (first, last) = (at_end(&numbers, false).number()?, at_end(&numbers, true).number()?);
    let change = last.apply(Arithmetic::Subtract, first)?;
    change.apply(Arithmetic::Divide, Number::Real(periods))
}
