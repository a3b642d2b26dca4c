//! One value of a dynamic query: what a cell of a column holds, whatever its Arrow type.
//!
//! Columns stay typed from file to answer; this type is for the functions and operators that look at one row at a time.
//! The Arrow type of a column says what its values are, so that nothing has to travel beside a batch:
//!
//! | Arrow type | value |
//! |---|---|
//! | signed integers, `UInt8`, `UInt16` | integer |
//! | `Float64` | float |
//! | `Boolean` | boolean, 1 or 0 where a number is wanted |
//! | `Utf8`, `Utf8View`, dictionaries of them | text |
//! | `LargeUtf8` | any value, as JSON text: maps and lists, and what is of no one kind |
//! | `UInt32` | IPv4 address |
//! | `FixedSizeBinary(16)` | address of either family, IPv4 mapped into IPv6 |
//! | `Timestamp` of seconds or milliseconds | time |

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Display};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanBuilder, FixedSizeBinaryArray, FixedSizeBinaryBuilder,
    Float64Builder, Int64Builder, LargeStringBuilder, NullArray, StringArray, StringBuilder,
    StringViewArray, TimestampMillisecondBuilder, UInt32Builder,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMillisecondType, UInt32Type,
};
use datafusion::error::{DataFusionError, Result};

use super::function::print_time;
use super::natural;

/// What one cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'a> {
    /// Nothing: the log has `-`, or a function has no result.
    #[default]
    Missing,
    /// Truth.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other finite number.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A map or a list, as JSON text.
    Json(Cow<'a, str>),
    /// An address.
    Address(IpAddr),
    /// Milliseconds since 1970.
    Time(i64),
}

impl<'a> Value<'a> {
    /// Returns a float, or missing if it is not finite: no answer holds `NaN`.
    pub fn float(value: f64) -> Self {
        if value.is_finite() { Self::Float(value) } else { Self::Missing }
    }

    /// Returns text that nobody else owns.
    pub fn owned(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }

    /// Returns whether there is nothing.
    pub fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    /// Returns the number that this is or, as text, spells.
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Integer(value) | Self::Time(value) => Some(Number::Integer(*value)),
            Self::Boolean(value) => Some(Number::Integer(i64::from(*value))),
            Self::Float(value) => Some(Number::Float(*value)),
            Self::Text(text) => Number::parse(text),
            Self::Missing | Self::Json(_) | Self::Address(_) => None,
        }
    }

    /// Returns the whole number that this is; a float loses its fraction.
    pub fn integer(&self) -> Option<i64> {
        self.number().and_then(Number::whole)
    }

    /// Returns the text of a scalar; missing values, maps and lists have none.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Missing | Self::Json(_) => None,
            Self::Text(text) => Some(text.clone()),
            other => Some(Cow::Owned(other.to_string())),
        }
    }

    /// Returns the address that this is or, as text, spells.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(*address),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Returns what a condition makes of this: a number is true unless it is zero.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            other => other.number().map(|number| number.float() != 0.0),
        }
    }

    /// Returns the value with nothing borrowed.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Missing => Value::Missing,
            Self::Boolean(value) => Value::Boolean(value),
            Self::Integer(value) => Value::Integer(value),
            Self::Float(value) => Value::Float(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Json(text) => Value::Json(Cow::Owned(text.into_owned())),
            Self::Address(address) => Value::Address(address),
            Self::Time(value) => Value::Time(value),
        }
    }

    /// Returns whether `=` holds: numbers as numbers, also if one is written as text; texts as texts.
    ///
    /// Maps and lists equal nothing.
    pub fn equals(&self, other: &Self) -> bool {
        match (self.is_text(), other.is_text()) {
            (true, true) => self.text() == other.text(),
            _ => matches!((self.number(), other.number()), (Some(a), Some(b)) if a == b),
        }
    }

    /// Returns the order of `<`: numbers as numbers, texts as numbers if both are, otherwise by code point.
    ///
    /// `None` if they are in no order: a map or list, or a number and a text that is none.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.partial_cmp(&right),
            _ if self.is_text() && other.is_text() => Some(self.text()?.cmp(&other.text()?)),
            _ => None,
        }
    }

    fn is_text(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Address(_))
    }
}

