//! The notation that people type: ports, prefixes, sets of addresses, and traffic.
//!
//! Parsing never fails. It returns what could be read and every error at once, because a person
//! who fixes one error at a time gives up at the third. What enforces takes
//! [`Parsed::into_result`]; what only shows can go on with the rest.
//!
//! Names of services such as `https` are no part of the notation: they need the catalog.

mod piece;
mod traffic;

use std::fmt::Display;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::address::{Address, Ipv4Set, Ipv6Set};
use crate::discrete::Discrete;
use crate::interval::{Interval, PortRange};
use crate::interval_set::{IntervalSet, PortSet};
use crate::prefix::{IpPrefix, Prefix, PrefixError};
use piece::Piece;
pub use traffic::parse_traffic;

/// What was read, and what was wrong with the rest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parsed<T> {
    /// The value, built from the parts which could be read.
    pub value: T,
    /// The errors, in the order of the source.
    pub errors: Vec<SyntaxError>,
}

impl<T> Parsed<T> {
    /// Returns the value only if there was no error. For everything that enforces.
    ///
    /// # Errors
    ///
    /// Returns every error of the source.
    pub fn into_result(self) -> Result<T, Vec<SyntaxError>> {
        if self.errors.is_empty() { Ok(self.value) } else { Err(self.errors) }
    }
}

/// A mistake in the source, and how to put it right.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Where, in bytes of the source. Empty where something is missing.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl SyntaxError {
    /// Returns an error without help.
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// Returns the error with a remedy.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Parses a comma-separated list of ports and ranges of ports, such as `22,8000-8080`.
///
/// ```
/// let parsed = portolan_net::parse_ports("22, 8080-8000, 443");
/// assert_eq!(parsed.value.to_string(), "22,443");
/// assert_eq!(parsed.errors[0].span, 4..13);
/// assert_eq!(parsed.errors[0].help.as_deref(), Some("write `8000-8080`"));
/// ```
pub fn parse_ports(source: &str) -> Parsed<PortSet> {
    parse_list(source, port_range)
}

/// Parses a list of IPv4 prefixes, addresses and ranges, such as
/// `10.0.0.0/8,192.0.2.1-192.0.2.9`.
pub fn parse_ipv4_set(source: &str) -> Parsed<Ipv4Set> {
    parse_list(source, addresses::<Ipv4Addr>)
}

/// Parses a list of IPv6 prefixes, addresses and ranges, such as `2001:db8::/32,::1`.
pub fn parse_ipv6_set(source: &str) -> Parsed<Ipv6Set> {
    parse_list(source, addresses::<Ipv6Addr>)
}

/// Parses a prefix of one family, such as `10.0.0.0/8`.
///
/// # Errors
///
/// Returns an error, with the prefix to write instead if host bits are set.
pub fn parse_prefix<A: Address>(source: &str) -> Result<Prefix<A>, SyntaxError> {
    prefix(Piece::whole(source).trim())
}

/// Parses a prefix of either family.
///
/// # Errors
///
/// Returns an error, with the prefix to write instead if host bits are set.
pub fn parse_ip_prefix(source: &str) -> Result<IpPrefix, SyntaxError> {
    let piece = Piece::whole(source).trim();
    piece.text.parse().map_err(|error| prefix_error(piece, &error))
}

/// Parses the items between the commas of the source.
fn parse_list<T: Discrete>(
    source: &str,
    parse_item: fn(Piece<'_>) -> Result<Interval<T>, SyntaxError>,
) -> Parsed<IntervalSet<T>> {
    let mut errors = Vec::new();
    let items = Piece::whole(source).split(',').map(|item| parse_item(item.trim()));
    let value = items.filter_map(|item| item.map_err(|error| errors.push(error)).ok()).collect();
    Parsed { value, errors }
}

fn port_range(piece: Piece<'_>) -> Result<PortRange, SyntaxError> {
    range(piece, |piece| piece.number("expected a port number", "no port is above 65535"))
}

fn addresses<A: Address>(piece: Piece<'_>) -> Result<Interval<A>, SyntaxError> {
    if piece.text.contains('/') {
        prefix(piece).map(Prefix::interval)
    } else {
        range(piece, address)
    }
}

fn address<A: Address>(piece: Piece<'_>) -> Result<A, SyntaxError> {
    piece.text.parse().map_err(|_| piece.error(format!("expected an {} address", A::FAMILY)))
}

fn prefix<A: Address>(piece: Piece<'_>) -> Result<Prefix<A>, SyntaxError> {
    piece.text.parse().map_err(|error| prefix_error(piece, &error))
}

fn prefix_error(piece: Piece<'_>, error: &PrefixError) -> SyntaxError {
    SyntaxError { help: error.help(), ..piece.error(error.to_string()) }
}

/// Parses one value or two with a hyphen between them.
fn range<T: Discrete + Display>(
    piece: Piece<'_>,
    parse_value: impl Fn(Piece<'_>) -> Result<T, SyntaxError>,
) -> Result<Interval<T>, SyntaxError> {
    let Some((low, high)) = piece.split_once('-') else {
        return parse_value(piece).map(Interval::single);
    };
    let (first, last) = (parse_value(low.trim())?, parse_value(high.trim())?);
    Interval::new(first, last).ok_or_else(|| {
        let swapped = Interval::between(first, last);
        piece.error("this range ends before it starts").with_help(format!("write `{swapped}`"))
    })
}
