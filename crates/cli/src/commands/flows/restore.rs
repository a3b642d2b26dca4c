//! `portolan flows restore`: a lake out of an export.

use clap::Args;

use super::ingest;
use crate::context::Context;
use crate::error::CliError;
use crate::lake::LakeArguments;
use crate::runtime::block_on;
use crate::source::PartialArguments;
use crate::status::Status;

/// Make a lake of what `flows export --format parquet` wrote
///
/// The lake must be empty: the rows of an export and of the sources that it comes from would be there twice.
#[derive(Args, Debug)]
pub(crate) struct RestoreArguments {
    /// What was exported
    #[arg(required = true, value_name = "FILE", help_heading = "Source")]
    source: Vec<String>,

    #[command(flatten)]
    lake: LakeArguments,

    #[command(flatten)]
    partial: PartialArguments,
}

/// Fills an empty lake.
pub(super) fn run(arguments: &RestoreArguments, context: &Context) -> Result<Status, CliError> {
    let lake = arguments.lake.create(context)?;
    if block_on(lake.snapshot())??.number() > 0 {
        return Err(CliError::LakeNotEmpty { place: lake.place().to_string() });
    }
    let report = ingest::ingest(&lake, &ingest::places(&arguments.source)?, context)?;
    ingest::tell(&report, &arguments.partial, context)
}
