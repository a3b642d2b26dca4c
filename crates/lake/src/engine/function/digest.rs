//! Digests and base64.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha2::{Digest, Sha256};

use super::{Function, at, row, text};
use crate::engine::value::Value;

pub(super) static FUNCTIONS: &[Function] = &[
    row("md5", text, |v| of_text(v, hex::<Md5>)),
    row("sha256", text, |v| of_text(v, hex::<Sha256>)),
    row("base64encode", text, |v| of_text(v, |text| Some(STANDARD.encode(text)))),
    row("base64decode", text, |v| {
        of_text(v, |text| String::from_utf8(STANDARD.decode(text).ok()?).ok())
    }),
];

fn of_text<'a>(values: &[Value<'a>], function: fn(&str) -> Option<String>) -> Value<'a> {
    at(values, 0).text().and_then(|text| function(&text)).map_or(Value::Missing, Value::owned)
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of the table's functions")]
fn hex<D: Digest>(text: &str) -> Option<String> {
    let digest = D::digest(text);
    Some(digest.iter().fold(String::new(), |mut out, byte| {
        let _infallible = write!(out, "{byte:02x}");
        out
    }))
}
