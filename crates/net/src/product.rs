//! Sets of pairs.
//!
//! A set of pairs is a pile of *layers*: for each distinct set of second members, the first
//! members that pair with exactly it. That form is unique, so equal sets compare equal, and it
//! is what people read: "ports 22 and 443 from these addresses, port 80 from those".
//!
//! The alternative, a bag of boxes, is shorter to write and has many forms for one set.

use num_bigint::BigUint;

use crate::algebra::Set;
use crate::list::List;

/// A set of pairs of a member of `A` and a member of `B`, in canonical form.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Product<A, B> {
    // INVARIANT: the A parts are non-empty and disjoint, the B parts non-empty and distinct;
    // sorted.
    layers: List<(A, B)>,
}

impl<A: Set, B: Set> Product<A, B> {
    /// Returns every pair of a member of `a` and a member of `b`.
    pub fn of(a: A, b: B) -> Self {
        if a.is_empty() || b.is_empty() {
            Self { layers: List::Empty }
        } else {
            Self { layers: List::One((a, b)) }
        }
    }

    /// Returns the layers: disjoint sets of first members, each with all its second members.
    pub fn layers(&self) -> &[(A, B)] {
        self.layers.as_slice()
    }

    /// Returns the first members that are in some pair.
    pub fn firsts(&self) -> A {
        self.layers().iter().fold(A::empty(), |all, (a, _)| all.union(a))
    }

    /// Returns the second members that are in some pair.
    pub fn seconds(&self) -> B {
        self.layers().iter().fold(B::empty(), |all, (_, b)| all.union(b))
    }

    /// Returns the set with the members of each pair exchanged.
    #[must_use]
    pub fn transpose(&self) -> Product<B, A> {
        self.layers().iter().map(|(a, b)| (b.clone(), a.clone())).collect()
    }

    /// Brings disjoint layers into canonical form.
    fn from_disjoint(mut layers: Vec<(A, B)>) -> Self {
        layers.retain(|(a, b)| !a.is_empty() && !b.is_empty());
        layers.sort_unstable_by(|(_, left), (_, right)| left.cmp(right));
        layers.dedup_by(|(a, b), (kept, with)| {
            let same = b == with;
            if same {
                *kept = kept.union(a);
            }
            same
        });
        layers.sort_unstable();
        Self { layers: layers.into_iter().collect() }
    }

    /// Applies `combine` to the second members of each layer and those of `other` above it.
    fn overlay(&self, other: &Self, combine: impl Fn(&B, &B) -> B) -> Vec<(A, B)> {
        let mut layers = Vec::new();
        for (a, b) in self.layers() {
            let mut rest = a.clone();
            for (above, with) in other.layers() {
                let both = a.intersection(above);
                if !both.is_empty() {
                    rest = rest.difference(&both);
                    layers.push((both, combine(b, with)));
                }
            }
            layers.push((rest, b.clone()));
        }
        layers
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
        self.layers()
            .iter()
            .find(|(a, _)| a.contains(first))
            .is_some_and(|(_, b)| b.contains(second))
    }

    fn union(&self, other: &Self) -> Self {
        let mut layers = self.overlay(other, B::union);
        let covered = self.firsts();
        layers.extend(other.layers().iter().map(|(a, b)| (a.difference(&covered), b.clone())));
        Self::from_disjoint(layers)
    }

    fn intersection(&self, other: &Self) -> Self {
        let mut layers = Vec::new();
        for (a, b) in self.layers() {
            for (above, with) in other.layers() {
                layers.push((a.intersection(above), b.intersection(with)));
            }
        }
        Self::from_disjoint(layers)
    }

    fn difference(&self, other: &Self) -> Self {
        Self::from_disjoint(self.overlay(other, B::difference))
    }

    fn intersects(&self, other: &Self) -> bool {
        self.layers().iter().any(|(a, b)| {
            other.layers().iter().any(|(above, with)| a.intersects(above) && b.intersects(with))
        })
    }

    fn count(&self) -> BigUint {
        self.layers().iter().map(|(a, b)| a.count() * b.count()).sum()
    }
}

impl<A: Set, B: Set> FromIterator<(A, B)> for Product<A, B> {
    /// Collects boxes in any order, overlapping or not.
    fn from_iter<I: IntoIterator<Item = (A, B)>>(boxes: I) -> Self {
        boxes.into_iter().fold(Self::empty(), |all, (a, b)| all.union(&Self::of(a, b)))
    }
}
