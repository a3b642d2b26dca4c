//! The notation that people type: ports, prefixes, address sets and traffic.
//!
//! Parsing never fails. It returns what could be read and every error at once, because a person
//! who fixes one error at a time gives up at the third.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::str::FromStr as _;

use crate::address::{Address, Family, Ipv4Set, Ipv6Set};
use crate::algebra::Set as _;
use crate::icmp::{IcmpKind, IcmpSet, kind_named};
use crate::interval::{Interval, IntervalSet, PortRange, PortSet};
use crate::prefix::{IpPrefix, Prefix, PrefixError};
use crate::protocol::Protocol;
use crate::traffic::Traffic;

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
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SyntaxError {
    /// Where, in bytes of the source.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
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

/// A piece of the source that knows where it lies.
#[derive(Clone, Copy, Debug)]
struct Piece<'a> {
    start: usize,
    text: &'a str,
}

impl<'a> Piece<'a> {
    fn span(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    fn error(self, message: impl Into<String>) -> SyntaxError {
        SyntaxError::new(self.span(), message)
    }

    fn trim(self) -> Self {
        let trimmed = self.text.trim_start();
        Self { start: self.start + self.text.len() - trimmed.len(), text: trimmed.trim_end() }
    }

    fn split_once(self, separator: char) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(separator)?;
        let start = self.start + self.text.len() - after.len();
        Some((Self { text: before, ..self }, Self { start, text: after }))
    }

    fn split(self, separator: fn(char) -> bool) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split_inclusive(separator).map(move |piece| {
            let text = piece.trim_end_matches(separator);
            let item = Self { start, text };
            start += piece.len();
            item.trim()
        })
    }
}

/// Parses a comma-separated list of ports and ranges of ports: `22,8000-8080`.
pub fn parse_ports(source: &str) -> Parsed<PortSet> {
    list(Piece { start: 0, text: source }, port_range)
}

/// Parses a prefix of one family.
pub fn parse_prefix<A: Address>(source: &str) -> Result<Prefix<A>, SyntaxError> {
    prefix(Piece { start: 0, text: source }.trim())
}

/// Parses a prefix of either family.
pub fn parse_ip_prefix(source: &str) -> Result<IpPrefix, SyntaxError> {
    let piece = Piece { start: 0, text: source }.trim();
    IpPrefix::from_str(piece.text).map_err(|error| prefix_error(piece, &error))
}

/// Parses a set of IPv4 addresses: `10.0.0.0/8,192.0.2.1-192.0.2.9`.
pub fn parse_ipv4_set(source: &str) -> Parsed<Ipv4Set> {
    list(Piece { start: 0, text: source }, addresses::<Ipv4Addr>)
}

/// Parses a set of IPv6 addresses: `2001:db8::/32,::1`.
pub fn parse_ipv6_set(source: &str) -> Parsed<Ipv6Set> {
    list(Piece { start: 0, text: source }, addresses::<Ipv6Addr>)
}

/// Parses traffic: `tcp/22,80-90 udp/53; icmp/8/0`, `esp`, `protocol/89`, `all`.
pub fn parse_traffic(source: &str) -> Parsed<Traffic> {
    let mut parsed = Parsed { value: Traffic::empty(), errors: Vec::new() };
    let terms = Piece { start: 0, text: source }.split(|c| c == ';' || c.is_whitespace());
    for piece in terms.filter(|piece| !piece.text.is_empty()) {
        let term = term(piece);
        parsed.value = parsed.value.union(&term.value);
        parsed.errors.extend(term.errors);
    }
    if parsed.value.is_empty() && parsed.errors.is_empty() {
        parsed.errors.push(SyntaxError::new(0..source.len(), "expected a protocol"));
    }
    parsed
}

