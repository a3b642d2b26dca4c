//! A test: whatever a name says, no format does it.

use crate::answer::AnswerSet;
use crate::fixture::{answer_as, exposure_as, matrix_as, reachable, terminal, written};
use crate::format::Format;
use crate::inert::is_obeyed;
use crate::matrix::MatrixOptions;
use crate::rejection::tests::refused_as;
use crate::rows::tests::traffic;
use crate::rows::{Drawing, rows};

/// A name that is a formula, a script, an escape sequence, a turned text, a cell and two lines at once.
const NAME: &str = "=cmd|'/c calc'!A1<script>alert(1)</script>\u{1b}[2J\u{9b}31m\u{202e}gpj\u{0}\r\n| [x](javascript:1) \"";

/// Returns every report that names the bastion, in a format.
fn reports(format: Format) -> Vec<String> {
    let (style, answer) = (terminal(100), reachable());
    vec![
        exposure_as(format, &style, NAME),
        answer_as(format, &style, AnswerSet::One(&answer), NAME),
        matrix_as(format, &style, MatrixOptions::default(), NAME),
        matrix_as(format, &style, MatrixOptions { expand: true, limit: None }, NAME),
        refused_as(format, NAME),
        written(|out| rows(&traffic(NAME), Drawing::Nothing, format, &style, out)),
        written(|out| rows(&traffic(NAME), Drawing::Bars, format, &style, out)),
        written(|out| rows(&traffic(NAME), Drawing::Sparkline, format, &style, out)),
    ]
}

#[test]
fn nothing_is_obeyed_in_any_format() {
    for format in Format::ALL {
        for text in reports(format) {
            let line_end = |c: char| c == '\n' || (format == Format::Csv && c == '\r');
            let obeyed: Vec<char> =
                text.chars().filter(|c| is_obeyed(*c) && !line_end(*c)).collect();
            assert!(obeyed.is_empty(), "{format}: {obeyed:?} in {text}");
        }
    }
}

#[test]
fn a_page_has_no_script_and_asks_for_nothing() {
    for text in reports(Format::Html) {
        for forbidden in ["<script", "javascript:1\"", "src=", "href=\"http", "@import", "url("] {
            assert!(!text.contains(forbidden), "{forbidden} in {text}");
        }
    }
}

#[test]
fn markdown_shows_the_name_as_text() {
    for text in reports(Format::Markdown) {
        let unescaped = text.replace("\\]", "");
        assert!(!unescaped.contains("<script") && !unescaped.contains("](javascript"), "{text}");
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let mut rows = text.lines().filter(|line| line.starts_with('|')).map(cells).peekable();
        assert!(rows.peek().is_some() && rows.all(|count| count <= 6), "{text}");
    }
}

#[test]
fn a_spreadsheet_does_not_calculate() {
    for text in reports(Format::Csv) {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            assert!(
                record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])),
                "{text}"
            );
        }
    }
}

#[test]
fn json_keeps_the_name_as_it_is() {
    let document: serde_json::Value =
        serde_json::from_str(&exposure_as(Format::Json, &terminal(80), NAME)).unwrap();
    assert_eq!(document["resources"][0]["name"], NAME);
}
