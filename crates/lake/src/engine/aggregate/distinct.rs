//! `count_distinct` of numbers of at most 32 bits: addresses, ports, protocols.
//!
//! It is an aggregate of its own, because DataFusion turns its own into a grouping by key and value, of which nothing later can tell
//! what it was for. What it does here is only used where the keys are no numbers, and in a cluster; otherwise the `group` operator
//! does it.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BinaryBuilder, BooleanArray, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, UInt32Type};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};
use rustc_hash::FxHashSet;

/// The aggregate.
#[derive(Debug, Eq, Hash, PartialEq)]
pub(super) struct Distinct {
    signature: Signature,
}

impl Distinct {
    pub(super) fn udaf() -> AggregateUDF {
        let kinds = vec![DataType::UInt8, DataType::UInt16, DataType::UInt32];
        AggregateUDF::from(Self { signature: Signature::uniform(1, kinds, Volatility::Immutable) })
    }
}

impl AggregateUDFImpl for Distinct {
    fn name(&self) -> &'static str {
        "insights_distinct"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn is_nullable(&self) -> bool {
        false
    }

    fn default_value(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(0)))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(args.name, DataType::Binary, true))])
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(One(Groups { groups: vec![FxHashSet::default()] })))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::default()))
    }
}

/// The values of each group.
#[derive(Debug, Default)]
struct Groups {
    groups: Vec<FxHashSet<u32>>,
}

impl Groups {
    fn add(
        &mut self,
        values: &[ArrayRef],
        group_of: impl Fn(usize) -> Option<usize>,
    ) -> Result<()> {
        for array in values {
            let array = cast(array, &DataType::UInt32)?;
            for (row, value) in array.as_primitive::<UInt32Type>().iter().enumerate() {
                let group = group_of(row).and_then(|group| self.groups.get_mut(group));
                if let (Some(value), Some(group)) = (value, group) {
                    group.insert(value);
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, states: &[ArrayRef], group_of: impl Fn(usize) -> Option<usize>) {
        for array in states {
            for (row, bytes) in array.as_binary::<i32>().iter().enumerate() {
                let group = group_of(row).and_then(|group| self.groups.get_mut(group));
                if let (Some(bytes), Some(group)) = (bytes, group) {
                    let values = bytes.as_chunks::<4>().0.iter();
                    group.extend(values.map(|bytes| u32::from_le_bytes(*bytes)));
                }
            }
        }
    }

    fn memory(&self) -> usize {
        let each = |group: &FxHashSet<u32>| group.capacity() * 5 + size_of::<FxHashSet<u32>>();
        self.groups.iter().map(each).sum()
    }
}

fn counts(groups: &[FxHashSet<u32>]) -> Int64Array {
    groups.iter().map(|group| i64::try_from(group.len()).ok()).collect()
}

fn encode(groups: &[FxHashSet<u32>]) -> ArrayRef {
    let mut builder = BinaryBuilder::new();
    for group in groups {
        let mut values: Vec<u32> = group.iter().copied().collect();
        values.sort_unstable();
        builder.append_value(values.into_iter().flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    }
    Arc::new(builder.finish())
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups.resize_with(total_num_groups, FxHashSet::default);
        let kept = |row| opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        self.add(values, |row| group_indices.get(row).copied().filter(|_| kept(row)))
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        Ok(Arc::new(counts(&emit_to.take_needed(&mut self.groups))))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![encode(&emit_to.take_needed(&mut self.groups))])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups.resize_with(total_num_groups, FxHashSet::default);
        self.merge(values, |row| group_indices.get(row).copied());
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let rows = values.first().map_or(0, arrow::array::Array::len);
        let each: Vec<usize> = (0..rows).collect();
        let mut groups = Self::default();
        groups.update_batch(values, &each, opt_filter, rows)?;
        Ok(vec![encode(&groups.groups)])
    }

    fn size(&self) -> usize {
        self.memory()
    }
}

/// The values of all rows, as the only group.
#[derive(Debug)]
struct One(Groups);

impl Accumulator for One {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.add(values, |_| Some(0))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        ScalarValue::try_from_array(&counts(&self.0.groups), 0)
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.0.memory()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::try_from_array(&encode(&self.0.groups), 0)?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.0.merge(states, |_| Some(0));
        Ok(())
    }
}
