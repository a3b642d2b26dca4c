//! Numbers, eight digits at a time.

use std::ops::Range;

use super::window;

/// The lowest bit of each byte.
const LOW_BITS: u64 = u64::MAX / 0xff;

/// The highest bit of each byte.
const HIGH_BITS: u64 = LOW_BITS << 7;

/// Eight digits `0`.
const ZEROS: u64 = LOW_BITS * b'0' as u64;

/// Reads the number that a token of the line is; `None` if it is empty, longer than 19 bytes, or not all digits.
///
/// There is no branch on the usual lengths, which come in no order that a processor could guess.
#[expect(clippy::inline_always, reason = "a call costs as much as the digits")]
#[inline(always)]
pub(crate) fn decimal(line: &[u8], token: Range<usize>) -> Option<u64> {
    if token.len().wrapping_sub(1) < 8 {
        eight_digits(window(line, token.end), token.len())
    } else {
        more_digits(line, token)
    }
}

/// Reads more than eight digits, apart so that the loop around the others stays small.
#[inline(never)]
fn more_digits(line: &[u8], token: Range<usize>) -> Option<u64> {
    match token.len() {
        9..=16 => {
            let low = eight_digits(window(line, token.end), 8)?;
            let before = token.end.wrapping_sub(8);
            let high = eight_digits(window(line, before), before.wrapping_sub(token.start))?;
            Some(high.wrapping_mul(100_000_000).wrapping_add(low))
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
    let before = length.wrapping_mul(8).wrapping_neg() & 63;
    let digits = (word >> before) << before;
    // Neighbours are joined to pairs, pairs to fours, fours to the number; the first digit is the lowest byte.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    let number = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff;
    (above_nine(digits) == 0).then_some(number)
}

/// Returns the highest bit of each byte that is above 9.
fn above_nine(word: u64) -> u64 {
    ((word & !HIGH_BITS).wrapping_add(LOW_BITS * 0x76) | word) & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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

    proptest! {
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
            let number = decimal(&line, token);
            prop_assert!(text.is_none() || number.is_none() || number == text.and_then(|it| it.parse().ok()));
        }
    }
}
