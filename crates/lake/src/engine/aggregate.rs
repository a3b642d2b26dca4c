//! The aggregates of `stats` that DataFusion lacks, or has only in a form that a log of ten million rows does not bear.
//!
//! `count`, `sum`, `avg`, `min` and `max` of numbers, `stddev` and `variance` are DataFusion's.

mod distinct;
mod distribution;
mod fold;
mod folds;
mod groups;
mod state;

use std::sync::{Arc, LazyLock};

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{AggregateUDF, Expr, ScalarUDF};

pub use distribution::EXACT_UP_TO;
pub(crate) use distribution::Numbers;

static ALL: LazyLock<Vec<Arc<AggregateUDF>>> = LazyLock::new(|| {
    let mut all = folds::all();
    all.push(distribution::distribution());
    all.push(distinct::distinct());
    all.into_iter().map(Arc::new).collect()
});

static QUANTILE: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(distribution::Quantile::default())));

/// Makes every aggregate known to a session, scheduler or executor.
///
/// # Errors
///
/// Fails if the registry takes no functions.
pub(crate) fn register(registry: &mut dyn FunctionRegistry) -> Result<()> {
    for aggregate in ALL.iter() {
        registry.register_udaf(Arc::clone(aggregate))?;
    }
    registry.register_udf(Arc::clone(&QUANTILE))?;
    Ok(())
}

/// Returns every function of ours that groups need: of one row, and of many.
#[cfg(feature = "cluster")]
pub(crate) fn all() -> (Vec<Arc<ScalarUDF>>, Vec<Arc<AggregateUDF>>) {
    (vec![Arc::clone(&QUANTILE)], ALL.clone())
}

/// Returns a call of the aggregate `name`, as in the table of `folds`.
///
/// # Errors
///
/// Fails if there is no aggregate of that name.
pub(crate) fn call(name: &str, arguments: Vec<Expr>) -> Result<Expr> {
    let prefixed = format!("insights_{name}");
    let aggregate = ALL
        .iter()
        .find(|aggregate| aggregate.name() == prefixed)
        .ok_or_else(|| DataFusionError::Plan(format!("there is no aggregate `{name}`")))?;
    Ok(aggregate.call(arguments))
}

/// Returns the value below which `percent` of a distribution lies: [`call`] `distribution` makes one, and one serves every
/// percentile of the same expression.
pub(crate) fn quantile(distribution: Expr, percent: Expr) -> Expr {
    QUANTILE.call(vec![distribution, percent])
}
