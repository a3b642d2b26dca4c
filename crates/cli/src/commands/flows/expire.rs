//! `portolan flows expire`: let go of old rows.

use clap::Args;

use crate::context::Context;
use crate::error::CliError;
use crate::lake::LakeArguments;
use crate::output::print;
use crate::runtime::block_on;
use crate::status::Status;
use crate::words;

/// Let go of old rows
///
/// Removes the files whose every row began before. Their bytes are freed by `flows compact`, after its grace. A source whose
/// rows have expired stays known, and is not read again.
#[derive(Args, Debug)]
pub(crate) struct ExpireArguments {
    #[command(flatten)]
    lake: LakeArguments,

    /// Keep the rows of this many days
    #[arg(long, value_name = "DAYS")]
    keep_days: u32,
}

/// Removes what is old.
pub(super) fn run(arguments: &ExpireArguments, context: &Context) -> Result<Status, CliError> {
    let lake = arguments.lake.open(context)?;
    let report = block_on(portolan_lake::expire(&lake, arguments.keep_days))??;
    let rows = words::count(report.rows, "row");
    let files = words::count(report.files, "file");
    print(|out| writeln!(out, "let go of {rows} in {files} ({})", words::bytes(report.bytes)))?;
    Ok(Status::Worked)
}
