//! What every set in this crate can do.

use std::fmt::Debug;
use std::hash::Hash;

use num_bigint::BigUint;

/// A set in canonical form, over a finite universe.
///
/// Canonical means: two values are equal exactly if they hold the same members. The operations
/// obey the laws of a Boolean algebra. The order ([`Ord`]) is total and stable, so that output
/// can be sorted, but it is not the subset order.
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

    /// Returns whether the sets have a member in common.
    fn intersects(&self, other: &Self) -> bool {
        !self.intersection(other).is_empty()
    }

    /// Returns whether every member of `other` is in this set.
    fn contains_set(&self, other: &Self) -> bool {
        other.difference(self).is_empty()
    }

    /// Returns how many members the set has, exactly.
    fn count(&self) -> BigUint;
}
