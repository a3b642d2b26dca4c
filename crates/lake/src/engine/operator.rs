//! The stages that DataFusion has no operator for: streams of rows that become other streams of rows.
//!
//! An operator sees one row at a time. What needs all rows keeps them and answers at the end; the language lets it do so only where
//! limits or groups have made them few. `dedup`, which runs over logs themselves, works on columns instead ([`dedup`]).

mod columns;
mod compare;
mod dedup;
mod fill;
mod list;
mod lookup;
mod outlier;
mod pattern;
mod relevance;
mod rows;
mod session;
mod template;

use arrow::datatypes::DataType;

use super::plan::Shown;
use super::value::{Value, plain};

pub(crate) use columns::{add_totals, append, autoregress, running_sum};
pub(crate) use compare::{anomaly, diff, estimate, log_compare};
pub(crate) use dedup::dedup;
pub(crate) use fill::{fill_down, fill_missing};
pub(crate) use list::{expand, unnest};
pub(crate) use lookup::{cidr_lookup, join, lookup};
pub(crate) use outlier::outlier;
pub(crate) use pattern::pattern;
pub(crate) use relevance::relevant_fields;
pub(crate) use rows::{POSITION, apply, collect, numbered};
pub(crate) use session::sessionize;

/// A row on its way.
pub(crate) type Row = Vec<Value<'static>>;

/// Makes rows of rows.
pub(crate) trait Operator: Send {
    /// Takes a row in, and gives out what is certain now.
    fn push(&mut self, row: Row, out: &mut Vec<Row>);

    /// Gives out the rest.
    fn finish(&mut self, _out: &mut Vec<Row>) {}
}

/// An operator and the columns of the rows that it gives out.
pub(crate) struct Made {
    /// The operator.
    pub(crate) operator: Box<dyn Operator>,
    /// The names of what it gives out, and their types.
    pub(crate) columns: Vec<(String, DataType)>,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl Made {
    fn new(operator: impl Operator + 'static, columns: Vec<(String, DataType)>) -> Self {
        Self { operator: Box::new(operator), columns }
    }
}

/// The columns that an operator is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a>(pub(crate) &'a [Shown]);

impl Input<'_> {
    /// Returns the place of a name; every name that a stage reads is there.
    fn place(self, name: &str) -> usize {
        self.0.iter().position(|shown| shown.name == name).unwrap_or(usize::MAX)
    }

    /// Returns the names, and the types in which their values are given out again.
    fn columns(self) -> Vec<(String, DataType)> {
        self.0.iter().map(|shown| (shown.name.clone(), plain(&shown.kind))).collect()
    }

    fn kind(self, place: usize) -> DataType {
        self.0.get(place).map_or(DataType::Null, |shown| plain(&shown.kind))
    }
}

/// Returns the value of a row at a place.
fn cell(row: &Row, place: usize) -> &Value<'static> {
    row.get(place).unwrap_or(&Value::Missing)
}

/// Sets a value: in its place if its name has one, otherwise at the end.
///
/// Used with [`declare`], which says where a name goes.
fn put(row: &mut Row, place: usize, value: Value<'static>) {
    if row.len() <= place {
        row.resize(place + 1, Value::Missing);
    }
    if let Some(cell) = row.get_mut(place) {
        *cell = value;
    }
}

/// Declares a column and returns its place: that of its name if there is one, otherwise a new one at the end.
fn declare(columns: &mut Vec<(String, DataType)>, name: &str, kind: DataType) -> usize {
    match columns.iter_mut().enumerate().find(|(_, (known, _))| known == name) {
        Some((place, (_, known))) => {
            *known = kind;
            place
        }
        None => {
            columns.push((name.to_owned(), kind));
            columns.len() - 1
        }
    }
}

/// The type that sums of values of a type have.
fn summed(kind: &DataType) -> DataType {
    match plain(kind) {
        DataType::Int64 | DataType::Boolean => DataType::Int64,
        _ => DataType::Float64,
    }
}

/// Adds two numbers; a whole sum that overflows becomes a float.
fn plus(left: &Value<'_>, right: &Value<'_>) -> Value<'static> {
    use super::value::Number::{Float, Integer};
    match (left.number(), right.number()) {
        (Some(Integer(a)), Some(Integer(b))) => a
            .checked_add(b)
            .map_or_else(|| Value::float(Integer(a).float() + Integer(b).float()), Value::Integer),
        (Some(a @ (Integer(_) | Float(_))), Some(b)) => Value::float(a.float() + b.float()),
        (Some(a), None) | (None, Some(a)) => Value::from(a),
        (None, None) => Value::Missing,
    }
}

/// Does to each row what a function does.
struct Each<F>(F);

impl<F: FnMut(Row, &mut Vec<Row>) + Send> Operator for Each<F> {
    fn push(&mut self, row: Row, out: &mut Vec<Row>) {
        (self.0)(row, out);
    }
}

/// Does to all rows what a function does.
struct All<F> {
    rows: Vec<Row>,
    function: Option<F>,
}

impl<F: FnOnce(Vec<Row>) -> Vec<Row> + Send> All<F> {
    fn new(function: F) -> Self {
        Self { rows: Vec::new(), function: Some(function) }
    }
}

impl<F: FnOnce(Vec<Row>) -> Vec<Row> + Send> Operator for All<F> {
    fn push(&mut self, row: Row, _: &mut Vec<Row>) {
        self.rows.push(row);
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        if let Some(function) = self.function.take() {
            out.extend(function(std::mem::take(&mut self.rows)));
        }
    }
}
