//! `portolan cluster scheduler`: the member that plans.

use std::net::SocketAddr;

use clap::Args;
use portolan_lake::cluster::{SchedulerSettings, functions, schedule};

use super::TokenFileArguments;
use crate::context::Context;
use crate::error::CliError;
use crate::logger;
use crate::runtime;
use crate::status::Status;

/// Plan the queries of a cluster, and give its executors work
///
/// Serves until it is interrupted. Its state is in memory: if it dies, clients ask again by themselves when it is back.
#[derive(Args, Debug)]
pub(super) struct SchedulerArguments {
    /// Address and port to listen on
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:50050",
        help_heading = "Network"
    )]
    bind: SocketAddr,

    #[command(flatten)]
    token: TokenFileArguments,
}

/// Serves.
pub(super) fn run(arguments: &SchedulerArguments, context: &Context) -> Result<Status, CliError> {
    let token = arguments.token.token(context)?;
    let settings = SchedulerSettings { bind: arguments.bind, token, functions: functions() };
    logger::install(context.ui);
    let ui = context.ui;
    let ready = |address| ui.note(format_args!("the scheduler listens on {address}"));
    let stop = async {
        // If signals cannot be heard, only a kill ends the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    runtime::block_on(schedule(settings, ready, stop))??;
    Ok(Status::Worked)
}
