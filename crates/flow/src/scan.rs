//! The innermost loops: lines, numbers and addresses out of bytes.
//!
//! `str::parse` is right and twice as slow: it takes signs, and knows nothing of what surrounds it.

use std::net::Ipv4Addr;
use std::ops::Range;

/// The mark of UTF-8 that editors on Windows put first.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Returns the text without a byte order mark.
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Yields the lines of a text, without their ends.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = without_mark(text);
    std::iter::from_fn(move || {
        let (line, after) = split_line(rest)?;
        rest = after;
        Some(line)
    })
}

/// Parts the first line, without its end, from the rest. `None` if there is no text left.
pub(crate) fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text.is_empty() {
        return None;
    }
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let (line, rest) = text.split_at_checked(end)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..).unwrap_or_default()))
}

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

/// How many bytes [`Tokens`] looks at together: one for each bit of a `u64`.
const BLOCK: usize = 64;

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

/// Appends to `starts` what comes after each space and each end of a line, `first` being where the lines begin. Returns whether
/// there is something before each.
pub(crate) fn append_starts(starts: &mut Vec<u32>, lines: &[u8], first: u32) -> bool {
    let (blocks, rest) = lines.as_chunks();
    let mut last = [0; BLOCK];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mut after = first.wrapping_add(1);
    // Whether an end is right before the block, and the ends that are right after another.
    let (mut before, mut empty) = (1, 0);
    for block in blocks.iter().chain([&last]) {
        let ends = ends(block);
        empty |= ends & ((ends << 1) | before);
        before = ends >> 63;
        append_bits(starts, ends, after);
        after = after.wrapping_add(64);
    }
    empty == 0
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

/// Returns a bit for each byte: whether it is a space or the end of a line.
fn ends(block: &[u8; BLOCK]) -> u64 {
    bits(block, |byte| byte == b' ' || byte == b'\n')
}

/// Returns a bit for each byte: whether it is one of those.
#[inline]
fn bits(block: &[u8; BLOCK], is_one: impl Fn(u8) -> bool) -> u64 {
    // A loop that compilers turn into instructions on many bytes.
    let found: [u8; BLOCK] = std::array::from_fn(|index| {
        let is_one = block.get(index).is_some_and(|byte| is_one(*byte));
        if is_one { 1 << (index % 8) } else { 0 }
    });
    let (words, _) = found.as_chunks();
    // The bytes of a word have no bit in common, and the highest byte of this product is their sum.
    let gathered = |word: &[u8; 8]| u64::from_le_bytes(*word).wrapping_mul(LOW_BITS) >> 56;
    words.iter().rev().fold(0, |all, word| (all << 8) | gathered(word))
}

fn spaces(block: &[u8; BLOCK]) -> u64 {
    bits(block, |byte| byte == b' ')
}

/// The lowest bit of each byte.
const LOW_BITS: u64 = u64::MAX / 0xff;

/// The highest bit of each byte.
const HIGH_BITS: u64 = LOW_BITS << 7;

/// Eight digits `0`.
const ZEROS: u64 = LOW_BITS * b'0' as u64;

/// Returns a bit for each byte of the word, the first byte being the lowest: whether it is `byte`.
fn equal_bytes(word: u64, byte: u8) -> u64 {
    let differences = word ^ (LOW_BITS * u64::from(byte));
    let high_if_different = ((differences & !HIGH_BITS) + !HIGH_BITS) | differences;
    gather(!high_if_different & HIGH_BITS)
}

/// Returns the highest bit of each byte that is above 9.
fn above_nine(word: u64) -> u64 {
    (((word & !HIGH_BITS) + LOW_BITS * 0x76) | word) & HIGH_BITS
}

/// Gathers the highest bits of the bytes; no other bits may be set.
fn gather(high_bits: u64) -> u64 {
    // The factor moves the lowest bit of byte n to bit 56 + n.
    (high_bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Returns the `N` bytes of the line that end at `end`; zeros stand for what would be before its start.
#[inline]
fn window<const N: usize>(line: &[u8], end: usize) -> [u8; N] {
    let before = line.get(..end).unwrap_or_default();
    before.last_chunk().copied().unwrap_or_else(|| {
        let mut window = [0; N];
        window.iter_mut().rev().zip(before.iter().rev()).for_each(|(to, from)| *to = *from);
        window
    })
}

/// Reads the number that a token of the line is; `None` if it is empty, longer than 19 bytes, or not all digits.
///
/// There is no branch on the usual lengths, which come in no order that a processor could guess.
#[expect(clippy::inline_always, reason = "a call costs as much as the digits")]
#[inline(always)]
pub(crate) fn decimal(line: &[u8], token: Range<usize>) -> Option<u64> {
    let length = token.len();
    let low = eight_digits(window(line, token.end), length.clamp(1, 8))?;
    match length {
        1..=8 => Some(low),
        9..=16 => {
            let high = eight_digits(window(line, token.end - 8), length - 8)?;
            Some(high * 100_000_000 + low)
        }
        17..=19 => long_decimal(line.get(token)?),
        _ => None,
    }
}

/// Reads digits one by one; there are too few for a `u64` to overflow.
fn long_decimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        Some(number.wrapping_mul(10).wrapping_add(digit.into()))
    })
}

