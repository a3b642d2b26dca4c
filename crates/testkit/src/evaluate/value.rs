//! Values and rows.

use std::collections::BTreeMap;

use portolan_query::{Kind, Literal};

use super::number::{Number, parse_number};
use super::time;

/// A row: values by name. A name that it does not have is missing.
pub type Row = BTreeMap<String, Value>;

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value.
    #[default]
    Missing,
    /// True or false; 1 or 0 as a number and as text.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Decimal(f64),
    /// Text.
    Text(String),
    /// A time in milliseconds since 1970.
    Time(i64),
    /// A list.
    List(Vec<Self>),
    /// A map.
    Map(BTreeMap<String, Self>),
}

impl Value {
    /// Returns text as a value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns text as a value of this kind, as it comes out of typed storage; missing if it is none.
    pub fn of_kind(text: &str, kind: Kind) -> Self {
        let number = parse_number(text);
        match kind {
            Kind::Integer | Kind::Seconds => number.and_then(Number::whole).into(),
            Kind::Boolean => number.map(|it| it.real() != 0.0).into(),
            Kind::Decimal => number.map(|it| Number::Real(it.real())).into(),
            Kind::Time => number.and_then(Number::whole).map_or(Self::Missing, Self::Time),
            Kind::Any | Kind::Text | Kind::Address | Kind::Structure => Self::text(text),
        }
    }

    /// Returns whether there is a value.
    pub const fn is_present(&self) -> bool {
        !matches!(self, Self::Missing)
    }

    /// Returns the number that it is, or that its text is.
    pub(crate) fn number(&self) -> Option<Number> {
        match self {
            Self::Boolean(it) => Some(Number::Whole(i64::from(*it))),
            Self::Integer(it) | Self::Time(it) => Some(Number::Whole(*it)),
            Self::Decimal(it) => Some(Number::Real(*it)),
            Self::Text(text) => parse_number(text),
            Self::Missing | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Returns the text that it is written as; lists and maps have none.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Boolean(it) => Some(i64::from(*it).to_string()),
            Self::Integer(it) => Some(it.to_string()),
            // The shortest digits that read back as the number, never with an exponent; -0 is 0.
            Self::Decimal(it) => Some((it + 0.0).to_string()),
            Self::Text(text) => Some(text.clone()),
            Self::Time(it) => Some(time::text(*it)),
            Self::Missing | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Returns whether it is true as a condition; `None` if it is missing or means neither.
    pub(crate) fn truth(&self) -> Option<bool> {
        self.number().map(|it| it.real() != 0.0)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Whole(it) => Self::Integer(it),
            Number::Real(it) if it.is_finite() => Self::Decimal(it),
            Number::Real(_) => Self::Missing,
        }
    }
}

impl From<&Literal> for Value {
    fn from(literal: &Literal) -> Self {
        match literal {
            Literal::Text(text) => Self::Text(text.clone()),
            Literal::Integer(it) => Self::Integer(*it),
            Literal::Decimal(it) => Self::Decimal(*it),
            Literal::Period(_) | Literal::Regex(_) => Self::Missing,
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

/// Returns the value of this name.
pub(crate) fn get(row: &Row, name: &str) -> Value {
    row.get(name).cloned().unwrap_or_default()
}

/// Returns the time of a row in milliseconds since 1970.
pub(crate) fn timestamp(row: &Row) -> Option<i64> {
    row.get("@timestamp").and_then(time::milliseconds)
}

/// What makes two values the same as keys: that both are missing, or have the same text.
pub(crate) type Identity = Option<String>;

/// Returns what makes a value the same as another.
pub(crate) fn identity(value: &Value) -> Identity {
    value.to_text()
}
