//! Address prefixes (CIDR blocks), RFC 4632 and RFC 4291 section 2.3.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::address::{Address, AddressSet, Family};
use crate::interval::Interval;

/// An IPv4 prefix, such as `10.0.0.0/8`.
pub type Ipv4Prefix = Prefix<Ipv4Addr>;

/// An IPv6 prefix, such as `2001:db8::/32`.
pub type Ipv6Prefix = Prefix<Ipv6Addr>;

/// A block of addresses that share their leading bits.
///
/// The order is by network, then by length: a prefix comes before those that it covers.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Prefix<A> {
    // INVARIANT: the bits after `length` are zero, and length <= A::BITS.
    network: A,
    length: u8,
}

impl<A: Address> Prefix<A> {
    /// Every address: `0.0.0.0/0` or `::/0`.
    pub const ALL: Self = Self { network: A::MIN, length: 0 };

    /// Returns the prefix, or `None` if host bits are set or the length is too great.
    pub fn new(network: A, length: u8) -> Option<Self> {
        Self::truncating(network, length).filter(|prefix| prefix.network == network)
    }

    /// Returns the prefix of this length that holds `address`, or `None` if the length is
    /// greater than [`Address::BITS`].
    pub fn truncating(address: A, length: u8) -> Option<Self> {
        let host = host_mask::<A>(length)?;
        Some(Self { network: A::from_bits(address.to_bits() & !host), length })
    }

    /// Returns the prefix of one address.
    pub const fn single(address: A) -> Self {
        Self { network: address, length: A::BITS }
    }

    /// Returns the first address.
    pub const fn network(self) -> A {
        self.network
    }

    /// Returns the last address, which for IPv4 is the broadcast address.
    pub fn last(self) -> A {
        let host = host_mask::<A>(self.length).unwrap_or_default();
        A::from_bits(self.network.to_bits() | host)
    }

    /// Returns how many leading bits are fixed.
    pub const fn length(self) -> u8 {
        self.length
    }

    /// Returns whether `address` lies in the prefix.
    pub fn contains(self, address: A) -> bool {
        self.interval().contains(address)
    }

    /// Returns whether every address of `other` lies in this prefix.
    pub fn covers(self, other: Self) -> bool {
        self.length <= other.length && self.contains(other.network)
    }

    /// Returns the addresses as an interval.
    pub fn interval(self) -> Interval<A> {
        Interval::new(self.network, self.last()).unwrap_or(Interval::single(self.network))
    }
}

/// Returns the mask of the bits after `length`, or `None` if there are not so many bits.
fn host_mask<A: Address>(length: u8) -> Option<u128> {
    let host_bits = A::BITS.checked_sub(length)?;
    Some(u128::MAX.checked_shr(128 - u32::from(host_bits)).unwrap_or(0))
}

impl<A: Address> From<Prefix<A>> for AddressSet<A> {
    fn from(prefix: Prefix<A>) -> Self {
        prefix.interval().into()
    }
}

impl<A: Address> FromIterator<Prefix<A>> for AddressSet<A> {
    /// Collects prefixes in any order, overlapping or not.
    fn from_iter<I: IntoIterator<Item = Prefix<A>>>(prefixes: I) -> Self {
        prefixes.into_iter().map(Prefix::interval).collect()
    }
}

impl<A: Address> AddressSet<A> {
    /// Yields the fewest prefixes that make up the set, lowest first.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix<A>> {
        self.intervals().iter().flat_map(|interval| interval.prefixes())
    }
}

impl<A: Address> Interval<A> {
    /// Yields the fewest prefixes that make up the interval, lowest first.
    pub fn prefixes(self) -> impl Iterator<Item = Prefix<A>> {
        let mut rest = Some(self);
        std::iter::from_fn(move || {
            let interval = rest?;
            let prefix = largest_at_start(interval);
            rest = prefix.last().successor().and_then(|next| Self::new(next, interval.last()));
            Some(prefix)
        })
    }
}

