//! Sets of addresses of both families.

use std::fmt;
use std::net::IpAddr;

use portolan_net::{IpPrefix, Ipv4Set, Ipv6Set, Set as _};

/// A set of IPv4 and IPv6 addresses.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IpSet {
    /// The IPv4 addresses.
    pub v4: Ipv4Set,
    /// The IPv6 addresses.
    pub v6: Ipv6Set,
}

impl IpSet {
    /// Returns whether no address is in the set.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Returns whether `address` is in the set.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.contains(address),
            IpAddr::V6(address) => self.v6.contains(address),
        }
    }

    /// Returns the lowest address, an IPv4 one if there is any.
    pub fn first(&self) -> Option<IpAddr> {
        let v4 = self.v4.first().map(IpAddr::V4);
        v4.or_else(|| self.v6.first().map(IpAddr::V6))
    }

    /// Returns the fewest prefixes that make up the set, IPv4 first, lowest first.
    pub fn prefixes(&self) -> impl Iterator<Item = IpPrefix> + '_ {
        let v4 = self.v4.prefixes().map(IpPrefix::V4);
        v4.chain(self.v6.prefixes().map(IpPrefix::V6))
    }
}

impl FromIterator<IpPrefix> for IpSet {
    /// Collects prefixes of either family in any order, overlapping or not.
    fn from_iter<I: IntoIterator<Item = IpPrefix>>(prefixes: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for prefix in prefixes {
            match prefix {
                IpPrefix::V4(prefix) => v4.push(prefix),
                IpPrefix::V6(prefix) => v6.push(prefix),
            }
        }
        Self { v4: v4.into_iter().collect(), v6: v6.into_iter().collect() }
    }
}

impl fmt::Display for IpSet {
    /// Prints the prefixes, separated by commas; a prefix of one address without its length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, prefix) in self.prefixes().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{prefix}")?;
        }
        Ok(())
    }
}
