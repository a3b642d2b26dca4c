//! Tables and numbers: what the factors of the matrix are kept in.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// A value for each row and column.
#[derive(Clone, Debug)]
pub(super) struct Grid<T> {
    // INVARIANT: not 0, so that a grid without columns has rows all the same.
    width: usize,
    values: Vec<T>,
}

impl<T> Grid<T> {
    /// Computes a grid row by row.
    pub(super) fn new(
        rows: usize,
        columns: usize,
        mut value: impl FnMut(usize, usize) -> T,
    ) -> Self {
        let mut values = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            values.extend((0..columns).map(|column| value(row, column)));
        }
        Self { width: columns.max(1), values }
    }

    /// Returns a row; an empty one beyond the last.
    pub(super) fn row(&self, row: usize) -> &[T] {
        let start = row * self.width;
        self.values.get(start..start + self.width).unwrap_or_default()
    }
}

/// Values and their numbers, in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct Numbering<T> {
    pub(super) values: Vec<T>,
    numbers: FxHashMap<T, usize>,
}

impl<T> Default for Numbering<T> {
    fn default() -> Self {
        Self { values: Vec::new(), numbers: FxHashMap::default() }
    }
}

impl<T: Clone + Eq + Hash> Numbering<T> {
    /// Returns the number of a value; a new value gets the next one.
    pub(super) fn number(&mut self, value: T) -> usize {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        self.numbers.insert(value.clone(), self.values.len());
        self.values.push(value);
        self.values.len() - 1
    }
}
