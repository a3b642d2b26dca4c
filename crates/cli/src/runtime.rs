//! The runtime of what waits: the lake, its engine and the cluster.

use crate::error::CliError;

/// Runs a future to its end, on all processors.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    Ok(runtime.map_err(CliError::Runtime)?.block_on(future))
}
