//! The groups of one bucket, and rows that wait to be folded into them.
//!
//! All threads fold into the same buckets, so that nothing has to be put together in the end; each has rows of its own that wait, so that
//! a bucket is locked once for thousands of them.

use super::state::{Kind, Rows, State};
use super::table::{Table, hash};

/// How many buckets rows are spread over, beside those for keys that lack a part.
pub(super) const BUCKETS: usize = 64;
/// How many rows wait in a bucket before they are folded: enough to make good use of a table in the cache, few enough to fit there.
const WAITING: usize = 4096;

/// Rows of one thread that wait to be folded into a bucket.
#[derive(Debug)]
pub(super) struct Waiting {
    keys: Vec<u64>,
    /// The values of each aggregate, where it is of a value.
    values: Vec<Vec<u64>>,
    /// Which of the values are there, a bit for each aggregate.
    present: Vec<u8>,
}

impl Waiting {
    /// Returns no rows, for so many aggregates.
    pub(super) fn new(aggregates: usize) -> Self {
        Self { keys: Vec::new(), values: vec![Vec::new(); aggregates], present: Vec::new() }
    }

    /// Adds the keys of rows.
    pub(super) fn push_keys(&mut self, keys: &[u64]) {
        self.keys.extend_from_slice(keys);
    }

    /// Adds the values that the same rows have for an aggregate.
    pub(super) fn push_values(&mut self, aggregate: usize, values: &[u64]) {
        if let Some(waiting) = self.values.get_mut(aggregate) {
            waiting.extend_from_slice(values);
        }
    }

    /// Adds which of their values the same rows have.
    pub(super) fn push_present(&mut self, present: &[u8]) {
        self.present.extend_from_slice(present);
    }

    /// Returns whether it is time to fold them.
    pub(super) fn are_many(&self) -> bool {
        self.keys.len() >= WAITING
    }

    /// Returns whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Some of the groups, of all threads.
#[derive(Debug)]
pub(super) struct Bucket {
    table: Table,
    states: Vec<State>,
    /// The group of each row that is folded.
    groups: Vec<u32>,
}

impl Bucket {
    pub(super) fn new(kinds: impl Iterator<Item = Kind>) -> Self {
        let states = kinds.map(State::new).collect();
        Self { table: Table::default(), states, groups: Vec::new() }
    }

    /// Folds what waits; then nothing does.
    pub(super) fn fold(&mut self, waiting: &mut Waiting) {
        self.groups.clear();
        self.table.numbers(&waiting.keys, &mut self.groups);
        waiting.keys.clear();
        let count = self.table.keys().len();
        for (place, (state, values)) in self.states.iter_mut().zip(&mut waiting.values).enumerate()
        {
            let (groups, present) = (self.groups.as_slice(), waiting.present.as_slice());
            state.add(count, &Rows { groups, values, present, bit: 1 << place });
            values.clear();
        }
        waiting.present.clear();
    }

    /// Folds rows of one key; `values` returns those of an aggregate.
    pub(super) fn fold_run<'a>(
        &mut self,
        key: u64,
        present: &[u8],
        values: impl Fn(usize) -> Option<&'a [u64]>,
    ) {
        let group = self.table.number_of(key);
        let count = self.table.keys().len();
        self.groups.clear();
        self.groups.resize(present.len(), group);
        for (place, state) in self.states.iter_mut().enumerate() {
            let (groups, values) = (self.groups.as_slice(), values(place).unwrap_or_default());
            state.add_run(count, &Rows { groups, values, present, bit: 1 << place });
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
        self.table.size() + self.states.iter().map(State::size).sum::<usize>()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [Kind; 5] = [Kind::Count, Kind::Sum, Kind::Least, Kind::Largest, Kind::Distinct];

    proptest! {
        #[test]
        fn a_run_is_folded_as_its_rows_are(
            runs in prop::collection::vec(
                (0..3_u64, prop::collection::vec((0..70_000_u64, any::<u8>()), 1..20)),
                0..9,
            ),
        ) {
            let mut by_row = Bucket::new(KINDS.into_iter());
            let mut by_run = Bucket::new(KINDS.into_iter());
            for (key, rows) in &runs {
                let (values, present): (Vec<u64>, Vec<u8>) = rows.iter().copied().unzip();
                let mut waiting = Waiting::new(KINDS.len());
                waiting.push_keys(&vec![*key; rows.len()]);
                waiting.push_present(&present);
                (0..KINDS.len()).for_each(|place| waiting.push_values(place, &values));
                by_row.fold(&mut waiting);
                by_run.fold_run(*key, &present, |_| Some(&values));
            }
            prop_assert_eq!(by_row.keys(), by_run.keys());
            for group in 0..by_row.keys().len() {
                let results = |bucket: &Bucket| -> Vec<_> {
                    bucket.states().iter().map(|state| state.whole(group)).collect()
                };
                prop_assert_eq!(results(&by_row), results(&by_run));
            }
        }
    }
}
