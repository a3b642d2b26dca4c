//! JSON whose objects keep the order of their keys.
//!
//! The AWS CLI prints the members of a resource in the order of the service's API model. Sorted keys
//! (what `serde_json::Map` gives without its `preserve_order` feature, which would change the behaviour
//! of every other crate in the build) make a capture look machine-made at the first glance. A struct per
//! API shape would give the order too, at twice the text: once to declare, once to fill.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A JSON value as the AWS CLI prints it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Json {
    /// No value; [`Json::object`] leaves its key out, as the CLI does with absent members.
    Absent,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; AWS's network descriptions have no others.
    Number(i64),
    /// A string.
    Text(Cow<'static, str>),
    /// A list, in order.
    List(Vec<Self>),
    /// An object; keys in the order in which they are printed.
    Object(Vec<(&'static str, Self)>),
}

impl Json {
    /// Returns an object of the members that are present.
    pub fn object<const N: usize>(members: [(&'static str, Self); N]) -> Self {
        Self::Object(members.into_iter().filter(|(_, value)| *value != Self::Absent).collect())
    }

    /// Returns a list of the values.
    pub fn list<T: Into<Self>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// Builds a [`Json::Object`]: `object! { "VpcId": vpc.id.clone(), "IsDefault": false }`.
///
/// A member whose value is `None` is left out.
macro_rules! object {
    ($($key:literal : $value:expr),* $(,)?) => {
        $crate::generate::json::Json::object([$(($key, $crate::generate::json::Json::from($value))),*])
    };
}
pub(crate) use object;

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(values) => serializer.collect_seq(values),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

impl From<u16> for Json {
    fn from(value: u16) -> Self {
        Self::Number(value.into())
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        Self::Number(value.into())
    }
}

impl From<&'static str> for Json {
    fn from(value: &'static str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl From<&String> for Json {
    fn from(value: &String) -> Self {
        Self::Text(Cow::Owned(value.clone()))
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

impl From<Vec<Self>> for Json {
    fn from(values: Vec<Self>) -> Self {
        Self::List(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_absent_members_vanish() {
        let vpc = object! {
            "VpcId": "vpc-1", "Absent": None::<i32>, "CidrBlock": String::from("10.0.0.0/16"),
            "Tags": Json::list(["a", "b"]), "IsDefault": false, "Count": 3_u16,
        };
        assert_eq!(
            serde_json::to_string(&vpc).unwrap(),
            r#"{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16","Tags":["a","b"],"IsDefault":false,"Count":3}"#
        );
    }
}
