//! Filling what is missing: values from the row before, and rows of periods without any.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::DataType;
use portolan_query::FillMissing;

use super::{All, Each, Input, Made, Row, cell, put};
use crate::engine::expression::floor_period;
use crate::engine::function::{Period, floor_time};
use crate::engine::value::{Value, common, json};

/// `filldown`.
pub(crate) fn fill_down(input: Input<'_>, names: &[String]) -> Made {
    let places: Vec<usize> = names.iter().map(|name| input.place(name)).collect();
    let mut last: Vec<Value<'static>> = vec![Value::Missing; places.len()];
    Made::new(
        Each(move |mut row: Row, out: &mut Vec<Row>| {
            for (place, last) in places.iter().zip(&mut last) {
                if cell(&row, *place).is_missing() {
                    if *place < row.len() {
                        put(&mut row, *place, last.clone());
                    }
                } else {
                    *last = cell(&row, *place).clone();
                }
            }
            out.push(row);
        }),
        input.columns(),
    )
}

/// `fillmissing`: every period between the first and the last, for each combination of the other keys.
pub(crate) fn fill_missing(input: Input<'_>, stage: &FillMissing) -> Made {
    let time = input.place(&stage.time);
    let keys: Vec<usize> = stage.keys.iter().map(|name| input.place(name)).collect();
    let fills: Vec<(usize, Value<'static>)> =
        stage.fills.iter().map(|(name, literal)| (input.place(name), written(literal))).collect();
    let mut columns = input.columns();
    for (place, value) in &fills {
        if let Some((_, kind)) = columns.get_mut(*place) {
            *kind = common(kind, &kind_of(value));
        }
    }
    let period = floor_period(stage.period);
    let width = input.0.len();
    Made::new(
        All::new(move |mut rows: Vec<Row>| {
            let moments = rows.iter().filter_map(|row| cell(row, time).integer());
            let (Some(first), Some(last)) = (moments.clone().min(), moments.max()) else {
                return rows;
            };
            let key_of = |row: &Row| -> String {
                keys.iter().map(|key| json(cell(row, *key))).collect::<Vec<_>>().join(",")
            };
            let mut groups: BTreeMap<String, (Row, BTreeSet<i64>)> = BTreeMap::new();
            for row in &rows {
                let group =
                    groups.entry(key_of(row)).or_insert_with(|| (row.clone(), BTreeSet::new()));
                group.1.extend(cell(row, time).integer());
            }
            for (example, there) in groups.into_values() {
                for moment in periods(first, last, period).filter(|it| !there.contains(it)) {
                    let mut row = vec![Value::Missing; width];
                    for key in &keys {
                        put(&mut row, *key, cell(&example, *key).clone());
                    }
                    for (place, value) in fills.iter().filter(|(place, _)| *place < width) {
                        put(&mut row, *place, value.clone());
                    }
                    put(&mut row, time, Value::Time(moment));
                    rows.push(row);
                }
            }
            rows.sort_by_key(|row| cell(row, time).integer());
            rows
        }),
        columns,
    )
}

/// The type of a column that has such a value.
fn kind_of(value: &Value<'_>) -> DataType {
    match value {
        Value::Integer(_) => DataType::Int64,
        Value::Float(_) => DataType::Float64,
        Value::Missing => DataType::Null,
        _ => DataType::Utf8,
    }
}

fn written(literal: &portolan_query::Literal) -> Value<'static> {
    match literal {
        portolan_query::Literal::Integer(value) => Value::Integer(*value),
        portolan_query::Literal::Decimal(value) => Value::Float(*value),
        portolan_query::Literal::Text(text) => Value::owned(text.clone()),
        portolan_query::Literal::Period(_) | portolan_query::Literal::Regex(_) => Value::Missing,
    }
}

/// The beginnings of periods from one moment to another.
fn periods(first: i64, last: i64, period: Period) -> impl Iterator<Item = i64> {
    let next = move |moment: &i64| match period {
        Period::Fixed(length) => moment.checked_add(length.max(1)),
        // A month later is at most 31 days for each month, which is in the month after.
        Period::Months(months) => {
            floor_time(moment.checked_add(months.checked_mul(31 * 86_400_000)?)?, period)
        }
    };
    std::iter::successors(Some(first), next).take_while(move |moment| *moment <= last)
}
