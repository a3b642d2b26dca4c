//! Runs the fuzz targets with libFuzzer.
//!
//! cargo-fuzz asks for a nightly compiler because of its sanitizers. They look for memory errors, and `unsafe`
//! is forbidden here; what we want is guidance by coverage, and the code generation options for that are
//! stable. So the targets are built like any other program, with [`INSTRUMENTATION`], and nothing has to be
//! installed.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{fs, io};

use anyhow::{Context as _, bail, ensure};

use crate::repository;

/// What the command line says to `fuzz`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Target to run; each in turn if none is named
    target: Option<String>,

    /// How long to run each target
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,

    /// Run the target once, on this input, such as one that crashed it
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,

    /// Add the inputs that covered something new to the seeds
    #[arg(long)]
    keep: bool,
}

/// Counters on every edge, a table of where they are, and hooks on comparisons: what libFuzzer needs to tell
/// that an input did something new (LLVM's page on `SanitizerCoverage`).
static INSTRUMENTATION: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// An input on which a target takes longer than this is reported like a crash.
const SLOW_SECONDS: u32 = 10;

/// Longer inputs are cut before they are kept as seeds.
const SEED_AT_MOST_BYTES: u32 = 1024;

/// How much the seeds of one target may weigh before no more are kept.
const SEEDS_AT_MOST_BYTES: u64 = 48_000;

/// Runs one target or all, until the time is over or one crashes.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let root = repository::root();
    let targets = chosen(arguments.target.as_deref(), targets(&root)?)?;
    let build = repository::target_folder(&root)?.join("fuzz");
    for name in &targets {
        let target = Target::new(name, &root, &build)?;
        match &arguments.input {
            Some(input) => target.replay(input)?,
            None => target.search(arguments.seconds)?,
        }
        if arguments.keep {
            target.keep()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies files that are not there yet, the shortest first, until the folder weighs so many bytes.
fn copy_up_to(from: &Path, to: &Path, bytes: u64) -> anyhow::Result<()> {
    let mut weight: u64 = files(to)?.iter().map(|(length, _)| length).sum();
    for (length, path) in files(from)? {
        let copy = to.join(path.file_name().unwrap_or_default());
        if !copy.exists() && weight + length <= bytes {
            fs::copy(&path, &copy).with_context(|| copy.display().to_string())?;
            weight += length;
        }
    }
    Ok(())
}

/// Returns the files of a folder with their lengths, the shortest first.
fn files(folder: &Path) -> anyhow::Result<Vec<(u64, PathBuf)>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let files = entries.map(|entry| entry.and_then(|it| Ok((it.metadata()?.len(), it.path()))));
    let mut files = files.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Returns the names of the targets, sorted.
fn targets(root: &Path) -> anyhow::Result<Vec<String>> {
    let files = files(&root.join("fuzz/fuzz_targets"))?;
    let names = files.iter().filter_map(|(_, it)| it.file_stem()?.to_str().map(str::to_owned));
    let mut names: Vec<_> = names.collect();
    names.sort();
    Ok(names)
}

fn chosen(name: Option<&str>, targets: Vec<String>) -> anyhow::Result<Vec<String>> {
    match name {
        Some(name) if !targets.iter().any(|it| it == name) => {
            bail!("no fuzz target is named `{name}`; there are {}", targets.join(", "))
        }
        Some(name) => Ok(vec![name.to_owned()]),
        None => Ok(targets),
    }
}

/// A fuzz target and the folders it works in.
#[derive(Debug)]
struct Target<'r> {
    name: &'r str,
    root: &'r Path,
    /// Where the instrumented programs are built, apart from the others.
    build: &'r Path,
    /// What earlier runs found worth keeping. Grows without end, so it is not committed.
    corpus: PathBuf,
    /// The committed inputs from which every search starts.
    seeds: PathBuf,
    /// Where inputs go that crash the target.
    crashes: PathBuf,
}

impl<'r> Target<'r> {
    fn new(name: &'r str, root: &'r Path, build: &'r Path) -> anyhow::Result<Self> {
        let target = Self {
            name,
            root,
            build,
            corpus: build.join("corpus").join(name),
            seeds: root.join("fuzz/corpus").join(name),
            crashes: root.join("fuzz/artifacts").join(name),
        };
        for folder in [&target.corpus, &target.seeds, &target.crashes] {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        Ok(target)
    }

    /// Searches for a crash, starting from seeds and corpus.
    fn search(&self, seconds: u64) -> anyhow::Result<()> {
        println!("{}: {seconds} seconds", self.name);
        let mut command = self.program();
        command.arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
        let dictionary = self.root.join(format!("fuzz/dictionaries/{}.dict", self.name));
        if dictionary.exists() {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        self.finish(command.arg(&self.corpus).arg(&self.seeds))
    }

    /// Runs the target on one input.
    fn replay(&self, input: &Path) -> anyhow::Result<()> {
        self.finish(self.program().arg(input))
    }

    /// Adds to the seeds inputs of the corpus that cover what the seeds do not, the shortest first, as many as there
    /// is room for.
    ///
    /// Only whether an edge is taken counts here, not how often, and long inputs are cut: seeds are read by
    /// people and replayed by each `cargo test`.
    fn keep(&self) -> anyhow::Result<()> {
        let candidates = self.build.join("candidates").join(self.name);
        if candidates.exists() {
            fs::remove_dir_all(&candidates)?;
        }
        fs::create_dir_all(&candidates)?;
        copy_up_to(&self.seeds, &candidates, u64::MAX)?;
        let mut command = self.program();
        command.args(["-set_cover_merge=1", "-use_counters=0"]);
        command.arg(format!("-max_len={SEED_AT_MOST_BYTES}"));
        self.finish(command.arg(&candidates).arg(&self.corpus))?;
        copy_up_to(&candidates, &self.seeds, SEEDS_AT_MOST_BYTES)
    }

    /// Returns a command that builds and starts the target.
    fn program(&self) -> Command {
        let mut command = repository::cargo(self.root);
        command
            .args(["run", "--quiet", "--release", "--manifest-path", "fuzz/Cargo.toml"])
            // Naming a target keeps the instrumentation out of build scripts and macros.
            .args(["--target", "host-tuple", "--bin", self.name, "--target-dir"])
            .arg(self.build)
            .env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTATION.join("\x1f"))
            .arg("--")
            .arg(format!("-artifact_prefix={}/", self.crashes.display()))
            .arg(format!("-timeout={SLOW_SECONDS}"));
        command
    }

    fn finish(&self, command: &mut Command) -> anyhow::Result<()> {
        let status = command.status().context("cargo")?;
        ensure!(status.success(), "{}: {status}; {}", self.name, self.advice());
        Ok(())
    }

    fn advice(&self) -> String {
        let crashes = self.crashes.display();
        format!("inputs that crashed it are in {crashes}, run one again with `--input FILE`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_chosen_by_name() {
        let targets = || vec![String::from("a"), String::from("b")];
        assert_eq!(chosen(None, targets()).unwrap(), ["a", "b"]);
        assert_eq!(chosen(Some("b"), targets()).unwrap(), ["b"]);
        let error = chosen(Some("c"), targets()).unwrap_err();
        assert_eq!(error.to_string(), "no fuzz target is named `c`; there are a, b");
    }
}
