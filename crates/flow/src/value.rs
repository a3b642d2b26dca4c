//! One value of a record.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A value of a record, typed as the table of fields says; text borrows from the line.
///
/// It takes 24 bytes, and is meant to be handed around by value.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Value<'a> {
    /// `-`: not applicable, or not known to AWS.
    #[default]
    Absent,
    /// Of [`FieldType::Byte`](crate::FieldType::Byte).
    Byte(u8),
    /// Of [`FieldType::Port`](crate::FieldType::Port).
    Port(u16),
    /// Of [`FieldType::Integer`](crate::FieldType::Integer) or [`FieldType::Seconds`](crate::FieldType::Seconds), never
    /// negative.
    Integer(i64),
    /// Of [`FieldType::Address`](crate::FieldType::Address).
    Ipv4(Ipv4Addr),
    /// Of [`FieldType::Address`](crate::FieldType::Address).
    Ipv6(Ipv6Addr),
    /// Of [`FieldType::Word`](crate::FieldType::Word), [`FieldType::Text`](crate::FieldType::Text), or a column that is
    /// unknown to us. Neither empty nor with a space in it; a tag is still percent-encoded, see
    /// [`decode_tag`](crate::decode_tag).
    Text(&'a str),
}

impl Value<'_> {
    /// Returns whether the log has a value here at all.
    pub fn is_present(self) -> bool {
        self != Self::Absent
    }
}

impl fmt::Display for Value<'_> {
    /// Writes the value as flow logs do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("-"),
            Self::Byte(number) => number.fmt(f),
            Self::Port(number) => number.fmt(f),
            Self::Integer(number) => number.fmt(f),
            Self::Ipv4(address) => address.fmt(f),
            Self::Ipv6(address) => address.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}
