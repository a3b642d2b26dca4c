//! A session of DataFusion with our settings and functions.

use std::sync::Arc;

use datafusion::error::Result;
use datafusion::execution::context::{SessionConfig, SessionContext};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{FunctionRegistry, SessionStateBuilder};
use datafusion::physical_optimizer::PhysicalOptimizerRule as _;

#[cfg(feature = "cluster")]
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

use super::group::GroupByNumbers;
use super::{aggregate, function};

/// How much of the machine a query may use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of memory for what queries keep; beyond it they spill to disk.
    pub memory: usize,
    /// How many threads work at once.
    pub threads: usize,
}

impl Default for Limits {
    /// Two gigabytes, and as many threads as there are processors.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { memory: 2 << 30, threads }
    }
}

/// How many consumers of memory an error names.
const NAMED_CONSUMERS: std::num::NonZeroUsize = std::num::NonZeroUsize::MIN.saturating_add(4);

/// How many rows go from one operator to the next: a page of a file, in one piece.
const BATCH_ROWS: usize = 16_384;

/// Returns a new session.
///
/// # Errors
///
/// Fails if there is no place to spill to.
pub(crate) fn new(limits: &Limits) -> Result<SessionContext> {
    let pool = TrackConsumersPool::new(FairSpillPool::new(limits.memory), NAMED_CONSUMERS);
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).build_arc()?;
    let mut config = SessionConfig::new()
        .with_target_partitions(limits.threads)
        .with_batch_size(BATCH_ROWS)
        .with_collect_statistics(false);
    let options = config.options_mut();
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    options.execution.parquet.schema_force_view_types = false;
    options.optimizer.enable_round_robin_repartition = false;
    options.sql_parser.enable_ident_normalization = true;
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        .with_physical_optimizer_rule(Arc::new(GroupByNumbers))
        .build();
    let session = SessionContext::new_with_state(state);
    register(&mut *session.state_ref().write())?;
    Ok(session)
}

/// Returns the session without the operators of ours that cannot spill.
pub(crate) fn that_spills(session: &SessionContext) -> SessionContext {
    let state = session.state();
    let ours = GroupByNumbers.name();
    let rules = state.physical_optimizers().iter().filter(|rule| rule.name() != ours).cloned();
    let rules = rules.collect();
    let state =
        SessionStateBuilder::new_from_existing(state).with_physical_optimizer_rules(rules).build();
    SessionContext::new_with_state(state)
}

/// Returns every function of ours, which in a cluster each member has to know by name.
#[cfg(feature = "cluster")]
pub(crate) fn functions() -> (Vec<Arc<ScalarUDF>>, Vec<Arc<AggregateUDF>>) {
    let (mut scalar, aggregate) = aggregate::all();
    scalar.extend(function::all());
    (scalar, aggregate)
}

/// Makes our functions known by name to a session.
///
/// # Errors
///
/// Fails if the registry takes no functions.
fn register(registry: &mut dyn FunctionRegistry) -> Result<()> {
    function::register(registry)?;
    aggregate::register(registry)
}
