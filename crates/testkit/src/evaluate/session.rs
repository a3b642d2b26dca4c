//! `sessionize`: runs of activity without a long pause.

use std::collections::BTreeMap;

use portolan_query::Sessionize;

use super::Run;
use super::value::{Identity, Row, Value, identity, timestamp};

/// Names the session of each row; rows without a time have none. Rows stay in their order.
pub(super) fn sessionize(run: Run<'_>, it: &Sessionize, mut rows: Vec<Row>) -> Vec<Row> {
    let gap = it.gap.milliseconds().unwrap_or(i64::MAX);
    let mut members: BTreeMap<Vec<Identity>, Vec<(i64, usize)>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let keys = it.keys.iter().map(|key| identity(&run.value(key, row))).collect();
        members.entry(keys).or_default().extend(timestamp(row).map(|time| (time, index)));
    }
    let mut names = vec![Value::Missing; rows.len()];
    for (keys, mut times) in members {
        times.sort_unstable();
        for (number, index) in numbered(&times, gap) {
            if let Some(name) = names.get_mut(index) {
                *name = Value::text(session_name(&keys, number));
            }
        }
    }
    for (row, name) in rows.iter_mut().zip(names) {
        row.insert(it.name.clone(), name);
    }
    rows
}

/// Returns the number of the session of each time, counted from 1.
fn numbered(times: &[(i64, usize)], gap: i64) -> impl Iterator<Item = (usize, usize)> {
    let mut number = 1;
    let mut last = times.first().map_or(0, |(time, _)| *time);
    times.iter().map(move |(time, index)| {
        number += usize::from(time.saturating_sub(last) > gap);
        last = *time;
        (number, *index)
    })
}

fn session_name(keys: &[Identity], number: usize) -> String {
    let keys = keys.iter().map(|key| key.clone().unwrap_or_default());
    keys.chain([number.to_string()]).collect::<Vec<_>>().join("-")
}
