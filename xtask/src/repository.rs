//! The repository as the chores see it: the files that git tracks, and what cargo says of the crates.
//!
//! Everything is read once into plain values, so that each check is a function of them and its own tests can
//! show it a house that breaks the rule.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, ensure};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Everything that the chores need to know of the repository.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    pub(crate) root: PathBuf,
    /// Contents by path from the root, with `/` between folders on every system.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// The crates of the workspace.
    pub(crate) crates: Vec<Crate>,
    /// The packages from outside that are built on this host, tests included.
    pub(crate) outside: Vec<Outside>,
}

/// One crate of the workspace.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    pub(crate) name: String,
    /// Where it lives from the root, such as `crates/net`.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
    /// Paths of the files at which compilation starts: `src/lib.rs`, each test binary and so on.
    pub(crate) roots: Vec<String>,
}

/// One entry in the manifest of a [`Crate`].
#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Whether only tests, examples and benchmarks use it.
    pub(crate) is_development: bool,
}

/// A package that somebody else wrote.
#[derive(Debug)]
pub(crate) struct Outside {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Its SPDX expression, if its manifest gives one.
    pub(crate) licence: Option<String>,
}

impl Repository {
    /// Reads the repository that this program was built from.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let root = root();
        let metadata = metadata(&root)?;
        let crates = metadata.workspace_packages().into_iter().map(|it| workspace_crate(it, &root));
        let outside = metadata.packages.iter().filter(|it| it.source.is_some()).map(outside);
        Ok(Self {
            crates: crates.collect(),
            outside: outside.collect(),
            files: files(&root)?,
            root,
        })
    }

    /// Returns path and text of each file whose path ends with `suffix`, binary files left out.
    pub(crate) fn texts(&self, suffix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(suffix))
            .filter_map(|(path, bytes)| Some((path.as_str(), str::from_utf8(bytes).ok()?)))
    }

    /// Returns the text of one file, or nothing if it is absent or binary.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        str::from_utf8(self.files.get(path)?).ok()
    }

    /// Returns each entry of `[workspace.dependencies]` with its version, which our own crates have not.
    pub(crate) fn shared_dependencies(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let manifest = self.text("Cargo.toml").unwrap_or_default();
        let lines = manifest.lines().skip_while(|line| *line != "[workspace.dependencies]").skip(1);
        let lines = lines.take_while(|line| !line.starts_with('['));
        lines.filter_map(|line| line.split_once(" = ")).map(|(name, value)| (name, version(value)))
    }
}

impl Crate {
    /// Returns whether the manifest names this package, for whatever use.
    pub(crate) fn depends_on(&self, name: &str) -> bool {
        self.dependencies.iter().any(|it| it.name == name)
    }
}

/// Returns the folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// Returns a command that starts the cargo which started us.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}

/// Returns the folder that cargo builds into, which people move and share.
pub(crate) fn target_folder(root: &Path) -> anyhow::Result<PathBuf> {
    let mut command = MetadataCommand::new();
    let metadata = command.manifest_path(root.join("Cargo.toml")).no_deps().exec();
    Ok(metadata.context("cargo metadata")?.target_directory.into_std_path_buf())
}

/// Asks cargo about the workspace.
///
/// Only about packages of this host: `cargo test` has downloaded those, so that this needs no network.
fn metadata(root: &Path) -> anyhow::Result<Metadata> {
    let options = ["--filter-platform", "host-tuple"];
    MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(options.map(String::from))
        .exec()
        .context("cargo metadata")
}

/// Returns the version in `"1.2"` or `{ version = "1.2", … }`.
fn version(value: &str) -> Option<&str> {
    let (before, after) = value.split_once('"')?;
    matches!(before, "" | "{ version = ").then_some(after.split_once('"')?.0)
}

fn workspace_crate(package: &cargo_metadata::Package, root: &Path) -> Crate {
    let folder = package.manifest_path.parent().map(|it| relative(it.as_std_path(), root));
    Crate {
        name: package.name.to_string(),
        folder: folder.unwrap_or_default(),
        dependencies: package.dependencies.iter().map(dependency).collect(),
        roots: package.targets.iter().map(|it| relative(it.src_path.as_std_path(), root)).collect(),
    }
}

fn dependency(dependency: &cargo_metadata::Dependency) -> Dependency {
    Dependency {
        name: dependency.name.clone(),
        is_development: dependency.kind == DependencyKind::Development,
    }
}

fn outside(package: &cargo_metadata::Package) -> Outside {
    Outside {
        name: package.name.to_string(),
        version: package.version.to_string(),
        licence: package.license.clone(),
    }
}

/// Reads the files that git tracks, and those it would track if they were added: a check should fail before
/// the commit, not after it.
fn files(root: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("git ls-files")?;
    ensure!(output.status.success(), "git ls-files: {}", output.status);
    let paths = String::from_utf8(output.stdout).context("git ls-files")?;
    let paths = paths.split_terminator('\0');
    // A file that was deleted and not yet committed is still listed.
    Ok(paths.filter_map(|it| Some((it.to_owned(), fs::read(root.join(it)).ok()?))).collect())
}

fn relative(path: &Path, root: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.components().map(|it| it.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
impl Repository {
    /// Returns a repository that holds only these files, for the tests of a check.
    pub(crate) fn of_files(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Self { files: files.collect(), ..Self::default() }
    }
}
