//! Why one element was not read.

use crate::json::locate;
use crate::json::{Mark, Path, Piece};
use portolan_model::Position;

/// Why one element was not read.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It is the answer of another service that uses the same key.
    Foreign,
    /// It is not what AWS writes.
    Malformed(serde_json::Error),
    /// A field without which it says nothing is not there.
    Lacks(&'static str),
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed(error)
    }
}

/// What `serde` says of types, and what people say.
const WORDS: &[(&str, &str)] = &[
    ("expected u8", "expected a whole number from 0 to 255"),
    ("expected u16", "expected a whole number from 0 to 65535"),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected i64", "expected a whole number"),
    ("a sequence", "a list"),
    ("a map", "an object"),
    ("expected ident", "expected `true`, `false` or `null`"),
    ("a boolean", "true or false"),
    ("invalid type: map", "invalid type: object"),
    ("invalid type: sequence", "invalid type: list"),
];

/// Returns what an error of `serde_json` says, without its position and in people's words.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rfind(" at line ").and_then(|end| text.get(..end)).unwrap_or(&text);
    let text = match text.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected an object"),
        None => text.to_owned(),
    };
    WORDS.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

/// Returns where in the file an error inside an element is: at the start of the value that is wrong.
pub(crate) fn position(piece: Piece<'_>, error: &serde_json::Error) -> Position {
    let bytes = piece.bytes.unwrap_or_default();
    let (path, start) = locate(bytes, offset(bytes, error));
    let mark = piece.mark.after(bytes.get(..start).unwrap_or_default());
    at(mark, &piece.path.join(&path))
}

/// Returns the position of a place in a file.
pub(crate) fn at(mark: Mark, path: &Path) -> Position {
    Position { line: mark.line, column: mark.column, json_path: path.to_string() }
}

/// Returns the last byte that `serde_json` had read when it found the error.
fn offset(bytes: &[u8], error: &serde_json::Error) -> usize {
    let mut newlines = memchr::memchr_iter(b'\n', bytes);
    let line_start = match error.line().checked_sub(2) {
        Some(skipped) => newlines.nth(skipped).map_or(bytes.len(), |newline| newline + 1),
        None => 0,
    };
    (line_start + error.column()).saturating_sub(1)
}
