//! Stages that look at the rows before, add rows or take some away.

use std::collections::{BTreeMap, BTreeSet};

use portolan_query::{AddTotals, Assignment, Autoregress, Expression, FillMissing, Period};

use super::aggregate::sum;
use super::number::Number;
use super::value::{Identity, Row, Value, get, identity, timestamp};
use super::{Run, json, time};

/// Keeps the first row of those with equal keys, and every row that lacks one.
pub(super) fn dedup(run: Run<'_>, keys: &[Expression], rows: Vec<Row>) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    let is_new = |row: &Row| {
        let key: Vec<Identity> = keys.iter().map(|it| identity(&run.value(it, row))).collect();
        key.iter().any(Option::is_none) || seen.insert(key)
    };
    rows.into_iter().filter(is_new).collect()
}

/// Makes one row of each item of a list.
pub(super) fn unnest(run: Run<'_>, list: &Expression, into: &str, rows: &[Row]) -> Vec<Row> {
    let unnest_row = |row: &Row| match run.value(list, row) {
        Value::List(items) => with_each(row, into, items),
        other => with_each(row, into, vec![other]),
    };
    rows.iter().flat_map(unnest_row).collect()
}

/// Makes one row of each item of a JSON array, in place.
pub(super) fn expand(name: &str, rows: &[Row]) -> Vec<Row> {
    let expand_row = |row: &Row| match json::structure(&get(row, name)) {
        Value::List(items) => with_each(row, name, items),
        _ => vec![row.clone()],
    };
    rows.iter().flat_map(expand_row).collect()
}

fn with_each(row: &Row, name: &str, values: Vec<Value>) -> Vec<Row> {
    values.into_iter().map(|value| with(row, name, value)).collect()
}

fn with(row: &Row, name: &str, value: Value) -> Row {
    let mut row = row.clone();
    row.insert(name.to_owned(), value);
    row
}

/// Adds sums of rows and of columns.
pub(super) fn add_totals(it: &AddTotals, mut rows: Vec<Row>) -> Vec<Row> {
    let total = |values: Vec<Value>| -> Value {
        let numbers: Vec<Number> = values.iter().filter_map(Value::number).collect();
        sum(&numbers).into()
    };
    if let Some(name) = &it.row {
        for row in &mut rows {
            let sum = total(it.fields.iter().map(|field| get(row, field)).collect());
            row.insert(name.clone(), sum);
        }
    }
    if it.column {
        let column =
            |name: &String| (name.clone(), total(rows.iter().map(|row| get(row, name)).collect()));
        let last = it.fields.iter().chain(&it.row).map(column).collect();
        rows.push(last);
    }
    rows
}

/// Sets values to those of rows before.
pub(super) fn autoregress(run: Run<'_>, it: &Autoregress, rows: &[Row]) -> Vec<Row> {
    let values: Vec<_> = rows.iter().map(|row| run.value(&it.expression, row)).collect();
    let lagged = |(index, row): (usize, &Row)| {
        let mut row = row.clone();
        for (lag, name) in &it.lags {
            let before = usize::try_from(*lag).ok().and_then(|lag| index.checked_sub(lag));
            let value = before.and_then(|it| values.get(it)).cloned().unwrap_or_default();
            row.insert(name.clone(), value);
        }
        row
    };
    rows.iter().enumerate().map(lagged).collect()
}

/// Sets a value to the sum of a number up to the row.
pub(super) fn accumulate(run: Run<'_>, it: &Assignment, rows: Vec<Row>) -> Vec<Row> {
    let mut before = Vec::new();
    let accumulated = |row: Row| {
        let number = run.value(&it.expression, &row).number();
        before.extend(number);
        let value = number.and_then(|_| sum(&before)).into();
        with(&row, &it.name, value)
    };
    rows.into_iter().map(accumulated).collect()
}

/// Puts rows of an earlier time range behind the others, and says which are which.
pub(super) fn log_compare(current: Vec<Row>, baseline: Vec<Row>, shift: Period) -> Vec<Row> {
    let mark = |window: &'static str| move |row: Row| with(&row, "@window", Value::text(window));
    let moved = |row: Row| {
        let time = timestamp(&row)
            .zip(shift.milliseconds())
            .map(|(time, shift)| time.saturating_add(shift));
        time.map_or(row.clone(), |time| with(&row, "@timestamp", Value::Time(time)))
    };
    let baseline = baseline.into_iter().map(moved).map(mark("baseline"));
    current.into_iter().map(mark("current")).chain(baseline).collect()
}

/// Fills missing values from the row before.
pub(super) fn fill_down(names: &[String], mut rows: Vec<Row>) -> Vec<Row> {
    for name in names {
        let mut last = Value::Missing;
        for row in &mut rows {
            if get(row, name).is_present() {
                last = get(row, name);
            } else {
                row.insert(name.clone(), last.clone());
            }
        }
    }
    rows
}

/// Adds rows for periods of time that have none, and puts all in the order of time within the other keys.
pub(super) fn fill_missing(it: &FillMissing, rows: Vec<Row>) -> Vec<Row> {
    let time_of = |row: &Row| row.get(&it.time).and_then(time::milliseconds);
    let times: BTreeSet<i64> = rows.iter().filter_map(time_of).collect();
    let (Some(first), Some(last)) = (times.first().copied(), times.last().copied()) else {
        return rows;
    };
    let keys_of = |row: &Row| it.keys.iter().map(|key| get(row, key)).collect::<Vec<_>>();
    let mut groups: BTreeMap<Vec<Identity>, (Vec<Value>, BTreeSet<i64>)> = BTreeMap::new();
    for row in &rows {
        let keys = keys_of(row);
        let same = keys.iter().map(identity).collect();
        groups.entry(same).or_insert_with(|| (keys, BTreeSet::new())).1.extend(time_of(row));
    }
    let mut filled = rows;
    for (keys, present) in groups.values() {
        let periods = std::iter::successors(Some(first), |it_time| time::next(*it_time, it.period));
        let absent =
            periods.take_while(|time| *time <= last).filter(|time| !present.contains(time));
        filled.extend(absent.map(|time| new_row(it, keys, time)));
    }
    filled
}

fn new_row(it: &FillMissing, keys: &[Value], time: i64) -> Row {
    let keys = it.keys.iter().cloned().zip(keys.iter().cloned());
    let fills = it.fills.iter().map(|(name, literal)| (name.clone(), Value::from(literal)));
    keys.chain(fills).chain([(it.time.clone(), Value::Time(time))]).collect()
}
