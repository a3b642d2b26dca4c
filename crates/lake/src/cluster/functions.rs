//! The functions of a cluster: Ballista's and ours, known to every member by name.

use std::sync::Arc;

use ballista_core::registry::BallistaFunctionRegistry;
use datafusion::execution::SessionState;
use datafusion::execution::registry::FunctionRegistry as _;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

/// Functions that plans may name beside those of DataFusion.
#[derive(Clone, Debug, Default)]
pub struct ClusterFunctions {
    /// Functions of one row.
    pub scalar: Vec<Arc<ScalarUDF>>,
    /// Functions of many rows.
    pub aggregate: Vec<Arc<AggregateUDF>>,
}

/// Returns every function of ours.
pub fn functions() -> ClusterFunctions {
    let (scalar, aggregate) = crate::engine::functions();
    ClusterFunctions { scalar, aggregate }
}

impl ClusterFunctions {
    /// Returns the registry of an executor. Ours are added: replacing would take DataFusion's away.
    pub(super) fn registry(&self) -> BallistaFunctionRegistry {
        let mut registry = BallistaFunctionRegistry::default();
        let scalar = self.scalar.iter().map(|it| (it.name().to_owned(), Arc::clone(it)));
        registry.scalar_functions.extend(scalar);
        let aggregate = self.aggregate.iter().map(|it| (it.name().to_owned(), Arc::clone(it)));
        registry.aggregate_functions.extend(aggregate);
        registry
    }

    /// Adds the functions to the state of a client or a scheduler.
    pub(super) fn register(&self, state: &mut SessionState) -> datafusion::error::Result<()> {
        for function in &self.scalar {
            state.register_udf(Arc::clone(function))?;
        }
        for function in &self.aggregate {
            state.register_udaf(Arc::clone(function))?;
        }
        Ok(())
    }
}
