//! Rows out of the lake, for other programs and for keeping.

mod csv;
mod parquet;
mod plain;

use std::io::Write;
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::RecordBatch;
use futures::TryStreamExt as _;

use crate::error::LakeError;
use crate::lake::Lake;
use crate::manifest::FileEntry;
use crate::read;

/// How rows are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ExportFormat {
    /// The report: when, from where, to where, how much, and whether it was let through.
    Csv,
    /// Everything, as one Parquet file with the columns that AWS's files have; what the lake can be filled from again.
    Parquet,
}

/// What an export did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ExportReport {
    /// How many rows were written.
    pub rows: u64,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Parquet];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// Takes rows and writes them.
trait Sink {
    fn write(&mut self, file: &FileEntry, batch: &RecordBatch) -> Result<(), LakeError>;
    fn finish(self: Box<Self>) -> Result<(), LakeError>;
}

/// Writes the rows whose `start` is in the range, or all of them, to `out`.
///
/// They come hour after hour; within an hour as the files have them, each in order. A range leaves out rows without a time.
pub async fn export(
    lake: &Lake,
    format: ExportFormat,
    range: Option<RangeInclusive<i64>>,
    out: &mut dyn Write,
) -> Result<ExportReport, LakeError> {
    let snapshot = lake.snapshot().await?;
    let mut files: Vec<Arc<FileEntry>> = match &range {
        None => snapshot.files().cloned().collect(),
        Some(range) => snapshot.files_within(range.clone()).cloned().collect(),
    };
    // Names are random; what is exported does not depend on them.
    files.sort_by(|a, b| (a.start, &a.layout, &a.path).cmp(&(b.start, &b.layout, &b.path)));
    let mut sink: Box<dyn Sink + '_> = match format {
        ExportFormat::Csv => Box::new(csv::Csv::new(out)?),
        ExportFormat::Parquet => Box::new(parquet::Parquet::new(&files, out)?),
    };
    let mut report = ExportReport::default();
    let mut batches = read::batches_of(lake, files);
    while let Some((file, batch)) = batches.try_next().await? {
        let batch = match &range {
            None => batch,
            Some(range) => plain::within(&batch, range)?,
        };
        report.rows += batch.num_rows() as u64;
        sink.write(&file, &batch)?;
    }
    sink.finish()?;
    Ok(report)
}
