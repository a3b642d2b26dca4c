//! The groups of one bucket, and rows that wait to be folded into them.

use super::state::{Kind, State};
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

    /// Takes in a row, given as its key, the lanes that its values are in, and which of them are there.
    pub(super) fn push(&mut self, key: u64, row: usize, lanes: &[Option<Vec<u64>>], present: u8) {
        self.waiting.keys.push(key);
        self.waiting.present.push(present);
        for (values, lane) in self.waiting.values.iter_mut().zip(lanes) {
            if let Some(lane) = lane {
                values.push(lane.get(row).copied().unwrap_or_default());
            }
        }
        if self.waiting.keys.len() >= WAITING {
            self.fold();
        }
    }

    /// Folds what waits.
    pub(super) fn fold(&mut self) {
        self.groups.clear();
        let mut last = None;
        for key in self.waiting.keys.drain(..) {
            // Rows that follow each other are often of one group: times are sorted.
            let group = match last {
                Some((known, group)) if known == key => group,
                _ => self.table.number(key),
            };
            last = Some((key, group));
            self.groups.push(group);
        }
        let count = self.table.keys().len();
        for (place, (state, values)) in
            self.states.iter_mut().zip(&mut self.waiting.values).enumerate()
        {
            let bit = 1_u8 << place;
            let rows = self.groups.iter().zip(&self.waiting.present).enumerate();
            let values_of = |row: usize| values.get(row).copied().unwrap_or_default();
            state.add(
                count,
                rows.map(|(row, (group, present))| {
                    (*group, (present & bit != 0).then(|| values_of(row)))
                }),
            );
            values.clear();
        }
        self.waiting.present.clear();
    }

    /// Takes in the groups of the same bucket of another thread; nothing may wait in either.
    pub(super) fn merge(&mut self, other: Self) {
        let groups: Vec<u32> =
            other.table.keys().iter().map(|key| self.table.number(*key)).collect();
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
pub(super) fn bucket_of(key: u64, lacking: u8) -> usize {
    if lacking == 0 {
        usize::try_from(hash(key) >> 58).unwrap_or_default()
    } else {
        BUCKETS + usize::from(lacking) - 1
    }
}

/// Returns which parts the keys of a bucket lack.
pub(super) fn lacking(bucket: usize) -> u8 {
    u8::try_from((bucket + 1).saturating_sub(BUCKETS)).unwrap_or_default()
}
