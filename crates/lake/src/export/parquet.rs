//! Everything as one Parquet file.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use portolan_flow::{Column, Layout};

use super::{Sink, plain};
use crate::encode::GROUP_ROWS;
use crate::error::LakeError;
use crate::manifest::FileEntry;
use crate::schema;

/// What a message calls what is written.
const SHOWN: &str = "export";

/// Writes the columns of all layouts, and which layout each row is of.
pub(super) struct Parquet<'a> {
    columns: Vec<Column>,
    schema: SchemaRef,
    writer: ArrowWriter<Vec<u8>>,
    out: &'a mut dyn Write,
}

impl<'a> Parquet<'a> {
    pub(super) fn new(files: &[Arc<FileEntry>], out: &'a mut dyn Write) -> Result<Self, LakeError> {
        let columns = columns_of(files);
        let mut fields: Vec<_> = columns
            .iter()
            .map(|it| ArrowField::new(it.column_name(), plain::data_type(it.field_type()), true))
            .collect();
        fields.push(ArrowField::new(schema::LAYOUT, DataType::Utf8, false));
        let schema = Arc::new(Schema::new(fields));
        let level = ZstdLevel::try_new(3).map_err(LakeError::parquet(SHOWN))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))
            .map_err(LakeError::parquet(SHOWN))?;
        Ok(Self { columns, schema, writer, out })
    }
}

impl Sink for Parquet<'_> {
    fn write(&mut self, _: &FileEntry, batch: &RecordBatch) -> Result<(), LakeError> {
        let columns = self.columns.iter().map(|it| plain::values(batch, it));
        let mut columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
        let layout = batch.column_by_name(schema::LAYOUT);
        columns.extend(layout.map(|it| cast(it, &DataType::Utf8)).transpose()?);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.writer.write(&batch).map_err(LakeError::parquet(SHOWN))?;
        // The writer counts its bytes itself and only appends, so what is there can be taken.
        let bytes = std::mem::take(self.writer.inner_mut());
        self.out.write_all(&bytes).map_err(LakeError::file("write", SHOWN))
    }

    fn finish(self: Box<Self>) -> Result<(), LakeError> {
        let bytes = self.writer.into_inner().map_err(LakeError::parquet(SHOWN))?;
        self.out.write_all(&bytes).map_err(LakeError::file("write", SHOWN))?;
        self.out.flush().map_err(LakeError::file("write", SHOWN))
    }
}

/// Returns the columns of all files, each once, in the order in which they are first seen.
fn columns_of(files: &[Arc<FileEntry>]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for file in files {
        let layout = Layout::parse(&file.layout).ok();
        for column in layout.iter().flat_map(Layout::columns) {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
    }
    columns
}
