//! Which number each string has.

use std::hash::Hasher as _;

use arrow::array::{StringArray, StringBuilder};
use portolan_flow::Cell;
use rustc_hash::FxHasher;

/// How many bytes of a word are its key. Ids of AWS have up to 24.
const KEY_BYTES: usize = 24;

/// The bits of the first bytes of a key, by how many bytes there are.
#[expect(clippy::indexing_slicing, reason = "the compiler computes it, and says if it is wrong")]
static MASKS: [[u64; 3]; KEY_BYTES + 1] = {
    let mut masks = [[0; 3]; KEY_BYTES + 1];
    let mut length = 0;
    while length <= KEY_BYTES {
        masks[length] = [
            low_bytes(length),
            low_bytes(length.saturating_sub(8)),
            low_bytes(length.saturating_sub(16)),
        ];
        length += 1;
    }
    masks
};

/// Returns the bits of so many bytes, the lowest first.
const fn low_bytes(count: usize) -> u64 {
    if count >= 8 { u64::MAX } else { !(u64::MAX << (8 * count)) }
}

/// What a slot has that is empty.
const EMPTY: i32 = -1;

/// How many slots there are at first.
const SLOTS: usize = 64;

/// The first bytes of a word, zeros after its end, and its length: equal keys of short words are equal words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Key {
    parts: [u64; 3],
    length: usize,
}

/// Words, and a hash table of them.
#[derive(Debug)]
pub(crate) struct Numbering {
    // INVARIANT: a power of two, more than half of them empty.
    slots: Vec<i32>,
    /// By number.
    keys: Vec<Key>,
    words: StringBuilder,
}

impl Default for Numbering {
    fn default() -> Self {
        Self { slots: vec![EMPTY; SLOTS], keys: Vec::new(), words: StringBuilder::new() }
    }
}

impl Key {
    #[inline]
    pub(super) fn of(cell: Cell<'_>) -> Self {
        let length = cell.bytes.len();
        let bytes = cell.and_beyond.first_chunk().copied().unwrap_or_else(|| padded(cell.bytes));
        let masks = MASKS.get(length.min(KEY_BYTES)).unwrap_or(&[0; 3]);
        let (parts, _) = bytes.as_chunks();
        let part =
            |part: Option<&[u8; 8]>, mask| part.map_or(0, |it| u64::from_le_bytes(*it)) & mask;
        let [first, second, third] = *masks;
        let parts =
            [part(parts.first(), first), part(parts.get(1), second), part(parts.get(2), third)];
        Self { parts, length }
    }

    /// Returns whether the key is all of the word.
    pub(super) fn is_whole(self) -> bool {
        self.length <= KEY_BYTES
    }

    /// Returns a number whose low bits tell where to look first.
    fn hash(self, bytes: &[u8]) -> usize {
        let mut hasher = FxHasher::default();
        if self.is_whole() {
            self.parts.iter().for_each(|part| hasher.write_u64(*part));
        } else {
            hasher.write(bytes);
        }
        usize::try_from(hasher.finish() & u64::from(u32::MAX)).unwrap_or_default()
    }
}

/// Returns the first bytes of a word, and zeros if it has fewer.
fn padded(bytes: &[u8]) -> [u8; KEY_BYTES] {
    let mut padded = [0; KEY_BYTES];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    padded
}

impl Numbering {
    /// Returns the number of a word; `None` if there are too many.
    pub(crate) fn number(&mut self, word: &str) -> Option<i32> {
        let cell = Cell { bytes: word.as_bytes(), and_beyond: word.as_bytes() };
        self.number_of(Key::of(cell), cell)
    }

    /// Returns the number of a word whose key is known; `None` if it is not text.
    pub(super) fn number_of(&mut self, key: Key, word: Cell<'_>) -> Option<i32> {
        let mask = self.slots.len() - 1;
        let mut index = key.hash(word.bytes) & mask;
        loop {
            let number = self.slots.get(index).copied()?;
            if number == EMPTY {
                return self.add(index, key, word.bytes);
            }
            if self.is(number, key, word.bytes) {
                return Some(number);
            }
            index = (index + 1) & mask;
        }
    }

    /// Returns whether a number is that of a word.
    pub(super) fn is(&self, number: i32, key: Key, word: &[u8]) -> bool {
        let known = usize::try_from(number).ok().and_then(|it| self.keys.get(it));
        known == Some(&key) && (key.is_whole() || self.word(number) == Some(word))
    }

    /// Returns the words in the order of their numbers.
    pub(crate) fn finish(mut self) -> StringArray {
        self.words.finish()
    }

    /// Returns the word of a number.
    fn word(&self, number: i32) -> Option<&[u8]> {
        let index = usize::try_from(number).ok()?;
        let end = |at: usize| usize::try_from(*self.words.offsets_slice().get(at)?).ok();
        self.words.values_slice().get(end(index)?..end(index + 1)?)
    }

    /// Adds a word whose slot is this.
    #[cold]
    fn add(&mut self, slot: usize, key: Key, word: &[u8]) -> Option<i32> {
        let number = i32::try_from(self.keys.len()).ok()?;
        self.words.append_value(str::from_utf8(word).ok()?);
        self.keys.push(key);
        *self.slots.get_mut(slot)? = number;
        if self.keys.len() * 2 >= self.slots.len() {
            self.grow();
        }
        Some(number)
    }

    fn grow(&mut self) {
        let length = self.slots.len() * 4;
        let mut slots = vec![EMPTY; length];
        for (number, key) in (0..).zip(&self.keys) {
            let hash = key.hash(self.word(number).unwrap_or_default());
            let mut index = hash & (length - 1);
            while slots.get(index).is_some_and(|it| *it != EMPTY) {
                index = (index + 1) & (length - 1);
            }
            if let Some(slot) = slots.get_mut(index) {
                *slot = number;
            }
        }
        self.slots = slots;
    }
}