fn list<T: crate::Discrete>(
    piece: Piece<'_>,
    item: fn(Piece<'_>) -> Result<Interval<T>, SyntaxError>,
) -> Parsed<IntervalSet<T>> {
    let mut errors = Vec::new();
    let intervals = piece.split(|c| c == ',').filter_map(|piece| match item(piece) {
        Ok(interval) => Some(interval),
        Err(error) => {
            errors.push(error);
            None
        }
    });
    let value = intervals.collect();
    Parsed { value, errors }
}

fn port_range(piece: Piece<'_>) -> Result<PortRange, SyntaxError> {
    let Some((low, high)) = piece.split_once('-') else {
        return port(piece).map(PortRange::single);
    };
    range(piece, port(low.trim())?, port(high.trim())?)
}

fn range<T: crate::Discrete + std::fmt::Display>(
    piece: Piece<'_>,
    first: T,
    last: T,
) -> Result<Interval<T>, SyntaxError> {
    Interval::new(first, last).ok_or_else(|| {
        piece.error("this range ends before it starts").with_help(format!("write `{last}-{first}`"))
    })
}

fn port(piece: Piece<'_>) -> Result<u16, SyntaxError> {
    number(piece, "expected a port number", "no port is above 65535")
}

fn number<N: std::str::FromStr>(
    piece: Piece<'_>,
    expected: &str,
    too_large: &str,
) -> Result<N, SyntaxError> {
    // `str::parse` would take `+22`.
    if piece.text.is_empty() || !piece.text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(piece.error(expected));
    }
    piece.text.parse().map_err(|_| piece.error(too_large))
}

fn addresses<A: Address>(piece: Piece<'_>) -> Result<Interval<A>, SyntaxError> {
    if piece.text.contains('/') {
        return prefix(piece).map(Prefix::interval);
    }
    let Some((low, high)) = piece.split_once('-') else {
        return address(piece).map(Interval::single);
    };
    range(piece, address(low.trim())?, address(high.trim())?)
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

fn term(piece: Piece<'_>) -> Parsed<Traffic> {
    if piece.text.eq_ignore_ascii_case("all") {
        return Parsed { value: Traffic::all(), errors: Vec::new() };
    }
    let (name, rest) = match piece.split_once('/') {
        Some((name, rest)) => (name, Some(rest)),
        None => (piece, None),
    };
    let result = match (Protocol::from_str(name.text), rest) {
        (Ok(protocol), None) => Ok(Traffic::protocol(protocol)),
        (Ok(protocol), Some(rest)) if protocol.has_ports() => {
            let Parsed { value, errors } = list(rest, port_range);
            let value = Traffic::with_ports(protocol, value, PortSet::full());
            return Parsed { value, errors };
        }
        (Ok(Protocol::ICMP), Some(rest)) => icmp(rest, Family::V4).map(Traffic::icmp),
        (Ok(Protocol::ICMPV6), Some(rest)) => icmp(rest, Family::V6).map(Traffic::icmpv6),
        (Ok(_), Some(rest)) => Err(rest.error("this protocol has no ports")),
        (Err(_), Some(rest)) if name.text == "protocol" => {
            number(rest, "expected a protocol number", "no protocol is above 255")
                .map(|number| Traffic::protocol(Protocol(number)))
        }
        (Err(_), _) => Err(name.error("expected a protocol")),
    };
    match result {
        Ok(value) => Parsed { value, errors: Vec::new() },
        Err(error) => Parsed { value: Traffic::empty(), errors: vec![error] },
    }
}

fn icmp(piece: Piece<'_>, family: Family) -> Result<IcmpSet, SyntaxError> {
    let (kind, code) = match piece.split_once('/') {
        Some((kind, code)) => (kind, Some(code)),
        None => (piece, None),
    };
    let kind = match kind_named(kind.text, family) {
        Some(kind) => kind,
        None => number(kind, "expected an ICMP type", "no ICMP type is above 255")?,
    };
    let Some(code) = code else { return Ok(IcmpKind::all_codes(kind).into()) };
    let code = number(code, "expected an ICMP code", "no ICMP code is above 255")?;
    Ok(IcmpSet::single(IcmpKind::new(kind, code)))
}
