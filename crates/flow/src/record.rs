//! One line of a flow log as typed values.

use std::fmt;
use std::ops::Range;

use crate::field::{Field, FieldType};
use crate::layout::Layout;
use crate::scan;
use crate::value::Value;

/// The values of one line, in the order of its layout.
///
/// Make one and read every line into it: it keeps its memory.
///
/// ```
/// use portolan_flow::{Field, Layout, Record, Value};
///
/// let layout = Layout::parse("srcaddr dstport action").unwrap();
/// let mut record = Record::default();
/// record.read(&layout, "10.0.0.1 443 -").unwrap();
/// assert_eq!(record.value(&layout, Field::DstPort), Value::Port(443));
/// assert_eq!(record.value(&layout, Field::Action), Value::Absent);
/// assert_eq!(record.to_string(), "10.0.0.1 443 -");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Record<'a> {
    values: Vec<Value<'a>>,
}

/// Why a line is not a record, and where in the line.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{fault}")]
pub struct LineError {
    /// The column, counted from 0. One past the last if the line goes on.
    pub column: usize,
    /// Where, in bytes of the line. Empty where something is missing.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a value or a line.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The line ends early.
    #[error("the line has fewer values than the header has fields")]
    TooFew,
    /// The line goes on after the last field.
    #[error("the line has more values than the header has fields")]
    TooMany,
    /// A number is expected.
    #[error("this is not a number")]
    Number,
    /// The number is too large for its field: a port above 65535, a byte above 255.
    #[error("no value of this field is so large")]
    Range,
    /// An address is expected.
    #[error("this is not an address")]
    Address,
    /// The bytes are not UTF-8.
    #[error("this is not text")]
    NotText,
}

impl Fault {
    /// Returns what the user can do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::TooFew | Self::TooMany => {
                "the line may be cut off, or the file may not have the format of its header"
            }
            Self::Number | Self::Range | Self::Address => {
                "compare the format with the flow log's: a field may be missing or out of order"
            }
            Self::NotText => "the file may be damaged, or compressed in a way that is not known",
        }
    }
}

impl<'a> Record<'a> {
    /// Reads a line, without its end, by the layout of its file.
    ///
    /// Values are parted by spaces; more than one is taken for one, since AWS's own examples have that. Numbers may have
    /// leading zeros. After an error the record holds no values.
    ///
    /// # Errors
    ///
    /// Returns the first thing that is wrong with the line.
    pub fn read(&mut self, layout: &Layout, line: &'a str) -> Result<(), LineError> {
        let result = self.fill(layout, line);
        if result.is_err() {
            self.values.clear();
        }
        result
    }

    /// Returns the values, as many as the layout has columns.
    pub fn values(&self) -> &[Value<'a>] {
        &self.values
    }

    /// Returns the value in a slot of the layout; absent if there is no such slot.
    pub fn get(&self, slot: usize) -> Value<'a> {
        self.values.get(slot).copied().unwrap_or_default()
    }

    /// Returns the value of a field; absent if the layout does not have it.
    ///
    /// This looks the field up. Who reads many records asks [`Layout::slot`] once.
    pub fn value(&self, layout: &Layout, field: Field) -> Value<'a> {
        layout.slot(field).map(|slot| self.get(slot)).unwrap_or_default()
    }

    fn fill(&mut self, layout: &Layout, line: &'a str) -> Result<(), LineError> {
        let types = layout.types();
        self.values.resize(types.len(), Value::Absent);
        let mut tokens = scan::Tokens::of(line.as_bytes());
        for (column, (field_type, slot)) in types.iter().zip(&mut self.values).enumerate() {
            let Some(token) = tokens.next() else {
                let span = line.len()..line.len();
                return Err(LineError { column, span, fault: Fault::TooFew });
            };
            match value(*field_type, line, token.clone()) {
                Ok(value) => *slot = value,
                Err(fault) => return Err(LineError { column, span: token, fault }),
            }
        }
        tokens.next().map_or(Ok(()), |token| {
            let span = token.start..line.len();
            Err(LineError { column: types.len(), span, fault: Fault::TooMany })
        })
    }
}

impl fmt::Display for Record<'_> {
    /// Writes the line as AWS does, values parted by one space.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.values.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{value}")?;
        }
        Ok(())
    }
}

/// Reads one token of the line.
#[expect(
    clippy::inline_always,
    reason = "a fifth of the time of a line is in passing the value on"
)]
#[inline(always)]
fn value(field_type: FieldType, line: &str, token: Range<usize>) -> Result<Value<'_>, Fault> {
    let bytes = line.as_bytes();
    if token.len() == 1 && bytes.get(token.start) == Some(&b'-') {
        return Ok(Value::Absent);
    }
    match field_type {
        FieldType::Word | FieldType::Text => Ok(Value::Text(line.get(token).unwrap_or_default())),
        FieldType::Port => number(bytes, token).map(Value::Port),
        FieldType::Byte => number(bytes, token).map(Value::Byte),
        FieldType::Integer | FieldType::Seconds => number(bytes, token).map(Value::Integer),
        FieldType::Address => scan::ipv4(bytes, token.clone())
            .map(Value::Ipv4)
            .or_else(|| line.get(token)?.parse().ok().map(Value::Ipv6))
            .ok_or(Fault::Address),
    }
}

/// Reads a number of a type.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn number<N: TryFrom<u64>>(line: &[u8], token: Range<usize>) -> Result<N, Fault> {
    match scan::decimal(line, token.clone()) {
        Some(number) => number.try_into().map_err(|_| Fault::Range),
        None if line.get(token).is_some_and(|it| it.iter().all(u8::is_ascii_digit)) => {
            Err(Fault::Range)
        }
        None => Err(Fault::Number),
    }
}
