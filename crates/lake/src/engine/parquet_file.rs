//! An answer as a Parquet file.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::error::Result;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::answer::{AnswerColumn, Rows};
use super::value::{Cells, Value, plain};

/// Returns the rows of an answer as a Parquet file, with the headings of its columns as names.
///
/// Addresses are text, since a number would not say of which family it is; everything else keeps its type.
///
/// # Errors
///
/// Fails if a column is of a type that no value has, which would be a mistake of the engine.
pub fn parquet_file(columns: &[AnswerColumn], rows: &[Rows]) -> Result<Vec<u8>> {
    let batches =
        rows.iter().map(|rows| named(columns, rows.batch())).collect::<Result<Vec<_>>>()?;
    let schema = batches.first().map_or_else(|| empty(columns), RecordBatch::schema);
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))?;
    for batch in &batches {
        writer.write(batch)?;
    }
    Ok(writer.into_inner()?)
}

/// Returns the batch with headings as names and addresses as text.
fn named(columns: &[AnswerColumn], batch: &RecordBatch) -> Result<RecordBatch> {
    let arrays: Vec<ArrayRef> = batch.columns().iter().map(shown).collect::<Result<_>>()?;
    let field = |(column, array): (&AnswerColumn, &ArrayRef)| {
        Field::new(&column.name, array.data_type().clone(), true)
    };
    let fields: Vec<Field> = columns.iter().zip(&arrays).map(field).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

fn shown(array: &ArrayRef) -> Result<ArrayRef> {
    use arrow::datatypes::DataType::{FixedSizeBinary, UInt32, Utf8};
    match plain(array.data_type()) {
        UInt32 | FixedSizeBinary(_) => {
            let cells = Cells::of(array.as_ref())?;
            let text = |row| match cells.value(row) {
                Value::Missing => None,
                value => Some(value.to_string()),
            };
            let texts: arrow::array::StringArray = (0..array.len()).map(text).collect();
            Ok(Arc::new(texts))
        }
        Utf8 => Ok(arrow::compute::cast(array, &Utf8)?),
        _ => Ok(Arc::clone(array)),
    }
}

/// Returns the schema of an answer without rows: nothing is known of its types.
fn empty(columns: &[AnswerColumn]) -> SchemaRef {
    let field =
        |column: &AnswerColumn| Field::new(&column.name, arrow::datatypes::DataType::Utf8, true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}
