//! Reading what comes, as it comes.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::error::LakeError;
use crate::ingest::{IngestReport, Meter, SourcePlace, ingest};
use crate::lake::Lake;

/// Reads what is new in the places again and again, until `stop` is ready or `tell` says so.
///
/// `pause` gives how long to wait before each look. What it gives should vary a little, so that many who follow one bucket do
/// not ask at the same moment. A look that has begun is finished before `stop` is heeded: what was read is committed.
///
/// # Errors
///
/// None of its own: `tell` is given each error, and decides whether to go on.
pub async fn follow(
    lake: &Lake,
    places: &[SourcePlace],
    mut pause: impl FnMut() -> Duration,
    stop: impl Future<Output = ()>,
    mut tell: impl FnMut(Result<IngestReport, LakeError>) -> ControlFlow<()>,
) {
    let mut stop = Box::pin(stop);
    loop {
        let report = ingest(lake, places, &Arc::new(Meter::default())).await;
        if tell(report).is_break() {
            return;
        }
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = tokio::time::sleep(pause()) => {}
        }
    }
}
