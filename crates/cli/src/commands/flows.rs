//! `portolan flows`: keep flow logs and ask questions about them. One file for each command.

mod compact;
mod expire;
mod export;
mod follow;
mod ingest;
mod restore;
mod status;
mod words;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;

/// Keep flow logs and ask questions about them
///
/// Flow logs are read into a lake: Parquet files in a folder or in S3, which other engines read, too. What was read once is
/// not read again, and nothing is counted twice, whatever is killed and whenever.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows ingest logs/                     Read a folder of flow logs, of any depth
  portolan flows ingest s3://my-logs/AWSLogs      Read what AWS delivers to a bucket
  portolan flows status                           What is in the lake")]
pub(crate) struct FlowsArguments {
    #[command(subcommand)]
    command: FlowsCommand,
}

/// One command on flow logs, as typed.
#[derive(Debug, Subcommand)]
enum FlowsCommand {
    Ingest(ingest::IngestArguments),
    Follow(follow::FollowArguments),
    Status(status::StatusArguments),
    Compact(compact::CompactArguments),
    Expire(expire::ExpireArguments),
    Export(export::ExportArguments),
    Restore(restore::RestoreArguments),
}

/// Does what was typed.
pub(super) fn run(arguments: &FlowsArguments, context: &Context) -> Result<Status, CliError> {
    match &arguments.command {
        FlowsCommand::Ingest(arguments) => ingest::run(arguments, context),
        FlowsCommand::Follow(arguments) => follow::run(arguments, context),
        FlowsCommand::Status(arguments) => status::run(arguments, context),
        FlowsCommand::Compact(arguments) => compact::run(arguments, context),
        FlowsCommand::Expire(arguments) => expire::run(arguments, context),
        FlowsCommand::Export(arguments) => export::run(arguments, context),
        FlowsCommand::Restore(arguments) => restore::run(arguments, context),
    }
}
