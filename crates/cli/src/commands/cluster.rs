//! `portolan cluster`: the members of a cluster that answers queries. One file for each command.

mod executor;
mod scheduler;
mod token;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use portolan_lake::cluster::Token;

use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;

/// Answer queries with more than one machine
///
/// A cluster is one scheduler and any number of executors; `portolan flows query --cluster df://HOST:PORT` asks it. Every
/// member must reach the lake under the same name. Without a token, members serve their own machine only; with one, they
/// talk TLS and accept only who has the same token.
#[derive(Args, Debug)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  portolan cluster token > cluster.token
  portolan cluster scheduler --bind 10.0.0.5:50050 --token-file cluster.token
  portolan cluster executor --scheduler 10.0.0.5:50050 --bind 10.0.0.6:50051 --token-file cluster.token
  portolan flows query 'stats count(*) by srcAddr' --cluster df://10.0.0.5:50050"
)]
pub(crate) struct ClusterArguments {
    #[command(subcommand)]
    command: ClusterCommand,
}

/// One command of a cluster, as typed.
#[derive(Debug, Subcommand)]
enum ClusterCommand {
    Scheduler(scheduler::SchedulerArguments),
    Executor(executor::ExecutorArguments),
    /// Print a new secret for a cluster
    ///
    /// Keep it in a file that only its owner reads, and give the file to every member and client with `--token-file`.
    Token,
}

/// Where the secret of a cluster is, as typed.
#[derive(Args, Debug)]
pub(crate) struct TokenFileArguments {
    /// File with the secret of the cluster; default: the setting `cluster_token_file`
    #[arg(long, value_name = "FILE", help_heading = "Security")]
    token_file: Option<PathBuf>,
}

impl TokenFileArguments {
    /// Reads the token, if a file is named.
    pub(crate) fn token(&self, context: &Context) -> Result<Option<Token>, CliError> {
        let named = self.token_file.as_deref().or_else(|| context.config.cluster_token_file());
        let Some(path) = named else { return Ok(None) };
        let failed = |source| CliError::ReadToken { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(failed)?;
        if is_open_to_others(path) {
            let text = format!("others can read `{}`", path.display());
            context.ui.warning(text, Some("take that away with `chmod 600`"));
        }
        let refused = |error| CliError::Token { path: path.to_owned(), error };
        Token::parse(&text).map(Some).map_err(refused)
    }
}

#[cfg(unix)]
fn is_open_to_others(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|it| it.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
const fn is_open_to_others(_path: &std::path::Path) -> bool {
    false
}

/// Does what was typed.
pub(super) fn run(arguments: &ClusterArguments, context: &Context) -> Result<Status, CliError> {
    match &arguments.command {
        ClusterCommand::Scheduler(arguments) => scheduler::run(arguments, context),
        ClusterCommand::Executor(arguments) => executor::run(arguments, context),
        ClusterCommand::Token => token::run(),
    }
}
