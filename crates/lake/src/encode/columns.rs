//! How each column is encoded.
//!
//! Nearly all are dictionaries, see [`dictionary`](super::dictionary): flow logs say few different things, and times that are
//! sorted are runs. Whatever has too many values is plain. What zstd makes smaller by a quarter is compressed. Packed differences
//! were tried for times and counters: as small, and slower to read.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field as ArrowField, Schema};
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::ColumnPath;
use portolan_flow::Field;

use super::dictionary::Tools;
use super::parts::{self, Parts};
use super::{GROUP_ROWS, PAGE_ROWS, dictionary};

/// How hard zstd tries. More costs more than all else together, and saves a tenth.
const LEVEL: i32 = 1;

/// How often a bloom filter says yes to what is not there.
pub(super) const FALSE_POSITIVES: f64 = 0.01;

/// The columns that questions look for single values in, addresses aside.
static LOOKED_FOR: [Field; 2] = [Field::InterfaceId, Field::InstanceId];

/// What is written beside the values of a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// Whether the least and the greatest value are.
    ///
    /// Not of IPv4 addresses: they are not sorted, so that it would exclude nothing, and Trino and Athena fail on unsigned
    /// statistics above 2^31 (trinodb/trino issue 27274).
    pub(super) has_range: bool,
    /// Whether each page has its own range, for rows in the order of the column.
    pub(super) has_page_index: bool,
    /// Whether there is a bloom filter.
    pub(super) has_bloom_filter: bool,
}

impl Plan {
    fn of(field: &ArrowField) -> Self {
        let is_address =
            matches!(field.data_type(), DataType::UInt32 | DataType::FixedSizeBinary(_));
        let is_looked_for = LOOKED_FOR.iter().any(|it| it.column_name() == field.name());
        Self {
            has_range: field.data_type() != &DataType::UInt32,
            has_page_index: field.name() == Field::Start.column_name(),
            has_bloom_filter: is_address || is_looked_for,
        }
    }
}

/// Returns how pages are compressed.
pub(super) fn compression() -> Result<Compression, ParquetError> {
    Ok(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
}

/// Writes batches as a file. Their columns are the same, and there is one batch at least.
pub(super) fn write(batches: &[RecordBatch]) -> Result<Vec<u8>, ParquetError> {
    let arrow = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
    let schema = ArrowSchemaConverter::new().convert(&arrow)?;
    let mut properties = properties(&arrow)?;
    // It tells us, and whoever else reads with Arrow, that texts are dictionaries in memory, too.
    add_encoded_arrow_schema_to_metadata(&arrow, &mut properties);
    let properties = Arc::new(properties);
    let mut file = SerializedFileWriter::new(Vec::new(), schema.root_schema_ptr(), properties)?;
    let mut tools = Tools::new(LEVEL)?;
    let factory = ArrowRowGroupWriterFactory::new(&file, Arc::clone(&arrow));
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    for (index, first) in (0..rows).step_by(GROUP_ROWS).enumerate() {
        let batches = parts::slice(batches, first, GROUP_ROWS);
        let mut group = file.next_row_group()?;
        let mut writers = Writers { factory: &factory, group: index, made: Vec::new() };
        for (index, (field, description)) in arrow.fields().iter().zip(schema.columns()).enumerate()
        {
            let (column, plan) = (Parts::of(&batches, index), Plan::of(field));
            match dictionary::write(&column, description, plan, &mut tools)? {
                Some(chunk) => group.append_column(&chunk.bytes, chunk.close)?,
                None => write_plain(&mut group, field, &column, writers.take(index)?)?,
            }
        }
        group.close()?;
    }
    file.into_inner()
}

/// The writers of the columns of a row group, which are made when the first is needed: they take memory for bloom filters.
struct Writers<'a> {
    factory: &'a ArrowRowGroupWriterFactory,
    group: usize,
    made: Vec<Option<ArrowColumnWriter>>,
}

impl Writers<'_> {
    /// Returns the writer of a column.
    fn take(&mut self, column: usize) -> Result<ArrowColumnWriter, ParquetError> {
        if self.made.is_empty() {
            let writers = self.factory.create_column_writers(self.group)?;
            self.made = writers.into_iter().map(Some).collect();
        }
        let writer = self.made.get_mut(column).and_then(Option::take);
        writer.ok_or_else(|| ParquetError::General(format!("column {column} has no writer")))
    }
}

fn write_plain(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    field: &ArrowField,
    column: &Parts,
    mut writer: ArrowColumnWriter,
) -> Result<(), ParquetError> {
    for part in column.arrays() {
        for leaf in compute_leaves(field, part)? {
            writer.write(&leaf)?;
        }
    }
    writer.close()?.append_to_row_group(group)
}

/// Returns how what is no dictionary is written.
fn properties(schema: &Schema) -> Result<WriterProperties, ParquetError> {
    let mut builder = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(compression()?)
        .set_dictionary_enabled(false)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_bloom_filter_fpp(FALSE_POSITIVES)
        .set_sorting_columns(sorting(schema)?)
        .set_created_by(concat!("portolan ", env!("CARGO_PKG_VERSION")).to_owned());
    for field in schema.fields() {
        let path = ColumnPath::from(field.name().as_str());
        let plan = Plan::of(field);
        let statistics = match (plan.has_range, plan.has_page_index) {
            (false, _) => EnabledStatistics::None,
            (true, false) => EnabledStatistics::Chunk,
            (true, true) => EnabledStatistics::Page,
        };
        builder = builder
            .set_column_statistics_enabled(path.clone(), statistics)
            .set_column_bloom_filter_enabled(path, plan.has_bloom_filter);
    }
    Ok(builder.build())
}

/// Returns the order of the rows.
fn sorting(schema: &Schema) -> Result<Option<Vec<SortingColumn>>, ParquetError> {
    let Ok(index) = schema.index_of(Field::Start.column_name()) else {
        return Ok(None);
    };
    let column_idx = i32::try_from(index)?;
    Ok(Some(vec![SortingColumn { column_idx, descending: false, nulls_first: true }]))
}
