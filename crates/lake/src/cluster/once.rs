//! No stage of a query is begun twice.
//!
//! When an executor is lost with what it had worked out, Ballista begins the stages anew that have read it. But it goes on
//! counting what their first attempt has already handed to the next stage or to the client (Ballista 55,
//! `StaticExecutionGraph::rollback_running_stage`), and tasks of both attempts write files of one name: rows could count twice.
//! So executors refuse tasks of a second attempt, which fails the job, and the client asks again; a new job has
//! files of its own. Only a task that is given to another executor within the first attempt is worked on: Ballista forgets what the
//! lost executor said about it, and the new one has a number of its own.

use std::fmt;
use std::sync::Arc;

use ballista_core::JobId;
use ballista_core::serde::protobuf::{
    RuntimeStatsReport, ShuffleWritePartition, TaskColumnStats, WindowStateReport,
};
use ballista_executor::execution_engine::{
    DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor,
};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricsSet;
use datafusion::prelude::SessionConfig;

/// What the error of a job says that failed because a stage of it would have been begun twice.
pub(super) const REFUSED: &str = "what a lost executor had worked out is not worked out again";

/// Works as Ballista does, but on first attempts only.
#[derive(Default)]
pub(super) struct Once(DefaultExecutionEngine);

impl ExecutionEngine for Once {
    fn create_query_stage_exec(
        &self,
        job_id: JobId,
        stage_id: usize,
        task_id: usize,
        partitions: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        work_directory: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        let stage = self.0.create_query_stage_exec(
            job_id,
            stage_id,
            task_id,
            partitions,
            plan,
            work_directory,
            config,
        )?;
        Ok(Arc::new(Stage(stage)))
    }
}

#[derive(Debug)]
struct Stage(Arc<dyn QueryStageExecutor>);

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[async_trait::async_trait]
impl QueryStageExecutor for Stage {
    async fn execute_query_stage(
        &self,
        task_id: usize,
        context: Arc<TaskContext>,
    ) -> Result<Vec<ShuffleWritePartition>> {
        if !context.task_id().is_some_and(|task| is_first_attempt(&task)) {
            return Err(DataFusionError::Execution(String::from(REFUSED)));
        }
        self.0.execute_query_stage(task_id, context).await
    }

    fn collect_plan_metrics(&self) -> Vec<MetricsSet> {
        self.0.collect_plan_metrics()
    }

    fn collect_runtime_stats_reports(&self) -> Vec<RuntimeStatsReport> {
        self.0.collect_runtime_stats_reports()
    }

    fn collect_window_state_reports(&self) -> Result<Vec<WindowStateReport>> {
        self.0.collect_window_state_reports()
    }

    fn collect_column_stats(&self) -> Vec<TaskColumnStats> {
        self.0.collect_column_stats()
    }
}

/// Returns whether a task is of the first attempt at its stage. Ballista calls tasks
/// `TID JOB/STAGE.ATTEMPT/TASK.ATTEMPT` (`run_received_task`), attempts from 0.
fn is_first_attempt(task: &str) -> bool {
    let stage = task.split('/').nth(1).and_then(|stage| stage.split_once('.'));
    stage.is_some_and(|(_, attempt)| attempt == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(task: &str, expected: bool) {
        assert_eq!(is_first_attempt(task), expected, "{task}");
    }

    #[test]
    fn only_first_attempts_at_a_stage_are_worked_on() {
        check("TID tXz81aB/2.0/5.0", true);
        check("TID tXz81aB/2.0/5.3", true);
        check("TID tXz81aB/2.1/5.0", false);
        check("TID tXz81aB/2.10/5.0", false);
        check("TID tXz81aB/2/5", false);
        check("", false);
    }
}
