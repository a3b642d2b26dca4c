//! An aggregate that looks at one row at a time, as an aggregate of DataFusion with accumulators for many groups.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BinaryBuilder, BooleanArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};

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
    AggregateUDF::from(Folding {
        name,
        kind,
        signature: Signature::variadic_any(Volatility::Immutable),
        fold: F::default,
    })
}

struct Folding<F> {
    name: &'static str,
    kind: fn(&[DataType]) -> DataType,
    signature: Signature,
    fold: fn() -> F,
}

impl<F> Debug for Folding<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl<F> PartialEq for Folding<F> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<F> Eq for Folding<F> {}

impl<F> Hash for Folding<F> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<F: Fold> AggregateUDFImpl for Folding<F> {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, kinds: &[DataType]) -> Result<DataType> {
        Ok((self.kind)(kinds))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(args.name, DataType::Binary, true))])
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(One(Groups { groups: vec![(self.fold)()], kind: kind_of(&args) })))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::<F> { groups: Vec::new(), kind: kind_of(&args) }))
    }
}

fn kind_of(args: &AccumulatorArgs<'_>) -> DataType {
    args.return_field.data_type().clone()
}

/// What is remembered of each group.
#[derive(Debug)]
struct Groups<F> {
    groups: Vec<F>,
    kind: DataType,
}

impl<F: Fold> Groups<F> {
    fn add(
        &mut self,
        values: &[ArrayRef],
        group_of: impl Fn(usize) -> Option<usize>,
        rows: usize,
    ) -> Result<()> {
        let cells = values.iter().map(|a| Cells::of(a.as_ref())).collect::<Result<Vec<_>>>()?;
        let mut row_values = vec![Value::Missing; cells.len()];
        for row in 0..rows {
            let Some(group) = group_of(row).and_then(|group| self.groups.get_mut(group)) else {
                continue;
            };
            for (value, cells) in row_values.iter_mut().zip(&cells) {
                *value = cells.value(row);
            }
            group.add(&row_values);
        }
        Ok(())
    }

    fn merge(&mut self, states: &[ArrayRef], group_of: impl Fn(usize) -> Option<usize>) {
        for array in states {
            for (row, bytes) in array.as_binary::<i32>().iter().enumerate() {
                let group = group_of(row).and_then(|group| self.groups.get_mut(group));
                if let (Some(bytes), Some(group)) = (bytes, group) {
                    group.merge(bytes);
                }
            }
        }
    }

    fn memory(&self) -> usize {
        self.groups.capacity() * size_of::<F>() + self.groups.iter().map(F::size).sum::<usize>()
    }
}

fn encode<F: Fold>(groups: &[F]) -> ArrayRef {
    let mut builder = BinaryBuilder::new();
    let mut bytes = Vec::new();
    for group in groups {
        bytes.clear();
        group.encode(&mut bytes);
        builder.append_value(&bytes);
    }
    Arc::new(builder.finish())
}

impl<F: Fold> GroupsAccumulator for Groups<F> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups.resize_with(total_num_groups, F::default);
        let kept = |row| opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        let group_of = |row| group_indices.get(row).copied().filter(|_| kept(row));
        self.add(values, group_of, group_indices.len())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = emit_to.take_needed(&mut self.groups);
        column(&self.kind, groups.iter().map(F::result))
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
        self.groups.resize_with(total_num_groups, F::default);
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
        let mut groups = Self { groups: Vec::new(), kind: self.kind.clone() };
        groups.update_batch(values, &each, opt_filter, rows)?;
        Ok(vec![encode(&groups.groups)])
    }

    fn size(&self) -> usize {
        self.memory()
    }
}

/// What is remembered of all rows, as the only group.
#[derive(Debug)]
struct One<F>(Groups<F>);

impl<F: Fold> Accumulator for One<F> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, arrow::array::Array::len);
        self.0.add(values, |_| Some(0), rows)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let result = column(&self.0.kind, self.0.groups.iter().map(F::result))?;
        ScalarValue::try_from_array(&result, 0)
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
