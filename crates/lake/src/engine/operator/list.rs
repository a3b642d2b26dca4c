//! Rows of the items of lists.

use arrow::datatypes::DataType;

use super::{Each, Input, Made, Row, cell, declare, put};
use crate::engine::function::parse_list;
use crate::engine::value::Value;

/// `unnest`: one row of each item, under another name. The list is the value called `of`.
pub(crate) fn unnest(input: Input<'_>, of: &str, into: &str) -> Made {
    let place = input.place(of);
    let mut columns = input.columns();
    let target = declare(&mut columns, into, DataType::LargeUtf8);
    Made::new(
        Each(move |row: Row, out: &mut Vec<Row>| {
            let value = cell(&row, place);
            let items = match value {
                Value::Json(_) => parse_list(value),
                _ => None,
            };
            for item in items.unwrap_or_else(|| vec![value.clone()]) {
                let mut row = row.clone();
                put(&mut row, target, item);
                out.push(row);
            }
        }),
        columns,
    )
}

/// `expand`: one row of each item of an array, in its place; the row itself if it is none.
pub(crate) fn expand(input: Input<'_>, name: &str) -> Made {
    let place = input.place(name);
    let mut columns = input.columns();
    declare(&mut columns, name, DataType::LargeUtf8);
    Made::new(
        Each(move |row: Row, out: &mut Vec<Row>| match parse_list(cell(&row, place)) {
            None => out.push(row),
            Some(items) => {
                for item in items {
                    let mut row = row.clone();
                    put(&mut row, place, item);
                    out.push(row);
                }
            }
        }),
        columns,
    )
}
