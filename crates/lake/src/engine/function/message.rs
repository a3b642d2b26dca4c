//! The line that a record was read from, put together again.

use std::fmt::Write as _;

use super::{Function, row, text};
use crate::engine::value::Value;

pub(super) static FUNCTIONS: &[Function] = &[row("message", text, message)];

/// Of the layout of the line, then the name and value of each field.
///
/// What is missing was `-`. Fields that the layout has and the row does not are `-` too.
fn message<'a>(values: &[Value<'a>]) -> Value<'a> {
    let Some((Value::Text(layout), fields)) = values.split_first() else {
        return Value::Missing;
    };
    let mut line = String::new();
    for name in layout.split(' ') {
        if !line.is_empty() {
            line.push(' ');
        }
        let is_named =
            |pair: &&[Value<'_>]| matches!(pair, [Value::Text(known), _] if known == name);
        match fields.chunks(2).find(is_named) {
            Some([_, value]) if !value.is_missing() => {
                let _infallible = write!(line, "{value}");
            }
            _ => line.push('-'),
        }
    }
    Value::owned(line)
}
