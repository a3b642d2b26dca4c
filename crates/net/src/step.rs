//! Functions on a line that are constant between few steps.
//!
//! A route table, a first-match access list or a pile of rules is such a function of the
//! address: it changes only where some entry begins or ends. A map of disjoint ranges would say
//! the same, but with gaps that each reader has to think about; a step map is total.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use rustc_hash::FxBuildHasher;

use crate::discrete::Discrete;
use crate::interval::Interval;
use crate::interval_set::IntervalSet;

/// A total function from `K` to `V` that is constant between its steps.
///
/// It is canonical: neighbouring steps have different values, so equal functions compare equal.
///
/// ```
/// use portolan_net::{Interval, StepMap};
///
/// let mut table = StepMap::constant("drop");
/// table.paint_all([
///     (Interval::between(0_u16, 1023), "check"),
///     (Interval::single(443), "pass"),
/// ]);
/// assert_eq!(*table.get(443), "pass");
/// assert_eq!(*table.get(444), "check");
/// assert_eq!(table.steps().len(), 4);
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StepMap<K, V> {
    // INVARIANT: strictly increasing from K::MIN.
    starts: Vec<K>,
    // INVARIANT: one for each start; no two neighbours are equal.
    values: Vec<V>,
}

impl<K: Discrete, V> StepMap<K, V> {
    /// Returns the function that is `value` everywhere.
    pub fn constant(value: V) -> Self {
        Self { starts: vec![K::MIN], values: vec![value] }
    }

    /// Returns the value at `key`. Takes O(log n) time.
    pub fn get(&self, key: K) -> &V {
        #[expect(clippy::indexing_slicing, reason = "the step of a key is always there")]
        &self.values[self.step_of(key)]
    }

    /// Yields the steps with their values, lowest first. They cover the whole line.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = (Interval<K>, &V)> {
        self.numbered_steps(0, self.starts.len())
    }

    /// Yields the parts of the steps that lie in `interval`, lowest first. They cover it.
    ///
    /// Finds the first in O(log n) time.
    pub fn steps_within(&self, interval: Interval<K>) -> impl Iterator<Item = (Interval<K>, &V)> {
        let (from, last) = (self.step_of(interval.first()), self.step_of(interval.last()));
        self.numbered_steps(from, last + 1)
            .filter_map(move |(step, value)| Some((step.intersection(interval)?, value)))
    }

    /// Returns the values of the steps, lowest first.
    pub fn values(&self) -> &[V] {
        &self.values
    }

    /// Returns the number of the step that holds `key`.
    fn step_of(&self, key: K) -> usize {
        self.starts.partition_point(|start| *start <= key).saturating_sub(1)
    }

    fn numbered_steps(
        &self,
        from: usize,
        until: usize,
    ) -> impl ExactSizeIterator<Item = (Interval<K>, &V)> {
        let starts = self.starts.get(from..until).unwrap_or_default();
        let values = self.values.get(from..until).unwrap_or_default();
        starts.iter().zip(values).enumerate().map(move |(index, (start, value))| {
            let next = self.starts.get(from + index + 1).and_then(|next| next.predecessor());
            (Interval::between(*start, next.unwrap_or(K::MAX)), value)
        })
    }

    fn with_capacity(steps: usize) -> Self {
        Self { starts: Vec::with_capacity(steps), values: Vec::with_capacity(steps) }
    }
}

impl<K: Discrete, V: Eq> StepMap<K, V> {
    /// Returns the function with `change` applied to each value.
    pub fn map<X: Eq>(&self, mut change: impl FnMut(&V) -> X) -> StepMap<K, X> {
        let mut result = StepMap::with_capacity(self.values.len());
        for (start, value) in self.starts.iter().zip(&self.values) {
            result.push(*start, change(value));
        }
        result
    }

    /// Returns the function that combines the values of both at each key.
    ///
    /// Takes linear time; `combine` is called once for each pair of steps that overlap.
    pub fn zip_with<W, X: Eq>(
        &self,
        other: &StepMap<K, W>,
        mut combine: impl FnMut(&V, &W) -> X,
    ) -> StepMap<K, X> {
        let mut result = StepMap::with_capacity(self.values.len() + other.values.len());
        let (mut left, mut right) = (self.steps(), other.steps());
        let (mut one, mut two) = (left.next(), right.next());
        while let (Some((a, v)), Some((b, w))) = (one, two) {
            result.push(a.first().max(b.first()), combine(v, w));
            if a.last() <= b.last() {
                one = left.next();
            }
            if b.last() <= a.last() {
                two = right.next();
            }
        }
        result
    }

