//! Files that describe accounts, and what the engine makes of them.

use portolan_model::Model;
use portolan_net::Set as _;
use portolan_reach::{Chart, Settings};
use portolan_sources::read_bytes;
use serde::de::IgnoredAny;

/// Reads the bytes as a file and asks the engine about the account in it.
///
/// Whatever is in a file, it gives a model, and the same one each time; a file that was cut off is never taken for whole;
/// and the engine has an answer for every model that can be read.
pub fn aws_cli_json(bytes: &[u8]) {
    let model = read_bytes(NAME, bytes);
    assert_eq!(model, read_bytes(NAME, bytes));
    problems(&model, bytes);
    let chart = Chart::new(model, Settings::default());
    drop(chart.exposure());
    let matrix = chart.matrix();
    assert!(matrix.cells().all(|cell| cell.possible.contains_set(&cell.certain)));
    assert!(matrix.bridges().all(|bridge| !bridge.unknowns.is_empty()));
}

/// How the file is called.
const NAME: &str = "describe.json";

/// Checks that every problem can be shown and that there is one if the file ends too early.
fn problems(model: &Model, bytes: &[u8]) {
    for problem in model.coverage.problems() {
        assert_eq!(problem.path, NAME);
        assert!(!problem.message.is_empty());
        assert!(
            problem.position.as_ref().is_none_or(|it| it.line > 0 && it.column > 0),
            "{problem:?}"
        );
    }
    assert!(!is_cut_off(bytes) || !model.coverage.is_whole(), "the missing end went unmentioned");
}

/// Returns whether the bytes are JSON as far as they go, and end within an object or a list.
///
/// Other mistakes need not be mentioned: what nobody asked for is skipped and not checked.
fn is_cut_off(bytes: &[u8]) -> bool {
    // PowerShell writes a byte order mark.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    let is_cut_off = values.any(|value| value.is_err_and(|error| error.is_eof()));
    let last = text.get(values.byte_offset()..).unwrap_or_default().trim_ascii_start();
    is_cut_off && (last.starts_with(b"{") || last.starts_with(b"["))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_missing_within_a_value() {
        for cut in ["{", "{\"a\":[", "[1] {\"a\":\"b", "\u{feff}[nul"] {
            assert!(is_cut_off(cut.as_bytes()), "{cut}");
        }
        for other in ["", "[1] {}", "[]n", "[1,}", "{\"a\" 1}"] {
            assert!(!is_cut_off(other.as_bytes()), "{other}");
        }
    }
}
