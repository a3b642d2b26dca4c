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

fn spaces(block: &[u8; BLOCK]) -> u64 {
    let (words, _) = block.as_chunks();
    words
        .iter()
        .rev()
        .fold(0, |bits, word| (bits << 8) | equal_bytes(u64::from_le_bytes(*word), b' '))
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
#[expect(clippy::inline_always, reason = "a call costs as much as the digits")]
#[inline(always)]
pub(crate) fn decimal(line: &[u8], token: Range<usize>) -> Option<u64> {
    match token.len() {
        1 => line
            .get(token.start)
            .map(|it| it.wrapping_sub(b'0'))
            .filter(|it| *it <= 9)
            .map(u64::from),
        length @ 2..=8 => eight_digits(window(line, token.end), length),
        9..=16 => {
            let high = eight_digits(window(line, token.end - 8), token.len() - 8)?;
            let low = eight_digits(window(line, token.end), 8)?;
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
    if !(7..=15).contains(&token.len()) {
        return None;
    }
    let window = window(line, token.end);
    let start = WINDOW - token.len();
    let from_first = dots(&window) >> start << start;
    let from_second = without_lowest(from_first);
    let from_third = without_lowest(from_second);
    if from_third == 0 || without_lowest(from_third) != 0 {
        return None;
    }
    let [first, second, third] =
        [from_first, from_second, from_third].map(|it| it.trailing_zeros() as usize);
    let (a, b) = (octet(&window, start, first), octet(&window, first + 1, second));
    let (c, d) = (octet(&window, second + 1, third), octet(&window, third + 1, WINDOW));
    let is_legal = (a | b | c | d) <= 255;
    is_legal.then(|| Ipv4Addr::from_bits((a << 24) | (b << 16) | (c << 8) | d))
}

/// Returns a bit for each byte of the window but the first four: whether it is a dot.
fn dots(window: &[u8; WINDOW]) -> u64 {
    let (words, _) = window.split_at(4).1.as_chunks();
    words
        .iter()
        .rev()
        .fold(0, |bits, word| (bits << 8) | equal_bytes(u64::from_le_bytes(*word), b'.'))
        << 4
}

/// Returns the bits without the lowest that is set.
fn without_lowest(bits: u64) -> u64 {
    bits & bits.wrapping_sub(1)
}

/// Reads digits within a window; more than 255 if they are not an octet.
#[inline]
fn octet(window: &[u8; WINDOW], start: usize, end: usize) -> u32 {
    let count = end - start;
    let four = window.get(..end).and_then(|it| it.last_chunk()).copied().unwrap_or_default();
    // What stands before the octet becomes zeros, the last three bytes are its digits.
    let before = 8 * (4 - count.clamp(1, 3));
    let shifted = (u32::from_le_bytes(four) ^ 0x3030_3030) >> before;
    let digits = shifted << before;
    let value = ((digits >> 8) & 0xff) * 100 + ((digits >> 16) & 0xff) * 10 + (digits >> 24);
    let above_nine = (((digits & 0x7f7f_7f7f) + 0x7676_7676) | digits) & 0x8080_8080;
    let has_leading_zero = count > 1 && shifted.trailing_zeros() >= 8;
    let is_octet = (1..=3).contains(&count) && above_nine == 0 && !has_leading_zero;
    if is_octet { value } else { u32::MAX }
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
        fn any_bytes_will_do(line: Vec<u8>, start in 0..64_usize, length in 0..64_usize) {
            let token = start..start + length;
            let text = line.get(token.clone()).and_then(|it| str::from_utf8(it).ok());
            let address = ipv4(&line, token.clone());
            prop_assert!(text.is_none() || address == text.and_then(|it| it.parse().ok()));
            decimal(&line, token);
        }
    }
}
