//! Values made of the rows before, beside and below.

use std::collections::VecDeque;

use arrow::datatypes::DataType;
use portolan_query::{AddTotals, AppendColumns, Autoregress};

use super::{All, Each, Input, Made, Row, cell, declare, plus, put, summed};
use crate::engine::value::{Value, common};

/// `accum`: the sum of a number up to each row. The number is the value called `of`.
pub(crate) fn running_sum(input: Input<'_>, of: &str, name: &str) -> Made {
    let place = input.place(of);
    let mut columns = input.columns();
    let kind = summed(&input.kind(place));
    let target = declare(&mut columns, name, kind);
    let mut sum = Value::Missing;
    Made::new(
        Each(move |mut row: Row, out: &mut Vec<Row>| {
            let value = cell(&row, place);
            let shown = if value.number().is_some() {
                sum = plus(&sum, value);
                sum.clone()
            } else {
                Value::Missing
            };
            put(&mut row, target, shown);
            out.push(row);
        }),
        columns,
    )
}

/// `autoregress`: the values of rows before. The value is called `of`.
pub(crate) fn autoregress(input: Input<'_>, stage: &Autoregress, of: &str) -> Made {
    let place = input.place(of);
    let mut columns = input.columns();
    let lags: Vec<(usize, usize)> = stage
        .lags
        .iter()
        .map(|(lag, name)| {
            let kind = input.kind(place);
            (usize::try_from(*lag).unwrap_or(usize::MAX), declare(&mut columns, name, kind))
        })
        .collect();
    let longest = lags.iter().map(|(lag, _)| *lag).max().unwrap_or_default();
    let mut before: VecDeque<Value<'static>> = VecDeque::new();
    Made::new(
        Each(move |mut row: Row, out: &mut Vec<Row>| {
            let value = cell(&row, place).clone();
            for (lag, target) in &lags {
                let found = lag.checked_sub(1).and_then(|lag| before.get(lag)).cloned();
                let found = if *lag == 0 { Some(value.clone()) } else { found };
                put(&mut row, *target, found.unwrap_or_default());
            }
            before.push_front(value);
            before.truncate(longest);
            out.push(row);
        }),
        columns,
    )
}

/// `addtotals`: the sum of each row, and a last row with the sum of each column.
pub(crate) fn add_totals(input: Input<'_>, stage: &AddTotals) -> Made {
    let places: Vec<usize> = stage.fields.iter().map(|name| input.place(name)).collect();
    let mut columns = input.columns();
    for (place, kind) in places.iter().map(|place| (*place, summed(&input.kind(*place)))) {
        // The last row puts numbers where texts that are numbers may have been.
        if stage.column
            && let Some((_, known)) = columns.get_mut(place)
        {
            *known = common(known, &kind);
        }
    }
    let whole = places.iter().all(|place| summed(&input.kind(*place)) == DataType::Int64);
    let kind = if whole { DataType::Int64 } else { DataType::Float64 };
    let target = stage.row.as_ref().map(|name| declare(&mut columns, name, kind));
    let below = stage.column;
    let width = columns.len();
    Made::new(
        All::new(move |mut rows: Vec<Row>| {
            let mut totals = vec![Value::Missing; width];
            for row in &mut rows {
                let sum =
                    places.iter().fold(Value::Missing, |sum, place| plus(&sum, cell(row, *place)));
                for place in &places {
                    let total = plus(cell(&totals, *place), cell(row, *place));
                    put(&mut totals, *place, total);
                }
                if let Some(target) = target {
                    let total = plus(cell(&totals, target), &sum);
                    put(&mut totals, target, total);
                    put(row, target, sum);
                }
            }
            if below {
                rows.push(totals);
            }
            rows
        }),
        columns,
    )
}

/// `appendcols`: rows of another query beside these, by position. They have these columns; values that are there stay, unless they are
/// to be replaced.
pub(crate) fn append(
    input: Input<'_>,
    stage: &AppendColumns,
    others: &[(String, DataType)],
    rows: Vec<Row>,
) -> Made {
    let mut columns = input.columns();
    let replaces = stage.replaces;
    let targets: Vec<usize> = others
        .iter()
        .map(|(name, kind)| {
            let kind = common(&input.kind(input.place(name)), kind);
            declare(&mut columns, name, kind)
        })
        .collect();
    let most = usize::try_from(stage.most).unwrap_or(usize::MAX);
    let mut rows = rows.into_iter().take(most);
    Made::new(
        Each(move |mut row: Row, out: &mut Vec<Row>| {
            if let Some(other) = rows.next() {
                for (from, target) in targets.iter().enumerate() {
                    if replaces || cell(&row, *target).is_missing() {
                        put(&mut row, *target, cell(&other, from).clone());
                    }
                }
            }
            out.push(row);
        }),
        columns,
    )
}
