//! `sessionize`: sessions of activity.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;
use portolan_query::Sessionize;

use super::{All, Input, Made, Row, cell, declare, put};
use crate::engine::value::Value;

/// Numbers sessions: rows of the same values called `of`, none more than the gap after the one before.
///
/// Rows stay in the order in which they came. A row without time belongs to no session.
pub(crate) fn sessionize(input: Input<'_>, stage: &Sessionize, of: &[String]) -> Made {
    let mut columns = input.columns();
    let target = declare(&mut columns, &stage.name, DataType::Utf8);
    let keys: Vec<usize> = of.iter().map(|name| input.place(name)).collect();
    let time = input.place("@timestamp");
    let gap = stage.gap.milliseconds().unwrap_or(i64::MAX);
    Made::new(
        All::new(move |mut rows: Vec<Row>| {
            let mut by_time: Vec<(i64, usize)> = rows
                .iter()
                .enumerate()
                .filter_map(|(place, row)| Some((cell(row, time).integer()?, place)))
                .collect();
            by_time.sort_unstable();
            for row in &mut rows {
                put(row, target, Value::Missing);
            }
            let mut sessions: BTreeMap<Vec<Option<String>>, (i64, u64)> = BTreeMap::new();
            for (moment, place) in by_time {
                let Some(row) = rows.get_mut(place) else {
                    continue;
                };
                let key: Vec<Option<String>> = keys
                    .iter()
                    .map(|key| cell(row, *key))
                    .map(|key| (!key.is_missing()).then(|| key.to_string()))
                    .collect();
                let (last, number) = sessions.entry(key.clone()).or_insert((moment, 1));
                if moment.saturating_sub(*last) > gap {
                    *number += 1;
                }
                *last = moment;
                let words = key.into_iter().map(Option::unwrap_or_default);
                let name = words.chain([number.to_string()]).collect::<Vec<_>>().join("-");
                put(row, target, Value::owned(name));
            }
            rows
        }),
        columns,
    )
}
