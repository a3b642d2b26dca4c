//! Sets of values on a line.
//!
//! One generic set serves ports, addresses and ICMP messages. A set for each of them would be
//! four times the code and four times the mistakes; one set over `u128` for all of them would
//! lose the type that tells a port from an address.
//!
//! All operations walk sorted sequences of intervals. The difference is the walk through the
//! gaps of the other set, so it never builds the complement.

use std::fmt;
use std::iter::{self, Peekable};

use num_bigint::BigUint;

use crate::algebra::Set;
use crate::discrete::Discrete;
use crate::interval::Interval;
use crate::list::{List, write_list};

/// A set of TCP or UDP ports.
pub type PortSet = IntervalSet<u16>;

/// A set of values in canonical form, so that equal sets compare equal.
///
/// Clones are cheap: one interval is kept inline, more are shared.
///
/// ```
/// use portolan_net::{PortRange, PortSet};
///
/// let ranges = [(443, 443), (80, 81), (82, 90)];
/// let set: PortSet = ranges.into_iter().filter_map(|(a, b)| PortRange::new(a, b)).collect();
/// assert_eq!(set.to_string(), "80-90,443");
/// ```
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

    /// Returns the intervals of the set, lowest first. No two of them touch.
    pub fn intervals(&self) -> &[Interval<T>] {
        self.intervals.as_slice()
    }

    /// Returns the smallest value, or `None` if the set is empty.
    pub fn first(&self) -> Option<T> {
        self.intervals().first().map(|interval| interval.first())
    }

    /// Returns the greatest value, or `None` if the set is empty.
    pub fn last(&self) -> Option<T> {
        self.intervals().last().map(|interval| interval.last())
    }

    /// Returns the shortest interval that holds the set, or `None` if the set is empty.
    pub fn hull(&self) -> Option<Interval<T>> {
        Interval::new(self.first()?, self.last()?)
    }

    /// Returns the intervals that reach into `hull`. Takes O(log n) time.
    fn window(&self, hull: Interval<T>) -> &[Interval<T>] {
        let intervals = self.intervals();
        let start = intervals.partition_point(|interval| interval.last() < hull.first());
        let end = intervals.partition_point(|interval| interval.first() <= hull.last());
        intervals.get(start..end).unwrap_or_default()
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
        !self.window(Interval::single(member)).is_empty()
    }

    fn union(&self, other: &Self) -> Self {
        if other.is_empty() || self.is_full() {
            return self.clone();
        }
        self.intervals().iter().chain(other.intervals()).copied().collect()
    }

    /// Returns what is in both sets. Takes time linear in the overlap of their hulls.
    fn intersection(&self, other: &Self) -> Self {
        let hulls = self.hull().zip(other.hull());
        let Some(hull) = hulls.and_then(|(left, right)| left.intersection(right)) else {
            return Self::empty();
        };
        let right = other.window(hull).iter().copied();
        Self { intervals: common(self.window(hull), right).collect() }
    }

    /// Returns what is in this set and not in `other`. Looks only at the part of `other` that
    /// lies in the hull of this set.
    fn difference(&self, other: &Self) -> Self {
        let Some(hull) = self.hull() else { return Self::empty() };
        Self { intervals: common(self.intervals(), gaps(other.window(hull))).collect() }
    }

    fn complement(&self) -> Self {
        Self { intervals: gaps(self.intervals()).collect() }
    }

    fn union_all(sets: impl IntoIterator<Item = Self>) -> Self {
        let sets: Vec<Self> = sets.into_iter().collect();
        sets.iter().flat_map(|set| set.intervals().iter().copied()).collect()
    }

    /// Returns whether the sets have a member in common. Takes O(n log m) time for the smaller
    /// n, and does not allocate.
    fn intersects(&self, other: &Self) -> bool {
        let shorter = self.intervals().len() <= other.intervals().len();
        let (few, many) = if shorter { (self, other) } else { (other, self) };
        few.intervals().iter().any(|interval| !many.window(*interval).is_empty())
    }

    /// Returns whether every member of `other` is in this set. Does not allocate.
    fn contains_set(&self, other: &Self) -> bool {
        let covers = |interval: &Interval<T>| match self.window(*interval) {
            [single] => single.covers(*interval),
            _ => false,
        };
        other.intervals().iter().all(covers)
    }

    fn count(&self) -> BigUint {
        self.intervals().iter().map(|interval| interval.count()).sum()
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
        // The stable sort takes linear time for the few sorted runs that a union consists of.
        intervals.sort();
        let sorted = intervals.into_iter().peekable();
        Self { intervals: Joined { sorted }.collect() }
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
        write_list(f, ",", self.intervals())
    }
}

/// Yields the intervals before, between and after those of a canonical sequence, in order.
fn gaps<T: Discrete>(intervals: &[Interval<T>]) -> impl Iterator<Item = Interval<T>> {
    let starts = intervals.iter().map(|interval| interval.last().successor());
    let ends = intervals.iter().map(|interval| interval.first().predecessor());
    let starts = iter::once(Some(T::MIN)).chain(starts);
    let ends = ends.chain(iter::once(Some(T::MAX)));
    starts.zip(ends).filter_map(|(first, last)| Interval::new(first?, last?))
}

/// Yields the parts that two canonical sequences have in common, in order.
///
/// The result is canonical too: if two neighbours on the line are in both sets, they are in
/// one interval of each, hence in one interval of the result.
fn common<T: Discrete>(
    left: &[Interval<T>],
    right: impl Iterator<Item = Interval<T>>,
) -> impl Iterator<Item = Interval<T>> {
    let (mut left, mut right) = (left.iter().copied().peekable(), right.peekable());
    iter::from_fn(move || {
        loop {
            let (&a, &b) = (left.peek()?, right.peek()?);
            if a.last() <= b.last() {
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

/// The intervals of a sorted sequence, with those that overlap or touch made one.
struct Joined<I: Iterator> {
    sorted: Peekable<I>,
}

impl<T: Discrete, I: Iterator<Item = Interval<T>>> Iterator for Joined<I> {
    type Item = Interval<T>;

    fn next(&mut self) -> Option<Interval<T>> {
        let mut joined = self.sorted.next()?;
        while let Some(longer) = self.sorted.peek().and_then(|next| joined.join(*next)) {
            joined = longer;
            self.sorted.next();
        }
        Some(joined)
    }
}
