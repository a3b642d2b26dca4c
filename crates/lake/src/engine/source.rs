//! The files of a snapshot as a table of DataFusion: plain Parquet scans of exactly those files.
//!
//! The manifest knows paths, sizes and times already, so that planning reads nothing; a listing table would ask the store about
//! each file first.

use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};
use datafusion::datasource::file_format::FileFormat as _;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;

use crate::manifest::total;

/// A file of the lake, as far as the engine has to know it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceFile {
    /// Where it is, relative to the object store.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many rows it has.
    pub rows: u64,
    /// The first `start` in it, in seconds since 1970.
    pub first: i64,
    /// The last `start` in it.
    pub last: i64,
}

/// Files that are read as one table.
#[derive(Clone, Debug)]
pub struct Source {
    /// The object store that has them, as the runtime knows it.
    pub store: ObjectStoreUrl,
    /// The files.
    pub files: Arc<[SourceFile]>,
    /// Every column that one of them has.
    pub schema: SchemaRef,
}

impl Source {
    /// Returns the same table with only these files.
    #[must_use]
    pub fn with_files(&self, files: impl IntoIterator<Item = SourceFile>) -> Self {
        Self { files: files.into_iter().collect(), ..self.clone() }
    }

    /// Returns the files in groups, newest first, such that no two groups overlap in time.
    pub fn newest_first(&self) -> Vec<Vec<SourceFile>> {
        let mut files = self.files.to_vec();
        files.sort_by_key(|file| std::cmp::Reverse(file.last));
        let mut slices: Vec<Vec<SourceFile>> = Vec::new();
        let mut first = i64::MAX;
        for file in files {
            match slices.last_mut() {
                Some(slice) if file.last >= first => slice.push(file.clone()),
                _ => slices.push(vec![file.clone()]),
            }
            first = if slices.last().is_some_and(|slice| slice.len() == 1) {
                file.first
            } else {
                first.min(file.first)
            };
        }
        slices
    }

    /// Returns how many bytes the files have.
    pub fn bytes(&self) -> u64 {
        total(self.files.iter().map(|file| file.bytes))
    }

    fn groups(&self, partitions: usize) -> Vec<FileGroup> {
        let mut groups = vec![Vec::new(); partitions.clamp(1, self.files.len().max(1))];
        let mut files = self.files.to_vec();
        files.sort_by_key(|file| std::cmp::Reverse(file.bytes));
        // The largest first, each to the group that has least.
        for file in files {
            if let Some(group) = groups
                .iter_mut()
                .min_by_key(|group: &&mut Vec<PartitionedFile>| total(group.iter().map(size)))
            {
                group.push(self.partitioned(&file));
            }
        }
        groups.into_iter().map(FileGroup::new).collect()
    }

    fn partitioned(&self, file: &SourceFile) -> PartitionedFile {
        let mut statistics = Statistics::new_unknown(&self.schema);
        statistics.num_rows =
            usize::try_from(file.rows).map_or(Precision::Absent, Precision::Exact);
        if let Ok(start) = self.schema.index_of("start")
            && let Some(column) = statistics.column_statistics.get_mut(start)
        {
            *column = ColumnStatistics {
                min_value: Precision::Exact(ScalarValue::Int64(Some(file.first))),
                max_value: Precision::Exact(ScalarValue::Int64(Some(file.last))),
                ..ColumnStatistics::new_unknown()
            };
        }
        PartitionedFile::new(file.path.clone(), file.bytes).with_statistics(Arc::new(statistics))
    }
}

fn size(file: &PartitionedFile) -> u64 {
    file.effective_size()
}

/// Returns the type in which a column of the lake is read.
///
/// Dictionaries stay dictionaries, so that a condition is decided once for each distinct text of a batch.
pub fn reading_type(kind: &DataType) -> DataType {
    match kind {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        kind => kind.clone(),
    }
}

#[async_trait]
impl TableProvider for Source {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if self.files.is_empty() {
            let schema = match projection {
                Some(columns) => Arc::new(self.schema.project(columns)?),
                None => Arc::clone(&self.schema),
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let parquet = ParquetSource::new(Arc::clone(&self.schema));
        let config = FileScanConfigBuilder::new(self.store.clone(), Arc::new(parquet))
            .with_file_groups(self.groups(state.config().target_partitions()))
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        let format = ParquetFormat::default().with_options(state.default_table_options().parquet);
        format.create_physical_plan(state, config).await
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Schema;

    use super::*;

    fn check(files: &[(i64, i64)], expected: &[&[(i64, i64)]]) {
        let file = |&(first, last): &(i64, i64)| SourceFile {
            path: format!("{first}-{last}"),
            bytes: 1,
            rows: 1,
            first,
            last,
        };
        let source = Source {
            store: ObjectStoreUrl::local_filesystem(),
            files: files.iter().map(file).collect(),
            schema: Arc::new(Schema::empty()),
        };
        let slices: Vec<Vec<(i64, i64)>> = source
            .newest_first()
            .iter()
            .map(|slice| slice.iter().map(|file| (file.first, file.last)).collect())
            .collect();
        assert_eq!(slices, expected);
    }

    #[test]
    fn slices_do_not_overlap() {
        check(&[], &[]);
        check(&[(0, 9), (10, 19), (20, 29)], &[&[(20, 29)], &[(10, 19)], &[(0, 9)]]);
        check(&[(0, 9), (9, 19), (20, 29)], &[&[(20, 29)], &[(9, 19), (0, 9)]]);
        check(&[(0, 100), (20, 29), (50, 60)], &[&[(0, 100), (50, 60), (20, 29)]]);
        check(
            &[(0, 5), (3, 100), (50, 60), (200, 201)],
            &[&[(200, 201)], &[(3, 100), (50, 60), (0, 5)]],
        );
    }
}
