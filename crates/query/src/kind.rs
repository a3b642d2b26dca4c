//! What is known of a value before it is seen.

/// The kind of a value, as far as it is known from the query and the vocabulary.
///
/// Values of CloudWatch are dynamic, so a kind is not a type that a value must have: it is what the value will be if
/// it is there at all. Every kind can be missing.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// Nothing is known: text until used.
    #[default]
    Any,
    /// True or false; 1 or 0 in arithmetic and in results.
    Boolean,
    /// A whole number of 64 bits with sign.
    Integer,
    /// A number of double precision.
    Decimal,
    /// Text.
    Text,
    /// Text that is an IPv4 or IPv6 address, in canonical form.
    Address,
    /// A time in milliseconds since 1970 UTC; its text is `YYYY-MM-DD HH:MM:SS.mmm`.
    Time,
    /// A whole number that is a time in seconds since 1970 UTC, such as `startTime`.
    Seconds,
    /// A list or a map, such as `jsonParse` gives.
    Structure,
}

impl Kind {
    /// Returns whether values of this kind are numbers in comparisons and arithmetic.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Boolean | Self::Integer | Self::Decimal | Self::Time | Self::Seconds)
    }

    /// Returns whether values of this kind are text.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Address)
    }

    /// Returns whether arithmetic on values of this kind stays whole.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Boolean | Self::Integer | Self::Time | Self::Seconds)
    }

    /// Returns the kind of a value that is of one of the two kinds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            _ if self == other => self,
            _ if self.is_text() && other.is_text() => Self::Text,
            (Self::Time, _) | (_, Self::Time) => Self::Any,
            _ if self.is_whole() && other.is_whole() => Self::Integer,
            _ if self.is_number() && other.is_number() => Self::Decimal,
            _ => Self::Any,
        }
    }

    /// Returns what people call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Boolean => "true or false",
            Self::Integer => "whole number",
            Self::Decimal => "number",
            Self::Text => "text",
            Self::Address => "address",
            Self::Time => "time",
            Self::Seconds => "time in seconds",
            Self::Structure => "list or map",
        }
    }
}
