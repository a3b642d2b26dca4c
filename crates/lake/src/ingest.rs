//! Filling a lake.
//!
//! A source is in the lake whole or not at all. Sources are read in batches; when the files of a batch are in the store, one
//! commit names them and the sources. A batch with a source that turns out to be broken, or that another writer was faster
//! with, is thrown away and read again without that source: that is rare, and keeps the common case free of bookkeeping.
//! What a killed process leaves are files that no commit names.

mod blocks;
mod columnar;
mod identity;
mod meter;
mod object;
mod partitions;
mod problem;
mod reject;
mod run;
mod stream;
mod text;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use object_store::ObjectStoreExt as _;
use object_store::path::Path;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::error::LakeError;
use crate::lake::Lake;
use crate::manifest::{Draft, FileEntry, Known, Operation, Outcome, Rejects, Source, State};
use crate::name;
pub use meter::Meter;
use object::Object;
pub use object::SourcePlace;
pub use problem::SourceProblem;
pub use reject::{KEPT_OF_A_SOURCE, Reject};
use run::{Harvest, Job};

/// How many bytes of sources one commit has, unless one source alone has more.
const BATCH_BYTES: u64 = 512 << 20;

/// How many sources one commit has at most.
const BATCH_SOURCES: usize = 10_000;

/// What an ingestion did.
#[derive(Debug, Default)]
pub struct IngestReport {
    /// How many sources were read.
    pub sources: u64,
    /// How many sources were in the lake already.
    pub known_sources: u64,
    /// The files of folders that are no flow logs.
    pub ignored: Vec<String>,
    /// How many rows came.
    pub rows: u64,
    /// How many lines are no records.
    pub rejects: u64,
    /// Some of those lines.
    pub rejected: Vec<Reject>,
    /// How many files came.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// The sources that are not in the lake, with what is wrong.
    pub problems: Vec<(String, SourceProblem)>,
}

/// How many rejected lines a report shows.
const SHOWN: usize = 10;

/// Reads sources into a lake. What was read before is passed over.
///
/// # Errors
///
/// Returns an error if a place cannot be listed or the lake not be written. What is wrong with a source is in the report.
pub async fn ingest(
    lake: &Lake,
    places: &[SourcePlace],
    meter: &Arc<Meter>,
) -> Result<IngestReport, LakeError> {
    let mut objects = Vec::new();
    for place in places {
        objects.extend(place.objects().await?);
    }
    ingest_objects(lake, objects, meter).await
}

/// Reads objects into a lake.
pub(crate) async fn ingest_objects(
    lake: &Lake,
    objects: Vec<Object>,
    meter: &Arc<Meter>,
) -> Result<IngestReport, LakeError> {
    let mut report = IngestReport::default();
    let mut state = lake.log().state().await?;
    let inside = lake.url().as_str().trim_start_matches("file://").to_owned();
    let outside = objects.into_iter().filter(|it| !it.shown.starts_with(&inside));
    let jobs = new_jobs(outside, &state, &mut report);
    meter.expect_bytes(jobs.iter().map(|it| it.object.size).sum());
    for batch in batches(jobs) {
        ingest_batch(lake, &mut state, batch, meter, &mut report).await?;
    }
    Ok(report)
}

/// Returns the sources that are not in the lake.
fn new_jobs(
    objects: impl Iterator<Item = Object>,
    state: &State,
    report: &mut IngestReport,
) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut seen = BTreeSet::new();
    for object in objects {
        match state.ledger.look_up(&object.key, &object.version) {
            Known::No if seen.insert(object.key.clone()) => {
                jobs.push(Job { object, in_order: false });
            }
            Known::No | Known::Yes => report.known_sources += 1,
            Known::OtherVersion => report.problems.push((object.shown, SourceProblem::Changed)),
        }
    }
    jobs
}

/// Parts jobs into commits.
fn batches(jobs: Vec<Job>) -> Vec<Vec<Job>> {
    let mut batches: Vec<Vec<Job>> = Vec::new();
    let mut bytes = 0;
    for job in jobs {
        let fits = |batch: &Vec<Job>| {
            batch.len() < BATCH_SOURCES && bytes + job.object.size <= BATCH_BYTES
        };
        match batches.last_mut().filter(|it| fits(it)) {
            Some(batch) => {
                bytes += job.object.size;
                batch.push(job);
            }
            None => {
                bytes = job.object.size;
                batches.push(vec![job]);
            }
        }
    }
    batches
}

