//! rustfmt has nothing to change.

use std::process::Command;

use super::Problem;
use crate::repository::{Repository, cargo};

/// The workspaces: ours and the fuzz targets', which stand apart because they need other compiler flags.
static MANIFESTS: &[&str] = &["Cargo.toml", "fuzz/Cargo.toml"];

/// Finds each file that `cargo fmt` would change.
///
/// Where rustfmt is not installed, as in a minimal toolchain, it says so and finds nothing: `.ci/run` formats
/// in a step of its own, so nothing slips through.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    if !has_rustfmt(repository) {
        eprintln!(
            "skipped: formatting, because `cargo fmt` does not run (rustup component add rustfmt)"
        );
        return Vec::new();
    }
    MANIFESTS.iter().flat_map(|manifest| unformatted(repository, manifest)).collect()
}

fn has_rustfmt(repository: &Repository) -> bool {
    cargo(&repository.root).args(["fmt", "--version"]).output().is_ok_and(|it| it.status.success())
}

fn unformatted(repository: &Repository, manifest: &str) -> Vec<Problem> {
    let mut command = cargo(&repository.root);
    command.args(["fmt", "--manifest-path", manifest, "--", "--check", "-l"]);
    let root = format!("{}/", repository.root.display());
    let listed = listed_files(&mut command);
    let files = listed.lines().map(|it| it.strip_prefix(&root).unwrap_or(it));
    files.map(|file| Problem::new(file, "run `cargo fmt`")).collect()
}

/// Returns what the command prints: a file on each line, or what rustfmt could not read.
fn listed_files(command: &mut Command) -> String {
    match command.output() {
        Ok(output) if output.status.success() => String::new(),
        Ok(output) if output.stdout.is_empty() => lossy(&output.stderr),
        Ok(output) => lossy(&output.stdout),
        Err(error) => error.to_string(),
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
