//! Chores of the workspace, run as `cargo xtask CHORE`.
//!
//! Chores are Rust rather than shell, so that they run wherever the workspace builds and are held to the
//! same lints. There is no task runner to install: an alias in `.cargo/config.toml` builds and runs this.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the developer who runs it"
)]

mod bench;
mod fuzz;
mod repository;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the workspace
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

/// One variant for each chore; its module holds its arguments and its `run`.
#[derive(Debug, Subcommand)]
enum Chore {
    /// Check the rules of the house that no compiler checks
    Tidy(tidy::Arguments),
    /// Measure the engine on generated accounts
    Bench(bench::Arguments),
    /// Run the fuzz targets with libFuzzer, on stable Rust
    Fuzz(fuzz::Arguments),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().chore {
        Chore::Tidy(arguments) => tidy::run(&arguments),
        Chore::Bench(arguments) => bench::run(arguments),
        Chore::Fuzz(arguments) => fuzz::run(&arguments),
    }
}
