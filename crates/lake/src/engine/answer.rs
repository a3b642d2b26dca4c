//! What a query answers: columns, and rows as they come.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::ExecutionPlan;
use futures::StreamExt as _;
use parking::Plans;
use portolan_query::Kind;

use super::plan::Shown;
use super::source::Source;
use super::value::{Cells, Value, plain};

/// A column of an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AnswerColumn {
    /// Its heading.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
}

/// The answer to a query, which is computed as it is read. Dropping it stops the work.
pub struct Answer {
    columns: Vec<AnswerColumn>,
    stream: SendableRecordBatchStream,
    progress: Progress,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl Answer {
    pub(crate) fn new(
        shown: &[Shown],
        stream: SendableRecordBatchStream,
        progress: Progress,
    ) -> Self {
        let columns = shown
            .iter()
            .map(|it| AnswerColumn { name: it.name.clone(), kind: kind_of(&it.kind) })
            .collect();
        Self { columns, stream, progress }
    }

    /// Returns the columns, in order.
    pub fn columns(&self) -> &[AnswerColumn] {
        &self.columns
    }

    /// Returns how far the work is; it can be asked while rows are awaited.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Returns the plans that run or ran, with what they have measured so far, for people who know DataFusion.
    pub fn explain(&self) -> String {
        self.progress.describe()
    }

    /// Returns the next rows, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be read, or memory and disk do not suffice.
    pub async fn next(&mut self) -> Result<Option<Rows>> {
        match self.stream.next().await.transpose()? {
            None => Ok(None),
            Some(batch) => {
                self.progress.rows.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
                Ok(Some(Rows { batch }))
            }
        }
    }

    /// Returns all rows. Answers of the language have at most 100,000.
    ///
    /// # Errors
    ///
    /// Fails as [`Self::next`] does.
    pub async fn all(&mut self) -> Result<Vec<Vec<Value<'static>>>> {
        let mut all = Vec::new();
        while let Some(rows) = self.next().await? {
            rows.each(|row| all.push(row.iter().cloned().map(Value::into_owned).collect()))?;
        }
        Ok(all)
    }
}

/// Some rows of an answer.
#[derive(Clone, Debug)]
pub struct Rows {
    batch: RecordBatch,
}

impl Rows {
    pub(crate) const fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Returns how many rows there are.
    pub fn count(&self) -> usize {
        self.batch.num_rows()
    }

    /// Calls `visit` with the values of each row, in the order of the columns.
    ///
    /// # Errors
    ///
    /// Fails if a column is of a type that no value has, which would be a mistake of the engine.
    pub fn each(&self, mut visit: impl FnMut(&[Value<'_>])) -> Result<()> {
        let cells = self
            .batch
            .columns()
            .iter()
            .map(|column| Cells::of(column.as_ref()))
            .collect::<Result<Vec<_>>>()?;
        let mut values = vec![Value::Missing; cells.len()];
        for row in 0..self.batch.num_rows() {
            for (value, cells) in values.iter_mut().zip(&cells) {
                *value = cells.value(row);
            }
            visit(&values);
        }
        Ok(())
    }
}

/// How far the work on an answer is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    plans: Plans,
    rows: Arc<AtomicU64>,
    files: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
    elsewhere: Arc<AtomicBool>,
}

impl Progress {
    /// Returns how many bytes were read from the store; `None` if a cluster reads it, whose members do not tell.
    pub fn bytes_scanned(&self) -> Option<u64> {
        let here = !self.elsewhere.load(Ordering::Relaxed);
        here.then(|| self.plans.sum("bytes_scanned"))
    }

    /// Returns how many rows the answer has so far.
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Returns how many bytes the files have that can be read for the answer; 0 where that says nothing about the work.
    ///
    /// Far fewer are read where few columns are asked for.
    pub fn bytes_total(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Returns how many of the bytes of [`Self::bytes_total`] are done with, as if all files were of one size.
    pub fn bytes_done(&self) -> u64 {
        let files = self.files.load(Ordering::Relaxed).max(1);
        let done = self.plans.sum("files_processed").min(files);
        let bytes = u128::from(self.bytes_total()) * u128::from(done) / u128::from(files);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// Takes in that these files can be read, too.
    pub(crate) fn expect(&self, source: &Source) {
        self.files.fetch_add(source.files.len() as u64, Ordering::Relaxed);
        self.bytes.fetch_add(source.bytes(), Ordering::Relaxed);
    }

    /// Takes in that others read.
    #[cfg(feature = "cluster")]
    pub(crate) fn reads_elsewhere(&self) {
        self.elsewhere.store(true, Ordering::Relaxed);
    }

    pub(crate) fn watch(&self, plan: &Arc<dyn ExecutionPlan>) {
        self.plans.add(Arc::clone(plan));
    }

    fn describe(&self) -> String {
        self.plans.describe()
    }
}

mod parking {
    //! The plans of an answer, which know what they have read.

    use std::sync::{Arc, Mutex, PoisonError};

    use datafusion::physical_plan::ExecutionPlan;
    use datafusion::physical_plan::display::DisplayableExecutionPlan;

    #[derive(Clone, Debug, Default)]
    pub(super) struct Plans(Arc<Mutex<Vec<Arc<dyn ExecutionPlan>>>>);

    impl Plans {
        pub(super) fn add(&self, plan: Arc<dyn ExecutionPlan>) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(plan);
        }

        pub(super) fn sum(&self, metric: &str) -> u64 {
            let plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            plans.iter().map(|plan| of_tree(plan, metric)).sum()
        }

        pub(super) fn describe(&self) -> String {
            let plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let describe = |plan: &Arc<dyn ExecutionPlan>| {
                DisplayableExecutionPlan::with_metrics(plan.as_ref()).indent(true).to_string()
            };
            plans.iter().map(describe).collect::<Vec<_>>().join("\n")
        }
    }

    fn of_tree(plan: &Arc<dyn ExecutionPlan>, metric: &str) -> u64 {
        let own = plan.metrics().and_then(|metrics| metrics.sum_by_name(metric));
        let own = own.map_or(0, |value| value.as_usize() as u64);
        own + plan.children().into_iter().map(|child| of_tree(child, metric)).sum::<u64>()
    }
}

/// Returns the kind that the language gives to values of a type.
pub(crate) fn kind_of(kind: &DataType) -> Kind {
    match plain(kind) {
        DataType::Boolean => Kind::Boolean,
        DataType::Int64 => Kind::Integer,
        DataType::Float64 => Kind::Decimal,
        DataType::Utf8 => Kind::Text,
        DataType::UInt32 | DataType::FixedSizeBinary(_) => Kind::Address,
        DataType::Timestamp(_, _) => Kind::Time,
        _ => Kind::Any,
    }
}
