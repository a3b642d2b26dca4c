//! Addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use arrow::datatypes::DataType;
use portolan_net::Prefix;

use super::{Function, Prepared, at, boolean, integer, prepared, row};
use crate::engine::value::Value;

pub(super) static FUNCTIONS: &[Function] = &[
    row("isvalidip", boolean, |v| is(v, |_| true)),
    row("isvalidipv4", boolean, |v| is(v, IpAddr::is_ipv4)),
    row("isvalidipv6", boolean, |v| is(v, IpAddr::is_ipv6)),
    prepared("isipinsubnet", boolean, |literals| in_subnet(literals, |_| true)),
    prepared("isipv4insubnet", boolean, |literals| in_subnet(literals, IpAddr::is_ipv4)),
    prepared("isipv6insubnet", boolean, |literals| in_subnet(literals, IpAddr::is_ipv6)),
    row("ipv4tonumber", integer, |v| match at(v, 0).address() {
        Some(IpAddr::V4(address)) => Value::Integer(i64::from(address.to_bits())),
        _ => Value::Missing,
    }),
    row("isprivateip", boolean, |v| is(v, is_private)),
    row(
        "anyaddress",
        |_| DataType::FixedSizeBinary(16),
        |v| {
            if at(v, 0).is_missing() { at(v, 1).clone() } else { at(v, 0).clone() }
        },
    ),
    row("ispublicip", boolean, |v| is(v, |a| !is_private(a) && !is_reserved(a))),
    row("isreservedip", boolean, |v| is(v, is_reserved)),
];

/// A block of addresses of either family.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Block {
    /// Of IPv4.
    V4(Prefix<Ipv4Addr>),
    /// Of IPv6.
    V6(Prefix<Ipv6Addr>),
}

impl Block {
    /// Reads `10.0.0.0/8`; what is set beyond the length is ignored, a bare address is a block of one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse().ok()?)),
            None => (text, None),
        };
        match address.trim().parse().ok()? {
            IpAddr::V4(address) => Prefix::truncating(address, length.unwrap_or(32)).map(Self::V4),
            IpAddr::V6(address) => Prefix::truncating(address, length.unwrap_or(128)).map(Self::V6),
        }
    }

    /// Returns whether it holds the address.
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::V4(block), IpAddr::V4(address)) => block.contains(address),
            (Self::V6(block), IpAddr::V6(address)) => block.contains(address),
            _ => false,
        }
    }
}

fn is<'a>(values: &[Value<'a>], test: fn(&IpAddr) -> bool) -> Value<'a> {
    match at(values, 0) {
        Value::Missing | Value::Json(_) => Value::Missing,
        value => Value::Boolean(value.address().is_some_and(|address| test(&address))),
    }
}

fn in_subnet(literals: &[Option<Value<'static>>], family: fn(&IpAddr) -> bool) -> Prepared {
    let known = literals.get(1).and_then(Option::as_ref).map(block);
    Box::new(move |values| {
        if at(values, 0).is_missing() || at(values, 1).is_missing() {
            return Value::Missing;
        }
        let block = known.unwrap_or_else(|| block(at(values, 1)));
        let address = at(values, 0).address().filter(family);
        Value::Boolean(matches!((block, address), (Some(b), Some(a)) if b.contains(a)))
    })
}

fn block(value: &Value<'_>) -> Option<Block> {
    value.text().and_then(|text| Block::parse(&text))
}

/// The private blocks of RFC 1918.
fn is_private(address: &IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.is_private())
}

/// What nobody routes on the Internet beside the private blocks: the special-purpose registries of IANA (RFC 6890).
fn is_reserved(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => reserved_v4(*address),
        IpAddr::V6(address) => {
            address.is_unspecified()
                || address.is_loopback()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.segments().starts_with(&[0x2001, 0x0db8])
        }
    }
}

fn reserved_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
}
