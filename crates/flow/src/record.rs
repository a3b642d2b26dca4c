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
/// record.read(&layout, b"10.0.0.1 443 -").unwrap();
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
    /// The number is too large for its field.
    #[error("no value of this field is above {max}")]
    Range {
        /// The largest value of the type of the field.
        max: u64,
    },
    /// An address is expected.
    #[error("this is not an address")]
    Address,
    /// Bytes that are not UTF-8.
    #[error("this is not text")]
    Utf8,
}

impl Fault {
    /// Returns what the user can do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::TooFew | Self::TooMany => {
                "the line may be cut off, or the file may not have the format of its header"
            }
            Self::Number | Self::Range { .. } | Self::Address => {
                "compare the format with the flow log's: a field may be missing or out of order"
            }
            Self::Utf8 => "the file may be damaged, or compressed in a way that is not known",
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
    pub fn read(&mut self, layout: &Layout, line: &'a [u8]) -> Result<(), LineError> {
        self.values.clear();
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

    fn fill(&mut self, layout: &Layout, line: &'a [u8]) -> Result<(), LineError> {
        let text = str::from_utf8(line).map_err(|error| {
            let at = error.valid_up_to();
            LineError { column: column_at(line, at), span: at..at + 1, fault: Fault::Utf8 }
        })?;
        self.values.reserve(layout.types().len());
        let mut tokens = Tokens { text, next: 0 };
        for (column, field_type) in layout.types().iter().enumerate() {
            let Some((start, token)) = tokens.next() else {
                return Err(LineError {
                    column,
                    span: text.len()..text.len(),
                    fault: Fault::TooFew,
                });
            };
            let value = value(*field_type, token).map_err(|fault| LineError {
                column,
                span: start..start + token.len(),
                fault,
            })?;
            self.values.push(value);
        }
        match tokens.next() {
            Some((start, _)) => {
                let column = layout.types().len();
                Err(LineError { column, span: start..text.len(), fault: Fault::TooMany })
            }
            None => Ok(()),
        }
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

/// Yields where each token of a line starts, and the token.
struct Tokens<'a> {
    text: &'a str,
    next: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<(usize, &'a str)> {
        let bytes = self.text.as_bytes();
        let mut start = self.next;
        while bytes.get(start) == Some(&b' ') {
            start += 1;
        }
        let length = memchr::memchr(b' ', bytes.get(start..)?);
        let end = length.map_or(bytes.len(), |length| start + length);
        self.next = end + 1;
        self.text.get(start..end).filter(|it| !it.is_empty()).map(|token| (start, token))
    }
}

fn value(field_type: FieldType, token: &str) -> Result<Value<'_>, Fault> {
    if token == "-" {
        return Ok(Value::Absent);
    }
    match field_type {
        FieldType::Word | FieldType::Text => Ok(Value::Text(token)),
        FieldType::Port => {
            number(token, u16::MAX.into(), |it| u16::try_from(it).ok().map(Value::Port))
        }
        FieldType::Byte => {
            number(token, u8::MAX.into(), |it| u8::try_from(it).ok().map(Value::Byte))
        }
        FieldType::Integer | FieldType::Seconds => {
            number(token, i64::MAX.unsigned_abs(), |it| i64::try_from(it).ok().map(Value::Integer))
        }
        FieldType::Address => address(token.as_bytes()).ok_or(Fault::Address),
    }
}

/// Reads a number and makes a value of it, unless it is above `max`.
fn number<'a>(
    token: &str,
    max: u64,
    value: fn(u64) -> Option<Value<'a>>,
) -> Result<Value<'a>, Fault> {
    let digits = token.as_bytes();
    match scan::decimal(digits) {
        Some(number) => value(number).ok_or(Fault::Range { max }),
        None if digits.iter().all(u8::is_ascii_digit) => Err(Fault::Range { max }),
        None => Err(Fault::Number),
    }
}

fn address<'a>(token: &[u8]) -> Option<Value<'a>> {
    scan::ipv4(token).map(Value::Ipv4).or_else(|| scan::ipv6(token).map(Value::Ipv6))
}

/// Returns in which column the byte at `at` stands.
fn column_at(line: &[u8], at: usize) -> usize {
    let before = line.get(..at).unwrap_or_default();
    before.windows(2).filter(|pair| matches!(pair, [left, b' '] if *left != b' ')).count()
}
