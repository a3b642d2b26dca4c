//! Data files into rows.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Fields, Schema};
use futures::TryStreamExt as _;
use futures::stream::BoxStream;
use futures::{StreamExt as _, stream};
use object_store::path::Path;
use parquet::arrow::ParquetRecordBatchStreamBuilder;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::errors::ParquetError;

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
    let mut reader = ColumnarFile {
        store: Arc::clone(lake.store()),
        path: Path::from(path.as_str()),
        size: file.size,
    };
    let schema = file.schema();
    let metadata = metadata(&mut reader, &schema).await.map_err(LakeError::parquet(&path))?;
    let builder = ParquetRecordBatchStreamBuilder::new_with_metadata(reader, metadata);
    let batches = builder.with_batch_size(BATCH_ROWS).build().map_err(LakeError::parquet(&path))?;
    let batches = batches.map(move |batch| Ok(batch?.with_schema(Arc::clone(&schema))?));
    Ok(batches.map_err(move |error| LakeError::parquet(&path)(error)).boxed())
}

/// Reads what a file says of itself; its columns are to be read in the types of `schema`.
async fn metadata(
    reader: &mut ColumnarFile,
    schema: &Schema,
) -> Result<ArrowReaderMetadata, ParquetError> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let found = ArrowReaderMetadata::load_async(reader, options).await?;
    // A column of which every row has a value is `required` in the file, and has to be asked for as such.
    let is_nullable = |name| found.schema().field_with_name(name).map_or(true, Field::is_nullable);
    let fields = schema.fields().iter();
    let fields = fields.map(|it| it.as_ref().clone().with_nullable(is_nullable(it.name())));
    let schema = Arc::new(Schema::new(fields.collect::<Fields>()));
    let options = ArrowReaderOptions::new().with_schema(schema);
    ArrowReaderMetadata::try_new(Arc::clone(found.metadata()), options)
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
