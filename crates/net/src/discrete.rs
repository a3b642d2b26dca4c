//! Values on a finite line: each but the last has a successor.
//!
//! Ports, addresses, protocols and ICMP messages are all such values, so one
//! [`IntervalSet`](crate::IntervalSet) serves them all. `std::iter::Step` would be the trait to
//! use, but it is not stable, and it counts in `usize`, which IPv6 outgrows.

use std::fmt::Debug;
use std::hash::Hash;
use std::net::{Ipv4Addr, Ipv6Addr};

use num_bigint::BigUint;

/// A type whose values lie on a finite line without gaps.
///
/// Order and numbering agree: `a < b` exactly if `a.ordinal() < b.ordinal()`, and the successor
/// of a value has the next ordinal.
pub trait Discrete: Copy + Ord + Debug + Hash + Send + Sync + 'static {
    /// The smallest value.
    const MIN: Self;
    /// The greatest value.
    const MAX: Self;

    /// Returns the place of the value on the line; [`Self::MIN`] has place 0.
    fn ordinal(self) -> u128;

    /// Returns the next greater value, or `None` after [`Self::MAX`].
    fn successor(self) -> Option<Self>;

    /// Returns the next smaller value, or `None` before [`Self::MIN`].
    fn predecessor(self) -> Option<Self>;

    /// Returns how many values `low..=high` holds, exactly; 0 if `low > high`.
    ///
    /// A big number, because all of IPv6 has 2^128 addresses, one more than a `u128` can say.
    fn span(low: Self, high: Self) -> BigUint {
        match high.ordinal().checked_sub(low.ordinal()) {
            Some(steps) => BigUint::from(steps) + 1_u8,
            None => BigUint::ZERO,
        }
    }
}

macro_rules! discrete_integer {
    ($($integer:ty),*) => {$(
        impl Discrete for $integer {
            const MIN: Self = Self::MIN;
            const MAX: Self = Self::MAX;

            fn ordinal(self) -> u128 {
                self.into()
            }

            fn successor(self) -> Option<Self> {
                self.checked_add(1)
            }

            fn predecessor(self) -> Option<Self> {
                self.checked_sub(1)
            }
        }
    )*};
}

macro_rules! discrete_address {
    ($($address:ty),*) => {$(
        impl Discrete for $address {
            const MIN: Self = Self::UNSPECIFIED;
            const MAX: Self = Self::from_bits(!0);

            fn ordinal(self) -> u128 {
                self.to_bits().into()
            }

            fn successor(self) -> Option<Self> {
                self.to_bits().checked_add(1).map(Self::from_bits)
            }

            fn predecessor(self) -> Option<Self> {
                self.to_bits().checked_sub(1).map(Self::from_bits)
            }
        }
    )*};
}

discrete_integer!(u8, u16);
discrete_address!(Ipv4Addr, Ipv6Addr);
