//! Newest first: one time slice of files after the other, no further than anybody reads.
//!
//! A sort of the whole log would read all of it before the first row comes out, even where a thousand rows are wanted. Files are cut
//! by time, so the newest rows are in the newest files; only files that overlap in time are sorted together.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt as _, stream};

use super::{Run, bridge, spill};
use crate::engine::answer::Progress;
use crate::engine::source::{Source, SourceFile};

/// The slices of a log, the newest first.
struct Slices {
    plan: LogicalPlan,
    source: Source,
    session: SessionContext,
    progress: Progress,
    left: std::vec::IntoIter<Vec<SourceFile>>,
    running: Option<SendableRecordBatchStream>,
    wanted: usize,
}

impl Run<'_> {
    /// Runs a plan that sorts newest first on each slice of files in turn, until `wanted` rows have come, and gives out its first
    /// columns.
    pub(super) fn newest_first(
        &self,
        plan: LogicalPlan,
        source: &Source,
        wanted: usize,
        width: usize,
    ) -> Result<SendableRecordBatchStream> {
        let schema = Arc::new(plan.schema().as_arrow().clone());
        let slices = Slices {
            plan,
            source: source.clone(),
            session: self.engine.session.clone(),
            progress: self.progress.clone(),
            left: source.newest_first().into_iter(),
            running: None,
            wanted,
        };
        let batches = stream::try_unfold(slices, |mut slices| async move {
            let batch = slices.next().await?;
            Ok(batch.map(|batch| (batch, slices)))
        });
        bridge::narrowed(Box::pin(RecordBatchStreamAdapter::new(schema, batches)), width)
    }
}

impl Slices {
    async fn next(&mut self) -> Result<Option<arrow::array::RecordBatch>> {
        loop {
            if let Some(running) = self.running.as_mut()
                && let Some(batch) = running.next().await.transpose()?
            {
                // Each slice has its own limit; all of them together may pass it.
                let batch = batch.slice(0, batch.num_rows().min(self.wanted));
                self.wanted -= batch.num_rows();
                return Ok(Some(batch));
            }
            match self.left.next() {
                Some(files) if self.wanted > 0 => {
                    let plan = on_files(self.plan.clone(), &self.source.with_files(files))?;
                    let (session, progress) = (self.session.clone(), self.progress.clone());
                    self.running = Some(spill::execute(session, plan, progress).await?);
                }
                _ => return Ok(None),
            }
        }
    }
}

/// Returns the plan with the log read from these files alone.
fn on_files(plan: LogicalPlan, source: &Source) -> Result<LogicalPlan> {
    let table = provider_as_source(Arc::new(source.clone()));
    let changed = plan.transform_up(|node| match node {
        LogicalPlan::TableScan(mut scan) if scan.table_name.table() == "flows" => {
            scan.source = Arc::clone(&table);
            Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(changed.data)
}
