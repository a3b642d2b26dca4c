//! Where tokens begin and end.

use std::ops::Range;

use wide::u8x16;

use super::lanes::{BLOCK, bits, equal};

/// The tokens of a line: what stands between its spaces.
///
/// It looks at 64 bytes at a time and remembers where the spaces are. Searching for each space anew takes twice as long, since
/// tokens are short.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    line: &'a [u8],
    /// Where the next token may start.
    next: usize,
    /// Where the bytes begin that `spaces` is about.
    block: usize,
    /// A bit for each byte of the block: whether it is a space that was not passed yet.
    spaces: u64,
}

impl<'a> Tokens<'a> {
    pub(crate) fn of(line: &'a [u8]) -> Self {
        Self { line, next: 0, block: 0, spaces: spaces_at(line, 0) }
    }

    /// Returns the place of the next space, or the end of the line.
    fn next_space(&mut self) -> usize {
        while self.spaces == 0 {
            self.block += BLOCK;
            if self.block >= self.line.len() {
                return self.line.len();
            }
            self.spaces = spaces_at(self.line, self.block);
        }
        let place = self.block + self.spaces.trailing_zeros() as usize;
        self.spaces &= self.spaces - 1;
        place.min(self.line.len())
    }
}

impl Iterator for Tokens<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let (start, end) = (self.next, self.next_space());
            self.next = end + 1;
            if start < end {
                return Some(start..end);
            }
            if end >= self.line.len() {
                return None;
            }
        }
    }
}

/// Returns a bit for each of the 64 bytes from `start`: whether it is a space. What is after the end counts as spaces.
fn spaces_at(line: &[u8], start: usize) -> u64 {
    let rest = line.get(start..).unwrap_or_default();
    if let Some(block) = rest.first_chunk() {
        return spaces(block);
    }
    let after_end = u64::MAX << rest.len();
    match line.last_chunk() {
        // The last block begins before `start`.
        Some(block) if !rest.is_empty() => (spaces(block) >> (BLOCK - rest.len())) | after_end,
        _ => {
            let mut block = [b' '; BLOCK];
            block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            spaces(&block)
        }
    }
}

fn spaces(block: &[u8; BLOCK]) -> u64 {
    bits(block, |lanes| equal(lanes, b' '))
}

/// Appends to `starts` what comes after each space and each end of a line, `first` being where the lines begin.
///
/// Returns how many ends of lines there are; `None` if there is nothing before a space or an end, or a byte is not ASCII.
pub(crate) fn append_starts(starts: &mut Vec<u32>, lines: &[u8], first: u32) -> Option<usize> {
    let (blocks, rest) = lines.as_chunks();
    let mut last = [0; BLOCK];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mut after = first.wrapping_add(1);
    let mut count: usize = 0;
    // Whether an end is right before the block, and the ends that are right after another.
    let (mut before, mut empty) = (1, 0);
    let mut all = u8x16::ZERO;
    for block in blocks.iter().chain([&last]) {
        all |= union(block);
        let newlines = bits(block, |lanes| equal(lanes, b'\n'));
        let ends = newlines | spaces(block);
        count = count.wrapping_add(newlines.count_ones() as usize);
        empty |= ends & ((ends << 1) | before);
        before = ends >> 63;
        append_bits(starts, ends, after);
        after = after.wrapping_add(64);
    }
    // Only bytes that are not ASCII have the bit that makes the mask.
    (empty == 0 && all.to_bitmask() == 0).then_some(count)
}

/// Returns the bits that any byte of the block has.
fn union(block: &[u8; BLOCK]) -> u8x16 {
    let (parts, _) = block.as_chunks();
    parts.iter().fold(u8x16::ZERO, |all, part: &[u8; 16]| all | u8x16::new(*part))
}

/// How many ends are looked for in a block without asking whether there are as many. Few blocks of flow logs have more.
const ENDS: usize = 12;

/// Appends the places of the bits that are set, counted from `first`.
fn append_bits(places: &mut Vec<u32>, mut bits: u64, first: u32) {
    let (before, count) = (places.len(), bits.count_ones() as usize);
    let mut next = || {
        let place = first.wrapping_add(bits.trailing_zeros());
        bits &= bits.wrapping_sub(1);
        place
    };
    let some: [u32; ENDS] = std::array::from_fn(|_| next());
    places.extend_from_slice(&some);
    if count > ENDS {
        places.extend((ENDS..count).map(|_| next()));
    }
    places.truncate(before + count);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What stands around a token does not matter.
        #[test]
        fn tokens_are_those_of_splitting(text in "[ a-z0-9]{0,200}|( {0,3}[0-9]{1,40}){0,9} {0,70}") {
            let expected: Vec<_> = text.split(' ').filter(|it| !it.is_empty()).collect();
            let found: Vec<_> = Tokens::of(text.as_bytes()).map(|it| &text[it]).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn starts_come_after_spaces_and_ends(text in "[ a\n]{0,200}|([0-9]{1,9}[ \n]){0,40}\u{e9}?", first in 0..9_u32) {
            let mut found = Vec::new();
            let count = append_starts(&mut found, text.as_bytes(), first);
            let ends = text.bytes().enumerate().filter(|(_, it)| matches!(it, b' ' | b'\n'));
            let expected: Vec<_> = ends.map(|(at, _)| first + u32::try_from(at).unwrap() + 1).collect();
            prop_assert_eq!(found, expected);
            let mut tokens = text.split([' ', '\n']).collect::<Vec<_>>();
            tokens.pop();
            let is_usual = tokens.iter().all(|it| !it.is_empty()) && text.is_ascii();
            prop_assert_eq!(count, is_usual.then(|| text.matches('\n').count()));
        }
    }
}