    /// Adds a step at the upper end, unless the value goes on.
    fn push(&mut self, start: K, value: V) {
        if self.values.last() != Some(&value) {
            self.starts.push(start);
            self.values.push(value);
        }
    }
}

impl<K: Discrete, V: Eq + Clone> StepMap<K, V> {
    /// Overwrites the values in `interval`.
    ///
    /// Takes O(n) time, most of it in moving memory; see [`Self::paint_all`] for many.
    pub fn paint(&mut self, interval: Interval<K>, value: V) {
        let after = interval.last().successor();
        let from = self.starts.partition_point(|start| *start < interval.first());
        let until = self.starts.partition_point(|start| after.is_none_or(|after| *start <= after));
        let resumed = after.map(|after| (after, self.get(after).clone()));
        let resumed = resumed.filter(|(_, below)| *below != value);
        let goes_on = from.checked_sub(1).and_then(|index| self.values.get(index)) == Some(&value);
        let painted = (!goes_on).then_some((interval.first(), value));
        let (starts, values): (Vec<K>, Vec<V>) = painted.into_iter().chain(resumed).unzip();
        self.starts.splice(from..until, starts);
        self.values.splice(from..until, values);
    }

    /// Overwrites the values in each interval, the later over the earlier.
    ///
    /// Takes O(n log n) time for n steps and intervals.
    pub fn paint_all(&mut self, paints: impl IntoIterator<Item = (Interval<K>, V)>) {
        let (intervals, values): (Vec<_>, Vec<V>) = paints.into_iter().unzip();
        let topmost = sweep(&intervals, |active| active.last().copied());
        *self = self.zip_with(&topmost, |below, above| {
            above.and_then(|index| values.get(index)).unwrap_or(below).clone()
        });
    }

    /// Applies `change` to the values in `interval`. Takes O(n) time.
    pub fn update(&mut self, interval: Interval<K>, mut change: impl FnMut(&V) -> V) {
        let inside = sweep(&[interval], |active| !active.is_empty());
        *self = self.zip_with(
            &inside,
            |value, inside| {
                if *inside { change(value) } else { value.clone() }
            },
        );
    }

    /// Returns the function whose value is, at each key, every item whose interval holds the
    /// key, in the order in which they came.
    ///
    /// Rules that overlap become steps on which the same rules apply.
    pub fn pile(items: impl IntoIterator<Item = (Interval<K>, V)>) -> StepMap<K, Vec<V>> {
        let (intervals, items): (Vec<_>, Vec<V>) = items.into_iter().unzip();
        sweep(&intervals, |active| {
            active.iter().filter_map(|index| items.get(*index)).cloned().collect()
        })
    }
}

/// Returns what `look` says at each key about the set of intervals, by index, that hold it.
fn sweep<K: Discrete, X: Eq>(
    intervals: &[Interval<K>],
    mut look: impl FnMut(&BTreeSet<usize>) -> X,
) -> StepMap<K, X> {
    // An event without an index changes nothing, but makes a first step.
    let mut events = vec![(K::MIN, None)];
    for (index, interval) in intervals.iter().enumerate() {
        events.push((interval.first(), Some((index, true))));
        events.extend(interval.last().successor().map(|after| (after, Some((index, false)))));
    }
    events.sort_unstable();
    let mut active = BTreeSet::new();
    let mut result = StepMap::with_capacity(events.len());
    for together in events.chunk_by(|(one, _), (other, _)| one == other) {
        for (index, enters) in together.iter().filter_map(|(_, event)| *event) {
            if enters {
                active.insert(index)
            } else {
                active.remove(&index)
            };
        }
        result.push(together.first().map_or(K::MIN, |(start, _)| *start), look(&active));
    }
    result
}

impl<K: Discrete, V: Eq + Hash + Clone> StepMap<K, V> {
    /// Returns each value with the set of keys that have it, ordered by the least key.
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
