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

/// Has the cluster answer a plan that reads the log.
pub(super) async fn execute(
    session: &SessionContext,
    plan: &LogicalPlan,
    client: &Client,
    progress: &Progress,
) -> Result<SendableRecordBatchStream> {
    // What cannot spill is of this process, and no other member knows it.
    let state = session::that_spills(session).state();
    let schema = Arc::new(plan.schema().as_arrow().clone());
    let plan = state.create_physical_plan(plan).await?;
    progress.watch(&plan);
    let answered = client.collect(&state, &plan).await;
    let batches = answered.map_err(|error| DataFusionError::External(Box::new(error)))?;
    let schema = batches.first().map_or(schema, arrow::array::RecordBatch::schema);
    Ok(Box::pin(MemoryStream::try_new(batches, schema, None)?))
}
