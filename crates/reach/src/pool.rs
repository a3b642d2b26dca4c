//! Interned packet sets with remembered operations.
//!
//! An account of a hundred thousand interfaces has some hundred different packet sets. Each is
//! kept once and named by a small number; the union, intersection or reply of two numbers is computed
//! once and then looked up. That is what makes a cell of the matrix cost nanoseconds.

use std::sync::Arc;

use portolan_net::{Set as _, Traffic};
use rustc_hash::FxHashMap;

/// The number of an interned packet set. Only the pool that gave it knows what it means.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct TrafficId(u32);

impl TrafficId {
    /// No packet.
    pub(crate) const NONE: Self = Self(0);
    /// Every packet.
    pub(crate) const ALL: Self = Self(1);
}

/// A remembered operation on two sets.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

/// The interned sets and what is remembered of them.
#[derive(Clone, Debug)]
pub(crate) struct TrafficPool {
    // INVARIANT: no value twice; the first is empty and the second full.
    values: Vec<Arc<Traffic>>,
    ids: FxHashMap<Arc<Traffic>, TrafficId>,
    pairs: FxHashMap<(Operation, TrafficId, TrafficId), TrafficId>,
    replies: FxHashMap<TrafficId, TrafficId>,
    none: Arc<Traffic>,
}

impl TrafficPool {
    pub(crate) fn new() -> Self {
        let none = Arc::new(Traffic::empty());
        let mut pool = Self {
            values: Vec::new(),
            ids: FxHashMap::default(),
            pairs: FxHashMap::default(),
            replies: FxHashMap::default(),
            none: Arc::clone(&none),
        };
        pool.intern(Traffic::empty());
        pool.intern(Traffic::all());
        pool
    }

    pub(crate) fn intern(&mut self, value: Traffic) -> TrafficId {
        if let Some(&id) = self.ids.get(&value) {
            return id;
        }
        let id = TrafficId(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
        let value = Arc::new(value);
        self.values.push(Arc::clone(&value));
        self.ids.insert(value, id);
        id
    }

    pub(crate) fn traffic(&self, id: TrafficId) -> &Traffic {
        self.values.get(id.0 as usize).unwrap_or(&self.none)
    }

    /// Returns a set to keep: it is shared, not copied.
    pub(crate) fn shared(&self, id: TrafficId) -> Arc<Traffic> {
        Arc::clone(self.values.get(id.0 as usize).unwrap_or(&self.none))
    }

    pub(crate) fn union(&mut self, a: TrafficId, b: TrafficId) -> TrafficId {
        match (a, b) {
            (TrafficId::NONE, other) | (other, TrafficId::NONE) => other,
            (TrafficId::ALL, _) | (_, TrafficId::ALL) => TrafficId::ALL,
            _ if a == b => a,
            _ => self.remembered(Operation::Union, a.min(b), a.max(b)),
        }
    }

    pub(crate) fn intersection(&mut self, a: TrafficId, b: TrafficId) -> TrafficId {
        match (a, b) {
            (TrafficId::NONE, _) | (_, TrafficId::NONE) => TrafficId::NONE,
            (TrafficId::ALL, other) | (other, TrafficId::ALL) => other,
            _ if a == b => a,
            _ => self.remembered(Operation::Intersection, a.min(b), a.max(b)),
        }
    }

    pub(crate) fn difference(&mut self, a: TrafficId, b: TrafficId) -> TrafficId {
        match (a, b) {
            (TrafficId::NONE, _) | (_, TrafficId::ALL) => TrafficId::NONE,
            (_, TrafficId::NONE) => a,
            _ if a == b => TrafficId::NONE,
            _ => self.remembered(Operation::Difference, a, b),
        }
    }

    /// Returns the packets whose reply is in the set; see [`Traffic::replies_within`].
    pub(crate) fn replies_within(&mut self, id: TrafficId) -> TrafficId {
        if id == TrafficId::ALL {
            return id;
        }
        if let Some(&known) = self.replies.get(&id) {
            return known;
        }
        let value = self.traffic(id).replies_within();
        let result = self.intern(value);
        self.replies.insert(id, result);
        result
    }

    /// Returns a pool of the same sets that remembers no operation.
    pub(crate) fn fork(&self) -> Self {
        let (values, ids) = (self.values.clone(), self.ids.clone());
        Self { values, ids, ..Self::new() }
    }

    /// Forgets the operations, not the sets: what another part of the account asks is seldom the same, and a
    /// small memory stays in the processor's.
    pub(crate) fn forget_operations(&mut self) {
        self.pairs = FxHashMap::default();
    }

    fn remembered(&mut self, operation: Operation, a: TrafficId, b: TrafficId) -> TrafficId {
        if let Some(&known) = self.pairs.get(&(operation, a, b)) {
            return known;
        }
        let (left, right) = (self.traffic(a), self.traffic(b));
        let value = match operation {
            Operation::Union => left.union(right),
            Operation::Intersection => left.intersection(right),
            Operation::Difference => left.difference(right),
        };
        let result = self.intern(value);
        self.pairs.insert((operation, a, b), result);
        result
    }
}

#[cfg(test)]
mod tests {
    use portolan_net::PortRange;

    use super::*;

    #[test]
    fn agrees_with_the_sets_it_stands_for() {
        let mut pool = TrafficPool::new();
        let ports = |first, last| Traffic::tcp(PortRange::new(first, last).unwrap().into());
        let (a, b) = (pool.intern(ports(1, 10)), pool.intern(ports(5, 20)));
        let union = pool.union(a, b);
        assert_eq!(pool.traffic(union), &ports(1, 20));
        let intersection = pool.intersection(b, a);
        assert_eq!(pool.traffic(intersection), &ports(5, 10));
        let difference = pool.difference(a, b);
        assert_eq!(pool.traffic(difference), &ports(1, 4));
        assert_eq!(pool.union(b, a), union);
        assert_eq!(pool.intersection(a, TrafficId::ALL), a);
        assert_eq!(pool.difference(a, TrafficId::ALL), TrafficId::NONE);
    }
}
