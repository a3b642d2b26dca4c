//! Rows on their way into files, parted by hour and layout.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, RecordBatch, UInt32Array};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use portolan_flow::{Field, Layout};

use crate::encode::FILE_ROWS;
use crate::hour::Hour;

/// How many rows wait at most, over all hours. At 70 bytes each that is a quarter of a gigabyte.
const WAITING_ROWS: usize = 4 * FILE_ROWS;

/// What becomes one file.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) layout: Arc<Layout>,
    pub(super) hour: Hour,
    pub(super) batches: Vec<RecordBatch>,
    rows: usize,
}

/// The parts that grow.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    parts: BTreeMap<(Arc<str>, Hour), Part>,
    rows: usize,
}

impl Partitions {
    /// Adds rows of one hour, and returns a part that is to be written now, if there is one: because it is full, or because
    /// too many rows wait, and then the largest.
    pub(super) fn add(
        &mut self,
        header: &Arc<str>,
        layout: &Arc<Layout>,
        hour: Hour,
        batch: RecordBatch,
    ) -> Option<Part> {
        let key = (Arc::clone(header), hour);
        let part = self.parts.entry(key.clone()).or_insert_with(|| Part {
            layout: Arc::clone(layout),
            hour,
            batches: Vec::new(),
            rows: 0,
        });
        part.rows += batch.num_rows();
        self.rows += batch.num_rows();
        part.batches.push(batch);
        if part.rows >= FILE_ROWS {
            return self.take(&key);
        }
        if self.rows >= WAITING_ROWS {
            let largest = self.parts.iter().max_by_key(|(_, part)| part.rows);
            let key = largest.map(|(key, _)| key.clone())?;
            return self.take(&key);
        }
        None
    }

    /// Returns any part that still waits.
    pub(super) fn pop(&mut self) -> Option<Part> {
        let key = self.parts.keys().next()?.clone();
        self.take(&key)
    }

    fn take(&mut self, key: &(Arc<str>, Hour)) -> Option<Part> {
        let part = self.parts.remove(key)?;
        self.rows -= part.rows;
        Some(part)
    }
}

/// Parts rows by the hour of their `start`.
pub(super) fn by_hour(batch: RecordBatch) -> Result<Vec<(Hour, RecordBatch)>, ArrowError> {
    let Some(start) = batch.column_by_name(Field::Start.column_name()) else {
        return Ok(vec![(Hour::NONE, batch)]);
    };
    let start = start.as_primitive::<Int64Type>();
    if start.null_count() == 0
        && let Some(hour) = only_hour(start.values())
    {
        return Ok(vec![(hour, batch)]);
    }
    let mut rows_of: BTreeMap<Hour, Vec<u32>> = BTreeMap::new();
    for (row, seconds) in (0..).zip(start) {
        rows_of.entry(seconds.map_or(Hour::NONE, Hour::of)).or_default().push(row);
    }
    let parts = rows_of.into_iter().map(|(hour, rows)| {
        let part = arrow::compute::take_record_batch(&batch, &UInt32Array::from(rows))?;
        Ok((hour, part))
    });
    parts.collect()
}

/// Returns the hour that all times are in.
fn only_hour(seconds: &[i64]) -> Option<Hour> {
    let hour = Hour::of(*seconds.first()?);
    let (first, last) = hour.seconds()?;
    seconds.iter().all(|it| (first..=last).contains(it)).then_some(hour)
}
