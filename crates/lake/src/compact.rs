//! Many small files into few, and away with what no commit names.
//!
//! Files of one hour and one layout are put together as long as the result can be sorted in memory. They are taken in the
//! order of time, so that the results hardly overlap. Compaction is a commit like any other: who reads the lake meanwhile
//! sees the files from before or those from after.
//!
//! Nothing is deleted that could still be wanted: neither what a query that began before may be reading, nor what a writer has
//! written and not yet committed. Both are told by age.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use arrow::array::RecordBatch;
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStoreExt as _};
use portolan_flow::{Field, Layout};
use tokio::task::spawn_blocking;
use walkdir::WalkDir;

use crate::encode::{self, Encoded, FILE_ROWS};
use crate::error::LakeError;
use crate::hour::Hour;
use crate::lake::Lake;
use crate::manifest::{Draft, FileEntry, Operation, Outcome, Snapshot};
use crate::place::Place;
use crate::{read, schema};

/// For how long what no commit names is left alone, unless the user says otherwise.
pub const DEFAULT_GRACE: Duration = Duration::from_hours(24);

/// How many results are committed at once.
const COMMIT_FILES: usize = 64;

/// The folders of data, and of rejected lines, by the beginnings of their names.
const OURS: [&str; 2] = ["day=", "rejects"];

/// What a compaction did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CompactReport {
    /// How many files were put together.
    pub merged: u64,
    /// How many files they became.
    pub made: u64,
    /// How many results came to nothing, because another writer changed the same files.
    pub overtaken: u64,
    /// How many objects that no commit names were deleted.
    pub swept: u64,
    /// How many bytes they had.
    pub swept_bytes: u64,
}

/// Files that become one.
type Bin = Vec<Arc<FileEntry>>;

/// Puts small files together, then deletes what no commit has named for as long as `grace`.
pub async fn compact(lake: &Lake, grace: Duration) -> Result<CompactReport, LakeError> {
    let mut report = CompactReport::default();
    let mut state = lake.log().state().await?;
    for bins in bins(&state.snapshot).chunks(COMMIT_FILES) {
        let mut draft = Draft::new(Operation::Compact);
        for bin in bins {
            draft.added.push(merge(lake, bin).await?);
            draft.removed.extend(bin.iter().map(|it| it.path.clone()));
        }
        let (merged, made) = (draft.removed.len() as u64, draft.added.len() as u64);
        match lake.log().append(&mut state, draft, lake.now()).await? {
            Outcome::Committed(_) => {
                report.merged += merged;
                report.made += made;
            }
            // What was written is swept like everything that no commit names.
            Outcome::Overtaken => report.overtaken += made,
        }
    }
    sweep(lake, grace, &mut report).await?;
    Ok(report)
}

/// Returns which files become one: neighbours in time, of one hour and layout, as many as fit.
fn bins(snapshot: &Snapshot) -> Vec<Bin> {
    let mut groups: BTreeMap<(&str, &str), Bin> = BTreeMap::new();
    for file in snapshot.files() {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        groups.entry((folder, &file.layout)).or_default().push(Arc::clone(file));
    }
    groups.into_values().flat_map(bins_of).collect()
}

fn bins_of(mut files: Bin) -> Vec<Bin> {
    files.sort_by_key(|it| it.start);
    let mut bins: Vec<Bin> = Vec::new();
    let mut rows = 0;
    for file in files {
        match bins.last_mut().filter(|_| rows + file.rows <= FILE_ROWS as u64) {
            Some(bin) => {
                rows += file.rows;
                bin.push(file);
            }
            None => {
                rows = file.rows;
                bins.push(vec![file]);
            }
        }
    }
    bins.retain(|it| it.len() > 1);
    bins
}

