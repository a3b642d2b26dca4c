//! Values of tags, which flow logs of version 11 percent-encode.

use std::borrow::Cow;

/// Undoes the percent-encoding of a tag's value.
///
/// A `%` that is not followed by two hexadecimal digits stands for itself, and bytes that are not UTF-8 become U+FFFD: what
/// cannot be decoded is shown as well as can be.
///
/// ```
/// assert_eq!(portolan_flow::decode_tag("web%20server%2Feu"), "web server/eu");
/// assert_eq!(portolan_flow::decode_tag("100%"), "100%");
/// ```
pub fn decode_tag(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, length) = escaped(rest).map_or((*first, 1), |byte| (byte, 3));
        bytes.push(byte);
        rest = rest.get(length..).unwrap_or(after);
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the byte of an escape such as `%2F` at the start of the text.
fn escaped(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = text else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(decode_tag(text), expected);
    }

    #[test]
    fn escapes_are_undone() {
        check("plain", "plain");
        check("a%20b", "a b");
        check("%c3%a9%C3%A9", "\u{e9}\u{e9}");
        check("%2520", "%20");
    }

    #[test]
    fn what_is_no_escape_stands_for_itself() {
        check("%", "%");
        check("%2", "%2");
        check("%zz%41", "%zzA");
        check("%ff", "\u{fffd}");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text: String) {
            let escapes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let encoded = escapes.concat();
            prop_assert_eq!(decode_tag(&encoded), text);
        }
    }
}
