//! Rows into a data file.

mod columns;
mod dictionary;
mod hybrid;
mod statistics;

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, DictionaryArray, Int32Array, RecordBatch, StringArray,
    UInt32Array,
};
use arrow::datatypes::{Fields, Int32Type, Int64Type, Schema};
use arrow::error::ArrowError;
use bytes::Bytes;
use portolan_flow::{Field, Layout};

use crate::error::LakeError;
use crate::hour::Hour;
use crate::manifest::FileEntry;
use crate::name;
use crate::schema;

/// The most rows of a row group.
///
/// A query for the newest rows or for minutes reads pages of one or two. Each column of each group costs a reader some tens of
/// microseconds, whatever is in it.
pub(crate) const GROUP_ROWS: usize = 262_144;

/// The most rows of a page, the least that can be read.
pub(crate) const PAGE_ROWS: usize = 16_384;

/// The most rows that are sorted and written at once; 70 bytes each, twice while they are sorted.
pub(crate) const FILE_ROWS: usize = 4 * GROUP_ROWS;

/// A data file that is not in the store yet.
#[derive(Debug)]
pub(crate) struct Encoded {
    /// What the manifest will say of it.
    pub(crate) entry: FileEntry,
    /// Its bytes.
    pub(crate) bytes: Bytes,
}

/// Sorts the rows of one hour and layout by `start`, and writes them as a file.
///
/// `rows` has the columns of [`schema::of_rows`].
pub(crate) fn encode(
    layout: &Layout,
    hour: Hour,
    rows: &RecordBatch,
) -> Result<Encoded, LakeError> {
    let rows = sorted(rows)?;
    let path = format!("{hour}/{}.parquet", name::random());
    let bytes = columns::write(&with_layout(layout, &rows)?).map_err(LakeError::parquet(&path))?;
    let entry = FileEntry {
        size: bytes.len() as u64,
        rows: rows.num_rows() as u64,
        layout: layout.to_string(),
        start: (hour != Hour::NONE).then(|| statistics::time_range(&rows)).flatten(),
        wide: statistics::wide_columns(layout, &rows),
        rows_without_data: statistics::rows_without_data(&rows),
        rows_skipped: statistics::rows_skipped(&rows),
        addresses: statistics::addresses(layout, &rows),
        path,
    };
    Ok(Encoded { entry, bytes: bytes.into() })
}

/// Returns the rows in the order of `start`; those without one first. Rows of one second keep their order.
fn sorted(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let Some(start) = rows.column_by_name(Field::Start.column_name()) else {
        return Ok(rows.clone());
    };
    let start = start.as_primitive::<Int64Type>();
    if start.values().is_sorted() {
        return Ok(rows.clone());
    }
    let order = order_of(start.values());
    arrow::compute::take_record_batch(rows, &UInt32Array::from(order))
}

/// Up to how many different times rows are sorted by counting: those of an hour, and what a source has wrong.
const COUNTED: usize = 1 << 16;

/// Returns the rows in the order of their times, those of one time in the order in which they are.
fn order_of(times: &[i64]) -> Vec<u32> {
    let least = times.iter().copied().min().unwrap_or_default();
    let after = |time: i64| usize::try_from(time.checked_sub(least)?).ok();
    let span = times.iter().copied().max().and_then(after).filter(|it| *it < COUNTED);
    let Some(span) = span else {
        let mut order: Vec<(i64, u32)> = times.iter().copied().zip(0..).collect();
        order.sort_unstable();
        return order.into_iter().map(|(_, row)| row).collect();
    };
    let mut places = places(times.iter().filter_map(|it| after(*it)), span);
    let mut order = vec![0; times.len()];
    for (time, row) in times.iter().zip(0..) {
        let Some(place) = after(*time).and_then(|it| places.get_mut(it)) else { continue };
        if let Some(slot) = order.get_mut(*place) {
            *slot = row;
        }
        *place += 1;
    }
    order
}

/// Returns where the first of each number up to `greatest` comes if they are sorted.
fn places(numbers: impl Iterator<Item = usize>, greatest: usize) -> Vec<usize> {
    let mut counts = vec![0_usize; greatest + 1];
    for number in numbers {
        if let Some(count) = counts.get_mut(number) {
            *count += 1;
        }
    }
    let mut next = 0;
    for count in &mut counts {
        next += std::mem::replace(count, next);
    }
    counts
}

/// Adds the column that says what the header was, and says of each column whether every row has a value.
///
/// Such columns are `required` in the file: readers need not look at which rows have one.
fn with_layout(layout: &Layout, rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let words = StringArray::from_iter_values([layout.to_string()]);
    let numbers = Int32Array::from_value(0, rows.num_rows());
    let column = DictionaryArray::<Int32Type>::try_new(numbers, Arc::new(words))?;
    let schema = schema::of_layout(layout, |name| {
        rows.schema_ref().index_of(&schema::wide_name(name)).is_ok()
    });
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    columns.push(Arc::new(column));
    let fields = schema.fields().iter().zip(&columns);
    let fields: Fields = fields
        .map(|(field, column)| field.as_ref().clone().with_nullable(column.null_count() > 0))
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::order_of;

    proptest! {
        #[test]
        fn order_is_that_of_a_stable_sort(
            times in prop_oneof![
                prop::collection::vec(1_000_i64..1_009, 0..60),
                prop::collection::vec(any::<i64>(), 0..9),
            ],
        ) {
            let mut expected: Vec<u32> = (0..).take(times.len()).collect();
            expected.sort_by_key(|row| times[*row as usize]);
            prop_assert_eq!(order_of(&times), expected);
        }
    }
}
