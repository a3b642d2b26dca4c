//! `portolan flows`: keep flow logs and ask questions about them. One file for each command.

mod answer;
#[cfg(feature = "cluster")]
mod cluster;
mod compact;
mod expire;
mod export;
mod follow;
mod ingest;
mod query;
mod restore;
mod rows;
mod sql;
mod status;
mod tables;
mod tail;
mod why;

use clap::{Args, Subcommand};

pub(crate) use tables::TableError;

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
  portolan flows status                           What is in the lake
  portolan flows query 'stats sum(bytes) as total by srcAddr | sort total desc | limit 10'")]
pub(crate) struct FlowsArguments {
    #[command(subcommand)]
    command: FlowsCommand,
}

/// One command on flow logs, as typed.
#[derive(Debug, Subcommand)]
enum FlowsCommand {
    Ingest(ingest::IngestArguments),
    Follow(follow::FollowArguments),
    Query(query::QueryArguments),
    Sql(sql::SqlArguments),
    Tail(tail::TailArguments),
    Status(status::StatusArguments),
    Compact(compact::CompactArguments),
    Expire(expire::ExpireArguments),
    Export(export::ExportArguments),
    Restore(restore::RestoreArguments),
    Why(why::WhyArguments),
}

/// Does what was typed.
pub(super) fn run(arguments: &FlowsArguments, context: &Context) -> Result<Status, CliError> {
    match &arguments.command {
        FlowsCommand::Ingest(arguments) => ingest::run(arguments, context),
        FlowsCommand::Follow(arguments) => follow::run(arguments, context),
        FlowsCommand::Query(arguments) => query::run(arguments, context),
        FlowsCommand::Sql(arguments) => sql::run(arguments, context),
        FlowsCommand::Tail(arguments) => tail::run(arguments, context),
        FlowsCommand::Status(arguments) => status::run(arguments, context),
        FlowsCommand::Compact(arguments) => compact::run(arguments, context),
        FlowsCommand::Expire(arguments) => expire::run(arguments, context),
        FlowsCommand::Export(arguments) => export::run(arguments, context),
        FlowsCommand::Restore(arguments) => restore::run(arguments, context),
        FlowsCommand::Why(arguments) => why::run(arguments, context),
    }
}
