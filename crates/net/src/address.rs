//! Addresses, and sets of them.
//!
//! The families are separate types. One `u128` for both would let an IPv4 address compare equal
//! to an IPv6 one, and would double every parser and printer instead.

use std::fmt::{self, Display};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::discrete::Discrete;
use crate::interval_set::IntervalSet;
use crate::list::write_list;

/// A set of addresses of one family. It prints as the fewest prefixes that make it up.
pub type AddressSet<A> = IntervalSet<A>;

/// A set of IPv4 addresses.
pub type Ipv4Set = AddressSet<Ipv4Addr>;

/// A set of IPv6 addresses.
pub type Ipv6Set = AddressSet<Ipv6Addr>;

/// An address family.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Family {
    /// IPv4, with addresses of 32 bits.
    V4,
    /// IPv6, with addresses of 128 bits.
    V6,
}

impl Display for Family {
    /// Writes `IPv4` or `IPv6`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        })
    }
}

/// An address of one family: [`Ipv4Addr`] or [`Ipv6Addr`].
pub trait Address: Discrete + Display + FromStr + Into<IpAddr> {
    /// The family of the type.
    const FAMILY: Family;
    /// How many bits an address has: 32 or 128.
    const BITS: u8;

    /// Returns the address as a number, in the low [`Self::BITS`] bits.
    fn to_bits(self) -> u128;

    /// Returns the address of a number; bits above [`Self::BITS`] are dropped.
    fn from_bits(bits: u128) -> Self;
}

impl Address for Ipv4Addr {
    const FAMILY: Family = Family::V4;
    const BITS: u8 = 32;

    fn to_bits(self) -> u128 {
        Self::to_bits(self).into()
    }

    #[expect(clippy::cast_possible_truncation, reason = "documented: high bits are dropped")]
    fn from_bits(bits: u128) -> Self {
        Self::from_bits(bits as u32)
    }
}

impl Address for Ipv6Addr {
    const FAMILY: Family = Family::V6;
    const BITS: u8 = 128;

    fn to_bits(self) -> u128 {
        Self::to_bits(self)
    }

    fn from_bits(bits: u128) -> Self {
        Self::from_bits(bits)
    }
}

impl<A: Address> Display for AddressSet<A> {
    /// Writes the prefixes, such as `10.0.0.0/8,192.0.2.1/32`, or `none` for the empty set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, ",", self.prefixes())
    }
}
