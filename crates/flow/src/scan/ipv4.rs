//! IPv4 addresses, without a branch on the lengths of their octets: they come in no order that a processor could guess.

use std::net::Ipv4Addr;
use std::ops::Range;

use wide::u8x16;

use super::lanes::{are_digits, equal};
use super::window;

/// How many bytes before the end of an address are looked at: one that is as long as can be, and four, so that there are four
/// bytes before the end of each octet.
const WINDOW: usize = 20;

/// The two halves of a `u64`, each with an octet in its lowest byte.
const OCTETS: u64 = 0x0000_00ff_0000_00ff;

/// The highest bit of both halves.
const TOPS: u64 = 0x8000_0000_8000_0000;

/// What an octet of some length can be.
#[derive(Clone, Copy, Debug, Default)]
struct Length {
    /// The bits of its digits in the four bytes that end with it.
    mask: u32,
    /// The least that it can be: others than one digit have no zero before them.
    least: u32,
}

/// By how many digits there are; none and more than three are no octet.
static LENGTHS: [Length; 16] = {
    let mut lengths = [Length { mask: 0, least: 0x7fff_ffff }; 16];
    lengths[1] = Length { mask: 0x0f00_0000, least: 0 };
    lengths[2] = Length { mask: 0x0f0f_0000, least: 10 };
    lengths[3] = Length { mask: 0x0f0f_0f00, least: 100 };
    lengths
};

/// Reads the token `192.0.2.1` of the line. Leading zeros are refused: some read them as octal.
pub(crate) fn ipv4(line: &[u8], token: Range<usize>) -> Option<Ipv4Addr> {
    let length = u32::try_from(token.len()).ok().filter(|it| (7..=15).contains(it))?;
    // Bytes are taken from where they are: those of a copy would have to wait for it.
    let beside = line.get(token.end.wrapping_sub(WINDOW)..token.end);
    match beside.and_then(|it| it.first_chunk()) {
        Some(window) => at_end(window, length),
        None => at_start(line, token.end, length),
    }
}

#[cold]
fn at_start(line: &[u8], end: usize, length: u32) -> Option<Ipv4Addr> {
    line.get(..end)?;
    at_end(&window(line, end), length)
}

/// Reads the address that the last `length` bytes of the window are, 7 to 15.
#[expect(clippy::inline_always, reason = "the window is to be where the line is")]
#[inline(always)]
fn at_end(window: &[u8; WINDOW], length: u32) -> Option<Ipv4Addr> {
    // Places are counted from the fifth byte, so that the four bytes before a place begin at a byte of that number.
    let lanes = u8x16::new(*window.last_chunk()?);
    let start = 16_u32.wrapping_sub(length) & 15;
    let others = !(equal(lanes, b'.') | are_digits(lanes)).to_bitmask();
    let from_first = equal(lanes, b'.').to_bitmask() >> start << start;
    let from_second = without_lowest(from_first);
    let from_third = without_lowest(from_second);
    if from_third == 0 || (others & 0xffff) >> start | without_lowest(from_third) != 0 {
        return None;
    }
    let first = from_first.trailing_zeros() & 15;
    let second = from_second.trailing_zeros() & 15;
    let third = from_third.trailing_zeros() & 15;
    let ab = Pair::of(window, [(start, first), (first.wrapping_add(1), second)]);
    let cd = Pair::of(window, [(second.wrapping_add(1), third), (third.wrapping_add(1), 16)]);
    let bits = (ab.values << 24) | (ab.values >> 16) | (cd.values << 8) | (cd.values >> 32);
    let is_address = (ab.values | cd.values) & !OCTETS == 0 && ab.suffice & cd.suffice == TOPS;
    is_address.then(|| Ipv4Addr::from_bits(low_half(bits)))
}

/// Returns the bits without the lowest that is set.
fn without_lowest(bits: u32) -> u32 {
    bits & bits.wrapping_sub(1)
}

/// Two neighbouring octets, the first in the lower half of each word.
struct Pair {
    values: u64,
    /// The highest bit of each half: whether the value is not below what it can be.
    suffice: u64,
}

impl Pair {
    /// Reads the digits of the window between these places, the second of which is 16 at most.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn of(window: &[u8; WINDOW], octets: [(u32, u32); 2]) -> Self {
        let lengths = octets.map(|(from, to)| length_of(to.wrapping_sub(from)));
        let words = octets.map(|(_, to)| four_before(window, to));
        let digits = both(words) & both(lengths.map(|it| it.mask));
        let hundreds = (digits >> 8) & OCTETS;
        let tens = (digits >> 16) & OCTETS;
        let ones = (digits >> 24) & OCTETS;
        // No half can reach into the other: 15 is the most that a digit can be.
        let values =
            hundreds.wrapping_mul(100).wrapping_add(tens.wrapping_mul(10)).wrapping_add(ones);
        let suffice = (values | TOPS).wrapping_sub(both(lengths.map(|it| it.least))) & TOPS;
        Self { values, suffice }
    }
}

fn length_of(count: u32) -> Length {
    LENGTHS.get((count & 15) as usize).copied().unwrap_or_default()
}

/// Returns the four bytes before a place of the window, which is 16 at most.
fn four_before(window: &[u8; WINDOW], place: u32) -> u32 {
    let place = place as usize;
    let bytes = window.get(place..place.wrapping_add(4)).and_then(|it| it.first_chunk());
    u32::from_le_bytes(bytes.copied().unwrap_or_default())
}

fn both([low, high]: [u32; 2]) -> u64 {
    u64::from(low) | (u64::from(high) << 32)
}

fn low_half(bits: u64) -> u32 {
    let [a, b, c, d, ..] = bits.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
            assert_eq!(ipv4(text.as_bytes(), 0..text.len()), None, "{text}");
        }
    }

    proptest! {
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
        fn one_wrong_byte_is_enough(bits: u32, at in 0..15_usize, byte: u8) {
            let mut text = Ipv4Addr::from_bits(bits).to_string().into_bytes();
            let at = at % text.len();
            text[at] = byte;
            let expected = str::from_utf8(&text).ok().and_then(|it| it.parse().ok());
            prop_assert_eq!(ipv4(&text, 0..text.len()), expected);
        }

        #[test]
        fn any_bytes_will_do(line: Vec<u8>, start in 0..64_usize, length in 0..64_usize) {
            let token = start..start + length;
            let text = line.get(token.clone()).and_then(|it| str::from_utf8(it).ok());
            let address = ipv4(&line, token);
            prop_assert!(text.is_none() || address == text.and_then(|it| it.parse().ok()));
        }
    }
}