/// Reads the number that the last `length` of eight bytes are, 1 to 8.
#[inline]
fn eight_digits(window: [u8; 8], length: usize) -> Option<u64> {
    let word = u64::from_le_bytes(window) ^ ZEROS;
    // What stands before the number becomes zeros.
    let before = 64 - 8 * length;
    let digits = (word >> before) << before;
    // Neighbours are joined to pairs, pairs to fours, fours to the number; the first digit is the lowest byte.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    let number = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff;
    (above_nine(digits) == 0).then_some(number)
}

/// How many bytes before the end of an address are looked at: one that is as long as can be, and four, so that there are four
/// bytes before the end of each octet.
const WINDOW: usize = 20;

/// Reads the token `192.0.2.1` of the line. Leading zeros are refused: some read them as octal.
///
/// Octets have one to three digits, in no order that a processor could guess; so there is no branch on their lengths.
pub(crate) fn ipv4(line: &[u8], token: Range<usize>) -> Option<Ipv4Addr> {
    let length = u32::try_from(token.len()).ok().filter(|it| (7..=15).contains(it))?;
    let before = line.get(..token.end)?;
    match before.last_chunk() {
        // Bytes are taken from where they are: those of a copy would have to wait for it.
        Some(window) => ipv4_at_end(window, length),
        None => ipv4_at_end(&window(line, token.end), length),
    }
}

/// Reads the address that the last `length` bytes of the window are, 7 to 15.
#[expect(clippy::inline_always, reason = "the window is to be where the line is")]
#[inline(always)]
fn ipv4_at_end(window: &[u8; WINDOW], length: u32) -> Option<Ipv4Addr> {
    // Places are counted from the fifth byte, so that the four bytes before a place begin at a byte of that number.
    let start = 16_u32.wrapping_sub(length) & 15;
    let from_first = dots(window) >> start << start;
    let from_second = without_lowest(from_first);
    let from_third = without_lowest(from_second);
    if from_third == 0 || without_lowest(from_third) != 0 {
        return None;
    }
    let first = from_first.trailing_zeros();
    let second = from_second.trailing_zeros();
    let third = from_third.trailing_zeros();
    let a = Octet::of(window, first, first - start);
    let b = Octet::of(window, second, second - first - 1);
    let c = Octet::of(window, third, third - second - 1);
    let d = Octet::of(window, 16, 15 - third);
    let bits = (a.value << 24) | (b.value << 16) | (c.value << 8) | d.value;
    ((a.wrong | b.wrong | c.wrong | d.wrong) == 0).then(|| Ipv4Addr::from_bits(bits))
}

/// Returns a bit for each byte of the window but the first four: whether it is a dot.
#[inline]
fn dots(window: &[u8; WINDOW]) -> u64 {
    let (words, _) = window.split_at(4).1.as_chunks();
    words
        .iter()
        .rev()
        .fold(0, |bits, word| (bits << 8) | equal_bytes(u64::from_le_bytes(*word), b'.'))
}

/// Returns the bits without the lowest that is set.
fn without_lowest(bits: u64) -> u64 {
    bits & bits.wrapping_sub(1)
}

/// A number of an address.
struct Octet {
    /// Below 256 if it is one.
    value: u32,
    /// 0 if it is one.
    wrong: u32,
}

/// The least that the digits of an octet are, by how many there are: others than one have no zero before them.
const LEAST: [u32; 16] = {
    let mut least = [u32::MAX; 16];
    (least[1], least[2], least[3]) = (0, 0x0100, 0x01_0000);
    least
};

/// The digits of 255.
const GREATEST: u32 = 0x02_0505;

