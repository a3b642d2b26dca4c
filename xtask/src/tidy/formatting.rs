//! rustfmt has nothing to change.

use std::path::Path;
use std::process::Output;

use super::Problem;
use crate::repository::{Repository, cargo};

/// The folders of the workspaces: ours, and the fuzz targets', which is apart for its compiler flags.
static WORKSPACES: &[&str] = &[".", "fuzz"];

/// Finds each file that `cargo fmt` would change.
///
/// Where rustfmt is not installed, as in a minimal toolchain, it says so and finds nothing: `.ci/run` checks
/// the formatting in a step of its own, so nothing slips through.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    let has_rustfmt = cargo(&repository.root).args(["fmt", "--version"]).output();
    if !has_rustfmt.is_ok_and(|it| it.status.success()) {
        eprintln!(
            "skipped: formatting, because `cargo fmt` does not run (rustup component add rustfmt)"
        );
        return Vec::new();
    }
    WORKSPACES.iter().flat_map(|folder| unformatted(repository, folder)).collect()
}

fn unformatted(repository: &Repository, folder: &str) -> Vec<Problem> {
    let mut command = cargo(&repository.root.join(folder));
    match command.args(["fmt", "--check", "--", "-l"]).output() {
        Ok(output) if output.status.success() => Vec::new(),
        Ok(output) => listed(&repository.root, folder, &output),
        Err(error) => vec![Problem::new(folder, error)],
    }
}

/// Returns the files that rustfmt lists, or what it says if it lists none.
fn listed(root: &Path, folder: &str, output: &Output) -> Vec<Problem> {
    let root = format!("{}/", root.display());
    let stdout = String::from_utf8_lossy(&output.stdout);
    let files = stdout.lines().filter_map(|line| line.strip_prefix(&root));
    let problems: Vec<_> = files.map(|file| Problem::new(file, "run `cargo fmt`")).collect();
    if problems.is_empty() {
        return vec![Problem::new(folder, String::from_utf8_lossy(&output.stderr).trim())];
    }
    problems
}

#[cfg(test)]
mod tests {
    use std::process::ExitStatus;

    use super::*;

    fn check(stdout: &str, stderr: &str, expected: &str) {
        let (stdout, stderr) = (stdout.as_bytes().to_vec(), stderr.as_bytes().to_vec());
        let output = Output { status: ExitStatus::default(), stdout, stderr };
        let found = listed(Path::new("/house"), ".", &output);
        let messages: Vec<_> = found.iter().map(Problem::to_string).collect();
        assert_eq!(messages.join("\n"), expected);
    }

    #[test]
    fn files_are_listed_by_their_path_from_the_root() {
        check("/house/crates/net/src/port.rs\n", "", "crates/net/src/port.rs: run `cargo fmt`");
    }

    #[test]
    fn what_stops_rustfmt_is_told() {
        check("", "error: expected item\n", ".: error: expected item");
    }
}
