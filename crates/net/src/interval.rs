//! Runs of values on a line, and canonical sets of them.
//!
//! One generic set serves ports, IPv4, IPv6 and ICMP kinds. The alternative, a set for each,
//! is four times the code and four times the mistakes; one set over `u128` for all of them
//! loses the type that tells a port from an address.

use std::fmt;
use std::iter::Peekable;

use num_bigint::BigUint;

use crate::algebra::Set;
use crate::discrete::Discrete;
use crate::list::List;

/// A run of TCP or UDP ports, such as `22` or `8000-8080`.
pub type PortRange = Interval<u16>;

/// A set of TCP or UDP ports.
pub type PortSet = IntervalSet<u16>;

/// A non-empty, inclusive run of values.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Interval<T> {
    // INVARIANT: first <= last.
    first: T,
    last: T,
}

impl<T: Discrete> Interval<T> {
    /// Every value.
    pub const ALL: Self = Self { first: T::MIN, last: T::MAX };

    /// Returns the interval `first..=last`, or `None` if it would be empty.
    pub fn new(first: T, last: T) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
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

    /// Returns the values which both intervals hold, or `None` if there is none.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// Returns how many values the interval holds, exactly.
    pub fn count(self) -> BigUint {
        T::span(self.first, self.last)
    }

    /// Returns whether `next`, which starts no earlier, leaves no gap after this interval.
    fn meets(self, next: Self) -> bool {
        self.last.successor().is_none_or(|after| next.first <= after)
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

/// A set of values in canonical form, so that equal sets compare equal.
///
/// Clones are cheap: one interval is kept inline, more are shared.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IntervalSet<T> {
    // INVARIANT: sorted, disjoint, and no two intervals touch.
    intervals: List<Interval<T>>,
}

impl<T: Discrete> IntervalSet<T> {
    /// Returns the set of a single value.
    pub const fn single(value: T) -> Self {
        Self { intervals: List::One(Interval::single(value)) }
    }

    /// Returns the intervals of the set, lowest first.
    pub fn intervals(&self) -> &[Interval<T>] {
        self.intervals.as_slice()
    }

    /// Returns the smallest value, or `None` if the set is empty.
    pub fn first(&self) -> Option<T> {
        self.intervals().first().map(|interval| interval.first)
    }

    /// Returns the greatest value, or `None` if the set is empty.
    pub fn last(&self) -> Option<T> {
        self.intervals().last().map(|interval| interval.last)
    }

    fn iter(&self) -> impl Iterator<Item = Interval<T>> {
        self.intervals().iter().copied()
    }

    /// Yields the intervals between those of the set, lowest first.
    fn gaps(&self) -> impl Iterator<Item = Interval<T>> {
        let mut start = Some(T::MIN);
        let mut rest = self.iter();
        std::iter::from_fn(move || {
            loop {
                let first = start?;
                let Some(next) = rest.next() else {
                    start = None;
                    return Interval::new(first, T::MAX);
                };
                start = next.last.successor();
                let gap = next.first.predecessor().and_then(|last| Interval::new(first, last));
                if gap.is_some() {
                    return gap;
                }
            }
        })
    }

    /// Collects intervals that come sorted by their first values.
    fn from_sorted(sorted: impl Iterator<Item = Interval<T>>) -> Self {
        Self { intervals: Coalesce { sorted: sorted.peekable() }.collect() }
    }
}

impl<T: Discrete> Set for IntervalSet<T> {
    type Member = T;

    fn empty() -> Self {
        Self { intervals: List::Empty }
    }

    fn full() -> Self {
        Interval::ALL.into()
    }

    fn is_empty(&self) -> bool {
        self.intervals().is_empty()
    }

    fn is_full(&self) -> bool {
        self.intervals() == [Interval::ALL]
    }

    /// Returns whether `member` is in the set. Takes O(log n) time.
    fn contains(&self, member: T) -> bool {
        let intervals = self.intervals();
        let after = intervals.partition_point(|interval| interval.last < member);
        intervals.get(after).is_some_and(|interval| interval.first <= member)
    }

    fn union(&self, other: &Self) -> Self {
        Self::from_sorted(Merge { left: self.iter().peekable(), right: other.iter().peekable() })
    }

