//! `cargo xtask bench reach`: how fast the engine is, against reading the JSON that describes the account.
//!
//! Every figure of one run comes from one machine in one state, so the table gives ratios: absolute times
//! on a busy machine say little. Each size is measured in processes of its own, so that peak memory is
//! that of one thing. Build it for release: `cargo run --release -p xtask -- bench reach`.

mod flows;
mod measure;
mod reach;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// Parse, compile, exposure, matrix, one question and one changed rule
    Reach(reach::Arguments),
    /// Eleven questions on flow logs, against `DuckDB`, chDB and Polars
    Flows(flows::Arguments),
    /// One process of a measurement; prints its figures
    #[command(hide = true)]
    Stage(reach::StageArguments),
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.subject {
        Subject::Reach(arguments) => reach::run(&arguments),
        Subject::Flows(arguments) => flows::run(&arguments).map(|()| ExitCode::SUCCESS),
        Subject::Stage(arguments) => reach::stage(&arguments),
    }
}
