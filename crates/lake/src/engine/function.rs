//! The scalar functions of the language, as one table and one kind of DataFusion function.
//!
//! A function sees one row at a time, as [`Value`]s, and is a row of [`ALL`]. What is hot (arithmetic, comparisons with numbers and
//! addresses, `bin`) is planned as expressions of DataFusion instead and never comes here. Functions of the vectorised kind for all
//! seventy were rejected: most queries call them on the few rows that a filter leaves.

mod address;
mod condition;
mod date;
mod digest;
mod json;
mod message;
mod number;
mod order;
mod pattern;
mod seconds;
mod text;
mod udf;

use arrow::datatypes::DataType;

use super::value::{Value, common, plain};

pub(crate) use address::Block;
pub(crate) use date::{Period, floor as floor_time, parse as parse_time, print as print_time};
pub(crate) use json::parse_list;
pub(crate) use pattern::glob;
pub(crate) use seconds::floor_seconds;
#[cfg(feature = "cluster")]
pub(crate) use udf::all;
pub(crate) use udf::{call, register};

/// A scalar function.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    /// What it is called in plans, in lower case.
    pub name: &'static str,
    /// The type of its result, from those of its arguments.
    pub kind: fn(&[DataType]) -> DataType,
    /// What it does to two whole numbers, where that is known to be all that it does.
    pub(crate) whole: Option<fn(i64, i64) -> Option<i64>>,
    /// What it does.
    pub body: Body,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// How a function computes.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// From the values of a row.
    Row(for<'a> fn(&[Value<'a>]) -> Value<'a>),
    /// In two steps: what the literal arguments say is understood once for a batch.
    Prepared(fn(&[Option<Value<'static>>]) -> Prepared),
}

/// A function whose literal arguments are understood.
pub(crate) type Prepared = Box<dyn for<'a> Fn(&[Value<'a>]) -> Value<'a>>;

/// Every scalar function, in groups.
pub(crate) static ALL: &[&[Function]] = &[
    address::FUNCTIONS,
    condition::FUNCTIONS,
    date::FUNCTIONS,
    digest::FUNCTIONS,
    json::FUNCTIONS,
    message::FUNCTIONS,
    number::FUNCTIONS,
    order::FUNCTIONS,
    pattern::FUNCTIONS,
    text::FUNCTIONS,
];

/// Returns the function of a name in lower case.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().copied().flatten().find(|function| function.name == name)
}

const fn row(
    name: &'static str,
    kind: fn(&[DataType]) -> DataType,
    body: for<'a> fn(&[Value<'a>]) -> Value<'a>,
) -> Function {
    Function { name, kind, whole: None, body: Body::Row(body) }
}

const fn prepared(
    name: &'static str,
    kind: fn(&[DataType]) -> DataType,
    body: fn(&[Option<Value<'static>>]) -> Prepared,
) -> Function {
    Function { name, kind, whole: None, body: Body::Prepared(body) }
}

fn integer(_: &[DataType]) -> DataType {
    DataType::Int64
}

fn float(_: &[DataType]) -> DataType {
    DataType::Float64
}

fn boolean(_: &[DataType]) -> DataType {
    DataType::Boolean
}

fn text(_: &[DataType]) -> DataType {
    DataType::Utf8
}

fn document(_: &[DataType]) -> DataType {
    DataType::LargeUtf8
}

/// The type of the first argument if it is a number, otherwise float: `abs`, `greatest` of texts.
fn numeric(kinds: &[DataType]) -> DataType {
    let whole = kinds.iter().all(|kind| {
        matches!(plain(kind), DataType::Int64 | DataType::Boolean | DataType::Timestamp(_, _))
    });
    if whole { DataType::Int64 } else { DataType::Float64 }
}

/// The type that holds all arguments.
fn any_of(kinds: &[DataType]) -> DataType {
    kinds.iter().fold(DataType::Null, |all, kind| common(&all, kind))
}

/// Returns the argument at a place, missing if there is none.
fn at<'v, 'a>(values: &'v [Value<'a>], place: usize) -> &'v Value<'a> {
    values.get(place).unwrap_or(&Value::Missing)
}
