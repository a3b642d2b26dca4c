//! Functions on a line that are constant between few steps.
//!
//! A route table, a first-match ACL or a list of rules is such a function of the address: it
//! changes only where some rule begins or ends. A map of disjoint ranges would say the same,
//! but it has gaps to think about; a step map is total.

use std::collections::{BinaryHeap, HashMap};
use std::hash::Hash;

use rustc_hash::FxBuildHasher;

use crate::discrete::Discrete;
use crate::interval::{Interval, IntervalSet};

/// A total function from `K` to `V` that is constant between its steps.
///
/// Maps made with `V: Eq` are canonical: neighbouring steps have different values, so equal
/// functions compare equal.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StepMap<K, V> {
    // INVARIANT: strictly increasing, the first is K::MIN; as many as there are values; and
    // neighbouring values differ.
    starts: Vec<K>,
    values: Vec<V>,
}

impl<K: Discrete, V> StepMap<K, V> {
    /// Returns the function that is `value` everywhere.
    pub fn constant(value: V) -> Self {
        Self { starts: vec![K::MIN], values: vec![value] }
    }

    /// Returns the value at `key`. Takes O(log n) time.
    pub fn get(&self, key: K) -> &V {
        let after = self.starts.partition_point(|start| *start <= key);
        #[expect(clippy::indexing_slicing, reason = "the first start is K::MIN, so `after` >= 1")]
        &self.values[after - 1]
    }

    /// Yields the steps with their values, lowest first. They cover the whole line.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = (Interval<K>, &V)> {
        self.starts.iter().enumerate().zip(&self.values).map(|((index, start), value)| {
            let last = self.starts.get(index + 1).and_then(|next| next.predecessor());
            let step = Interval::new(*start, last.unwrap_or(K::MAX));
            (step.unwrap_or(Interval::single(*start)), value)
        })
    }

    /// Returns the values of the steps, lowest first.
    pub fn values(&self) -> &[V] {
        &self.values
    }

    fn with_capacity(steps: usize) -> Self {
        Self { starts: Vec::with_capacity(steps), values: Vec::with_capacity(steps) }
    }
}

impl<K: Discrete, V: Eq> StepMap<K, V> {
    /// Adds a step at the upper end, unless the value goes on.
    fn push(&mut self, start: K, value: V) {
        if self.values.last() != Some(&value) {
            self.starts.push(start);
            self.values.push(value);
        }
    }

    /// Returns the function with `change` applied to each value.
    pub fn map<X: Eq>(&self, mut change: impl FnMut(&V) -> X) -> StepMap<K, X> {
        let mut result = StepMap::with_capacity(self.values.len());
        for (start, value) in self.starts.iter().zip(&self.values) {
            result.push(*start, change(value));
        }
        result
    }

    /// Returns the function that combines the values of both at each key. Takes linear time.
    pub fn zip_with<W, X: Eq>(
        &self,
        other: &StepMap<K, W>,
        mut combine: impl FnMut(&V, &W) -> X,
    ) -> StepMap<K, X> {
        let mut result = StepMap::with_capacity(self.values.len() + other.values.len());
        let mut left = self.starts.iter().zip(&self.values).peekable();
        let mut right = other.starts.iter().zip(&other.values).peekable();
        while let (Some(&(a, v)), Some(&(b, w))) = (left.peek(), right.peek()) {
            result.push(*a.max(b), combine(v, w));
            let next = (left.clone().nth(1), right.clone().nth(1));
            match next {
                (None, None) => break,
                (Some((a, _)), Some((b, _))) if a == b => {
                    left.next();
                    right.next();
                }
                (Some((a, _)), Some((b, _))) if b < a => {
                    right.next();
                }
                (None, Some(_)) => {
                    right.next();
                }
                (Some(_), _) => {
                    left.next();
                }
            }
        }
        result
    }
}

impl<K: Discrete, V: Eq + Clone> StepMap<K, V> {
    /// Overwrites the values in `interval`. Takes time linear in the number of steps.
    pub fn paint(&mut self, interval: Interval<K>, value: V) {
        self.paint_all([(interval, value)]);
    }

    /// Overwrites the values in each interval, the later over the earlier.
    ///
    /// Takes O(n log n) time for n steps and intervals.
    pub fn paint_all(&mut self, paints: impl IntoIterator<Item = (Interval<K>, V)>) {
        let paints: Vec<_> = paints.into_iter().collect();
        let top = topmost(&paints);
        *self = self.zip_with(&top, |below, above| {
            above.and_then(|index| paints.get(index)).map_or(below, |(_, value)| value).clone()
        });
    }
}

/// Returns which of the paints, by index, is the last one at each key.
fn topmost<K: Discrete, V>(paints: &[(Interval<K>, V)]) -> StepMap<K, Option<usize>> {
    let mut by_start: Vec<usize> = (0..paints.len()).collect();
    let interval = |index: usize| paints.get(index).map(|(interval, _)| *interval);
    by_start.sort_by_key(|index| interval(*index).map(Interval::first));
    let mut cuts: Vec<K> = std::iter::once(K::MIN)
        .chain(paints.iter().map(|(interval, _)| interval.first()))
        .chain(paints.iter().filter_map(|(interval, _)| interval.last().successor()))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut upcoming = by_start.into_iter().peekable();
    let mut active = BinaryHeap::new();
    let mut result = StepMap::with_capacity(cuts.len());
    for cut in cuts {
        while let Some(index) =
            upcoming.next_if(|index| interval(*index).is_some_and(|one| one.first() <= cut))
        {
            active.push(index);
        }
        while active
            .peek()
            .is_some_and(|index| interval(*index).is_some_and(|one| one.last() < cut))
        {
            active.pop();
        }
        result.push(cut, active.peek().copied());
    }
    result
}

impl<K: Discrete, V: Eq + Hash + Clone> StepMap<K, V> {
    /// Returns each value with the set of keys that have it, ordered by the smallest key.
    pub fn group(&self) -> Vec<(IntervalSet<K>, V)> {
        let mut places = HashMap::with_hasher(FxBuildHasher);
        let mut groups: Vec<(Vec<Interval<K>>, &V)> = Vec::new();
        for (step, value) in self.steps() {
            let place = *places.entry(value).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((steps, _)) => steps.push(step),
                None => groups.push((vec![step], value)),
            }
        }
        groups
            .into_iter()
            .map(|(steps, value)| (steps.into_iter().collect(), value.clone()))
            .collect()
    }
}