async fn merge(lake: &Lake, bin: &Bin) -> Result<FileEntry, LakeError> {
    let mut batches = Vec::new();
    for file in bin {
        let read: Vec<_> = read::batches(lake, file).await?.try_collect().await?;
        batches.extend(read);
    }
    let header = bin.first().map(|it| it.layout.clone()).unwrap_or_default();
    let written = spawn_blocking(move || write(&header, &batches));
    let Encoded { entry, bytes } = written.await.map_err(|_| LakeError::Worker)??;
    let path = Path::from(entry.path.as_str());
    let written = lake.store().put(&path, bytes.into()).await;
    written.map_err(LakeError::store("write", path.to_string()))?;
    Ok(entry)
}

fn write(header: &str, batches: &[RecordBatch]) -> Result<Encoded, LakeError> {
    let layout = Layout::parse(header).map_err(|error| LakeError::Layout { source: error })?;
    let batches = batches.iter().map(without_layout).collect::<Result<Vec<_>, _>>()?;
    let first = batches.iter().find(|it| it.num_rows() > 0);
    let hour = first.map_or(Hour::NONE, |it| Hour::of_first(it, Field::Start.column_name()));
    encode::encode(&layout, hour, &batches)
}

fn without_layout(batch: &RecordBatch) -> Result<RecordBatch, LakeError> {
    let fields = batch.schema_ref().fields().iter().enumerate();
    let kept: Vec<_> =
        fields.filter(|(_, it)| it.name() != schema::LAYOUT).map(|(index, _)| index).collect();
    Ok(batch.project(&kept)?)
}

/// Deletes what no commit names.
async fn sweep(lake: &Lake, grace: Duration, report: &mut CompactReport) -> Result<(), LakeError> {
    // Listed before the commits are read: what is committed in between was listed as nobody's, and is somebody's by then.
    let listed: Vec<_> =
        lake.store().list(None).try_collect().await.map_err(LakeError::store("list", ""))?;
    let snapshot = lake.snapshot().await?;
    let grace = i64::try_from(grace.as_secs()).unwrap_or(i64::MAX);
    let newest = lake.now().saturating_sub(grace);
    let is_ours = |it: &&ObjectMeta| OURS.iter().any(|name| it.location.as_ref().starts_with(name));
    for object in listed.iter().filter(is_ours) {
        if is_garbage(&snapshot, object, newest) {
            let deleted = lake.store().delete(&object.location).await;
            deleted.map_err(LakeError::store("delete", object.location.to_string()))?;
            report.swept += 1;
            report.swept_bytes += object.size;
        }
    }
    if let Place::Local(folder) = lake.place() {
        sweep_drafts(folder, newest, report);
    }
    Ok(())
}

/// Deletes what processes left that were killed while they wrote a file of a folder: drafts, which the store does not list.
///
/// Source: `object_store`, which names the draft of `NAME` so: `NAME#1`.
fn sweep_drafts(folder: &std::path::Path, newest: i64, report: &mut CompactReport) {
    let files = WalkDir::new(folder).into_iter().flatten().filter(|it| it.file_type().is_file());
    for draft in files.filter(|it| is_draft(&it.file_name().to_string_lossy())) {
        let Ok(metadata) = draft.metadata() else { continue };
        let since = metadata.modified().ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok());
        let since = since.and_then(|it| i64::try_from(it.as_secs()).ok()).unwrap_or(i64::MAX);
        if since <= newest && fs::remove_file(draft.path()).is_ok() {
            report.swept += 1;
            report.swept_bytes += metadata.len();
        }
    }
}

fn is_draft(name: &str) -> bool {
    let number = name.rsplit_once('#').map_or("", |(_, number)| number);
    !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit())
}

/// Returns whether an object is nobody's, and has been since before `newest`.
fn is_garbage(snapshot: &Snapshot, object: &ObjectMeta, newest: i64) -> bool {
    let path = object.location.as_ref();
    let is_named = snapshot.holds(path) || snapshot.totals().reject_objects.contains(path);
    let since = snapshot.removed_at(path).unwrap_or(object.last_modified.timestamp());
    !is_named && since <= newest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_known_by_their_names() {
        for (name, expected) in
            [("a.parquet#1", true), ("a.parquet", false), ("a#b", false), ("a#", false)]
        {
            assert_eq!(is_draft(name), expected, "{name}");
        }
    }
}
