//! JSON documents: maps and lists.

use serde_json::Value as Json;

use super::{Function, at, boolean, document, integer, row, text};
use crate::engine::value::{Value, json, of_document};

pub(super) static FUNCTIONS: &[Function] = &[
    row("jsonparse", document, |v| {
        at(v, 0).text().and_then(|text| parse(&text)).map_or(Value::Missing, compound)
    }),
    row("jsonstringify", text, |v| match at(v, 0) {
        Value::Missing => Value::Missing,
        Value::Json(text) => Value::Text(text.clone()),
        scalar => Value::owned(json(scalar)),
    }),
    row("jsonarraysize", integer, |v| {
        elements(at(v, 0))
            .and_then(|list| i64::try_from(list.len()).ok())
            .map_or(Value::Missing, Value::Integer)
    }),
    row("jsonarraycontains", boolean, contains),
    row("item", document, |v| get(v).map_or(Value::Missing, of_document)),
];

fn parse(text: &str) -> Option<Json> {
    serde_json::from_str(text).ok()
}

/// Returns the elements of a list, given as a list or as the text of one.
pub(crate) fn parse_list(value: &Value<'_>) -> Option<Vec<Value<'static>>> {
    elements(value).map(|list| list.into_iter().map(of_document).collect())
}

fn elements(value: &Value<'_>) -> Option<Vec<Json>> {
    let (Value::Json(text) | Value::Text(text)) = value else {
        return None;
    };
    match parse(text)? {
        Json::Array(list) => Some(list),
        _ => None,
    }
}

/// A document if it is a map or list: the text of a scalar is not JSON to the language.
fn compound(value: Json) -> Value<'static> {
    match of_document(value) {
        compound @ Value::Json(_) => compound,
        _ => Value::Missing,
    }
}

fn contains<'a>(values: &[Value<'a>]) -> Value<'a> {
    let list = parse_list(at(values, 0)).unwrap_or_default();
    let wanted = at(values, 1);
    Value::Boolean(list.iter().any(|element| element.equals(wanted)))
}

/// Follows a path: the document, then names and places in turn.
fn get(values: &[Value<'_>]) -> Option<Json> {
    let (document, path) = values.split_first()?;
    let (Value::Json(text) | Value::Text(text)) = document else {
        return None;
    };
    path.iter().try_fold(parse(text)?, |value, step| match (value, step) {
        (Json::Object(mut map), step) => map.remove(&*step.text()?),
        (Json::Array(mut list), step) => {
            let place = usize::try_from(step.integer()?).ok()?;
            (place < list.len()).then(|| list.swap_remove(place))
        }
        _ => None,
    })
}
