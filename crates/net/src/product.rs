//! Sets of pairs.
//!
//! A set of pairs is a pile of *layers*: for each distinct set of second members, the first
//! members that pair with exactly it. That form is unique, so equal sets compare equal, and it
//! is what people read: "ports 22 and 443 from these addresses, port 80 from those".
//!
//! The alternative, a bag of boxes, is shorter to write, but one set has many such forms.

use num_bigint::BigUint;

use crate::algebra::Set;
use crate::discrete::Discrete;
use crate::interval_set::IntervalSet;
use crate::list::List;
use crate::step::StepMap;

/// A set of pairs of a member of `A` and a member of `B`, in canonical form.
///
/// ```
/// use portolan_net::{PortSet, Product, Set as _};
///
/// let [ssh, web] = [22, 443].map(PortSet::single);
/// let one = Product::of(ssh.clone(), web.clone());
/// let other = Product::of(web.clone(), web.clone());
/// // Both have the same second members, so their union is one layer.
/// assert_eq!(one.union(&other).layers(), [(ssh.union(&web), web)]);
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Product<A, B> {
    // INVARIANT: sorted; the A parts are non-empty and disjoint, the B parts non-empty and
    // distinct.
    layers: List<(A, B)>,
}

impl<A: Set, B: Set> Product<A, B> {
    /// Returns the box: every pair of a member of `a` and a member of `b`.
    pub fn of(a: A, b: B) -> Self {
        let layers = if a.is_empty() || b.is_empty() { List::Empty } else { List::One((a, b)) };
        Self { layers }
    }

    /// Returns the layers: disjoint sets of first members, each with all its second members.
    pub fn layers(&self) -> &[(A, B)] {
        self.layers.as_slice()
    }

    /// Returns the second members that pair with `first`, or `None` if there are none.
    pub fn paired_with(&self, first: A::Member) -> Option<&B> {
        self.layers().iter().find(|(a, _)| a.contains(first)).map(|(_, b)| b)
    }

    /// Returns the first members that are in some pair.
    pub fn firsts(&self) -> A {
        A::union_all(self.layers().iter().map(|(a, _)| a.clone()))
    }

    /// Returns the second members that are in some pair.
    pub fn seconds(&self) -> B {
        B::union_all(self.layers().iter().map(|(_, b)| b.clone()))
    }

    /// Returns the set with the members of each pair exchanged.
    #[must_use]
    pub fn transpose(&self) -> Product<B, A> {
        self.layers().iter().map(|(a, b)| (b.clone(), a.clone())).collect()
    }

    /// Brings layers with disjoint first members into canonical form.
    fn from_disjoint(mut layers: Vec<(A, B)>) -> Self {
        layers.retain(|(a, b)| !a.is_empty() && !b.is_empty());
        if layers.len() > 1 {
            layers.sort_unstable_by(|(_, left), (_, right)| left.cmp(right));
            layers =
                layers.chunk_by(|(_, left), (_, right)| left == right).filter_map(fuse).collect();
            layers.sort_unstable();
        }
        Self { layers: layers.into_iter().collect() }
    }

    /// Lays `other` over this set: returns the layers of this set, split so that each piece
    /// lies in one layer of `other` or in none, with `combine` applied where it lies in one.
    fn overlay(&self, other: &Self, combine: impl Fn(&B, &B) -> B) -> Vec<(A, B)> {
        let mut pieces = Vec::new();
        for (a, b) in self.layers() {
            let mut rest = a.clone();
            for (above, with) in other.layers().iter().filter(|(above, _)| above.intersects(a)) {
                pieces.push((rest.intersection(above), combine(b, with)));
                rest = rest.difference(above);
            }
            pieces.push((rest, b.clone()));
        }
        pieces
    }
}

/// Makes layers with equal second members one layer.
fn fuse<A: Set, B: Set>(layers: &[(A, B)]) -> Option<(A, B)> {
    match layers {
        [single] => Some(single.clone()),
        [(_, b), ..] => Some((A::union_all(layers.iter().map(|(a, _)| a.clone())), b.clone())),
        [] => None,
    }
}

impl<A: Set, B: Set> Set for Product<A, B> {
    type Member = (A::Member, B::Member);

    fn empty() -> Self {
        Self { layers: List::Empty }
    }

    fn full() -> Self {
        Self::of(A::full(), B::full())
    }

    fn is_empty(&self) -> bool {
        self.layers().is_empty()
    }

    fn is_full(&self) -> bool {
        matches!(self.layers(), [(a, b)] if a.is_full() && b.is_full())
    }

    fn contains(&self, (first, second): Self::Member) -> bool {
        self.paired_with(first).is_some_and(|b| b.contains(second))
    }

    fn union(&self, other: &Self) -> Self {
        if other.is_empty() || self.is_full() {
            return self.clone();
        }
        if let ([(a, b)], [(c, d)]) = (self.layers(), other.layers())
            && b == d
        {
            return Self::of(a.union(c), b.clone());
        }
        let covered = self.firsts();
        let mut layers = self.overlay(other, B::union);
        layers.extend(other.layers().iter().map(|(a, b)| (a.difference(&covered), b.clone())));
        Self::from_disjoint(layers)
    }

    fn intersection(&self, other: &Self) -> Self {
        if let ([(a, b)], [(c, d)]) = (self.layers(), other.layers()) {
            return Self::of(a.intersection(c), b.intersection(d));
        }
        let mut layers = Vec::new();
        for (a, b) in self.layers() {
            for (c, d) in other.layers().iter().filter(|(c, _)| c.intersects(a)) {
                layers.push((a.intersection(c), b.intersection(d)));
            }
        }
        Self::from_disjoint(layers)
    }

    fn difference(&self, other: &Self) -> Self {
        Self::from_disjoint(self.overlay(other, B::difference))
    }

    fn intersects(&self, other: &Self) -> bool {
        let meets = |(a, b): &(A, B)| {
            other.layers().iter().any(|(c, d)| a.intersects(c) && b.intersects(d))
        };
        self.layers().iter().any(meets)
    }

    fn count(&self) -> BigUint {
        self.layers().iter().map(|(a, b)| a.count() * b.count()).sum()
    }
}

impl<A: Set, B: Set> FromIterator<(A, B)> for Product<A, B> {
    /// Collects boxes in any order, overlapping or not.
    fn from_iter<I: IntoIterator<Item = (A, B)>>(boxes: I) -> Self {
        Self::union_all(boxes.into_iter().map(|(a, b)| Self::of(a, b)))
    }
}

impl<K: Discrete, B: Set> From<StepMap<K, B>> for Product<IntervalSet<K>, B> {
    /// Returns the pairs of a key and a member of its value.
    ///
    /// The fast way to a product of thousands of boxes: paint a step map first.
    fn from(steps: StepMap<K, B>) -> Self {
        // The groups are disjoint, have distinct values, and come ordered by their least keys.
        Self { layers: steps.group().into_iter().filter(|(_, b)| !b.is_empty()).collect() }
    }
}
