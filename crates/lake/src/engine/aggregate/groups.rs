//! The frame of our aggregates: what is remembered of each group, or of all rows as the only one, and how that travels.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BinaryBuilder, BooleanArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature,
};

/// What an aggregate remembers of a group.
pub(super) trait Memory: Clone + Debug + Default + Send + Sync + 'static {
    /// Takes in rows, given as the arguments of the aggregate, each into the group that `group_of` says.
    ///
    /// # Errors
    ///
    /// Fails if an argument is of a type that no value has.
    fn add(
        groups: &mut [Self],
        arguments: &[ArrayRef],
        group_of: impl Fn(usize) -> Option<usize>,
    ) -> Result<()>;
    /// Returns the result of each group, of the type that the aggregate has.
    ///
    /// # Errors
    ///
    /// Fails if a result is not of that type.
    fn results(groups: &[Self], kind: &DataType) -> Result<ArrayRef>;
    /// Appends what it remembers.
    fn encode(&self, out: &mut Vec<u8>);
    /// Takes in what another wrote.
    fn merge(&mut self, bytes: &[u8]);
    /// Returns about how many bytes it takes beyond its own size.
    fn size(&self) -> usize;
    /// Returns the result where there are no rows, if it is not null.
    fn of_nothing() -> Option<ScalarValue> {
        None
    }
}

/// Returns the aggregate of DataFusion that remembers with `M`; `kind` gives the type of its result from those of its arguments.
pub(super) fn udaf<M: Memory>(
    name: &'static str,
    signature: Signature,
    kind: fn(&[DataType]) -> DataType,
) -> AggregateUDF {
    AggregateUDF::from(Remembering::<M> { name, kind, signature, memory: PhantomData })
}

struct Remembering<M> {
    name: &'static str,
    kind: fn(&[DataType]) -> DataType,
    signature: Signature,
    memory: PhantomData<fn() -> M>,
}

impl<M> Debug for Remembering<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl<M> PartialEq for Remembering<M> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<M> Eq for Remembering<M> {}

impl<M> Hash for Remembering<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<M: Memory> AggregateUDFImpl for Remembering<M> {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, kinds: &[DataType]) -> Result<DataType> {
        Ok((self.kind)(kinds))
    }

    fn is_nullable(&self) -> bool {
        M::of_nothing().is_none()
    }

    fn default_value(&self, kind: &DataType) -> Result<ScalarValue> {
        M::of_nothing().map_or_else(|| ScalarValue::try_from(kind), Ok)
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(args.name, DataType::Binary, true))])
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(One(Groups { groups: vec![M::default()], kind: kind_of(&args) })))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::<M> { groups: Vec::new(), kind: kind_of(&args) }))
    }
}

fn kind_of(args: &AccumulatorArgs<'_>) -> DataType {
    args.return_field.data_type().clone()
}

/// What is remembered of each group.
#[derive(Debug)]
struct Groups<M> {
    groups: Vec<M>,
    kind: DataType,
}

impl<M: Memory> Groups<M> {
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
        self.groups.capacity() * size_of::<M>() + self.groups.iter().map(M::size).sum::<usize>()
    }
}

fn encode<M: Memory>(groups: &[M]) -> ArrayRef {
    let mut builder = BinaryBuilder::new();
    let mut bytes = Vec::new();
    for group in groups {
        bytes.clear();
        group.encode(&mut bytes);
        builder.append_value(&bytes);
    }
    Arc::new(builder.finish())
}

impl<M: Memory> GroupsAccumulator for Groups<M> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups.resize_with(total_num_groups, M::default);
        let kept = |row| opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        let group_of = |row| group_indices.get(row).copied().filter(|_| kept(row));
        M::add(&mut self.groups, values, group_of)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        M::results(&emit_to.take_needed(&mut self.groups), &self.kind)
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
        self.groups.resize_with(total_num_groups, M::default);
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
struct One<M>(Groups<M>);

impl<M: Memory> Accumulator for One<M> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        M::add(&mut self.0.groups, values, |_| Some(0))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        ScalarValue::try_from_array(&M::results(&self.0.groups, &self.0.kind)?, 0)
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
