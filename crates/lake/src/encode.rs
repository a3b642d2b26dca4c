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
    let mut order: Vec<(i64, u32)> = start.values().iter().copied().zip(0..).collect();
    order.sort_unstable();
    let order = UInt32Array::from_iter_values(order.into_iter().map(|(_, row)| row));
    arrow::compute::take_record_batch(rows, &order)
}

/// Adds the column that says what the header was, and says of each column whether every row has a value.
///
/// Such columns are `required` in the file: readers need not look at which rows have one, a sixth of the time of some questions.
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
