//! The line of all addresses, on which every filter and route table is a step map.
//!
//! IPv4 and IPv6 share one line: an IPv4 address stands at its IPv4-mapped place `::ffff:a.b.c.d` (RFC
//! 4291, section 2.5.5.2), which no packet on a wire carries as an IPv6 address. Inside the engine this
//! saves a second copy of every structure and function; at its border the families are separate types
//! again. An IPv6 prefix of a rule never holds the mapped block: `::/0` means IPv6 only.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portolan_net::{
    Discrete, Interval, IntervalSet, IpPrefix, Ipv4Set, Ipv6Set, Set as _, StepMap,
};

use crate::ip_set::IpSet;

/// One address of either family, as a place on the line.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Spot(u128);

/// A set of addresses of either family.
pub(crate) type Spots = IntervalSet<Spot>;

const MAPPED_FIRST: u128 = 0xffff_0000_0000;
const MAPPED_LAST: u128 = 0xffff_ffff_ffff;

impl Discrete for Spot {
    const MIN: Self = Self(u128::MIN);
    const MAX: Self = Self(u128::MAX);

    fn ordinal(self) -> u128 {
        self.0
    }

    fn successor(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }

    fn predecessor(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

impl From<IpAddr> for Spot {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => address.into(),
        }
    }
}

impl From<Ipv4Addr> for Spot {
    fn from(address: Ipv4Addr) -> Self {
        Self(MAPPED_FIRST | u128::from(address.to_bits()))
    }
}

impl From<Ipv6Addr> for Spot {
    fn from(address: Ipv6Addr) -> Self {
        Self(address.to_bits())
    }
}

impl From<Spot> for IpAddr {
    fn from(spot: Spot) -> Self {
        if spot.is_ipv4() { Self::V4(spot.ipv4()) } else { Self::V6(spot.0.into()) }
    }
}

impl From<[u8; 4]> for Spot {
    fn from(octets: [u8; 4]) -> Self {
        Ipv4Addr::from(octets).into()
    }
}

impl Spot {
    pub(crate) const fn is_ipv4(self) -> bool {
        MAPPED_FIRST <= self.0 && self.0 <= MAPPED_LAST
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low 32 bits are the address")]
    fn ipv4(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.0 as u32)
    }
}

/// Returns all places of IPv4.
pub(crate) fn all_ipv4() -> Spots {
    Interval::new(Spot(MAPPED_FIRST), Spot(MAPPED_LAST)).into_iter().collect()
}

/// Returns the places of a prefix.
pub(crate) fn spots(prefix: IpPrefix) -> Spots {
    match prefix {
        IpPrefix::V4(prefix) => {
            Interval::new(prefix.network().into(), prefix.last().into()).into_iter().collect()
        }
        IpPrefix::V6(prefix) => {
            let all: Spots =
                Interval::new(prefix.network().into(), prefix.last().into()).into_iter().collect();
            all.difference(&all_ipv4())
        }
    }
}

/// Returns which addresses are in a set, as a map.
pub(crate) fn scope(set: &Spots) -> StepMap<Spot, bool> {
    let mut scope = StepMap::constant(false);
    scope.paint_all(set.intervals().iter().map(|interval| (*interval, true)));
    scope
}

/// Returns the places of a set of addresses.
pub(crate) fn from_ip_set(set: &IpSet) -> Spots {
    let v4 =
        set.v4.intervals().iter().filter_map(|i| Interval::new(i.first().into(), i.last().into()));
    let v6: Spots = set
        .v6
        .intervals()
        .iter()
        .filter_map(|i| Interval::new(i.first().into(), i.last().into()))
        .collect();
    v4.collect::<Spots>().union(&v6.difference(&all_ipv4()))
}

/// Returns the addresses of a set of places.
pub(crate) fn to_ip_set(spots: &Spots) -> IpSet {
    let ipv4 = all_ipv4();
    let v4: Ipv4Set = spots
        .intersection(&ipv4)
        .intervals()
        .iter()
        .filter_map(|i| Interval::new(i.first().ipv4(), i.last().ipv4()))
        .collect();
    let v6: Ipv6Set = spots
        .difference(&ipv4)
        .intervals()
        .iter()
        .filter_map(|i| Interval::new(i.first().0.into(), i.last().0.into()))
        .collect();
    IpSet { v4, v6 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prefix: &str, inside: &[&str], outside: &[&str]) {
        let set = spots(prefix.parse().unwrap());
        let has = |text: &&str| set.contains(text.parse::<IpAddr>().unwrap().into());
        assert!(inside.iter().all(has), "{prefix} lacks one of {inside:?}");
        assert!(!outside.iter().any(has), "{prefix} has one of {outside:?}");
        assert_eq!(from_ip_set(&to_ip_set(&set)), set);
    }

    #[test]
    fn families_do_not_mix() {
        check("0.0.0.0/0", &["0.0.0.0", "255.255.255.255"], &["::", "::1", "2001:db8::1"]);
        check("::/0", &["::", "2001:db8::1", "::1:0:0:0"], &["0.0.0.0", "10.1.2.3"]);
        check("10.0.0.0/8", &["10.0.0.0", "10.255.255.255"], &["11.0.0.0", "::a00:0"]);
        check("::ffff:0:0/96", &[], &["1.2.3.4"]);
    }
}
