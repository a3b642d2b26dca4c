//! Settings of parsing and checking.

/// What to do with a field that the vocabulary does not have and the query has not made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum UnknownFields {
    /// Take it for a field that CloudWatch would discover in the events, with a note if a known one is close.
    #[default]
    Discover,
    /// Refuse it.
    Refuse,
}

/// Settings of parsing and checking.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// Do what AWS does even where that is surprising: take `bin(300s)` for `bin(60s)`.
    pub aws_compatible: bool,
    /// What to do with unknown fields.
    pub unknown_fields: UnknownFields,
}
