//! The state that all commits up to one sum up to, so that a reader begins there.
//!
//! Files and sources are two objects, because a query needs the first only and the second can be the larger one. The sources
//! are written first: a checkpoint of files always has one of sources beside it.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::entry::FileEntry;
use super::ledger::Ledger;
use super::snapshot::{Snapshot, Totals};
use super::{FORMAT, log};
use crate::error::LakeError;

/// The folder of checkpoints.
pub(super) const FOLDER: &str = "checkpoint";

/// What the name of a checkpoint of files ends in.
const FILES: &str = ".files.json.zst";

/// What the name of a checkpoint of sources ends in.
const SOURCES: &str = ".sources.json.zst";

/// How hard zstd tries.
const LEVEL: i32 = 3;

/// For how long it is remembered when a file was removed, in seconds: thirty days.
const REMEMBERED: i64 = 30 * 24 * 60 * 60;

#[derive(Deserialize)]
struct FilesRead {
    format: u32,
    files: Vec<FileEntry>,
    tombs: BTreeMap<String, i64>,
    totals: Totals,
}

#[derive(Serialize)]
struct FilesWritten<'a> {
    format: u32,
    files: Vec<&'a FileEntry>,
    tombs: BTreeMap<&'a str, i64>,
    totals: &'a Totals,
}

/// Returns the number of the checkpoint whose files are at this path.
pub(super) fn number(path: &Path) -> Option<u64> {
    path.filename()?.strip_suffix(FILES)?.parse().ok()
}

/// Writes a checkpoint. What is there already says the same and may be replaced.
pub(super) async fn write(
    store: &dyn ObjectStore,
    snapshot: &Snapshot,
    ledger: &Ledger,
    now: i64,
) -> Result<(), LakeError> {
    let tombs = snapshot.tombs.iter().filter(|(_, time)| now - **time < REMEMBERED);
    let files = FilesWritten {
        format: FORMAT,
        files: snapshot.files.values().map(AsRef::as_ref).collect(),
        tombs: tombs.map(|(path, time)| (path.as_str(), *time)).collect(),
        totals: &snapshot.totals,
    };
    put(store, &path(snapshot.number, SOURCES), ledger).await?;
    put(store, &path(snapshot.number, FILES), &files).await
}

/// Reads the files of a checkpoint.
pub(super) async fn read_files(
    store: &dyn ObjectStore,
    number: u64,
) -> Result<Snapshot, LakeError> {
    let read: FilesRead = get(store, &path(number, FILES)).await?;
    log::check_format(&path(number, FILES), read.format)?;
    let files = read.files.into_iter().map(|it| (it.path.clone(), Arc::new(it)));
    Ok(Snapshot { number, files: files.collect(), tombs: read.tombs, totals: read.totals })
}

/// Reads the sources of a checkpoint.
pub(super) async fn read_sources(
    store: &dyn ObjectStore,
    number: u64,
) -> Result<Ledger, LakeError> {
    get(store, &path(number, SOURCES)).await
}

fn path(number: u64, ending: &str) -> Path {
    Path::from(format!("{FOLDER}/{number:020}{ending}"))
}

async fn put(
    store: &dyn ObjectStore,
    path: &Path,
    value: &impl Serialize,
) -> Result<(), LakeError> {
    let packed =
        pack(value).map_err(|source| LakeError::Manifest { path: path.to_string(), source })?;
    store.put(path, packed.into()).await.map_err(LakeError::store("write", path.as_ref()))?;
    Ok(())
}

async fn get<T: DeserializeOwned>(store: &dyn ObjectStore, path: &Path) -> Result<T, LakeError> {
    let bytes = log::read(store, path).await?;
    unpack(&bytes).map_err(|source| LakeError::Manifest { path: path.to_string(), source })
}

fn pack(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL).map_err(serde_json::Error::io)?;
    serde_json::to_writer(&mut encoder, value)?;
    encoder.flush().map_err(serde_json::Error::io)?;
    encoder.finish().map_err(serde_json::Error::io)
}

fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let mut text = Vec::new();
    zstd::Decoder::new(bytes)
        .and_then(|mut decoder| decoder.read_to_end(&mut text))
        .map_err(serde_json::Error::io)?;
    serde_json::from_slice(&text)
}
