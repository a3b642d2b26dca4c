//! What every set in this crate can do.
//!
//! The operations are a trait and not methods of each set, so that a product of sets is again
//! a set, and so that one suite of laws tests them all.

use std::fmt::Debug;
use std::hash::Hash;

use num_bigint::BigUint;

/// A set in canonical form, over a finite universe.
///
/// Canonical means: two values are equal exactly if they hold the same members, however they
/// were computed. The operations obey the laws of a Boolean algebra. The order ([`Ord`]) is
/// total, so that output can be sorted, but it is not the subset order.
///
/// ```
/// use portolan_net::{PortSet, Set as _};
///
/// let web: PortSet = [80, 443].into_iter().collect();
/// let https = PortSet::single(443);
/// assert!(web.contains_set(&https));
/// assert_eq!(web.difference(&https), PortSet::single(80));
/// assert_eq!(web.complement().count(), 65534_u32.into());
/// ```
pub trait Set: Clone + Ord + Hash + Debug {
    /// What the set is a set of.
    type Member: Copy;

    /// Returns the set without members.
    fn empty() -> Self;

    /// Returns the set of everything.
    fn full() -> Self;

    /// Returns whether the set has no member.
    fn is_empty(&self) -> bool;

    /// Returns whether the set holds everything.
    fn is_full(&self) -> bool;

    /// Returns whether `member` is in the set.
    fn contains(&self, member: Self::Member) -> bool;

    /// Returns what is in either set.
    #[must_use]
    fn union(&self, other: &Self) -> Self;

    /// Returns what is in both sets.
    #[must_use]
    fn intersection(&self, other: &Self) -> Self;

    /// Returns what is in this set and not in `other`.
    #[must_use]
    fn difference(&self, other: &Self) -> Self;

    /// Returns what is not in the set.
    #[must_use]
    fn complement(&self) -> Self {
        Self::full().difference(self)
    }

    /// Returns what is in any of the sets; nothing if there are none.
    ///
    /// For many sets this is faster than one union after the other.
    #[must_use]
    fn union_all(sets: impl IntoIterator<Item = Self>) -> Self {
        let mut sets: Vec<Self> = sets.into_iter().collect();
        while sets.len() > 1 {
            sets = sets.chunks(2).filter_map(union_pair).collect();
        }
        sets.pop().unwrap_or_else(Self::empty)
    }

    /// Returns whether the sets have a member in common.
    fn intersects(&self, other: &Self) -> bool {
        !self.intersection(other).is_empty()
    }

    /// Returns whether every member of `other` is in this set.
    fn contains_set(&self, other: &Self) -> bool {
        other.difference(self).is_empty()
    }

    /// Returns how many members the set has, exactly.
    ///
    /// A big number, because all of IPv6 has one address more than a `u128` can say.
    fn count(&self) -> BigUint;
}

/// Returns the union of one or two sets.
fn union_pair<S: Set>(pair: &[S]) -> Option<S> {
    match pair {
        [left, right] => Some(left.union(right)),
        rest => rest.first().cloned(),
    }
}
