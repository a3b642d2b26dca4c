//! A run of values on a line.

use std::fmt;

use num_bigint::BigUint;

use crate::discrete::Discrete;

/// A run of TCP or UDP ports, such as `22` or `8000-8080`.
pub type PortRange = Interval<u16>;

/// A non-empty, inclusive run of values.
///
/// Inclusive, because an exclusive end cannot say "through the last port", and non-empty,
/// because nothing that has a first and a last value is empty.
///
/// ```
/// use portolan_net::PortRange;
///
/// let range = PortRange::new(8000, 8080).unwrap();
/// assert_eq!(range.to_string(), "8000-8080");
/// assert_eq!(range.count(), 81_u32.into());
/// assert_eq!(PortRange::new(8080, 8000), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Interval<T> {
    // INVARIANT: first <= last.
    first: T,
    last: T,
}

impl<T: Discrete> Interval<T> {
    /// Every value of the type, such as ports 0 through 65535.
    pub const ALL: Self = Self { first: T::MIN, last: T::MAX };

    /// Returns the interval `first..=last`, or `None` if it would be empty.
    pub fn new(first: T, last: T) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Returns the interval between two values, whichever is the smaller.
    pub fn between(one: T, other: T) -> Self {
        Self { first: one.min(other), last: one.max(other) }
    }

    /// Returns the interval of a single value.
    pub const fn single(value: T) -> Self {
        Self { first: value, last: value }
    }

    /// Returns the smallest value.
    pub const fn first(self) -> T {
        self.first
    }

    /// Returns the greatest value.
    pub const fn last(self) -> T {
        self.last
    }

    /// Returns whether `value` lies in the interval.
    pub fn contains(self, value: T) -> bool {
        self.first <= value && value <= self.last
    }

    /// Returns whether every value of `other` lies in this interval.
    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Returns the values which both intervals hold, or `None` if there is none.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// Returns how many values the interval holds, exactly.
    pub fn count(self) -> BigUint {
        T::span(self.first, self.last)
    }

    /// Returns both intervals as one, or `None` if there is a gap between them.
    ///
    /// `next` must not start before this interval.
    pub(crate) fn join(self, next: Self) -> Option<Self> {
        let adjoins = self.last.successor().is_none_or(|after| next.first <= after);
        adjoins.then(|| Self { first: self.first, last: self.last.max(next.last) })
    }
}

impl<T: Discrete + fmt::Display> fmt::Display for Interval<T> {
    /// Writes `22` or `8000-8080`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}
