//! `portolan flows`: keep flow logs and ask questions about them. One file for each command.

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;

/// Keep flow logs and ask questions about them
#[derive(Args, Debug)]
pub(crate) struct FlowsArguments {
    #[command(subcommand)]
    command: FlowsCommand,
}

/// One command on flow logs, as typed.
#[derive(Debug, Subcommand)]
enum FlowsCommand {}

/// Does what was typed.
pub(super) fn run(arguments: &FlowsArguments, _context: &Context) -> Result<Status, CliError> {
    match arguments.command {}
}
