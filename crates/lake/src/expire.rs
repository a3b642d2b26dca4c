//! Letting go of old rows.

use crate::error::LakeError;
use crate::lake::Lake;
use crate::manifest::{Draft, Operation, Outcome};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// What an expiry did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ExpireReport {
    /// How many files went.
    pub files: u64,
    /// How many rows they had.
    pub rows: u64,
    /// How many bytes they had. They are freed when the files are swept.
    pub bytes: u64,
}

/// Removes the files whose every row began more than `keep_days` days ago.
///
/// A file with one younger row stays whole. Rows without a time stay. Sources stay known: a source that is read again does not
/// bring back what has expired.
pub async fn expire(lake: &Lake, keep_days: u32) -> Result<ExpireReport, LakeError> {
    let mut state = lake.log().state().await?;
    let oldest = lake.now().saturating_sub(i64::from(keep_days) * DAY);
    loop {
        let mut draft = Draft::new(Operation::Expire);
        let mut report = ExpireReport::default();
        let is_old = |it: &(i64, i64)| it.1 < oldest;
        for file in state.snapshot.files().filter(|it| it.start.as_ref().is_some_and(is_old)) {
            draft.removed.push(file.path.clone());
            report.files += 1;
            report.rows += file.rows;
            report.bytes += file.size;
        }
        if draft.removed.is_empty() {
            return Ok(report);
        }
        if let Outcome::Committed(_) = lake.log().append(&mut state, draft, lake.now()).await? {
            return Ok(report);
        }
    }
}