/// Reads a batch and commits it, as often as it takes.
async fn ingest_batch(
    lake: &Lake,
    state: &mut State,
    mut jobs: Vec<Job>,
    meter: &Arc<Meter>,
    report: &mut IngestReport,
) -> Result<(), LakeError> {
    while !jobs.is_empty() {
        let mut harvest = harvest(lake, &jobs, meter).await?;
        let (good, is_mixed) = sort_out(jobs, &mut harvest, report);
        jobs = good;
        if is_mixed {
            discard(lake, &harvest.files).await;
            continue;
        }
        if jobs.is_empty() {
            return Ok(());
        }
        let (draft, kept) = draft(lake, &jobs, &harvest).await?;
        match lake.log().append(state, draft, lake.now()).await? {
            Outcome::Committed(_) => {
                tell(report, &harvest, kept);
                return Ok(());
            }
            Outcome::Overtaken => {
                discard(lake, &harvest.files).await;
                let objects = jobs.into_iter().map(|it| it.object);
                jobs = new_jobs(objects, state, report);
            }
        }
    }
    Ok(())
}

async fn harvest(lake: &Lake, jobs: &[Job], meter: &Arc<Meter>) -> Result<Harvest, LakeError> {
    let (jobs, store, meter) = (jobs.to_vec(), Arc::clone(lake.store()), Arc::clone(meter));
    let handle = Handle::current();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let run = spawn_blocking(move || run::run(jobs, store, handle, meter, workers));
    run.await.map_err(|_| LakeError::Worker)?
}

/// Parts the sources that are wrong from the good ones, and returns those. If rows of a wrong one are among the others, or a
/// source is to be read in another way, the harvest is no good.
fn sort_out(jobs: Vec<Job>, harvest: &mut Harvest, report: &mut IngestReport) -> (Vec<Job>, bool) {
    let mut good = Vec::new();
    let mut is_mixed = false;
    let mut sources = Vec::new();
    for (job, mut source) in jobs.into_iter().zip(std::mem::take(&mut harvest.sources)) {
        match source.problem.take() {
            None => {
                good.push(job);
                sources.push(source);
            }
            Some(SourceProblem::LayoutChanged) if !job.in_order => {
                is_mixed = true;
                good.push(Job { in_order: true, ..job });
            }
            Some(problem) => {
                is_mixed |= source.rows > 0;
                if matches!(problem, SourceProblem::NotAFlowLog) && !job.object.is_named {
                    report.ignored.push(job.object.shown);
                } else {
                    report.problems.push((job.object.shown, problem));
                }
            }
        }
    }
    harvest.sources = sources;
    (good, is_mixed)
}

/// Returns the commit that a harvest is, after writing the rejected lines that it names; and some of those.
async fn draft(
    lake: &Lake,
    jobs: &[Job],
    harvest: &Harvest,
) -> Result<(Draft, Vec<Reject>), LakeError> {
    let tallies = || harvest.sources.iter().map(|it| &it.tally);
    let mut kept: Vec<_> = tallies().flat_map(|it| it.kept.iter().cloned()).collect();
    let count = tallies().map(reject::Tally::count).sum();
    let rejects = match count {
        0 => None,
        _ => Some(Rejects { path: keep(lake, &kept).await?, count, kept: kept.len() as u64 }),
    };
    let sources = jobs.iter().zip(&harvest.sources).map(|(job, source)| Source {
        key: job.object.key.clone(),
        version: job.object.version.clone(),
        size: job.object.size,
        rows: source.rows,
        rejects: source.tally.count(),
    });
    let draft = Draft {
        operation: Operation::Ingest,
        added: harvest.files.clone(),
        removed: Vec::new(),
        sources: sources.collect(),
        rejects,
    };
    kept.truncate(SHOWN);
    Ok((draft, kept))
}

/// Writes rejected lines into the lake, and returns where.
async fn keep(lake: &Lake, rejects: &[Reject]) -> Result<String, LakeError> {
    let path = Path::from(format!("rejects/{}.jsonl", name::random()));
    let mut lines = Vec::new();
    for reject in rejects {
        serde_json::to_writer(&mut lines, reject)
            .map_err(|source| LakeError::Manifest { path: path.to_string(), source })?;
        lines.push(b'\n');
    }
    let written = lake.store().put(&path, lines.into()).await;
    written.map_err(LakeError::store("write", path.to_string()))?;
    Ok(path.into())
}

/// Deletes files that no commit will name. What stays is swept later.
async fn discard(lake: &Lake, files: &[FileEntry]) {
    for file in files {
        drop(lake.store().delete(&Path::from(file.path.as_str())).await);
    }
}

fn tell(report: &mut IngestReport, harvest: &Harvest, kept: Vec<Reject>) {
    for source in &harvest.sources {
        report.sources += 1;
        report.rows += source.rows;
        report.rejects += source.tally.count();
    }
    report.files += harvest.files.len() as u64;
    report.bytes += harvest.files.iter().map(|it| it.size).sum::<u64>();
    report.rejected.extend(kept);
    report.rejected.truncate(SHOWN);
}
