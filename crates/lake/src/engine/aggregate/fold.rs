//! An aggregate that looks at one row at a time, whatever the types of its arguments.

use std::fmt::Debug;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{AggregateUDF, Signature, Volatility};

use super::groups::{self, Memory};
use crate::engine::value::{Cells, Value, column};

/// What an aggregate remembers of a group.
pub(super) trait Fold: Clone + Debug + Default + Send + Sync + 'static {
    /// Takes in a row, given as the arguments of the aggregate.
    fn add(&mut self, values: &[Value<'_>]);
    /// Returns the result.
    fn result(&self) -> Value<'static>;
    /// Writes what it remembers.
    fn encode(&self, out: &mut Vec<u8>);
    /// Takes in what another wrote.
    fn merge(&mut self, bytes: &[u8]);
    /// Returns about how many bytes it takes beyond its own size.
    fn size(&self) -> usize;
}

/// Returns the aggregate of DataFusion that folds with `F`.
pub(super) fn udaf<F: Fold>(name: &'static str, kind: fn(&[DataType]) -> DataType) -> AggregateUDF {
    groups::udaf::<F>(name, Signature::variadic_any(Volatility::Immutable), kind)
}

impl<F: Fold> Memory for F {
    fn add(
        groups: &mut [Self],
        arguments: &[ArrayRef],
        group_of: impl Fn(usize) -> Option<usize>,
    ) -> Result<()> {
        let cells = arguments.iter().map(|a| Cells::of(a.as_ref())).collect::<Result<Vec<_>>>()?;
        let mut values = vec![Value::Missing; cells.len()];
        for row in 0..arguments.first().map_or(0, arrow::array::Array::len) {
            let Some(group) = group_of(row).and_then(|group| groups.get_mut(group)) else {
                continue;
            };
            for (value, cells) in values.iter_mut().zip(&cells) {
                *value = cells.value(row);
            }
            Fold::add(group, &values);
        }
        Ok(())
    }

    fn results(groups: &[Self], kind: &DataType) -> Result<ArrayRef> {
        column(kind, groups.iter().map(F::result))
    }

    fn encode(&self, out: &mut Vec<u8>) {
        Fold::encode(self, out);
    }

    fn merge(&mut self, bytes: &[u8]) {
        Fold::merge(self, bytes);
    }

    fn size(&self) -> usize {
        Fold::size(self)
    }
}
