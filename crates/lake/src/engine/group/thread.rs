//! What one thread does: it reads its part of the input and folds it into the buckets.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array as _, RecordBatch};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt as _;

use super::bucket::{Waiting, bucket_of};
use super::exec::{Groups, Task};
use super::lanes;
use super::scatter::Scatter;
use super::state::Kind;

/// How many runs of equal keys a batch may have to be folded run by run.
const MOST_RUNS: usize = 16;

/// What one thread works with.
pub(super) struct Thread {
    task: Arc<Task>,
    groups: Arc<Groups>,
    /// For each bucket.
    waiting: Vec<Waiting>,
    /// The keys of the rows of a batch, in 64 bits each.
    keys: Vec<u64>,
    /// Which parts of its key each row lacks.
    lacking: Vec<u8>,
    /// The values of each aggregate, where it is of a value.
    values: Vec<Vec<u64>>,
    /// Which of its values each row has, a bit for each aggregate.
    present: Vec<u8>,
    scatter: Scatter,
    /// For values on their way to buckets.
    room: Vec<u64>,
}

impl Thread {
    pub(super) fn new(task: Arc<Task>, groups: Arc<Groups>) -> Self {
        let waiting = std::iter::repeat_with(|| Waiting::new(task.aggregates.len()));
        Self {
            waiting: waiting.take(groups.count()).collect(),
            keys: Vec::new(),
            lacking: Vec::new(),
            values: vec![Vec::new(); task.aggregates.len()],
            present: Vec::new(),
            scatter: Scatter::default(),
            room: Vec::new(),
            task,
            groups,
        }
    }

    /// Folds what comes until nothing does.
    ///
    /// # Errors
    ///
    /// Fails as the stream does, and if there is not enough memory.
    pub(super) async fn run(mut self, mut stream: SendableRecordBatchStream) -> Result<()> {
        let mut rows_since = 0;
        while let Some(batch) = stream.next().await.transpose()? {
            self.add(&batch)?;
            rows_since += batch.num_rows();
            // Weighing what is kept costs more than a batch does.
            if rows_since > 1 << 17 {
                rows_since = 0;
                self.groups.account()?;
            }
        }
        for (bucket, waiting) in self.waiting.iter_mut().enumerate() {
            if !waiting.is_empty() {
                self.groups.with(bucket, |bucket| bucket.fold(waiting));
            }
        }
        Ok(())
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        self.read_keys(batch)?;
        self.read_values(batch)?;
        match runs(&self.keys, &self.lacking) {
            Some(runs) => runs.into_iter().for_each(|run| self.fold_run(run)),
            None => self.spread(),
        }
        Ok(())
    }

    /// Packs the keys of each row into 64 bits, and notes which of them each row lacks.
    fn read_keys(&mut self, batch: &RecordBatch) -> Result<()> {
        let Self { task, keys, lacking, room: lane, .. } = self;
        let rows = batch.num_rows();
        refill(keys, rows, 0);
        refill(lacking, rows, 0);
        let mut shift = 0;
        for (place, (expr, kind)) in task.keys.iter().zip(&task.key_kinds).enumerate() {
            let array = expr.evaluate(batch)?.into_array(rows)?;
            lanes::read(array.as_ref(), lane)?;
            for row in absent(array.logical_nulls().as_ref()).iter().flat_map(|it| it.set_indices())
            {
                if let (Some(value), Some(lacking)) = (lane.get_mut(row), lacking.get_mut(row)) {
                    *value = 0;
                    *lacking |= 1 << place;
                }
            }
            for (key, value) in keys.iter_mut().zip(lane.iter()) {
                *key |= value << shift;
            }
            shift += lanes::bits(kind).unwrap_or_default();
        }
        Ok(())
    }

    /// Reads the values of the aggregates, and notes which of them each row has.
    fn read_values(&mut self, batch: &RecordBatch) -> Result<()> {
        let rows = batch.num_rows();
        refill(&mut self.present, rows, u8::MAX);
        for (place, (aggregated, lane)) in
            self.task.aggregates.iter().zip(&mut self.values).enumerate()
        {
            let Some(of) = &aggregated.of else {
                continue;
            };
            let array = of.evaluate(batch)?.into_array(rows)?;
            for row in absent(array.logical_nulls().as_ref()).iter().flat_map(|it| it.set_indices())
            {
                if let Some(present) = self.present.get_mut(row) {
                    *present &= u8::MAX ^ (1 << place);
                }
            }
            if aggregated.kind != Kind::Count {
                lanes::read(array.as_ref(), lane)?;
            }
        }
        Ok(())
    }

    /// Folds rows of one key.
    fn fold_run(&mut self, run: Range<usize>) {
        let Self { keys, lacking, values, present, groups, .. } = self;
        let (Some(key), Some(lacking)) = (keys.get(run.start), lacking.get(run.start)) else {
            return;
        };
        let present = present.get(run.clone()).unwrap_or_default();
        groups.with(usize::from(bucket_of(*key, *lacking)), |bucket| {
            bucket.fold_run(*key, present, |place| values.get(place)?.get(run.clone()));
        });
    }

    /// Lets the rows wait in the buckets of their keys.
    fn spread(&mut self) {
        let Self { scatter, waiting, keys, lacking, values, present, room, groups, .. } = self;
        scatter.plan(keys.iter().zip(lacking).map(|(key, lacking)| bucket_of(*key, *lacking)));
        scatter.spread(keys, room, waiting, Waiting::push_keys);
        for (place, lane) in values.iter().enumerate().filter(|(_, lane)| !lane.is_empty()) {
            scatter.spread(lane, room, waiting, |waiting, part| waiting.push_values(place, part));
        }
        scatter.spread(present, &mut Vec::new(), waiting, Waiting::push_present);
        for bucket in scatter.buckets() {
            if let Some(waiting) = waiting.get_mut(bucket).filter(|waiting| waiting.are_many()) {
                groups.with(bucket, |bucket| bucket.fold(waiting));
            }
        }
    }
}

fn refill<T: Clone>(all: &mut Vec<T>, length: usize, value: T) {
    all.clear();
    all.resize(length, value);
}

/// Returns the rows without value: few, so that it is faster to go from one to the next than to look at all.
fn absent(nulls: Option<&NullBuffer>) -> Option<BooleanBuffer> {
    nulls.filter(|nulls| nulls.null_count() > 0).map(|nulls| !nulls.inner())
}

/// Returns the rows of each key, if there are few keys and those of one stand together: times are sorted.
fn runs(keys: &[u64], lacking: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut runs = Vec::new();
    let mut from = 0;
    let mut rest = keys.iter().zip(lacking).peekable();
    while let Some(first) = rest.next() {
        if runs.len() == MOST_RUNS {
            return None;
        }
        let mut to = from + 1;
        while rest.next_if_eq(&first).is_some() {
            to += 1;
        }
        runs.push(from..to);
        from = to;
    }
    Some(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keys: &[u64], lacking: &[u8], expected: Option<&[Range<usize>]>) {
        assert_eq!(runs(keys, lacking).as_deref(), expected);
    }

    #[test]
    fn runs_are_rows_of_one_key() {
        check(&[], &[], Some(&[]));
        check(&[7, 7, 8, 7], &[0; 4], Some(&[0..2, 2..3, 3..4]));
        check(&[0, 0, 0], &[0, 1, 1], Some(&[0..1, 1..3]));
        let many: Vec<u64> = (0..=MOST_RUNS as u64).collect();
        check(&many, &[0; MOST_RUNS + 1], None);
    }
}
