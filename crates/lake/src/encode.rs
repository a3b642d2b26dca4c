//! Rows into a data file.

mod columns;
mod dictionary;
mod hybrid;
mod order;
mod parts;
mod statistics;

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{Fields, Int32Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use bytes::Bytes;
use portolan_flow::Layout;

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

/// The most rows that are sorted and written at once; 70 bytes each, twice if they are to be sorted.
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
/// The batches have the columns of [`schema::of_rows`], some of them perhaps those of IPv6 that others lack.
pub(crate) fn encode(
    layout: &Layout,
    hour: Hour,
    batches: &[RecordBatch],
) -> Result<Encoded, LakeError> {
    let rows = order::in_order(layout, batches)?;
    let path = format!("{hour}/{}.parquet", name::random());
    let bytes = columns::write(&with_layout(layout, &rows)?).map_err(LakeError::parquet(&path))?;
    let entry = FileEntry {
        size: bytes.len() as u64,
        rows: rows.iter().map(|it| it.num_rows() as u64).sum(),
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

/// Adds the column that says what the header was, and says of each column whether every row has a value.
///
/// Such columns are `required` in the file: readers need not look at which rows have one.
fn with_layout(layout: &Layout, batches: &[RecordBatch]) -> Result<Vec<RecordBatch>, ArrowError> {
    let words = StringArray::from_iter_values([layout.to_string()]);
    let longest = batches.iter().map(RecordBatch::num_rows).max().unwrap_or_default();
    let numbers = Int32Array::from_value(0, longest);
    let layouts = DictionaryArray::<Int32Type>::try_new(numbers, Arc::new(words))?;
    let schema = schema_of(layout, batches);
    let complete = batches.iter().map(|rows| {
        let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
        columns.push(Arc::new(layouts.slice(0, rows.num_rows())));
        RecordBatch::try_new(SchemaRef::clone(&schema), columns)
    });
    complete.collect()
}

/// Returns the columns of a file of these rows.
fn schema_of(layout: &Layout, batches: &[RecordBatch]) -> SchemaRef {
    let has = |name: &str| batches.iter().any(|it| it.column_by_name(name).is_some());
    let has_nulls = |name: &str| {
        batches.iter().any(|it| it.column_by_name(name).is_some_and(|it| it.null_count() > 0))
    };
    let schema = schema::of_layout(layout, |name| has(&schema::wide_name(name)));
    let fields = schema.fields().iter();
    let fields: Fields =
        fields.map(|it| it.as_ref().clone().with_nullable(has_nulls(it.name()))).collect();
    Arc::new(Schema::new(fields))
}

#[cfg(test)]
mod tests {
    use portolan_flow::Record;
    use proptest::prelude::*;

    use super::*;
    use crate::rows::{self, Rows};

    const HEADER: &str = "start srcaddr dstport bytes action";

    fn batch(layout: &Arc<Layout>, lines: &[(i64, String)]) -> RecordBatch {
        let mut rows = Rows::new(Arc::clone(layout), lines.len());
        for (start, rest) in lines {
            let line = format!("{start} {rest}");
            let mut record = Record::default();
            record.read(layout, &line).unwrap();
            rows.push(record.values());
        }
        rows.finish().unwrap()
    }

    fn some_lines() -> impl Strategy<Value = Vec<(i64, String)>> {
        let rest =
            "(10\\.0\\.0\\.[0-9]|-|2001:db8::[0-9]) ([0-9]{1,4}|-) [0-9]{1,18} (ACCEPT|-|[a-z])";
        prop::collection::vec((0..9_i64, rest), 1..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// It does not matter in how many batches rows come, in the order of time or not.
        #[test]
        fn batches_are_written_as_one_would_be(mut lines in some_lines(), sizes in prop::collection::vec(1..9_usize, 60), is_sorted: bool) {
            let layout = Arc::new(Layout::parse(HEADER).unwrap());
            if is_sorted {
                lines.sort_by_key(|(start, _)| *start);
            }
            let mut batches = Vec::new();
            let mut rest = lines.as_slice();
            for size in sizes {
                let (these, others) = rest.split_at(size.min(rest.len()));
                rest = others;
                batches.extend((!these.is_empty()).then(|| batch(&layout, these)));
            }
            let one = rows::concatenate(&rows::alike(&layout, &batches).unwrap()).unwrap();
            let hour = Hour::of(0);
            let found = encode(&layout, hour, &batches).unwrap();
            let expected = encode(&layout, hour, &[one]).unwrap();
            prop_assert_eq!(found.bytes, expected.bytes);
            let without_path = |entry: FileEntry| FileEntry { path: String::new(), ..entry };
            prop_assert_eq!(without_path(found.entry), without_path(expected.entry));
        }
    }
}
