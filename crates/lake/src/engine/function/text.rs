//! Strings.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Function, at, boolean, document, integer, row, text};
use crate::engine::value::{Value, json};

pub(super) static FUNCTIONS: &[Function] = &[
    row("isempty", boolean, |v| test(v, str::is_empty)),
    row("isblank", boolean, |v| test(v, |text| text.trim().is_empty())),
    row("concat", text, concat),
    row("ltrim", text, |v| trim(v, true, false)),
    row("rtrim", text, |v| trim(v, false, true)),
    row("trim", text, |v| trim(v, true, true)),
    row("strlen", integer, |v| count(v, |text| text.chars().count())),
    row("messagesize", integer, |v| count(v, str::len)),
    row("toupper", text, |v| map(v, str::to_uppercase)),
    row("tolower", text, |v| map(v, str::to_lowercase)),
    row("substr", text, substr),
    row("replace", text, |v| map3(v, |text, from, to| text.replace(from, to))),
    row("strcontains", boolean, contains),
    row("contains", boolean, |v| test2(v, |text, part| text.contains(part))),
    row("startswith", boolean, |v| test2(v, |text, part| text.starts_with(part))),
    row("endswith", boolean, |v| test2(v, |text, part| text.ends_with(part))),
    row("urlencode", text, |v| map(v, url_encode)),
    row("urldecode", text, |v| optional(v, url_decode)),
    row("split", document, split),
    row("hextoascii", text, |v| optional(v, hex_to_ascii)),
    row("dectohex", text, |v| {
        at(v, 0).integer().map_or(Value::Missing, |n| Value::owned(format!("{n:#x}")))
    }),
    row("totext", text, |v| at(v, 0).text().map_or(Value::Missing, Value::Text)),
];

fn first<'a>(values: &[Value<'a>]) -> Option<Cow<'a, str>> {
    at(values, 0).text()
}

/// A test that what is missing passes: nothing is empty.
fn test<'a>(values: &[Value<'a>], test: fn(&str) -> bool) -> Value<'a> {
    Value::Boolean(first(values).is_none_or(|text| test(&text)))
}

fn test2<'a>(values: &[Value<'a>], test: fn(&str, &str) -> bool) -> Value<'a> {
    match (first(values), at(values, 1).text()) {
        (Some(text), Some(part)) => Value::Boolean(test(&text, &part)),
        _ => Value::Missing,
    }
}

fn contains<'a>(values: &[Value<'a>]) -> Value<'a> {
    let (Some(text), Some(part)) = (first(values), at(values, 1).text()) else {
        return Value::Missing;
    };
    let any_case = at(values, 2).truth().unwrap_or(false)
        || at(values, 2).text().is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
    Value::Boolean(if any_case {
        text.to_lowercase().contains(&part.to_lowercase())
    } else {
        text.contains(&*part)
    })
}

fn count<'a>(values: &[Value<'a>], length: fn(&str) -> usize) -> Value<'a> {
    first(values)
        .and_then(|text| i64::try_from(length(&text)).ok())
        .map_or(Value::Missing, Value::Integer)
}

fn map<'a>(values: &[Value<'a>], function: fn(&str) -> String) -> Value<'a> {
    first(values).map_or(Value::Missing, |text| Value::owned(function(&text)))
}

fn optional<'a>(values: &[Value<'a>], function: fn(&str) -> Option<String>) -> Value<'a> {
    first(values).and_then(|text| function(&text)).map_or(Value::Missing, Value::owned)
}

fn map3<'a>(values: &[Value<'a>], function: fn(&str, &str, &str) -> String) -> Value<'a> {
    match (first(values), at(values, 1).text(), at(values, 2).text()) {
        (Some(a), Some(b), Some(c)) => Value::owned(function(&a, &b, &c)),
        _ => Value::Missing,
    }
}

fn concat<'a>(values: &[Value<'a>]) -> Value<'a> {
    Value::owned(values.iter().filter_map(Value::text).collect())
}

fn trim<'a>(values: &[Value<'a>], left: bool, right: bool) -> Value<'a> {
    let Some(text) = first(values) else {
        return Value::Missing;
    };
    let characters = match values.get(1) {
        None => None,
        Some(characters) => match characters.text() {
            None => return Value::Missing,
            characters => characters,
        },
    };
    let cut = |c: char| characters.as_ref().map_or(c.is_whitespace(), |set| set.contains(c));
    let mut rest = &*text;
    if left {
        rest = rest.trim_start_matches(cut);
    }
    if right {
        rest = rest.trim_end_matches(cut);
    }
    Value::owned(rest.to_owned())
}

/// From a place counted from 0, to the end or for a number of characters.
fn substr<'a>(values: &[Value<'a>]) -> Value<'a> {
    let (Some(text), Some(start)) = (first(values), at(values, 1).integer()) else {
        return Value::Missing;
    };
    let skip = usize::try_from(start).unwrap_or(0);
    let take = match values.get(2) {
        None => usize::MAX,
        Some(length) => match length.integer() {
            None => return Value::Missing,
            Some(length) => usize::try_from(length).unwrap_or(0),
        },
    };
    Value::owned(text.chars().skip(skip).take(take).collect())
}

fn split<'a>(values: &[Value<'a>]) -> Value<'a> {
    let (Some(text), Some(separator)) = (first(values), at(values, 1).text()) else {
        return Value::Missing;
    };
    let parts: Vec<String> =
        text.split(&*separator).map(|part| json(&Value::Text(Cow::Borrowed(part)))).collect();
    Value::Json(Cow::Owned(format!("[{}]", parts.join(","))))
}

/// Percent-encodes everything but the unreserved characters of RFC 3986, section 2.3.
fn url_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Undoes percent-encoding; `+` is a space, as forms write it. `None` if the result is not UTF-8.
fn url_decode(text: &str) -> Option<String> {
    let mut rest = text.as_bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, hex_pair(after)) {
            (b'+', _) => out.push(b' '),
            (b'%', Some(decoded)) => {
                out.push(decoded);
                rest = after.get(2..).unwrap_or_default();
            }
            (byte, _) => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let pair = std::str::from_utf8(digits.get(..2)?).ok()?;
    u8::from_str_radix(pair, 16).ok()
}

fn hex_to_ascii(text: &str) -> Option<String> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    let bytes = digits.chunks(2).map(hex_pair).collect::<Option<Vec<u8>>>()?;
    String::from_utf8(bytes).ok()
}
