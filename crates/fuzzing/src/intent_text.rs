//! The tables in which people write down what is meant to pass.

use portolan_respond::parse_intents;

/// Reads a table of intents.
///
/// Whatever the text is, every span of a name or a mistake lies in it, at whole letters, and what was read can be told.
pub fn intent_text(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let parsed = parse_intents(text);
    for error in &parsed.errors {
        assert!(text.get(error.span.clone()).is_some(), "{error:?} is outside");
        assert!(!error.message.is_empty());
    }
    for intent in &parsed.value {
        for name in [&intent.from, &intent.to] {
            assert!(!name.text.is_empty());
            assert!(text.get(name.span.clone()).is_some(), "{name:?} is outside");
        }
    }
    let lines = text.lines().count();
    assert!(parsed.value.len() <= lines, "a line is one intent at most");
}
