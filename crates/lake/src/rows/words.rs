//! A column of strings of which there are few, each numbered when it is first seen.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, DictionaryArray, Int32Array, Int32Builder, StringArray,
    StringBuilder,
};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;
use rustc_hash::FxHashMap;

/// Strings by number.
#[derive(Debug)]
pub(crate) struct Words {
    numbers: Int32Builder,
    known: Numbering,
    /// The number of the last word: many columns say the same thing line after line.
    last: Option<i32>,
}

/// Which number each string has.
#[derive(Debug, Default)]
struct Numbering {
    numbers: FxHashMap<Box<str>, i32>,
    words: StringBuilder,
}

impl Words {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let numbers = Int32Builder::with_capacity(capacity);
        Self { numbers, known: Numbering::default(), last: None }
    }

    pub(crate) fn push(&mut self, word: &str) {
        let number = match self.last {
            Some(last) if self.known.word(last) == Some(word.as_bytes()) => last,
            _ => self.known.number(word),
        };
        self.last = Some(number);
        self.numbers.append_value(number);
    }

    pub(crate) fn push_absent(&mut self) {
        self.numbers.append_null();
    }

    pub(crate) fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        dictionary(self.numbers.finish(), self.known)
    }
}

impl Numbering {
    /// Returns the word of a number.
    fn word(&self, number: i32) -> Option<&[u8]> {
        let index = usize::try_from(number).ok()?;
        let end = |at: usize| usize::try_from(*self.words.offsets_slice().get(at)?).ok();
        self.words.values_slice().get(end(index)?..end(index + 1)?)
    }

    fn number(&mut self, word: &str) -> i32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        // A block has fewer lines than that, and a file fewer rows.
        let number = i32::try_from(self.numbers.len()).unwrap_or(i32::MAX);
        self.numbers.insert(word.into(), number);
        self.words.append_value(word);
        number
    }
}

/// Puts columns of strings together, each string once in the result.
pub(crate) fn unify(parts: &[ArrayRef]) -> Result<ArrayRef, ArrowError> {
    let mut known = Numbering::default();
    let rows = parts.iter().map(Array::len).sum();
    let mut numbers = Int32Builder::with_capacity(rows);
    for part in parts {
        let part = part.as_dictionary::<Int32Type>();
        let words = part.values().as_string::<i32>();
        let renumbered: Vec<_> = words.iter().map(|it| it.map(|word| known.number(word))).collect();
        let translate = |old: i32| renumbered.get(usize::try_from(old).ok()?).copied().flatten();
        if part.keys().null_count() == 0 {
            numbers.extend(part.keys().values().iter().map(|old| translate(*old)));
        } else {
            numbers.extend(part.keys().iter().map(|old| translate(old?)));
        }
    }
    dictionary(numbers.finish(), known)
}

fn dictionary(numbers: Int32Array, mut known: Numbering) -> Result<ArrayRef, ArrowError> {
    let words: StringArray = known.words.finish();
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(numbers, Arc::new(words))?))
}

/// Returns the strings of a column.
#[cfg(test)]
pub(crate) fn texts(column: &ArrayRef) -> Vec<Option<&str>> {
    let column = column.as_dictionary::<Int32Type>();
    let words = column.values().as_string::<i32>();
    column.keys().iter().map(|it| it.map(|it| words.value(usize::try_from(it).unwrap()))).collect()
}