/// Returns the largest prefix that starts where the interval starts and does not leave it.
fn largest_at_start<A: Address>(interval: Interval<A>) -> Prefix<A> {
    (0..A::BITS)
        .filter_map(|length| Prefix::new(interval.first(), length))
        .find(|prefix| prefix.last() <= interval.last())
        .unwrap_or(Prefix::single(interval.first()))
}

impl<A: Address> fmt::Display for Prefix<A> {
    /// Writes `10.0.0.0/8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.length)
    }
}

/// Why a text is not a prefix.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PrefixError {
    /// There is no `/`.
    #[error("`{text}` has no prefix length")]
    NoLength {
        /// The whole text.
        text: String,
    },
    /// What stands before the `/` is not an address of the family.
    #[error("`{text}` is not an {family} address")]
    Address {
        /// The part before the `/`.
        text: String,
        /// The family that was expected.
        family: Family,
    },
    /// What stands after the `/` is not a number from 0 to the bits of the family.
    #[error("`{text}` is not a prefix length of {family}")]
    Length {
        /// The part after the `/`.
        text: String,
        /// The family that was expected.
        family: Family,
    },
    /// Bits after the prefix length are set.
    #[error("`{text}` has bits set after its prefix length")]
    HostBits {
        /// The whole text.
        text: String,
        /// The prefix of the same length that holds the address.
        network: String,
    },
}

impl PrefixError {
    /// Returns what the user can do about it, if anything.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoLength { .. } | Self::Address { .. } => None,
            Self::Length { family: Family::V4, .. } => Some("use a length of 0 to 32".to_owned()),
            Self::Length { family: Family::V6, .. } => Some("use a length of 0 to 128".to_owned()),
            Self::HostBits { network, .. } => Some(format!("write `{network}`")),
        }
    }
}

impl<A: Address> FromStr for Prefix<A> {
    type Err = PrefixError;

    /// Reads `10.0.0.0/8`.
    fn from_str(text: &str) -> Result<Self, PrefixError> {
        let (address, length) =
            text.split_once('/').ok_or_else(|| PrefixError::NoLength { text: text.to_owned() })?;
        let address: A = address
            .parse()
            .map_err(|_| PrefixError::Address { text: address.to_owned(), family: A::FAMILY })?;
        let prefix = parse_length(length)
            .and_then(|length| Self::truncating(address, length))
            .ok_or_else(|| PrefixError::Length { text: length.to_owned(), family: A::FAMILY })?;
        if prefix.network == address {
            Ok(prefix)
        } else {
            Err(PrefixError::HostBits { text: text.to_owned(), network: prefix.to_string() })
        }
    }
}

/// Reads a prefix length; `str::parse` alone would take `+8`.
fn parse_length(text: &str) -> Option<u8> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// A prefix of either family. IPv4 sorts before IPv6.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum IpPrefix {
    /// An IPv4 prefix.
    V4(Ipv4Prefix),
    /// An IPv6 prefix.
    V6(Ipv6Prefix),
}

impl IpPrefix {
    /// Returns the family.
    pub const fn family(self) -> Family {
        match self {
            Self::V4(_) => Family::V4,
            Self::V6(_) => Family::V6,
        }
    }
}

impl From<Ipv4Prefix> for IpPrefix {
    fn from(prefix: Ipv4Prefix) -> Self {
        Self::V4(prefix)
    }
}

impl From<Ipv6Prefix> for IpPrefix {
    fn from(prefix: Ipv6Prefix) -> Self {
        Self::V6(prefix)
    }
}

impl fmt::Display for IpPrefix {
    /// Writes `10.0.0.0/8` or `2001:db8::/32`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(prefix) => prefix.fmt(f),
            Self::V6(prefix) => prefix.fmt(f),
        }
    }
}

impl FromStr for IpPrefix {
    type Err = PrefixError;

    /// Reads a prefix of either family; a colon means IPv6.
    fn from_str(text: &str) -> Result<Self, PrefixError> {
        if text.contains(':') { text.parse().map(Self::V6) } else { text.parse().map(Self::V4) }
    }
}
