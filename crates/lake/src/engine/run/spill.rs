//! Running a plan, and running it otherwise when memory does not suffice.

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::engine::answer::Progress;
use crate::engine::session;

/// Runs a plan. If memory runs out before the first row, it is planned anew with nothing in it that cannot spill.
pub(super) async fn execute(
    session: SessionContext,
    plan: LogicalPlan,
    progress: Progress,
) -> Result<SendableRecordBatchStream> {
    let first = start(&session, &plan, &progress).await?;
    let schema = first.schema();
    let attempts = stream::once(async move {
        let mut first = first;
        match first.next().await {
            Some(Err(error)) if ran_out(&error) && reads_the_log(&plan) => {
                start(&session::that_spills(&session), &plan, &progress).await
            }
            Some(batch) => {
                let schema = first.schema();
                let all = stream::iter([batch]).chain(first);
                let all: SendableRecordBatchStream =
                    Box::pin(RecordBatchStreamAdapter::new(schema, all));
                Ok(all)
            }
            None => Ok(first),
        }
    });
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, attempts.try_flatten())))
}

async fn start(
    session: &SessionContext,
    plan: &LogicalPlan,
    progress: &Progress,
) -> Result<SendableRecordBatchStream> {
    let state = session.state();
    let plan = state.create_physical_plan(plan).await?;
    progress.watch(&plan);
    execute_stream(plan, state.task_ctx())
}

fn ran_out(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}

/// Returns whether a plan can be run twice: what an operator of ours gave out is gone.
pub(super) fn reads_the_log(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::TableScan(scan) => scan.table_name.table() != "rows",
        plan => plan.inputs().into_iter().all(reads_the_log),
    }
}
