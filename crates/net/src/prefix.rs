//! Address prefixes, also called CIDR blocks.
//!
//! The notation is that of RFC 4632 section 3.1 for IPv4 and RFC 4291 section 2.3 for IPv6, and
//! it is strict: host bits must be zero. AWS masks them silently, and a person who wrote
//! `10.0.0.1/8` may have meant either; so [`PrefixError`] offers the prefix and does not choose.

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
/// The order is by network, then by length, so a prefix comes before those that it covers.
///
/// ```
/// use portolan_net::Ipv4Prefix;
///
/// let private: Ipv4Prefix = "10.0.0.0/8".parse().unwrap();
/// assert!(private.covers("10.1.0.0/16".parse().unwrap()));
/// let error = "10.0.0.1/8".parse::<Ipv4Prefix>().unwrap_err();
/// assert_eq!(error.help().unwrap(), "write `10.0.0.0/8`");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Prefix<A> {
    // INVARIANT: length <= A::BITS, and the bits after it are zero.
    network: A,
    length: u8,
}

impl<A: Address> Prefix<A> {
    /// Every address: `0.0.0.0/0` or `::/0`.
    pub const ALL: Self = Self { network: A::MIN, length: 0 };

    /// Returns the prefix, or `None` if host bits are set or the length exceeds
    /// [`Address::BITS`].
    pub fn new(network: A, length: u8) -> Option<Self> {
        Self::truncating(network, length).filter(|prefix| prefix.network == network)
    }

    /// Returns the prefix of this length that holds `address`, or `None` if the length exceeds
    /// [`Address::BITS`].
    pub fn truncating(address: A, length: u8) -> Option<Self> {
        let host_bits = A::BITS.checked_sub(length)?;
        Some(Self { network: A::from_bits(address.to_bits() & !low_bits(host_bits)), length })
    }

    /// Returns the prefix of one address.
    pub const fn single(address: A) -> Self {
        Self { network: address, length: A::BITS }
    }

    /// Returns the first address.
    pub const fn network(self) -> A {
        self.network
    }

    /// Returns the last address.
    pub fn last(self) -> A {
        A::from_bits(self.network.to_bits() | low_bits(A::BITS - self.length))
    }

    /// Returns how many leading bits the addresses share.
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
        Interval::between(self.network, self.last())
    }
}

/// Returns the number whose lowest `count` bits are set.
fn low_bits(count: u8) -> u128 {
    1_u128.checked_shl(count.into()).map_or(u128::MAX, |power| power - 1)
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
    let (first, last) = (interval.first().to_bits(), interval.last().to_bits());
    let aligned = first.trailing_zeros();
    let fitting = (last - first).checked_add(1).map_or(u128::BITS, u128::ilog2);
    let host_bits = u8::try_from(aligned.min(fitting)).unwrap_or(A::BITS).min(A::BITS);
    Prefix { network: interval.first(), length: A::BITS - host_bits }
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
        /// The prefix of that address alone, if the text is an address.
        single: Option<String>,
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
            Self::NoLength { single, .. } => {
                single.as_ref().map(|single| format!("write `{single}`"))
            }
            Self::Address { .. } => None,
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
        let (address, length) = text.split_once('/').ok_or_else(|| no_length::<A>(text))?;
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

fn no_length<A: Address>(text: &str) -> PrefixError {
    let single = text.parse().ok().map(|address: A| Prefix::single(address).to_string());
    PrefixError::NoLength { text: text.to_owned(), single }
}

/// Reads a prefix length; `str::parse` alone would take `+8`.
fn parse_length(text: &str) -> Option<u8> {
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit());
    if numeric { text.parse().ok() } else { None }
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
