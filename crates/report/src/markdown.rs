//! Markdown in which names are text and nothing else.
//!
//! Source: GitHub Flavored Markdown, sections 2.4 (backslash escapes), 4.10 (tables) and 6.10 (raw HTML).

use std::io;

use crate::inert::inert;

/// The characters that begin something in the middle of a line or in a cell, besides those of HTML.
const SPECIAL: [char; 9] = ['\\', '|', '`', '*', '_', '[', ']', '#', '~'];

/// Returns text that Markdown shows as it is, in a cell or in a paragraph.
pub(crate) fn escaped(text: &str) -> String {
    let text = inert(text);
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '&' => result.push_str("&amp;"),
            _ if SPECIAL.contains(&c) => result.extend(['\\', c]),
            _ => result.push(c),
        }
    }
    // GitHub makes links of what looks like one (section 6.9).
    result.replace("://", "\\://").replace("www.", "www\\.")
}

/// Writes a table. Its cells are escaped, its heads not.
pub(crate) fn table(
    heads: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(out, "| {} |", heads.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(heads.len()))?;
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text() {
        let check = |text, expected| assert_eq!(escaped(text), expected);
        check("web-1", "web-1");
        check("a|b", "a\\|b");
        check("<script>", "&lt;script&gt;");
        check("[x](y) `z` *w*", "\\[x\\](y) \\`z\\` \\*w\\*");
        check("https://x www.x", "https\\://x www\\.x");
        check("two\nlines", "two\\\\u{a}lines");
    }

    #[test]
    fn a_row_is_one_line() {
        let mut out = Vec::new();
        table(&["Name", "Ports"], [vec!["a\n|b".to_owned(), "tcp 22".to_owned()]], &mut out)
            .unwrap();
        let expected = "| Name | Ports |\n| --- | --- |\n| a\\\\u{a}\\|b | tcp 22 |\n\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