impl Octet {
    /// Reads the last `count` of the four bytes from a place of the window.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn of(window: &[u8; WINDOW], place: u32, count: u32) -> Self {
        let place = place.min(16) as usize;
        let bytes = window.get(place..place + 4).and_then(|it| it.first_chunk());
        let word = u32::from_le_bytes(bytes.copied().unwrap_or_default()) ^ 0x3030_3030;
        // What stands before the octet becomes zeros; the digits are in order of their weight then.
        let before = 32_u32.wrapping_sub(8 * count) & 31;
        let word = word >> before << before;
        let digits = word.swap_bytes();
        let above_nine = (((word & 0x7f7f_7f7f) + 0x7676_7676) | word) & 0x8080_8080;
        let least = LEAST.get((count & 15) as usize).copied().unwrap_or(u32::MAX);
        // The product has hundreds, tens and ones at one place.
        let value = word.wrapping_mul((100 << 16) | (10 << 8) | 1) >> 24;
        let wrong = above_nine | u32::from(digits < least) | u32::from(digits > GREATEST);
        Self { value, wrong }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check_lines(text: &str, expected: &[&str]) {
        let lines: Vec<_> = lines(text.as_bytes()).map(|it| str::from_utf8(it).unwrap()).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn lines_end_in_two_ways() {
        check_lines("", &[]);
        check_lines("a", &["a"]);
        check_lines("a\nb\n", &["a", "b"]);
        check_lines("\u{feff}a\r\n\r\nb\rc", &["a", "", "b\rc"]);
    }

    fn whole(text: &str) -> Range<usize> {
        0..text.len()
    }

    #[test]
    fn numbers_are_digits_only() {
        for text in [
            "",
            "-",
            "+1",
            "1 ",
            " 1",
            "1a",
            "12345678:",
            "/2345678",
            "\u{fffd}1",
            "1234567890123456789\u{b2}",
        ] {
            assert_eq!(decimal(text.as_bytes(), whole(text)), None, "{text}");
        }
        assert_eq!(decimal(b"9999999999999999999", 0..19), Some(9_999_999_999_999_999_999));
        assert_eq!(decimal(b"10000000000000000000", 0..20), None);
    }

    #[test]
    fn addresses_have_four_octets() {
        for text in [
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "01.2.3.4",
            "1.2.3.00",
            "1..2.3.4",
            ".1.2.3.4",
            "1.2.3.4.",
            "1.2.3.4444",
            "1234567",
        ] {
            assert_eq!(ipv4(text.as_bytes(), whole(text)), None, "{text}");
        }
    }

    proptest! {
        /// What stands around a token does not matter.
        #[test]
        fn tokens_are_those_of_splitting(text in "[ a-z0-9]{0,200}|( {0,3}[0-9]{1,40}){0,9} {0,70}") {
            let expected: Vec<_> = text.split(' ').filter(|it| !it.is_empty()).collect();
            let found: Vec<_> = Tokens::of(text.as_bytes()).map(|it| &text[it]).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn addresses_are_those_of_the_standard_library(before in ".{0,9}", text in "[0-9]{1,4}(\\.[0-9]{0,4}){2,4}|[0-9./:]{7,15}") {
            let line = format!("{before}{text}");
            prop_assert_eq!(ipv4(line.as_bytes(), before.len()..line.len()), text.parse().ok());
        }

        #[test]
        fn every_address_is_read(before in "[0-9.]{0,20}", bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let line = format!("{before}{address}");
            prop_assert_eq!(ipv4(line.as_bytes(), before.len()..line.len()), Some(address));
        }

        #[test]
        fn numbers_are_those_of_the_standard_library(before in ".{0,9}", text in "[0-9]{1,20}|[0-9+ -]{1,19}") {
            let line = format!("{before}{text}");
            let is_digits = text.bytes().all(|it| it.is_ascii_digit());
            let expected = text.parse().ok().filter(|_| text.len() < 20 && is_digits);
            prop_assert_eq!(decimal(line.as_bytes(), before.len()..line.len()), expected);
        }

        #[test]
        fn starts_come_after_spaces_and_ends(text in "[ a\n]{0,200}|([0-9]{1,9}[ \n]){0,40}", first in 0..9_u32) {
            let mut found = Vec::new();
            let has_no_empty = append_starts(&mut found, text.as_bytes(), first);
            let ends = text.bytes().enumerate().filter(|(_, it)| matches!(it, b' ' | b'\n'));
            let expected: Vec<_> = ends.map(|(at, _)| first + u32::try_from(at).unwrap() + 1).collect();
            prop_assert_eq!(found, expected);
            let mut tokens = text.split([' ', '\n']).collect::<Vec<_>>();
            tokens.pop();
            prop_assert_eq!(has_no_empty, tokens.iter().all(|it| !it.is_empty()));
        }

        #[test]
        fn any_bytes_will_do(line: Vec<u8>, start in 0..64_usize, length in 0..64_usize) {
            let token = start..start + length;
            let text = line.get(token.clone()).and_then(|it| str::from_utf8(it).ok());
            let address = ipv4(&line, token.clone());
            prop_assert!(text.is_none() || address == text.and_then(|it| it.parse().ok()));
            decimal(&line, token);
        }
    }
}