    fn intersection(&self, other: &Self) -> Self {
        Self { intervals: overlaps(self.iter(), other.iter()).collect() }
    }

    fn difference(&self, other: &Self) -> Self {
        Self { intervals: overlaps(self.iter(), other.gaps()).collect() }
    }

    fn complement(&self) -> Self {
        Self { intervals: self.gaps().collect() }
    }

    fn intersects(&self, other: &Self) -> bool {
        overlaps(self.iter(), other.iter()).next().is_some()
    }

    fn contains_set(&self, other: &Self) -> bool {
        overlaps(other.iter(), self.gaps()).next().is_none()
    }

    fn count(&self) -> BigUint {
        self.iter().map(Interval::count).sum()
    }
}

impl<T: Discrete> Default for IntervalSet<T> {
    /// Returns the set without members.
    fn default() -> Self {
        Self::empty()
    }
}

impl<T> From<Interval<T>> for IntervalSet<T> {
    fn from(interval: Interval<T>) -> Self {
        Self { intervals: List::One(interval) }
    }
}

impl<T: Discrete> FromIterator<Interval<T>> for IntervalSet<T> {
    /// Collects intervals in any order, overlapping or not.
    fn from_iter<I: IntoIterator<Item = Interval<T>>>(intervals: I) -> Self {
        let mut intervals: Vec<_> = intervals.into_iter().collect();
        intervals.sort_unstable();
        Self::from_sorted(intervals.into_iter())
    }
}

impl<T: Discrete> FromIterator<T> for IntervalSet<T> {
    /// Collects values in any order, repeated or not.
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        values.into_iter().map(Interval::single).collect()
    }
}

impl fmt::Display for PortSet {
    /// Writes `22,8000-8080`, or `none` for the empty set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, ",", self.iter())
    }
}

/// Writes the items with a separator between them, or `none` if there is no item.
pub(crate) fn write_list<D: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    separator: &str,
    items: impl IntoIterator<Item = D>,
) -> fmt::Result {
    let mut items = items.into_iter();
    let Some(first) = items.next() else { return f.write_str("none") };
    write!(f, "{first}")?;
    items.try_for_each(|item| write!(f, "{separator}{item}"))
}

/// Yields the parts that two sorted, disjoint sequences have in common, in order.
///
/// If neither sequence has touching intervals, neither has the result: two neighbours on the
/// line that are in both sets are in one interval of each.
fn overlaps<T: Discrete>(
    left: impl Iterator<Item = Interval<T>>,
    right: impl Iterator<Item = Interval<T>>,
) -> impl Iterator<Item = Interval<T>> {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    std::iter::from_fn(move || {
        loop {
            let (&a, &b) = (left.peek()?, right.peek()?);
            if a.last <= b.last {
                left.next();
            } else {
                right.next();
            }
            if let Some(both) = a.intersection(b) {
                return Some(both);
            }
        }
    })
}

/// Yields the intervals of two sorted sequences, sorted.
struct Merge<L: Iterator, R: Iterator> {
    left: Peekable<L>,
    right: Peekable<R>,
}

impl<T: Discrete, L, R> Iterator for Merge<L, R>
where
    L: Iterator<Item = Interval<T>>,
    R: Iterator<Item = Interval<T>>,
{
    type Item = Interval<T>;

    fn next(&mut self) -> Option<Interval<T>> {
        match (self.left.peek(), self.right.peek()) {
            (Some(a), Some(b)) if b < a => self.right.next(),
            (Some(_), _) => self.left.next(),
            (None, _) => self.right.next(),
        }
    }
}

/// Joins the intervals of a sorted sequence that overlap or touch.
struct Coalesce<I: Iterator> {
    sorted: Peekable<I>,
}

impl<T: Discrete, I: Iterator<Item = Interval<T>>> Iterator for Coalesce<I> {
    type Item = Interval<T>;

    fn next(&mut self) -> Option<Interval<T>> {
        let mut joined = self.sorted.next()?;
        while let Some(next) = self.sorted.next_if(|next| joined.meets(*next)) {
            joined.last = joined.last.max(next.last);
        }
        Some(joined)
    }
}