impl Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Boolean(value) => Display::fmt(&u8::from(*value), f),
            Self::Integer(value) => Display::fmt(value, f),
            Self::Time(value) => f.write_str(&print_time(*value).unwrap_or_default()),
            Self::Float(value) => Display::fmt(value, f),
            Self::Text(text) | Self::Json(text) => f.write_str(text),
            Self::Address(address) => Display::fmt(address, f),
        }
    }
}

/// A number as queries know them.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// Any other.
    Float(f64),
}

impl Number {
    /// Reads a number as text spells it; whole numbers beyond 64 bits become floats, `nan` and `inf` are none.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(value) = text.parse() {
            return Some(Self::Integer(value));
        }
        let starts_well =
            text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
        let value = text.parse().ok().filter(|value: &f64| starts_well && value.is_finite());
        value.map(Self::Float)
    }

    /// Returns the number with possible loss of digits beyond 2^53.
    #[expect(clippy::cast_precision_loss, reason = "that is what a float is")]
    pub fn float(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// Returns the number without its fraction, or `None` if it is beyond 64 bits.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub fn whole(self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Float(value) => (value.abs() < 9.2e18).then_some(value as i64),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(right)),
            _ => self.float().partial_cmp(&other.float()),
        }
    }
}

impl From<Number> for Value<'_> {
    fn from(number: Number) -> Self {
        match number {
            Number::Integer(value) => Self::Integer(value),
            Number::Float(value) => Self::float(value),
        }
    }
}

/// Compares in the order of `sort`: missing values, then text in natural order, then numbers.
pub(crate) fn sort_order(left: &Value<'_>, right: &Value<'_>) -> Ordering {
    rank(left).cmp(&rank(right)).then_with(|| match (left.number(), right.number()) {
        (Some(left), Some(right)) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
        _ => natural::compare(&left.to_string(), &right.to_string()),
    })
}

fn rank(value: &Value<'_>) -> u8 {
    match value {
        Value::Missing => 0,
        _ if value.number().is_none() => 1,
        _ => 2,
    }
}

