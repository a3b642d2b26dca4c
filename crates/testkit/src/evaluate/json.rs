//! Lists and maps, and the JSON that they are written as.

use portolan_query::Step;

use super::value::Value;

/// Returns the list or map that text is; missing if it is neither.
pub(crate) fn parse(text: &str) -> Value {
    match serde_json::from_str(text).map(from_json) {
        Ok(value @ (Value::List(_) | Value::Map(_))) => value,
        _ => Value::Missing,
    }
}

fn from_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Missing,
        serde_json::Value::Bool(it) => Value::Boolean(it),
        serde_json::Value::Number(it) => match it.as_i64() {
            Some(whole) => Value::Integer(whole),
            None => it.as_f64().map_or(Value::Missing, Value::Decimal),
        },
        serde_json::Value::String(it) => Value::Text(it),
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(items) => {
            Value::Map(items.into_iter().map(|(key, it)| (key, from_json(it))).collect())
        }
    }
}

/// Returns a list or map as JSON without spaces, keys in order.
pub(crate) fn stringify(value: &Value) -> String {
    to_json(value).to_string()
}

fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Missing => serde_json::Value::Null,
        Value::Boolean(it) => (*it).into(),
        Value::Integer(it) => (*it).into(),
        Value::Decimal(it) => (*it).into(),
        Value::Text(it) => it.clone().into(),
        Value::Time(_) => value.to_text().into(),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(items) => items.iter().map(|(key, it)| (key.clone(), to_json(it))).collect(),
    }
}

/// Returns the list or map that a value is, or that its text is JSON of.
pub(crate) fn structure(value: &Value) -> Value {
    match value {
        Value::List(_) | Value::Map(_) => value.clone(),
        Value::Text(text) => parse(text),
        _ => Value::Missing,
    }
}

/// Returns a part of a list or map.
pub(crate) fn item(of: &Value, step: &Step) -> Value {
    let part = match (of, step) {
        (Value::Map(items), Step::Key(key)) => items.get(key),
        (Value::List(items), Step::Key(key)) => {
            key.parse().ok().and_then(|index: usize| items.get(index))
        }
        (Value::List(items), Step::Index(index)) => {
            usize::try_from(*index).ok().and_then(|index| items.get(index))
        }
        _ => None,
    };
    part.cloned().unwrap_or_default()
}
