//! What lines of a log have in common: a line as its fixed words and the kinds of what varies.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A piece of a line.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A date, time, or seconds or milliseconds since 1970.
    Time,
    /// Digits and letters that identify something.
    Id,
    /// Any other number.
    Number,
    /// Any other text that varies.
    Token,
}

impl Kind {
    /// Returns the name that AWS gives it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Time => "Time",
            Self::Id => "UUID",
            Self::Number => "Number",
            Self::Token => "Token",
        }
    }
}

/// Returns the pieces of a line: words, and what is between them.
pub(super) fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | ':' | '-' | '_' | '@' | '+');
    let mut rest = line;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let word = is_word(first);
        let end = rest.find(|c| is_word(c) != word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

/// Returns what a word is, or `None` if it is fixed text.
pub(super) fn classify(word: &str) -> Option<Kind> {
    let word = word.trim_end_matches(['.', ':', '-']);
    if word.parse::<Ipv4Addr>().is_ok() {
        return Some(Kind::Ipv4);
    }
    if word.matches(':').count() > 1 && word.parse::<Ipv6Addr>().is_ok() {
        return Some(Kind::Ipv6);
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    if word.parse::<f64>().is_ok() {
        let is_time =
            matches!(word.len(), 10 | 13) && word.starts_with('1') && digits == word.len();
        return Some(if is_time { Kind::Time } else { Kind::Number });
    }
    let dated = |c: u8| c.is_ascii_digit() || b"-:.TZ+/".contains(&c);
    if word.bytes().all(dated) && (word.contains(':') || word.matches('-').count() == 2) {
        return Some(Kind::Time);
    }
    let hex = word.bytes().filter(u8::is_ascii_hexdigit).count();
    Some(if word.len() >= 8 && hex * 2 > word.len() { Kind::Id } else { Kind::Token })
}

/// Returns how severe a line says it is.
pub(super) fn severity(line: &str) -> &'static str {
    const WORDS: &[(&str, &str)] = &[
        ("fatal", "Fatal"),
        ("critical", "Fatal"),
        ("error", "Error"),
        ("exception", "Error"),
        ("fail", "Error"),
        ("reject", "Warn"),
        ("warn", "Warn"),
        ("debug", "Debug"),
        ("trace", "Debug"),
    ];
    let line = line.to_ascii_lowercase();
    WORDS.iter().find(|(word, _)| line.contains(word)).map_or("Info", |(_, label)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_they_look_like() {
        let check =
            |word: &str, expected: Option<Kind>| assert_eq!(classify(word), expected, "{word}");
        check("ACCEPT", None);
        check("10.0.0.1", Some(Kind::Ipv4));
        check("2001:db8::1", Some(Kind::Ipv6));
        check("1767225600", Some(Kind::Time));
        check("2026-01-01T00:00:00Z", Some(Kind::Time));
        check("443", Some(Kind::Number));
        check("0.25", Some(Kind::Number));
        check("eni-0a1b2c3d4e5f60718", Some(Kind::Id));
        check("worker7", Some(Kind::Token));
    }

    #[test]
    fn pieces_make_the_line() {
        let line = "2 eni-1 10.0.0.1, [x] = y";
        assert_eq!(pieces(line).collect::<String>(), line);
        assert_eq!(pieces("a b").collect::<Vec<_>>(), ["a", " ", "b"]);
    }
}
