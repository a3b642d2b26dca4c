//! Functions of text.

/// Returns the part of a text from a code point on, of so many code points.
pub(crate) fn substring(text: &str, start: i64, length: Option<i64>) -> String {
    let start = usize::try_from(start.max(0)).unwrap_or(usize::MAX);
    let length = length.map_or(usize::MAX, |it| usize::try_from(it.max(0)).unwrap_or(usize::MAX));
    text.chars().skip(start).take(length).collect()
}

/// Returns text with `%XX` for every byte that is not unreserved.
///
/// Source: RFC 3986, section 2.3.
pub(crate) fn url_encode(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect::<Vec<_>>().concat()
}

/// Returns text with each `%XX` as its byte, and `+` as a space; a `%` that no two digits follow stays.
pub(crate) fn url_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let coded = after.split_at_checked(2).filter(|_| *first == b'%');
        let coded = coded.and_then(|(digits, after)| Some((byte(digits)?, after)));
        let (decoded, after) = match coded {
            Some(coded) => coded,
            None if *first == b'+' => (b' ', after),
            None => (*first, after),
        };
        bytes.push(decoded);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// Returns the byte of two hexadecimal digits.
fn byte(digits: &[u8]) -> Option<u8> {
    let text =
        str::from_utf8(digits).ok().filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))?;
    u8::from_str_radix(text, 16).ok()
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns text in Base64 with padding.
///
/// Source: RFC 4648, section 4.
pub(crate) fn base64_encode(text: &str) -> String {
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = usize::try_from((bits >> (18 - 6 * place)) & 63).unwrap_or_default();
            let digit = BASE64.get(index).copied().map_or('=', char::from);
            encoded.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    encoded
}

/// Returns the text that Base64 with padding stands for.
pub(crate) fn base64_decode(text: &str) -> Option<String> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let mut bytes = Vec::new();
    for chunk in digits.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for digit in chunk {
            let value = BASE64.iter().position(|it| it == digit)?;
            bits = (bits << 6) | u32::try_from(value).ok()?;
        }
        bits <<= 6 * (4 - chunk.len());
        let whole = bits.to_be_bytes();
        bytes.extend(whole.iter().skip(1).take(chunk.len() - 1));
    }
    // What is left over must be zero: there is one way to write each text.
    let decoded = String::from_utf8(bytes).ok()?;
    (base64_encode(&decoded) == text).then_some(decoded)
}

/// Returns the text whose bytes are written in hexadecimal.
pub(crate) fn from_hexadecimal(text: &str) -> Option<String> {
    let digits = without_prefix(text).as_bytes();
    let bytes: Option<Vec<u8>> =
        digits.chunks(2).map(|pair| byte(pair).filter(|_| pair.len() == 2)).collect();
    String::from_utf8(bytes?).ok()
}

/// Returns the number that is written in hexadecimal.
pub(crate) fn hexadecimal_number(text: &str) -> Option<i64> {
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |it| (-1, it));
    let digits = without_prefix(unsigned);
    let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit());
    i64::from_str_radix(digits, 16).ok().filter(|_| is_number).map(|it| sign * it)
}

fn without_prefix(text: &str) -> &str {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text)
}

/// Returns a number in hexadecimal.
pub(crate) fn to_hexadecimal(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}0x{:x}", number.unsigned_abs())
}
