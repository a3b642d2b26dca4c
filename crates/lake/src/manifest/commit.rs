//! One commit, as it stands in the lake.

use serde::{Deserialize, Serialize};

use super::entry::FileEntry;

/// One step of a lake from what it was to what it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Commit {
    /// The format of this object.
    pub format: u32,
    /// Its place in the log, from 1.
    pub number: u64,
    /// A random name: whoever asks whether a write went through that it did not hear back from, asks for this.
    pub id: String,
    /// When it was made, in seconds since 1970 UTC by the clock of the writer.
    pub time: i64,
    /// What was done.
    pub operation: Operation,
    /// The files that come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<FileEntry>,
    /// The paths of the files that go. The objects stay until they are swept, for those who are reading them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// The sources whose records are in `added`, whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// The lines of the sources that are no records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejects: Option<Rejects>,
}

/// What a commit is about.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Sources were read.
    Ingest,
    /// Files were put together.
    Compact,
    /// Old files were let go.
    Expire,
}

/// A source that was read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Source {
    /// What it is known by: the same wherever it lies, if its name is one that AWS gives to one file only.
    pub key: String,
    /// What changes when its content does.
    pub version: String,
    /// How many bytes it has.
    pub size: u64,
    /// How many rows came of it.
    pub rows: u64,
    /// How many of its lines are no records.
    #[serde(default)]
    pub rejects: u64,
}

/// Lines that are no records.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Rejects {
    /// The object that holds them with their places, one JSON value a line.
    pub path: String,
    /// How many lines there were.
    pub count: u64,
    /// How many of them are in the object: of each source the first ones.
    pub kept: u64,
}
