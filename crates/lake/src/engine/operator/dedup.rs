//! `dedup`: the first row of each key, in the order in which rows come.
//!
//! It streams: a row is kept or dropped when it is seen, and nobody reads on once a limit after it is reached. With the newest files
//! read first, "the newest thousand" looks at thousands of rows and not at all of them.

use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::row::{RowConverter, SortField};
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt as _, future, stream};
use rustc_hash::FxHashSet;

/// Keeps the first row of each combination of the columns at `keys`, and rows that lack one of them; stops after `limit` rows.
///
/// # Errors
///
/// Fails if a key cannot be compared.
pub(crate) fn dedup(
    input: SendableRecordBatchStream,
    keys: Vec<usize>,
    limit: usize,
) -> Result<SendableRecordBatchStream> {
    let schema = input.schema();
    let fields = schema.fields();
    let sort_fields = keys.iter().filter_map(|key| fields.get(*key));
    let sort_fields = sort_fields.map(|field| SortField::new(field.data_type().clone())).collect();
    let mut seen =
        Seen { converter: RowConverter::new(sort_fields)?, keys, rows: FxHashSet::default() };
    let mut left = limit;
    let kept = input.map(move |batch| {
        let batch = batch?;
        let kept = filter_record_batch(&batch, &seen.first(&batch)?)?;
        let kept = kept.slice(0, kept.num_rows().min(left));
        left -= kept.num_rows();
        Ok((kept, left == 0))
    });
    // The batch that reaches the limit is the last that is asked for.
    let until_full = stream::unfold((kept, false), |(mut kept, done)| async move {
        if done {
            return None;
        }
        let next: Result<(RecordBatch, bool)> = kept.next().await?;
        let done = next.as_ref().map_or(true, |(_, full)| *full);
        Some((next.map(|(batch, _)| batch), (kept, done)))
    });
    let some = until_full
        .filter(|batch| future::ready(batch.as_ref().map_or(true, |batch| batch.num_rows() > 0)));
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, some)))
}

/// The keys that were seen.
#[derive(Debug)]
struct Seen {
    converter: RowConverter,
    keys: Vec<usize>,
    rows: FxHashSet<Box<[u8]>>,
}

impl Seen {
    /// Returns which rows of a batch are the first of their key, or lack one.
    fn first(&mut self, batch: &RecordBatch) -> Result<BooleanArray> {
        let columns: Vec<_> =
            self.keys.iter().filter_map(|key| batch.columns().get(*key)).map(Arc::clone).collect();
        let rows = self.converter.convert_columns(&columns)?;
        let nulls: Vec<_> = columns.iter().filter_map(arrow::array::Array::logical_nulls).collect();
        let kept = rows.iter().enumerate().map(|(place, row)| {
            let lacks = nulls.iter().any(|nulls| nulls.is_null(place));
            lacks || !self.rows.contains(row.as_ref()) && self.rows.insert(row.as_ref().into())
        });
        Ok(kept.map(Some).collect())
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array as _, ArrayRef, Int64Array};
    use datafusion::physical_plan::memory::MemoryStream;
    use futures::TryStreamExt as _;

    use super::*;

    async fn check(batches: &[&[Option<i64>]], limit: usize, expected: &[Option<i64>]) {
        let batches: Vec<RecordBatch> = batches
            .iter()
            .map(|rows| {
                let array: ArrayRef = Arc::new(Int64Array::from(rows.to_vec()));
                RecordBatch::try_from_iter_with_nullable([("k", array, true)]).unwrap()
            })
            .collect();
        let schema = batches[0].schema();
        let input = Box::pin(MemoryStream::try_new(batches, schema, None).unwrap());
        let out: Vec<RecordBatch> =
            dedup(input, vec![0], limit).unwrap().try_collect().await.unwrap();
        let found: Vec<Option<i64>> = out
            .iter()
            .flat_map(|batch| {
                batch
                    .column(0)
                    .as_any()
                    .downcast_ref::<Int64Array>()
                    .unwrap()
                    .iter()
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn the_first_of_each_key_stays() {
        check(
            &[&[Some(1), Some(1), Some(2)], &[Some(2), Some(3)]],
            9,
            &[Some(1), Some(2), Some(3)],
        )
        .await;
        check(&[&[Some(1), Some(2)], &[Some(3)]], 2, &[Some(1), Some(2)]).await;
    }

    #[tokio::test]
    async fn rows_without_key_stay() {
        check(&[&[None, Some(1), None, Some(1)]], 9, &[None, Some(1), None]).await;
    }
}
