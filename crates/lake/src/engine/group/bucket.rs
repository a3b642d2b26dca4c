//! The groups of one bucket, and rows that wait to be folded into them.

use super::state::{Kind, Rows, State};
use super::table::{Table, hash};

/// How many buckets rows are spread over, beside those for keys that lack a part.
pub(super) const BUCKETS: usize = 64;
/// How many rows wait in a bucket before they are folded: enough to make good use of a table in the cache, few enough to fit there.
const WAITING: usize = 1024;

/// What of a row goes to a bucket.
#[derive(Debug, Default)]
struct Waiting {
    keys: Vec<u64>,
    /// The values of each aggregate, where it is of a value.
    values: Vec<Vec<u64>>,
    /// Which of the values are there, a bit for each aggregate.
    present: Vec<u8>,
}

/// Some of the groups.
#[derive(Debug)]
pub(super) struct Bucket {
    waiting: Waiting,
    groups: Vec<u32>,
    table: Table,
    states: Vec<State>,
}

impl Bucket {
    pub(super) fn new(kinds: &[Kind]) -> Self {
        Self {
            waiting: Waiting { values: vec![Vec::new(); kinds.len()], ..Waiting::default() },
            groups: Vec::new(),
            table: Table::default(),
            states: kinds.iter().copied().map(State::new).collect(),
        }
    }

    /// Lets the keys of rows wait.
    pub(super) fn push_keys(&mut self, keys: &[u64]) {
        self.waiting.keys.extend_from_slice(keys);
    }

    /// Lets the values wait that the same rows have for an aggregate.
    pub(super) fn push_values(&mut self, aggregate: usize, values: &[u64]) {
        if let Some(waiting) = self.waiting.values.get_mut(aggregate) {
            waiting.extend_from_slice(values);
        }
    }

    /// Lets wait which of their values the same rows have.
    pub(super) fn push_present(&mut self, present: &[u8]) {
        self.waiting.present.extend_from_slice(present);
    }

    /// Folds what waits if it is much.
    pub(super) fn settle(&mut self) {
        if self.waiting.keys.len() >= WAITING {
            self.fold();
        }
    }

    /// Folds what waits.
    pub(super) fn fold(&mut self) {
        self.groups.clear();
        self.table.numbers(&self.waiting.keys, &mut self.groups);
        self.waiting.keys.clear();
        let count = self.table.keys().len();
        for (place, (state, values)) in
            self.states.iter_mut().zip(&mut self.waiting.values).enumerate()
        {
            let (groups, present) = (self.groups.as_slice(), self.waiting.present.as_slice());
            state.add(count, &Rows { groups, values, present, bit: 1 << place });
            values.clear();
        }
        self.waiting.present.clear();
    }

    /// Takes in the groups of the same bucket of another thread; nothing may wait in either.
    pub(super) fn merge(&mut self, other: Self) {
        let mut groups = Vec::with_capacity(other.table.keys().len());
        self.table.numbers(other.table.keys(), &mut groups);
        let count = self.table.keys().len();
        for (state, other) in self.states.iter_mut().zip(other.states) {
            state.merge(count, other, &groups);
        }
    }

    /// Returns the keys of the groups.
    pub(super) fn keys(&self) -> &[u64] {
        self.table.keys()
    }

    /// Returns what is remembered for each aggregate.
    pub(super) fn states(&self) -> &[State] {
        &self.states
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        let waiting = self.waiting.keys.capacity() * (9 + 8 * self.waiting.values.len());
        waiting + self.table.size() + self.states.iter().map(State::size).sum::<usize>()
    }
}

/// Returns the bucket of a key; keys that lack a part, whose places are the bits of `lacking`, have buckets of their own.
pub(super) fn bucket_of(key: u64, lacking: u8) -> u8 {
    let [high, ..] = hash(key).to_be_bytes();
    // The six highest bits: one of 64.
    if lacking == 0 { high >> 2 } else { 63 + lacking }
}

/// Returns which parts the keys of a bucket lack.
pub(super) fn lacking(bucket: usize) -> u8 {
    u8::try_from((bucket + 1).saturating_sub(BUCKETS)).unwrap_or_default()
}
