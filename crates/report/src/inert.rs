//! Text that can do nothing but be read.
//!
//! Names and tags are written by whoever may write them, so a report treats them as hostile. Here go
//! the characters that a terminal or a browser obeys instead of showing: control characters, which start
//! escape sequences, and the marks that turn the direction of writing, with which a name can look like
//! another ("Trojan Source", CVE-2021-42574). They are shown as `\u{1b}`, not left out: an attack should be seen.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns `text` with every character that is obeyed instead of shown written out as `\u{…}`.
pub(crate) fn inert(text: &str) -> Cow<'_, str> {
    inert_except(text, |_| false)
}

/// Returns a document of many lines, made [`inert`] but for the ends of its lines.
pub(crate) fn inert_document(text: &str) -> Cow<'_, str> {
    inert_except(text, |c| c == '\n')
}

fn inert_except(text: &str, is_kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_active = |c| is_obeyed(c) && !is_kept(c);
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_active(c) {
            // Writing to a string cannot fail.
            let _ = write!(result, "{}", c.escape_unicode());
        } else {
            result.push(c);
        }
    }
    Cow::Owned(result)
}

/// Returns whether programs obey the character instead of showing it.
///
/// Source: Unicode 16, general categories Cc, Zl and Zp; Unicode Standard Annex 9, table 4, for the
/// directional marks; the zero-width and tag characters have no look of their own either.
pub(crate) fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_would_be_obeyed() {
        let check = |text, expected| assert_eq!(inert(text), expected);
        check("web-1 Zürich 東京 🚢", "web-1 Zürich 東京 🚢");
        check("\u{1b}[31mred", "\\u{1b}[31mred");
        check("a\nb\tc", "a\\u{a}b\\u{9}c");
        check("\u{9b}2J", "\\u{9b}2J");
        check("gpj.\u{202e}exe", "gpj.\\u{202e}exe");
        check("zero\u{200b}width", "zero\\u{200b}width");
    }

    #[test]
    fn keeps_the_lines_of_a_document() {
        assert_eq!(inert_document("a\nb\r\n"), "a\nb\\u{d}\n");
    }
}
