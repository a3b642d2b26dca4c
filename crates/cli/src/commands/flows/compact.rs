//! `portolan flows compact`: many small files into few.

use std::time::Duration;

use clap::Args;

use crate::context::Context;
use crate::error::CliError;
use crate::lake::LakeArguments;
use crate::output::print;
use crate::runtime::block_on;
use crate::status::Status;
use crate::words;

/// Put small files together, and delete what nothing needs
///
/// What is read every few minutes makes many small files, which slow queries down. Run this once an hour or a day; others may
/// read and fill the lake meanwhile. What no commit names is deleted after a grace, since a query may still be reading it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows compact                    Put together, delete what is a day old
  portolan flows compact --grace-hours 1    Where no query and no ingestion takes an hour")]
pub(crate) struct CompactArguments {
    #[command(flatten)]
    lake: LakeArguments,

    /// Leave alone what was needed in this many hours
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    grace_hours: u32,
}

/// Puts files together.
pub(super) fn run(arguments: &CompactArguments, context: &Context) -> Result<Status, CliError> {
    let lake = arguments.lake.open(context)?;
    let grace = Duration::from_secs(u64::from(arguments.grace_hours) * 60 * 60);
    let work = || block_on(portolan_lake::compact(&lake, grace));
    let report = context.ui.during("compacting", work)??;
    if report.overtaken > 0 {
        let files = words::count(report.overtaken, "file");
        context.ui.note(format!("{files} came to nothing: another writer was faster"));
    }
    let merged = words::count(report.merged, "file");
    let made = words::grouped(report.made);
    let swept = words::count(report.swept, "object");
    let bytes = words::bytes(report.swept_bytes);
    print(|out| writeln!(out, "put {merged} together into {made}; deleted {swept} ({bytes})"))?;
    Ok(Status::Worked)
}
