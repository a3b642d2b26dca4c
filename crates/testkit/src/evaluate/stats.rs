//! `stats` and `countFrequent`: groups of rows.

use std::collections::BTreeMap;

use portolan_query::{Assignment, Stats};

use super::Run;
use super::aggregate::aggregate;
use super::expression::{aggregate_name, key_name};
use super::natural::natural_order;
use super::value::{Identity, Row, Value, identity};

/// A group: the values of its keys, and its rows.
type Group = (Vec<Value>, Vec<Row>);

/// Makes a row of each group, in the order of the keys.
pub(super) fn stats(run: Run<'_>, stats: &Stats, rows: &[Row]) -> Vec<Row> {
    let mut groups = groups(run, &stats.keys, rows);
    if groups.is_empty() && stats.keys.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    groups.iter().map(|(keys, rows)| group_row(run, stats, keys, rows)).collect()
}

fn group_row(run: Run<'_>, stats: &Stats, keys: &[Value], rows: &[Row]) -> Row {
    let key = keys.iter().enumerate().map(|(index, key)| (key_name(index), key.clone()));
    let aggregates = stats.aggregates.iter().enumerate();
    let aggregates =
        aggregates.map(|(index, it)| (aggregate_name(index), aggregate(run, it, rows)));
    let inner: Row = key.chain(aggregates).collect();
    let names = stats.keys.iter().map(|it| it.name.clone()).zip(keys.iter().cloned());
    let outputs =
        stats.outputs.iter().map(|it| (it.name.clone(), run.value(&it.expression, &inner)));
    names.chain(outputs).collect()
}

/// Makes a row of each combination of values, the most frequent first.
pub(super) fn count_frequent(run: Run<'_>, keys: &[Assignment], rows: &[Row]) -> Vec<Row> {
    let mut groups = groups(run, keys, rows);
    groups.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let row = |(values, rows): Group| {
        let named = keys.iter().map(|it| it.name.clone()).zip(values);
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        named.chain([(String::from("_approxcount"), Value::Integer(count))]).collect()
    };
    groups.into_iter().map(row).collect()
}

/// Returns the groups in the natural order of their keys.
fn groups(run: Run<'_>, keys: &[Assignment], rows: &[Row]) -> Vec<Group> {
    let mut groups: BTreeMap<Vec<Identity>, Group> = BTreeMap::new();
    for row in rows {
        let values: Vec<_> = keys.iter().map(|key| run.value(&key.expression, row)).collect();
        let same = values.iter().map(identity).collect();
        let (_, members) = groups.entry(same).or_insert_with(|| (values, Vec::new()));
        members.push(row.clone());
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by(|(left, _), (right, _)| {
        let orders = left.iter().zip(right).map(|(left, right)| natural_order(left, right));
        orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    groups
}
