//! Columns in as many arrays as the rows came in, so that nothing is copied to put them together.

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray as _, BooleanBufferBuilder, PrimitiveArray,
    RecordBatch,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

/// A column of the rows of a row group.
#[derive(Debug)]
pub(super) struct Parts {
    // INVARIANT: of one type, and not empty.
    arrays: Vec<ArrayRef>,
}

impl Parts {
    /// Returns a column of some rows.
    pub(super) fn of(batches: &[RecordBatch], column: usize) -> Self {
        batches.iter().map(|it| ArrayRef::clone(it.column(column))).collect()
    }

    pub(super) fn arrays(&self) -> &[ArrayRef] {
        &self.arrays
    }

    /// Returns how many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.arrays.iter().map(Array::len).sum()
    }

    pub(super) fn null_count(&self) -> usize {
        self.arrays.iter().map(Array::null_count).sum()
    }

    pub(super) fn data_type(&self) -> &DataType {
        self.arrays.first().map_or(&DataType::Null, |it| it.data_type())
    }

    /// Returns the values that are there, run by run; they must be numbers of this type.
    pub(super) fn present<T: ArrowPrimitiveType>(&self) -> impl Iterator<Item = &[T::Native]> {
        self.arrays.iter().flat_map(|it| present(it.as_primitive::<T>()))
    }

    /// Returns which rows have a value.
    pub(super) fn nulls(&self) -> NullBuffer {
        let mut nulls = BooleanBufferBuilder::new(self.rows());
        for array in &self.arrays {
            match array.nulls() {
                Some(these) => nulls.append_buffer(these.inner()),
                None => nulls.append_n(array.len(), true),
            }
        }
        NullBuffer::new(nulls.finish())
    }

    /// Returns the arrays as one.
    pub(super) fn together(&self) -> Result<ArrayRef, ArrowError> {
        let arrays: Vec<_> = self.arrays.iter().map(AsRef::as_ref).collect();
        arrow::compute::concat(&arrays)
    }
}

impl FromIterator<ArrayRef> for Parts {
    fn from_iter<I: IntoIterator<Item = ArrayRef>>(arrays: I) -> Self {
        Self { arrays: arrays.into_iter().collect() }
    }
}

/// Returns the values that are there, run by run.
pub(super) fn present<T: ArrowPrimitiveType>(
    column: &PrimitiveArray<T>,
) -> impl Iterator<Item = &[T::Native]> {
    let values: &[T::Native] = column.values();
    let whole = column.nulls().is_none().then_some(values);
    let runs = column.nulls().into_iter().flat_map(NullBuffer::valid_slices);
    whole.into_iter().chain(runs.filter_map(|(from, to)| values.get(from..to)))
}

/// Returns the least and the greatest value; `None` if there is none.
pub(super) fn range<'a, T: Copy + Ord + 'a>(runs: impl Iterator<Item = &'a [T]>) -> Option<(T, T)> {
    let join = |(least, greatest): (T, T), (low, high)| (least.min(low), greatest.max(high));
    // Run by run, so that many values are compared at once.
    let range_of = |run: &[T]| {
        let first = *run.first()?;
        Some(run.iter().fold((first, first), |range, it| join(range, (*it, *it))))
    };
    runs.filter_map(range_of).reduce(join)
}

/// Returns some of the rows of batches that come one after the other.
pub(super) fn slice(batches: &[RecordBatch], first: usize, count: usize) -> Vec<RecordBatch> {
    let mut begin = 0;
    let mut slices = Vec::new();
    for rows in batches {
        let end = begin + rows.num_rows();
        let (from, to) = (first.clamp(begin, end), (first + count).clamp(begin, end));
        if from < to {
            slices.push(rows.slice(from - begin, to - from));
        }
        begin = end;
    }
    slices
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::UInt32Array;
    use arrow::datatypes::UInt32Type;
    use proptest::prelude::*;

    use super::*;

    fn batch(column: UInt32Array) -> RecordBatch {
        RecordBatch::try_from_iter([("number", Arc::new(column) as ArrayRef)]).unwrap()
    }

    proptest! {
        #[test]
        fn slices_are_those_of_all_rows(
            batches in prop::collection::vec(prop::collection::vec(prop::option::of(0..9_u32), 0..6), 1..6),
            first in 0..20_usize,
            count in 1..9_usize,
        ) {
            let all: Vec<_> = batches.concat().into_iter().skip(first).take(count).collect();
            let batches: Vec<_> = batches.into_iter().map(|it| batch(it.into())).collect();
            let column = Parts::of(&slice(&batches, first, count), 0);
            let present: Vec<_> = column.present::<UInt32Type>().flatten().copied().collect();
            let expected: Vec<_> = all.iter().copied().flatten().collect();
            prop_assert_eq!(column.rows(), all.len());
            prop_assert_eq!(column.null_count(), all.len() - expected.len());
            let has_value: Vec<_> = column.nulls().iter().collect();
            prop_assert_eq!(has_value, all.iter().map(Option::is_some).collect::<Vec<_>>());
            let least_and_greatest = expected.iter().min().zip(expected.iter().max());
            let found = range(column.present::<UInt32Type>());
            prop_assert_eq!(found, least_and_greatest.map(|(least, greatest)| (*least, *greatest)));
            prop_assert_eq!(present, expected);
        }
    }
}
