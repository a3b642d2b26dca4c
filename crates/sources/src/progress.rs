//! How far the reading has come.

/// How far the reading has come.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Progress {
    /// Files that were read.
    pub files: u64,
    /// Files that there are.
    pub files_total: u64,
    /// Bytes that were read, as they are on the disk.
    pub bytes: u64,
    /// Bytes that there are; `None` if standard input is among the sources.
    pub bytes_total: Option<u64>,
}
