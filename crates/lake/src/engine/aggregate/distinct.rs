//! `count_distinct` of numbers of at most 32 bits: addresses, ports, protocols.
//!
//! It is an aggregate of its own, because DataFusion turns its own into a grouping by key and value, of which nothing later can tell
//! what it was for. What it does here is only used where the keys are no numbers, and in a cluster; otherwise the `group` operator
//! does it.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, UInt32Type};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::{AggregateUDF, Signature, Volatility};
use rustc_hash::FxHashSet;

use super::groups::{Memory, udaf};

/// Returns the aggregate.
pub(super) fn distinct() -> AggregateUDF {
    let kinds = vec![DataType::UInt8, DataType::UInt16, DataType::UInt32];
    let signature = Signature::uniform(1, kinds, Volatility::Immutable);
    udaf::<Values>("insights_distinct", signature, |_| DataType::Int64)
}

/// The values of a group.
#[derive(Clone, Debug, Default)]
struct Values(FxHashSet<u32>);

impl Memory for Values {
    fn add(
        groups: &mut [Self],
        arguments: &[ArrayRef],
        group_of: impl Fn(usize) -> Option<usize>,
    ) -> Result<()> {
        for array in arguments {
            let array = cast(array, &DataType::UInt32)?;
            for (row, value) in array.as_primitive::<UInt32Type>().iter().enumerate() {
                let group = group_of(row).and_then(|group| groups.get_mut(group));
                if let (Some(value), Some(group)) = (value, group) {
                    group.0.insert(value);
                }
            }
        }
        Ok(())
    }

    fn results(groups: &[Self], _: &DataType) -> Result<ArrayRef> {
        let counts = groups.iter().map(|group| i64::try_from(group.0.len()).ok());
        Ok(Arc::new(counts.collect::<Int64Array>()))
    }

    fn encode(&self, out: &mut Vec<u8>) {
        let mut values: Vec<u32> = self.0.iter().copied().collect();
        values.sort_unstable();
        out.extend(values.into_iter().flat_map(u32::to_le_bytes));
    }

    fn merge(&mut self, bytes: &[u8]) {
        let values = bytes.as_chunks::<4>().0.iter();
        self.0.extend(values.map(|bytes| u32::from_le_bytes(*bytes)));
    }

    fn size(&self) -> usize {
        self.0.capacity() * 5
    }

    fn of_nothing() -> Option<ScalarValue> {
        Some(ScalarValue::Int64(Some(0)))
    }
}
