//! `portolan flows follow`: read what comes, as it comes.

use std::hash::{BuildHasher as _, RandomState};
use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;

use super::ingest;
use crate::context::Context;
use crate::error::CliError;
use crate::lake::LakeArguments;
use crate::runtime::block_on;
use crate::source::PartialArguments;
use crate::status::Status;

/// Read what comes, as it comes, until Ctrl-C
///
/// Looks again and again, and says what came. AWS delivers every five or ten minutes.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows follow s3://my-logs/AWSLogs               Look every minute
  portolan flows follow s3://my-logs/AWSLogs --every 300   Look every five minutes")]
pub(crate) struct FollowArguments {
    /// Folder or `s3://BUCKET/PREFIX` to read
    #[arg(required = true, value_name = "SOURCE", help_heading = "Source")]
    source: Vec<String>,

    #[command(flatten)]
    lake: LakeArguments,

    /// Seconds between looks, give or take a tenth
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,

    #[command(flatten)]
    partial: PartialArguments,
}

/// Follows the sources.
pub(super) fn run(arguments: &FollowArguments, context: &Context) -> Result<Status, CliError> {
    let lake = arguments.lake.create(context)?;
    let places = ingest::places(&arguments.source)?;
    let mut status = Status::Worked;
    let tell = |report: Result<portolan_lake::IngestReport, portolan_lake::LakeError>| {
        let told = report.map_err(CliError::from).and_then(|report| {
            let is_news = report.sources > 0 || !report.problems.is_empty();
            if is_news {
                ingest::tell(&report, &arguments.partial, context)
            } else {
                Ok(Status::Worked)
            }
        });
        // Stores are away for minutes, and come back.
        let this = told.unwrap_or_else(|error| context.ui.error(&error));
        if this != Status::Worked {
            status = this;
        }
        ControlFlow::Continue(())
    };
    let stop = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Nothing can stop it gently; the signal itself will.
            std::future::pending::<()>().await;
        }
    };
    block_on(portolan_lake::follow(&lake, &places, || pause(arguments.every), stop, tell))?;
    Ok(status)
}

/// Returns how long to wait: `seconds`, give or take a tenth.
fn pause(seconds: u32) -> Duration {
    let random = RandomState::new().hash_one(seconds) % 201;
    Duration::from_millis(u64::from(seconds) * (900 + random))
}
