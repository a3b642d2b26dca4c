//! Running a plan on a cluster: DataFusion's own operators with our functions by name.

use std::sync::Arc;

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::memory::MemoryStream;

use crate::cluster::Client;
use crate::engine::answer::Progress;
use crate::engine::session;

/// How many bytes of files one task reads, roughly. A cluster has more processors than the machine that asks; and what an executor
/// had in hand when it was lost is done again.
const PARTITION_BYTES: u64 = 32 << 20;

/// The most tasks of a stage: each has a part for each of the next stage.
const MOST_PARTITIONS: usize = 4096;

/// Has the cluster answer a plan that reads the log.
pub(super) async fn execute(
    session: &SessionContext,
    plan: &LogicalPlan,
    client: &Client,
    progress: &Progress,
    bytes: u64,
) -> Result<SendableRecordBatchStream> {
    // What cannot spill is of this process, and no other member knows it.
    let session = session::that_spills(session);
    let partitions = usize::try_from(bytes / PARTITION_BYTES).unwrap_or(usize::MAX);
    let options = session.state_ref();
    let least = options.read().config().target_partitions();
    options.write().config_mut().options_mut().execution.target_partitions =
        partitions.clamp(least, MOST_PARTITIONS.max(least));
    let state = session.state();
    let schema = Arc::new(plan.schema().as_arrow().clone());
    let plan = state.create_physical_plan(plan).await?;
    progress.watch(&plan);
    progress.reads_elsewhere();
    let answered = client.collect(&state, &plan).await;
    let batches = answered.map_err(|error| DataFusionError::External(Box::new(error)))?;
    let schema = batches.first().map_or(schema, arrow::array::RecordBatch::schema);
    Ok(Box::pin(MemoryStream::try_new(batches, schema, None)?))
}
