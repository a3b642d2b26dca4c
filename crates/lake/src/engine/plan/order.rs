//! The order of rows.

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::SortExpr;
use portolan_query::{Expression, Sort, SortKey};

use super::Planner;
use crate::engine::scope::{Binding, Typed, column};
use crate::engine::value::plain;

/// The order that was asked for last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    keys: Vec<SortExpr>,
    /// Whether it is newest first by the time of the log itself.
    newest_first: bool,
}

impl Order {
    /// Returns the order of these columns.
    pub(super) fn of(keys: Vec<SortExpr>) -> Self {
        Self { keys, newest_first: false }
    }

    /// Returns the keys to sort by, if any order was asked for.
    pub(crate) fn keys(&self) -> Option<Vec<SortExpr>> {
        (!self.keys.is_empty()).then(|| self.keys.clone())
    }

    /// Returns whether it is newest first by the time of the log itself, and nothing else.
    pub(crate) fn is_newest_first(&self) -> bool {
        self.newest_first
    }
}

impl Planner<'_> {
    /// Remembers the order; its keys become columns, so that later stages may change what they were made of.
    pub(crate) fn sort(&mut self, sort: &Sort) -> Result<()> {
        let newest_first = match sort.keys.as_slice() {
            [SortKey { expression: Expression::Field { name, .. }, descending: true }] => {
                matches!(self.scope.find(name), Some(Binding::Timestamp))
            }
            _ => false,
        };
        let mut keys = Vec::new();
        let mut added = Vec::new();
        for key in &sort.keys {
            let value = self.expressions().value(&key.expression)?;
            if value.kind == DataType::Null {
                continue;
            }
            let start = newest_first.then(|| self.scope.lake_column("start")).flatten();
            let expr = match start {
                Some(start) => start.expr,
                None => {
                    let name = self.fresh();
                    added.push(sortable(value)?.expr.alias(&name));
                    column(&name)
                }
            };
            keys.push(expr.sort(!key.descending, !key.descending));
        }
        if !added.is_empty() {
            self.extend(added)?;
        }
        self.order = Order { keys, newest_first };
        Ok(())
    }
}

/// Returns a value that DataFusion orders as the language does.
fn sortable(value: Typed) -> Result<Typed> {
    match plain(&value.kind) {
        // The digits of an IPv4 address compare as its number does.
        DataType::UInt32
        | DataType::Int64
        | DataType::Float64
        | DataType::Boolean
        | DataType::Timestamp(_, _) => Ok(value),
        _ => Typed::call("sortkey", vec![value]),
    }
}
