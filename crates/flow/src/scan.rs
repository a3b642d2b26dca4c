//! The innermost loops: lines, numbers and addresses out of bytes.
//!
//! `str::parse` is right and twice as slow: it takes signs, and knows nothing of what surrounds it. Many bytes are looked at
//! together: sixteen with `wide`, which is instructions of the processor behind functions that cannot do wrong, and eight or four in
//! an integer.

mod decimal;
mod ipv4;
mod lanes;
mod tokens;

pub(crate) use decimal::decimal;
pub(crate) use ipv4::ipv4;
pub(crate) use tokens::{Tokens, append_starts};

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

/// Returns the `N` bytes of the line that end at `end`; zeros stand for what would be before its start.
#[inline]
fn window<const N: usize>(line: &[u8], end: usize) -> [u8; N] {
    match line.get(end.wrapping_sub(N)..end).and_then(|it| it.first_chunk()) {
        Some(window) => *window,
        None => window_at_start(line, end),
    }
}

#[cold]
fn window_at_start<const N: usize>(line: &[u8], end: usize) -> [u8; N] {
    let before = line.get(..end).unwrap_or_default();
    let mut window = [0; N];
    window.iter_mut().rev().zip(before.iter().rev()).for_each(|(to, from)| *to = *from);
    window
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn what_is_before_the_start_is_zeros() {
        assert_eq!(window(b"abc", 2), *b"\0\0ab");
        assert_eq!(window(b"abcdef", 5), *b"bcde");
    }
}
