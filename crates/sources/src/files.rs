//! The files to be read, in order.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::ReadError;

/// What is to be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File {
        /// Its path, below what the user named.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// Whether the user named it, and not only a folder that it is in.
        is_named: bool,
    },
    /// A symbolic link that leads out of the folder that the user named.
    Outside(PathBuf),
    /// A folder or file that could not be looked at.
    Unreadable(PathBuf, String),
}

/// Returns what is to be read for the paths that the user named: those in their order, and what is in
/// folders sorted by name, so that the same folder always reads the same.
pub(crate) fn list(paths: &[PathBuf]) -> Result<Vec<Source>, ReadError> {
    let mut sources = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            sources.push(Source::Stdin);
            continue;
        }
        let error = |source| ReadError::Path { path: path.clone(), source };
        let metadata = fs::metadata(path).map_err(error)?;
        if metadata.is_dir() {
            walk(path, &mut sources).map_err(error)?;
        } else {
            let (path, size) = (path.clone(), metadata.len());
            sources.push(Source::File { path, size, is_named: true });
        }
    }
    Ok(sources)
}

/// Lists the files in a folder, at any depth.
fn walk(folder: &Path, sources: &mut Vec<Source>) -> io::Result<()> {
    let root = fs::canonicalize(folder)?;
    for entry in WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let size = entry.metadata().map_or(0, |metadata| metadata.len());
                sources.push(Source::File { path: entry.into_path(), size, is_named: false });
            }
            Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => {
                sources.extend(link(&root, entry.into_path()));
            }
            Ok(_) => {}
            Err(error) if error.depth() == 0 => return Err(error.into()),
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                sources.push(Source::Unreadable(path, io::Error::from(error).to_string()));
            }
        }
    }
    Ok(())
}

/// Returns a link that leads out of the folder. What a link inside leads to is read where it is.
fn link(root: &Path, path: PathBuf) -> Option<Source> {
    match fs::canonicalize(&path) {
        Ok(target) if target.starts_with(root) => None,
        _ => Some(Source::Outside(path)),
    }
}
