//! A column of strings of which there are few, each numbered when it is first seen.

mod numbering;

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, DictionaryArray, Int32Array, NullBufferBuilder, StringArray,
};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;
use portolan_flow::Cells;

use super::numbers::Numbers;
use numbering::Key;
pub(crate) use numbering::Numbering;

/// Strings by number.
#[derive(Debug)]
pub(crate) struct Words {
    numbers: Numbers<Int32Type>,
    known: Numbering,
}

impl Words {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { numbers: Numbers::with_capacity(capacity), known: Numbering::default() }
    }

    pub(crate) fn push(&mut self, word: &str) {
        self.numbers.push(self.known.number(word));
    }

    pub(crate) fn push_absent(&mut self) {
        self.numbers.push(None);
    }

    /// Adds the cells of a column of lines, and returns whether each is text or absent.
    pub(super) fn extend(&mut self, cells: Cells<'_>, column: usize) -> bool {
        // Many columns say the same thing line after line.
        let mut last: Option<(Key, i32)> = None;
        let numbers = cells.texts(column).map(|cell| {
            let key = Key::of(cell);
            if let Some((_, number)) = last.filter(|(last, _)| key.is_whole() && *last == key) {
                return Some(number);
            }
            if cell.bytes == b"-" {
                return None;
            }
            let number = self.known.number_of(key, cell)?;
            last = Some((key, number));
            Some(number)
        });
        self.numbers.extend_with(numbers).all(|row| cells.is_absent(row, column))
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.numbers.truncate(rows);
    }

    pub(crate) fn finish(self) -> Result<ArrayRef, ArrowError> {
        dictionary(self.numbers.finish(), self.known)
    }
}

/// Puts columns of strings together, each string once in the result.
pub(super) fn unify(parts: &[ArrayRef]) -> Result<ArrayRef, ArrowError> {
    let mut known = Numbering::default();
    let rows = parts.iter().map(Array::len).sum();
    let mut numbers = Vec::with_capacity(rows);
    let mut nulls = NullBufferBuilder::new(rows);
    for part in parts {
        let part = part.as_dictionary::<Int32Type>();
        let renumbered = renumbered(part.values().as_string(), &mut known);
        // Where there is no string, any number will do.
        let translate = |old: &i32| {
            usize::try_from(*old)
                .ok()
                .and_then(|it| renumbered.get(it))
                .copied()
                .unwrap_or_default()
        };
        numbers.extend(part.keys().values().iter().map(translate));
        match part.keys().nulls() {
            Some(these) => nulls.append_buffer(these),
            None => nulls.append_n_non_nulls(part.len()),
        }
    }
    dictionary(Int32Array::new(numbers.into(), nulls.finish()), known)
}

/// Returns the number that each of the words has in the result.
fn renumbered(words: &StringArray, known: &mut Numbering) -> Vec<i32> {
    words.iter().flatten().map(|word| known.number(word).unwrap_or_default()).collect()
}

fn dictionary(numbers: Int32Array, known: Numbering) -> Result<ArrayRef, ArrowError> {
    let words: StringArray = known.finish();
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(numbers, Arc::new(words))?))
}

/// Returns the strings of a column.
#[cfg(test)]
pub(crate) fn texts(column: &ArrayRef) -> Vec<Option<&str>> {
    let column = column.as_dictionary::<Int32Type>();
    let words = column.values().as_string::<i32>();
    column.keys().iter().map(|it| it.map(|it| words.value(usize::try_from(it).unwrap()))).collect()
}
