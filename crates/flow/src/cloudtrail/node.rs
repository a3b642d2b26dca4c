//! The JSON of a call's parameters, which AWS writes in several ways.
//!
//! The same parameter is `groupId` in older calls and `GroupId` inside `…Request` in newer ones; a list is `{"items": […]}`,
//! `{"item": …}`, `[…]`, or `{}` if it is empty; a number may be a string; and what came from XML is `{"content": …}`.

use serde_json::Value;
use serde_json::value::RawValue;

/// Reads parameters; absent ones are null.
pub(super) fn parse(parameters: Option<&RawValue>) -> Result<Value, serde_json::Error> {
    parameters.map_or(Ok(Value::Null), |it| serde_json::from_str(it.get()))
}

/// A value of the parameters, or its absence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a>(&'a Value);

impl<'a> Node<'a> {
    /// Returns the parameters themselves, without what newer calls wrap around them, such as `DeleteFlowLogsRequest`.
    pub(super) fn of(parameters: &'a Value) -> Self {
        let object = parameters.as_object().filter(|it| it.len() == 1);
        let wrapped = object.and_then(|it| it.iter().next()).filter(|(name, _)| {
            let is_wrapper =
                |end| name.ends_with(end) && name.starts_with(|it: char| it.is_ascii_uppercase());
            is_wrapper("Request") || is_wrapper("Response")
        });
        Self(wrapped.map_or(parameters, |(_, inner)| inner))
    }

    /// Returns the value of a name, which is given as `groupId` and may stand as `GroupId`.
    pub(super) fn get(self, name: &str) -> Self {
        let found = self.0.get(name).or_else(|| {
            let mut capitalised = name.to_owned();
            capitalised.get_mut(..1)?.make_ascii_uppercase();
            self.0.get(capitalised)
        });
        Self(found.unwrap_or(&Value::Null))
    }

    /// Yields the items of a list, in whatever form it is.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        let inner = match self.0 {
            Value::Object(object) => {
                object.get("items").or_else(|| object.get("item")).unwrap_or(self.0)
            }
            other => other,
        };
        let items = match inner {
            Value::Null => &[],
            Value::Object(object) if object.is_empty() => &[],
            Value::String(text) if text.is_empty() => &[],
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        items.iter().map(Self)
    }

    /// Returns the text, if it is one and not empty.
    pub(super) fn text(self) -> Option<&'a str> {
        let value = self.0.get("content").unwrap_or(self.0);
        value.as_str().filter(|it| !it.is_empty())
    }

    /// Returns the number, which may be written as a text.
    pub(super) fn number(self) -> Option<i64> {
        let value = self.0.get("content").unwrap_or(self.0);
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    /// Returns the flag, which may be written as a text.
    pub(super) fn flag(self) -> Option<bool> {
        self.0.as_bool().or_else(|| self.text()?.parse().ok())
    }

    /// Returns whether there is something here.
    pub(super) fn is_present(self) -> bool {
        !self.0.is_null()
    }
}
