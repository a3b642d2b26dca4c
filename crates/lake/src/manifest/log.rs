//! Reading the log of commits, and adding to it.

use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};

use super::commit::{Commit, Operation, Rejects, Source};
use super::entry::FileEntry;
use super::ledger::{Known, Ledger};
use super::snapshot::Snapshot;
use super::{CHECKPOINT_EVERY, FORMAT, checkpoint};
use crate::error::LakeError;
use crate::name;

/// The folder of commits.
const FOLDER: &str = "manifest";

/// How often a commit is tried before it is given up. Each time somebody else has made one.
const ATTEMPTS: u32 = 100;

/// How many commits are read at the same time.
const READ_AT_ONCE: usize = 16;

/// A commit that is to be made.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it is about.
    pub operation: Operation,
    /// The files that come. They must be in the store already.
    pub added: Vec<FileEntry>,
    /// The paths of the files that go. All of them must still be there.
    pub removed: Vec<String>,
    /// The sources that were read. None of them may be known.
    pub sources: Vec<Source>,
    /// The lines that are no records.
    pub rejects: Option<Rejects>,
}

impl Draft {
    /// Returns a commit that does nothing yet.
    pub fn new(operation: Operation) -> Self {
        Self {
            operation,
            added: Vec::new(),
            removed: Vec::new(),
            sources: Vec::new(),
            rejects: None,
        }
    }
}

/// What became of a draft.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is the commit of this number.
    Committed(u64),
    /// Somebody else read one of the sources or removed one of the files; nothing was done.
    Overtaken,
}

/// The log of commits of one lake.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    store: Arc<dyn ObjectStore>,
}

/// The files and the sources of a lake, as a writer knows them.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) snapshot: Snapshot,
    pub(crate) ledger: Ledger,
}