/// A column whose cells can be read one by one.
#[derive(Debug)]
pub(crate) enum Cells<'a> {
    /// Nothing but missing values.
    Missing,
    /// Truths.
    Boolean(&'a arrow::array::BooleanArray),
    /// Whole numbers, converted once.
    Integer(arrow::array::Int64Array),
    /// Floats.
    Float(&'a arrow::array::Float64Array),
    /// Text in the plain layout.
    Text(&'a StringArray),
    /// Text in the layout of views.
    TextView(&'a StringViewArray),
    /// Text by reference to distinct values, whose keys were converted once.
    Dictionary(arrow::array::Int32Array, Box<Self>),
    /// Values of any kind.
    Any(&'a arrow::array::LargeStringArray),
    /// IPv4 addresses.
    Address4(&'a arrow::array::UInt32Array),
    /// Addresses of both families.
    Address(&'a FixedSizeBinaryArray),
    /// Times, converted to milliseconds once.
    Time(arrow::array::TimestampMillisecondArray),
}

impl<'a> Cells<'a> {
    /// Returns the cells of `array`.
    ///
    /// # Errors
    ///
    /// Fails on a type that no column of a query has.
    pub(crate) fn of(array: &'a dyn Array) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Null => Self::Missing,
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            DataType::Float64 => Self::Float(array.as_primitive::<Float64Type>()),
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::Utf8View => Self::TextView(array.as_string_view()),
            DataType::LargeUtf8 => Self::Any(array.as_string()),
            DataType::UInt32 => Self::Address4(array.as_primitive::<UInt32Type>()),
            DataType::FixedSizeBinary(16) => Self::Address(array.as_fixed_size_binary()),
            DataType::Timestamp(_, _) => {
                let to = DataType::Timestamp(TimeUnit::Millisecond, None);
                Self::Time(cast(array, &to)?.as_primitive::<TimestampMillisecondType>().clone())
            }
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary();
                let keys = cast(dictionary.keys(), &DataType::Int32)?;
                Self::Dictionary(
                    keys.as_primitive::<Int32Type>().clone(),
                    Box::new(Cells::of(dictionary.values().as_ref())?),
                )
            }
            kind if kind.is_integer() => {
                Self::Integer(cast(array, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
            }
            kind => {
                return Err(DataFusionError::NotImplemented(format!("a column of type {kind}")));
            }
        })
    }

    /// Returns the cell of a row; a row beyond the end is missing.
    pub(crate) fn value(&self, row: usize) -> Value<'a> {
        match self {
            Self::Missing => None,
            Self::Boolean(array) => valid(*array, row).map(|a| Value::Boolean(a.value(row))),
            Self::Integer(array) => valid(array, row).map(|a| Value::Integer(a.value(row))),
            Self::Float(array) => valid(*array, row).map(|a| Value::float(a.value(row))),
            Self::Text(array) => {
                valid(*array, row).map(|a| Value::Text(Cow::Borrowed(a.value(row))))
            }
            Self::TextView(array) => {
                valid(*array, row).map(|a| Value::Text(Cow::Borrowed(a.value(row))))
            }
            Self::Any(array) => valid(*array, row).map(|a| of_json(a.value(row))),
            Self::Address4(array) => valid(*array, row)
                .map(|a| Value::Address(IpAddr::V4(Ipv4Addr::from_bits(a.value(row))))),
            Self::Address(array) => valid(*array, row).map(|a| Value::Address(unmap(a.value(row)))),
            Self::Time(array) => valid(array, row).map(|a| Value::Time(a.value(row))),
            Self::Dictionary(keys, values) => valid(keys, row)
                .and_then(|keys| usize::try_from(keys.value(row)).ok())
                .map(|key| values.value(key)),
        }
        .unwrap_or_default()
    }
}

fn valid<A: Array>(array: &A, row: usize) -> Option<&A> {
    (row < array.len() && array.is_valid(row)).then_some(array)
}

/// Reads 16 bytes as an address; an IPv4 address mapped into IPv6 is that IPv4 address.
pub(crate) fn unmap(bytes: &[u8]) -> IpAddr {
    let bytes = <[u8; 16]>::try_from(bytes).unwrap_or_default();
    Ipv6Addr::from(bytes).to_canonical()
}

/// Writes an address as 16 bytes.
pub(crate) fn map(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

/// Puts values into a column of type `kind`; a value that does not fit it is missing.
///
/// # Errors
///
/// Fails on a type that no column of a query has.
pub(crate) fn column<'a>(
    kind: &DataType,
    values: impl Iterator<Item = Value<'a>>,
) -> Result<ArrayRef> {
    Ok(match kind {
        DataType::Null => Arc::new(NullArray::new(values.count())),
        DataType::Boolean => {
            let mut builder = BooleanBuilder::new();
            values.for_each(|value| builder.append_option(value.truth()));
            Arc::new(builder.finish())
        }
        DataType::Int64 => {
            let mut builder = Int64Builder::new();
            values.for_each(|value| builder.append_option(value.integer()));
            Arc::new(builder.finish())
        }
        DataType::Float64 => {
            let mut builder = Float64Builder::new();
            values.for_each(|value| builder.append_option(value.number().map(Number::float)));
            Arc::new(builder.finish())
        }
        DataType::Utf8 => {
            let mut builder = StringBuilder::new();
            values.for_each(|value| match value {
                Value::Json(text) => builder.append_value(text),
                value => builder.append_option(value.text()),
            });
            Arc::new(builder.finish())
        }
        DataType::LargeUtf8 => {
            let mut builder = LargeStringBuilder::new();
            values.for_each(|value| match value {
                Value::Missing => builder.append_null(),
                value => builder.append_value(json(&value)),
            });
            Arc::new(builder.finish())
        }
        DataType::UInt32 => {
            let mut builder = UInt32Builder::new();
            values.for_each(|value| {
                builder.append_option(match value.address() {
                    Some(IpAddr::V4(address)) => Some(address.to_bits()),
                    _ => None,
                });
            });
            Arc::new(builder.finish())
        }
        DataType::FixedSizeBinary(16) => {
            let mut builder = FixedSizeBinaryBuilder::new(16);
            for value in values {
                match value.address() {
                    Some(address) => builder.append_value(map(address))?,
                    None => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
        DataType::Timestamp(_, _) => {
            let mut builder = TimestampMillisecondBuilder::new();
            values.for_each(|value| builder.append_option(value.integer()));
            cast(&builder.finish(), kind)?
        }
        other => return Err(DataFusionError::NotImplemented(format!("a column of type {other}"))),
    })
}

/// Reads what [`json`] wrote; maps and lists stay text until somebody looks into them.
fn of_json(text: &str) -> Value<'_> {
    if text.starts_with(['[', '{']) {
        return Value::Json(Cow::Borrowed(text));
    }
    serde_json::from_str(text).map_or(Value::Missing, of_document)
}

/// Returns the value that a JSON document is.
pub(crate) fn of_document(document: serde_json::Value) -> Value<'static> {
    use serde_json::Value as Json;
    match document {
        Json::Null => Value::Missing,
        Json::Bool(value) => Value::Boolean(value),
        Json::String(text) => Value::owned(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Integer(whole),
            (None, Some(float)) => Value::float(float),
            (None, None) => Value::Missing,
        },
        compound @ (Json::Array(_) | Json::Object(_)) => {
            Value::Json(Cow::Owned(compound.to_string()))
        }
    }
}

/// Writes a value as JSON.
pub(crate) fn json(value: &Value<'_>) -> String {
    match value {
        Value::Missing => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Float(value) => serde_json::Value::from(*value).to_string(),
        Value::Integer(_) | Value::Json(_) => value.to_string(),
        Value::Text(_) | Value::Address(_) | Value::Time(_) => {
            serde_json::Value::String(value.to_string()).to_string()
        }
    }
}

/// Returns the type that holds values of both types without loss, the type of `if(c, a, b)`.
pub(crate) fn common(left: &DataType, right: &DataType) -> DataType {
    let (left, right) = (plain(left), plain(right));
    match (&left, &right) {
        (DataType::Null, _) => right,
        (_, DataType::Null) => left,
        _ if left == right => left,
        (DataType::Int64, DataType::Float64) | (DataType::Float64, DataType::Int64) => {
            DataType::Float64
        }
        (DataType::Boolean, DataType::Int64) | (DataType::Int64, DataType::Boolean) => {
            DataType::Int64
        }
        (DataType::UInt32 | DataType::FixedSizeBinary(_) | DataType::Utf8, _)
            if is_text(&right) =>
        {
            DataType::Utf8
        }
        _ => DataType::LargeUtf8,
    }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::UInt32 | DataType::FixedSizeBinary(_) | DataType::Utf8)
}

/// Returns the type in which functions produce what a column of `kind` holds.
pub(crate) fn plain(kind: &DataType) -> DataType {
    match kind {
        DataType::Dictionary(_, _) | DataType::Utf8View => DataType::Utf8,
        DataType::UInt32 => DataType::UInt32,
        kind if kind.is_integer() => DataType::Int64,
        kind => kind.clone(),
    }
}
