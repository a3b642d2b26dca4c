//! What texts have in common: the pattern of a text is the text with a mark in the place of each word that has a digit.
//!
//! The manual says exactly what a word is, and what each kind of it is called.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What is punctuation at the end of a word, and part of it anywhere else.
const PUNCTUATION: [char; 4] = ['.', ':', '-', '/'];

/// Words that say how grave something is, the gravest first.
static SEVERITIES: &[(&str, &[&str])] = &[
    ("Fatal", &["fatal", "critical", "panic"]),
    ("Error", &["error", "exception", "failed", "failure"]),
    ("Warning", &["warn", "warning"]),
    ("Info", &["info"]),
    ("Debug", &["debug", "trace"]),
];

/// Returns the pattern of a text: dynamic words as `<Kind-number>`, numbered from 1.
pub(super) fn pattern_of(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    let (mut rest, mut number) = (text, 0);
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|it| !is_of_word(it)).unwrap_or(rest.len());
        let (run, _) = rest.split_at(run);
        let word = run.trim_end_matches(PUNCTUATION);
        let length = if word.is_empty() { first.len_utf8() } else { word.len() };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if piece.bytes().any(|byte| byte.is_ascii_digit()) {
            number += 1;
            let _infallible = write!(pattern, "<{}-{number}>", kind(piece));
        } else {
            pattern.push_str(piece);
        }
    }
    pattern
}

/// Returns how grave a pattern says something is, if it does.
pub(super) fn severity(pattern: &str) -> Option<&'static str> {
    let lower = pattern.to_lowercase();
    let words: Vec<&str> = lower.split(|it: char| !it.is_alphanumeric()).collect();
    let found = SEVERITIES.iter().find(|(_, names)| names.iter().any(|it| words.contains(it)));
    found.map(|(label, _)| *label)
}

fn is_of_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_' || PUNCTUATION.contains(&it)
}

/// Returns what a dynamic word is called.
fn kind(word: &str) -> &'static str {
    match word {
        _ if word.parse::<Ipv4Addr>().is_ok() => "IPv4",
        _ if word.parse::<Ipv6Addr>().is_ok() => "IPv6",
        _ if is_number(word) => "Number",
        _ if is_uuid(word) => "UUID",
        _ if is_date(word) || is_clock(word) => "Time",
        _ => "Token",
    }
}

/// `12` or `12.5`.
fn is_number(word: &str) -> bool {
    match word.split_once('.') {
        None => are_digits(word),
        Some((whole, fraction)) => are_digits(whole) && are_digits(fraction),
    }
}

fn is_uuid(word: &str) -> bool {
    let lengths = word.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && word.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit())
}

/// `2023-08-01`, with or without `T` and more behind it.
fn is_date(word: &str) -> bool {
    let (date, rest) = word.split_at_checked(10).unwrap_or((word, ""));
    let parts: Vec<&str> = date.split('-').collect();
    let lengths = parts.iter().map(|part| part.len());
    lengths.eq([4, 2, 2])
        && parts.into_iter().all(are_digits)
        && (rest.is_empty() || rest.starts_with('T'))
}

/// `9:30`, `09:30:05` or `09:30:05.250`, with or without `Z`.
fn is_clock(word: &str) -> bool {
    let two = |part: &str| part.len() == 2 && are_digits(part);
    let seconds = |part: &str| match part.split_once('.') {
        None => two(part),
        Some((whole, fraction)) => two(whole) && are_digits(fraction),
    };
    let hour = |part: &str| part.len() <= 2 && are_digits(part);
    match word.strip_suffix('Z').unwrap_or(word).split(':').collect::<Vec<_>>().as_slice() {
        [first, minute] => hour(first) && two(minute),
        [first, minute, second] => hour(first) && two(minute) && seconds(second),
        _ => false,
    }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_they_look_like() {
        let check = |word: &str, expected: &str| assert_eq!(kind(word), expected, "{word}");
        check("10.0.0.1", "IPv4");
        check("2001:db8::1", "IPv6");
        check("443", "Number");
        check("0.25", "Number");
        check("1767225600", "Number");
        check("0e7d8f1c-1111-2222-3333-444455556666", "UUID");
        check("2026-01-01", "Time");
        check("2026-01-01T00:00:00Z", "Time");
        check("9:30", "Time");
        check("12:30:05.250Z", "Time");
        check("12:3", "Token");
        check("2026-1-1", "Token");
        check("eni-0a1b2c3d4e5f60718", "Token");
        check("x2", "Token");
    }

    #[test]
    fn only_words_with_a_digit_are_dynamic() {
        let check = |text: &str, expected: &str| assert_eq!(pattern_of(text), expected, "{text}");
        check("a b-c: (d/e).", "a b-c: (d/e).");
        check("took 12 ms, 13 ms.", "took <Number-1> ms, <Number-2> ms.");
        check("GET /v1/é?x=1", "GET <Token-1>?x=<Number-2>");
        check("::1 ... 5:", "<IPv6-1> ... <Number-2>:");
        check("", "");
    }

    #[test]
    fn the_gravest_word_counts() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(severity(text), expected);
        check("INFO: Error in <Number-1>", Some("Error"));
        check("[WARN]", Some("Warning"));
        check("inform the tracer", None);
    }
}
