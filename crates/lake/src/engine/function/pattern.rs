//! Matching text: `like`, regular expressions, and what `parse` takes out of a text.

use std::fmt::Write as _;

use regex::Regex;

use super::{Function, Prepared, at, boolean, prepared, row, text};
use crate::engine::value::Value;

pub(super) static FUNCTIONS: &[Function] = &[
    prepared("matches", boolean, |literals| {
        with_regex(literals, |text, regex, _| Value::Boolean(regex.is_match(text)))
    }),
    prepared("regexreplace", text, |literals| {
        with_regex(literals, |text, regex, values| match at(values, 2).text() {
            Some(with) => Value::owned(regex.replace_all(text, &*with).into_owned()),
            None => Value::Missing,
        })
    }),
    prepared("captures", text, |literals| with_regex(literals, captures)),
    row("capture", text, capture),
];

/// Returns the regular expression that matches what a glob of `parse` does: each `*` takes as little as it can, the last one,
/// if nothing follows it, everything.
pub(crate) fn glob(pattern: &str) -> String {
    let parts: Vec<String> = pattern.split('*').map(regex::escape).collect();
    let greedy = parts.last().is_some_and(String::is_empty) && parts.len() > 1;
    let mut out = format!("(?s){}", parts.join("(.*?)"));
    if greedy {
        out.push('$');
    }
    out
}

fn with_regex(
    literals: &[Option<Value<'static>>],
    body: for<'a> fn(&str, &Regex, &[Value<'a>]) -> Value<'a>,
) -> Prepared {
    let known = literals.get(1).and_then(Option::as_ref).map(compile);
    Box::new(move |values| {
        let here;
        let regex = match &known {
            Some(known) => known,
            None => {
                here = compile(at(values, 1));
                &here
            }
        };
        match (at(values, 0).text(), regex) {
            (Some(text), Some(regex)) => body(&text, regex, values),
            _ => Value::Missing,
        }
    })
}

fn compile(pattern: &Value<'_>) -> Option<Regex> {
    Regex::new(&pattern.text()?).ok()
}

/// Where each group is in the text, as `start-end` with commas between: [`capture`] cuts it out.
///
/// A text per group would need a row of several columns, which DataFusion makes costly; finding the groups once is what matters.
fn captures<'a>(text: &str, regex: &Regex, _: &[Value<'a>]) -> Value<'a> {
    let Some(found) = regex.captures(text) else {
        return Value::Missing;
    };
    let mut out = String::new();
    for group in found.iter().skip(1) {
        if let Some(group) = group {
            let _infallible = write!(out, "{}-{}", group.start(), group.end());
        }
        out.push(',');
    }
    Value::owned(out)
}

/// The group of a number, counted from 0, of a text whose groups are at given places.
fn capture<'a>(values: &[Value<'a>]) -> Value<'a> {
    let cut = || {
        let text = at(values, 0).text()?;
        let places = at(values, 1).text()?;
        let group = usize::try_from(at(values, 2).integer()?).ok()?;
        let (start, end) = places.split(',').nth(group)?.split_once('-')?;
        Some(text.get(start.parse().ok()?..end.parse().ok()?)?.to_owned())
    };
    cut().map_or(Value::Missing, Value::owned)
}
