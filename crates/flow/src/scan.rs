//! The innermost loops: lines, numbers and addresses out of bytes.
//!
//! `str::parse` is right and twice as slow: it takes signs, and knows nothing of what surrounds it.

use std::net::{Ipv4Addr, Ipv6Addr};

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

/// Reads digits; `None` if there is anything else, nothing, or more than 2⁶⁴ - 1 can be.
pub(crate) fn decimal(digits: &[u8]) -> Option<u64> {
    // Nineteen digits always fit.
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    let mut number = 0_u64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(digit.into());
    }
    Some(number)
}

/// Reads `192.0.2.1`. Leading zeros are refused: some read them as octal.
pub(crate) fn ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    let (mut address, mut octet, mut digits, mut dots) = (0_u32, 0_u32, 0, 0);
    for byte in text {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if digit <= 9 {
            if digits == 3 || (digits > 0 && octet == 0) {
                return None;
            }
            octet = octet.wrapping_mul(10).wrapping_add(digit);
            digits += 1;
        } else if *byte == b'.' && digits > 0 && octet <= 255 {
            address = (address << 8) | octet;
            (octet, digits) = (0, 0);
            dots += 1;
        } else {
            return None;
        }
    }
    let is_whole = dots == 3 && digits > 0 && octet <= 255;
    is_whole.then(|| Ipv4Addr::from_bits((address << 8) | octet))
}

/// Reads `2001:db8::1`.
pub(crate) fn ipv6(text: &[u8]) -> Option<Ipv6Addr> {
    str::from_utf8(text).ok()?.parse().ok()
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

    proptest! {
        #[test]
        fn addresses_are_those_of_the_standard_library(text in "[0-9]{1,4}(\\.[0-9]{0,4}){2,4}") {
            prop_assert_eq!(ipv4(text.as_bytes()), text.parse().ok());
        }

        #[test]
        fn every_address_is_read(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(ipv4(address.to_string().as_bytes()), Some(address));
        }

        #[test]
        fn numbers_are_those_of_the_standard_library(text in "[0-9]{0,20}|[0-9+-]{1,4}") {
            let expected = text.parse().ok().filter(|_| text.len() < 20 && !text.starts_with('+'));
            prop_assert_eq!(decimal(text.as_bytes()), expected);
        }
    }
}
