//! Prefixes from plain numbers, and prefixes around addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portolan_net::{IpPrefix, Ipv4Prefix, Ipv6Prefix};

/// Returns the IPv4 prefix that holds an address; every address if the length is above 32.
pub(super) fn v4(address: impl Into<Ipv4Addr>, length: u8) -> Ipv4Prefix {
    Ipv4Prefix::truncating(address.into(), length).unwrap_or(Ipv4Prefix::ALL)
}

/// Returns the IPv6 prefix that holds an address; every address if the length is above 128.
pub(super) fn v6(address: impl Into<Ipv6Addr>, length: u8) -> Ipv6Prefix {
    Ipv6Prefix::truncating(address.into(), length).unwrap_or(Ipv6Prefix::ALL)
}

/// Returns the prefixes that hold an address and are worth a rule: itself, and cuts between its neighbours.
pub(super) fn around(address: IpAddr) -> [IpPrefix; 3] {
    match address {
        IpAddr::V4(one) => [32, 31, 29].map(|length| v4(one, length).into()),
        IpAddr::V6(one) => [128, 127, 125].map(|length| v6(one, length).into()),
    }
}

/// Returns the first and the last address of a prefix, and those just outside of it.
pub(super) fn edges(prefix: IpPrefix) -> Vec<IpAddr> {
    match prefix {
        IpPrefix::V4(prefix) => {
            let (first, last) = (prefix.network().to_bits(), prefix.last().to_bits());
            let edges = [first.checked_sub(1), Some(first), Some(last), last.checked_add(1)];
            edges.into_iter().flatten().map(|bits| Ipv4Addr::from_bits(bits).into()).collect()
        }
        IpPrefix::V6(prefix) => {
            let (first, last) = (prefix.network().to_bits(), prefix.last().to_bits());
            let edges = [first.checked_sub(1), Some(first), Some(last), last.checked_add(1)];
            edges.into_iter().flatten().map(|bits| Ipv6Addr::from_bits(bits).into()).collect()
        }
    }
}

/// Returns the two halves of a prefix, or the prefix itself if it is one address.
pub(super) fn halves(prefix: IpPrefix) -> Vec<IpPrefix> {
    match prefix {
        IpPrefix::V4(whole) if whole.length() < 32 => {
            [whole.network(), whole.last()].map(|end| v4(end, whole.length() + 1).into()).into()
        }
        IpPrefix::V6(whole) if whole.length() < 128 => {
            [whole.network(), whole.last()].map(|end| v6(end, whole.length() + 1).into()).into()
        }
        one => vec![one],
    }
}

/// Returns whether every address of the second prefix is in the first.
pub(super) fn covers(one: IpPrefix, other: IpPrefix) -> bool {
    match (one, other) {
        (IpPrefix::V4(one), IpPrefix::V4(other)) => one.covers(other),
        (IpPrefix::V6(one), IpPrefix::V6(other)) => one.covers(other),
        _ => false,
    }
}

/// Returns whether two prefixes have an address in common.
pub(super) fn overlap(one: IpPrefix, other: IpPrefix) -> bool {
    covers(one, other) || covers(other, one)
}
