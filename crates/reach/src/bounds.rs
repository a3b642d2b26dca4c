//! Bounds: what certainly passes, and what possibly passes.

use crate::pool::{TrafficId, TrafficPool};

/// A set of packets that is not exactly known, between a lower and an upper bound.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Bounds {
    // INVARIANT: `certain` is a subset of `possible`.
    certain: TrafficId,
    possible: TrafficId,
}

impl Bounds {
    pub(crate) const NONE: Self = Self::exactly(TrafficId::NONE);
    pub(crate) const ALL: Self = Self::exactly(TrafficId::ALL);
    pub(crate) const UNKNOWN: Self = Self { certain: TrafficId::NONE, possible: TrafficId::ALL };

    pub(crate) const fn exactly(traffic: TrafficId) -> Self {
        Self { certain: traffic, possible: traffic }
    }

    /// Returns the bounds of traffic that may or may not pass.
    pub(crate) const fn at_most(traffic: TrafficId) -> Self {
        Self { certain: TrafficId::NONE, possible: traffic }
    }

    /// Returns the bounds; `certain` must be a subset of `possible`.
    pub(crate) const fn between(certain: TrafficId, possible: TrafficId) -> Self {
        Self { certain, possible }
    }

    pub(crate) const fn certain(self) -> TrafficId {
        self.certain
    }

    pub(crate) const fn possible(self) -> TrafficId {
        self.possible
    }

    pub(crate) fn is_none(self) -> bool {
        self.possible == TrafficId::NONE
    }

    pub(crate) fn union(self, other: Self, pool: &mut TrafficPool) -> Self {
        Self {
            certain: pool.union(self.certain, other.certain),
            possible: pool.union(self.possible, other.possible),
        }
    }

    pub(crate) fn intersection(self, other: Self, pool: &mut TrafficPool) -> Self {
        if self == other {
            return self;
        }
        let certain = pool.intersection(self.certain, other.certain);
        if self.certain == self.possible && other.certain == other.possible {
            return Self::exactly(certain);
        }
        Self { certain, possible: pool.intersection(self.possible, other.possible) }
    }

    /// Returns the packets whose replies are within these bounds.
    pub(crate) fn replies_within(self, pool: &mut TrafficPool) -> Self {
        Self {
            certain: pool.replies_within(self.certain),
            possible: pool.replies_within(self.possible),
        }
    }
}
