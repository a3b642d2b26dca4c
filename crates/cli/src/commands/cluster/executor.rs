//! `portolan cluster executor`: a member that works.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use portolan_lake::cluster::{ExecutorSettings, execute, functions};

use super::TokenFileArguments;
use crate::context::Context;
use crate::error::CliError;
use crate::logger;
use crate::runtime;
use crate::status::Status;

/// Work on the queries of a cluster
///
/// Asks the scheduler for work until it is interrupted, then finishes what it has begun.
#[derive(Args, Debug)]
pub(super) struct ExecutorArguments {
    /// Name or address, and port, of the scheduler
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050", value_parser = place, help_heading = "Network")]
    scheduler: (String, u16),

    /// Address and port to serve results on; port 0 is any that is free
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:0",
        help_heading = "Network"
    )]
    bind: SocketAddr,

    /// Name or address under which other members reach this one, if not that of `--bind`
    #[arg(long, value_name = "HOST", help_heading = "Network")]
    advertise: Option<String>,

    #[command(flatten)]
    token: TokenFileArguments,

    /// How many tasks to work on at once; default: one for each processor
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Resources"
    )]
    cores: usize,

    /// Megabytes that operators may take before they use the disk; default: 70 % of the memory
    #[arg(long, value_name = "MEGABYTES", help_heading = "Resources")]
    memory: Option<u64>,

    /// Where to keep intermediate results; default: a temporary folder
    #[arg(long, value_name = "DIRECTORY", help_heading = "Resources")]
    work_directory: Option<PathBuf>,
}

/// Reads `HOST:PORT`.
fn place(text: &str) -> Result<(String, u16), String> {
    let (host, port) = text.rsplit_once(':').ok_or("write it as `HOST:PORT`")?;
    let port = port.parse().map_err(|_| format!("`{port}` is not a port"))?;
    Ok((host.to_owned(), port))
}

/// Works.
pub(super) fn run(arguments: &ExecutorArguments, context: &Context) -> Result<Status, CliError> {
    let settings = ExecutorSettings {
        scheduler: arguments.scheduler.clone(),
        bind: arguments.bind,
        advertise: arguments.advertise.clone(),
        token: arguments.token.token(context)?,
        cores: arguments.cores,
        memory: arguments.memory.map(|megabytes| megabytes.saturating_mul(1 << 20)),
        work_directory: arguments.work_directory.clone(),
        functions: functions(),
    };
    logger::install(context.ui);
    let ui = context.ui;
    let ready = |address| ui.note(format_args!("the executor serves results on {address}"));
    runtime::block_on(execute(settings, ready))??;
    Ok(Status::Worked)
}
