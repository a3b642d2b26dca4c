//! The program as its users see it.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also outside of test functions")]

#[cfg(feature = "cluster")]
mod cluster;
mod documents;
#[cfg(feature = "flows")]
mod flows;
mod harbor;
#[cfg(feature = "flows")]
mod learning;
mod processes;
mod transcripts;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository, which every command of the tests is run from.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// Returns the program with arguments, in an environment that says nothing about it.
fn portolan(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portolan"));
    command.args(arguments).current_dir(repository()).env_clear();
    command
}

/// Returns a fresh path of that name for a file that a test writes.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_file(&path));
    path
}
