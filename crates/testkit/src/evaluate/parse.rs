//! `parse`: parts of a text as values.

use portolan_query::{Parse, ParseMethod};

use super::Run;
use super::regex::compiled;
use super::value::{Row, Value};

/// Sets values to parts of a text.
pub(super) fn parse(run: Run<'_>, it: &Parse, rows: Vec<Row>) -> Vec<Row> {
    let parse_row = |mut row: Row| {
        let text = run.value(&it.text, &row).to_text();
        let parts = text.and_then(|text| parts(&it.method, &text)).unwrap_or_default();
        for capture in &it.into {
            let part =
                capture.group.checked_sub(1).and_then(|index| parts.get(index)).cloned().flatten();
            row.insert(capture.name.clone(), part.map_or(Value::Missing, Value::Text));
        }
        row
    };
    rows.into_iter().map(parse_row).collect()
}

/// Returns the parts in order; `None` if the text does not match.
fn parts(method: &ParseMethod, text: &str) -> Option<Vec<Option<String>>> {
    match method {
        ParseMethod::Glob(pieces) => glob(pieces, text),
        ParseMethod::Regex(regex) => {
            let captures = compiled(regex)?.captures(text)?;
            Some(
                captures.iter().skip(1).map(|part| part.map(|it| it.as_str().to_owned())).collect(),
            )
        }
    }
}

fn glob(pieces: &[String], text: &str) -> Option<Vec<Option<String>>> {
    let (first, others) = pieces.split_first()?;
    let (_, mut rest) = text.split_once(first.as_str())?;
    let mut parts = Vec::new();
    for (index, piece) in others.iter().enumerate() {
        let is_last = index + 1 == others.len();
        let (part, after) = match piece.as_str() {
            "" if is_last => (rest, ""),
            piece => rest.split_once(piece)?,
        };
        parts.push(Some(part.to_owned()));
        rest = after;
    }
    Some(parts)
}
