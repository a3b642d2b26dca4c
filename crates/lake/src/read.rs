//! Data files into rows.

use std::sync::Arc;

use arrow::array::RecordBatch;
use futures::TryStreamExt as _;
use futures::stream::BoxStream;
use futures::{StreamExt as _, stream};
use object_store::path::Path;
use parquet::arrow::ParquetRecordBatchStreamBuilder;
use parquet::arrow::arrow_reader::ArrowReaderOptions;

use crate::columnar_file::ColumnarFile;
use crate::error::LakeError;
use crate::lake::Lake;
use crate::manifest::FileEntry;

/// How many rows are read at once.
const BATCH_ROWS: usize = 65_536;

/// Reads a data file; the batches have the columns of [`FileEntry::schema`].
pub(crate) async fn batches(
    lake: &Lake,
    file: &FileEntry,
) -> Result<BoxStream<'static, Result<RecordBatch, LakeError>>, LakeError> {
    let path = file.path.clone();
    let reader = ColumnarFile {
        store: Arc::clone(lake.store()),
        path: Path::from(path.as_str()),
        size: file.size,
    };
    let options = ArrowReaderOptions::new().with_schema(file.schema());
    let builder = ParquetRecordBatchStreamBuilder::new_with_options(reader, options)
        .await
        .map_err(LakeError::parquet(&path))?;
    let batches = builder.with_batch_size(BATCH_ROWS).build().map_err(LakeError::parquet(&path))?;
    Ok(batches.map_err(move |error| LakeError::parquet(&path)(error)).boxed())
}

/// Reads data files one after the other.
pub(crate) fn batches_of(
    lake: &Lake,
    files: Vec<Arc<FileEntry>>,
) -> BoxStream<'static, Result<(Arc<FileEntry>, RecordBatch), LakeError>> {
    let lake = lake.clone();
    stream::iter(files)
        .then(move |file| {
            let lake = lake.clone();
            async move {
                let batches = batches(&lake, &file).await?;
                Ok::<_, LakeError>(batches.map_ok(move |batch| (Arc::clone(&file), batch)))
            }
        })
        .try_flatten()
        .boxed()
}
