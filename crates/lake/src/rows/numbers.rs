//! A column of numbers, few of which are absent.

use arrow::array::{ArrowPrimitiveType, BooleanBufferBuilder, PrimitiveArray};
use arrow::buffer::NullBuffer;
use portolan_flow::Cells;

/// Numbers, and which rows have none.
#[derive(Debug)]
pub(super) struct Numbers<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    /// The rows that have no value, in order.
    absent: Vec<usize>,
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { values: Vec::with_capacity(capacity), absent: Vec::new() }
    }

    pub(super) fn push(&mut self, value: Option<T::Native>) {
        if value.is_none() {
            self.absent.push(self.values.len());
        }
        self.values.push(value.unwrap_or_default());
    }

    /// Adds values, and returns the rows among them that have none, counted from the first that was added.
    pub(super) fn extend_with(
        &mut self,
        values: impl Iterator<Item = Option<T::Native>>,
    ) -> impl Iterator<Item = usize> {
        let (before, known) = (self.values.len(), self.absent.len());
        let absent = &mut self.absent;
        self.values.extend((before..).zip(values).map(|(row, value)| {
            value.unwrap_or_else(|| {
                absent.push(row);
                T::Native::default()
            })
        }));
        self.absent.iter().skip(known).map(move |row| row - before)
    }

    /// Adds the cells of a column of lines, and returns whether each is a number or absent.
    pub(super) fn extend(&mut self, cells: Cells<'_>, column: usize) -> bool
    where
        T::Native: TryFrom<u64>,
    {
        self.extend_with(cells.numbers(column)).all(|row| cells.is_absent(row, column))
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        let kept = self.absent.partition_point(|row| *row < rows);
        self.absent.truncate(kept);
    }

    pub(super) fn finish(self) -> PrimitiveArray<T> {
        let nulls = nulls(self.values.len(), &self.absent);
        PrimitiveArray::new(self.values.into(), nulls)
    }
}

/// Returns which rows have a value, if not all.
pub(super) fn nulls(rows: usize, absent: &[usize]) -> Option<NullBuffer> {
    if absent.is_empty() {
        return None;
    }
    let mut is_present = BooleanBufferBuilder::new(rows);
    is_present.append_n(rows, true);
    for row in absent {
        is_present.set_bit(*row, false);
    }
    Some(NullBuffer::new(is_present.finish()))
}
