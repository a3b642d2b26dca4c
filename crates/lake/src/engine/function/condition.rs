//! Conditions, comparisons of values whose types are known only row by row, and choices.

use std::cmp::Ordering;

use super::{Function, any_of, at, boolean, row};
use crate::engine::value::Value;
use arrow::datatypes::DataType;

pub(super) static FUNCTIONS: &[Function] = &[
    row("equal", boolean, |v| equal(v, false)),
    row("notequal", boolean, |v| equal(v, true)),
    row("less", boolean, |v| compare(v, Ordering::is_lt)),
    row("lessorequal", boolean, |v| compare(v, Ordering::is_le)),
    row("greater", boolean, |v| compare(v, Ordering::is_gt)),
    row("greaterorequal", boolean, |v| compare(v, Ordering::is_ge)),
    row("truth", boolean, |v| at(v, 0).truth().map_or(Value::Missing, Value::Boolean)),
    row("ispresent", boolean, |v| Value::Boolean(!at(v, 0).is_missing())),
    row("isnumeric", boolean, |v| Value::Boolean(at(v, 0).number().is_some())),
    row("coalesce", any_of, |v| {
        v.iter().find(|value| !value.is_missing()).cloned().unwrap_or_default()
    }),
    row("if", branches, choose),
    row("case", branches, choose),
];

fn equal<'a>(values: &[Value<'a>], negated: bool) -> Value<'a> {
    match (at(values, 0), at(values, 1)) {
        (Value::Missing, _) | (_, Value::Missing) => Value::Missing,
        (Value::Json(_), _) | (_, Value::Json(_)) => Value::Boolean(false),
        (left, right) => Value::Boolean(left.equals(right) != negated),
    }
}

fn compare<'a>(values: &[Value<'a>], test: fn(Ordering) -> bool) -> Value<'a> {
    match (at(values, 0), at(values, 1)) {
        (Value::Missing, _) | (_, Value::Missing) => Value::Missing,
        (left, right) => Value::Boolean(left.compare(right).is_some_and(test)),
    }
}

/// The type of the values of `case(c1, v1, c2, v2, …, default)`.
fn branches(kinds: &[DataType]) -> DataType {
    let last = kinds.len() % 2;
    let chosen = kinds.iter().skip(1).step_by(2).chain(kinds.last().filter(|_| last == 1));
    any_of(&chosen.cloned().collect::<Vec<_>>())
}

/// The value after the first true condition, or the last if nothing is and their number is odd.
fn choose<'a>(values: &[Value<'a>]) -> Value<'a> {
    for pair in values.chunks(2) {
        match pair {
            [condition, value] if condition.truth() == Some(true) => return value.clone(),
            [default] => return default.clone(),
            _ => {}
        }
    }
    Value::Missing
}