impl Log {
    pub(crate) fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self { store }
    }

    /// Returns the files as of the last commit.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, LakeError> {
        let mut snapshot = match self.last_checkpoint().await? {
            Some(number) => checkpoint::read_files(&*self.store, number).await?,
            None => Snapshot::default(),
        };
        for commit in self.commits_after(snapshot.number).await? {
            snapshot.apply(&commit);
        }
        Ok(snapshot)
    }

    /// Returns the files and the sources as of the last commit.
    pub(crate) async fn state(&self) -> Result<State, LakeError> {
        let mut state = match self.last_checkpoint().await? {
            Some(number) => State {
                snapshot: checkpoint::read_files(&*self.store, number).await?,
                ledger: checkpoint::read_sources(&*self.store, number).await?,
            },
            None => State::default(),
        };
        self.catch_up(&mut state).await?;
        Ok(state)
    }

    /// Takes the steps that were made since.
    pub(crate) async fn catch_up(&self, state: &mut State) -> Result<(), LakeError> {
        for commit in self.commits_after(state.snapshot.number).await? {
            state.apply(&commit);
        }
        Ok(())
    }

    /// Makes a commit of the draft, after those that others make meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. Whether the commit was made is then open, and the next [`Log::state`] tells.
    pub(crate) async fn append(
        &self,
        state: &mut State,
        draft: Draft,
        now: i64,
    ) -> Result<Outcome, LakeError> {
        let mut commit = Commit {
            format: FORMAT,
            number: 0,
            id: name::random(),
            time: now,
            operation: draft.operation,
            added: draft.added,
            removed: draft.removed,
            sources: draft.sources,
            rejects: draft.rejects,
        };
        for _ in 0..ATTEMPTS {
            if !state.allows(&commit) {
                return Ok(Outcome::Overtaken);
            }
            commit.number = state.snapshot.number + 1;
            if self.create(&commit).await? {
                state.apply(&commit);
                self.leave_checkpoint(state, now).await;
                return Ok(Outcome::Committed(commit.number));
            }
            self.catch_up(state).await?;
        }
        Err(LakeError::Contended { attempts: ATTEMPTS })
    }

    /// Writes a commit unless one of that number is there; returns whether it is this one that is there now.
    async fn create(&self, commit: &Commit) -> Result<bool, LakeError> {
        let path = commit_path(commit.number);
        let json = serde_json::to_vec(commit)
            .map_err(|source| LakeError::Manifest { path: path.to_string(), source })?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&path, json.into(), options).await {
            Ok(_) => Ok(true),
            // A request that was sent again because the answer was lost finds its own work.
            Err(
                object_store::Error::AlreadyExists { .. }
                | object_store::Error::Precondition { .. },
            ) => Ok(self.commit(commit.number).await?.id == commit.id),
            Err(error) => Err(LakeError::store("write", path.to_string())(error)),
        }
    }

    /// Leaves a checkpoint if it is time. Without one everything works, only slower, so that its failure is none.
    async fn leave_checkpoint(&self, state: &State, now: i64) {
        if state.snapshot.number.is_multiple_of(CHECKPOINT_EVERY) {
            let written = checkpoint::write(&*self.store, &state.snapshot, &state.ledger, now);
            drop(written.await);
        }
    }

    async fn last_checkpoint(&self) -> Result<Option<u64>, LakeError> {
        let folder = Path::from(checkpoint::FOLDER);
        let found = self.store.list(Some(&folder)).try_fold(None, |last, object| async move {
            Ok(last.max(checkpoint::number(&object.location)))
        });
        found.await.map_err(LakeError::store("list", checkpoint::FOLDER))
    }

    /// Returns the commits after one, in their order.
    ///
    /// # Errors
    ///
    /// Returns [`LakeError::MissingCommit`] if one is missing between others.
    async fn commits_after(&self, number: u64) -> Result<Vec<Commit>, LakeError> {
        let folder = Path::from(FOLDER);
        let listed = self.store.list_with_offset(Some(&folder), &commit_path(number));
        let objects: Vec<_> =
            listed.try_collect().await.map_err(LakeError::store("list", FOLDER))?;
        let mut numbers: Vec<_> = objects.iter().filter_map(|it| number_of(&it.location)).collect();
        numbers.sort_unstable();
        for (expected, found) in (number + 1..).zip(&numbers) {
            if expected != *found {
                return Err(LakeError::MissingCommit { number: expected });
            }
        }
        let reads = numbers.into_iter().map(|number| Ok(self.commit(number)));
        futures::stream::iter(reads).try_buffered(READ_AT_ONCE).try_collect().await
    }

    async fn commit(&self, number: u64) -> Result<Commit, LakeError> {
        let path = commit_path(number);
        let bytes = read(&*self.store, &path).await?;
        // The format first: a later one may have other fields.
        let parse_error = |source| LakeError::Manifest { path: path.to_string(), source };
        let tag: FormatTag = serde_json::from_slice(&bytes).map_err(parse_error)?;
        check_format(&path, tag.format)?;
        let commit: Commit = serde_json::from_slice(&bytes).map_err(parse_error)?;
        if commit.number != number {
            let other = format_args!("it says that it is commit {}", commit.number);
            return Err(parse_error(serde::de::Error::custom(other)));
        }
        Ok(commit)
    }
}

/// The part of every manifest object, now and later, that says how to read the rest.
#[derive(serde::Deserialize)]
struct FormatTag {
    format: u32,
}

impl State {
    /// Returns whether a commit makes sense here: its sources are new, and the files that it removes are there.
    fn allows(&self, commit: &Commit) -> bool {
        let is_new = |it: &Source| self.ledger.look_up(&it.key, &it.version) == Known::No;
        commit.sources.iter().all(is_new)
            && commit.removed.iter().all(|path| self.snapshot.holds(path))
    }

    fn apply(&mut self, commit: &Commit) {
        self.snapshot.apply(commit);
        self.ledger.extend(&commit.sources);
    }
}

/// Refuses what a later program wrote.
pub(super) fn check_format(path: &Path, format: u32) -> Result<(), LakeError> {
    let refused = || LakeError::Format { path: path.to_string(), format };
    if format > FORMAT { Err(refused()) } else { Ok(()) }
}

/// Reads a whole object.
pub(super) async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Bytes, LakeError> {
    let read = async { store.get(path).await?.bytes().await };
    read.await.map_err(LakeError::store("read", path.as_ref()))
}

fn commit_path(number: u64) -> Path {
    Path::from(format!("{FOLDER}/{number:020}.json"))
}

fn number_of(path: &Path) -> Option<u64> {
    path.filename()?.strip_suffix(".json")?.parse().ok()
}
