//! The commands, one file each: its arguments, whose comments are its help, and `run`.

mod config;
mod exposure;
mod generate;
mod help;
mod matrix;
mod ports;
mod reach;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;

/// One command, as typed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Exposure(exposure::ExposureArguments),
    Reach(reach::ReachArguments),
    Matrix(matrix::MatrixArguments),
    Ports(ports::PortsArguments),
    Generate(generate::GenerateArguments),
    Config(config::ConfigArguments),
    Help(help::HelpArguments),
}

impl Command {
    /// Does what was typed.
    pub(crate) fn run(&self, context: &Context) -> Result<Status, CliError> {
        match self {
            Self::Exposure(arguments) => exposure::run(arguments, context),
            Self::Reach(arguments) => reach::run(arguments, context),
            Self::Matrix(arguments) => matrix::run(arguments, context),
            Self::Ports(arguments) => ports::run(arguments, context),
            Self::Generate(arguments) => generate::run(arguments),
            Self::Config(arguments) => config::run(arguments, context),
            Self::Help(arguments) => help::run(arguments),
        }
    }
}
