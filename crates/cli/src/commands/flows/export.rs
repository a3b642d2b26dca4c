//! `portolan flows export`: rows for other programs and for keeping.

use std::io;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use portolan_lake::{ExportFormat, ExportReport, LakeError};

use super::answer::RangeArguments;
use crate::context::Context;
use crate::error::CliError;
use crate::lake::LakeArguments;
use crate::output::write_bytes;
use crate::runtime::block_on;
use crate::status::Status;
use crate::words;

/// Write rows of the lake for other programs, or to keep them
///
/// `csv` is a report: time, addresses, ports, protocol, counters, action. `parquet` is everything, in the columns that AWS
/// delivers; `flows restore` makes a lake of it again. With `--start` or `--end`, records without a time are left out.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows export --format csv > flows.csv
  portolan flows export --format csv --start 2026-01-01 --end 2026-01-02 > day.csv
  portolan flows export --format parquet -o flows.parquet")]
pub(crate) struct ExportArguments {
    #[command(flatten)]
    lake: LakeArguments,

    #[command(flatten)]
    range: RangeArguments,

    /// How to write them
    #[arg(long, short, value_name = "FORMAT", value_parser = format_parser(), help_heading = "Output")]
    format: ExportFormat,

    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

fn format_parser() -> impl TypedValueParser<Value = ExportFormat> {
    PossibleValuesParser::new(ExportFormat::ALL.map(ExportFormat::name)).map(|name| {
        let named = |it: &ExportFormat| it.name() == name;
        ExportFormat::ALL.into_iter().find(named).unwrap_or(ExportFormat::Csv)
    })
}

/// Writes the rows.
pub(super) fn run(arguments: &ExportArguments, context: &Context) -> Result<Status, CliError> {
    let lake = arguments.lake.open(context)?;
    let mut outcome = None;
    let written = write_bytes(arguments.output.as_deref(), |out| {
        let range = arguments.range.is_given().then(|| arguments.range.seconds());
        let exported = block_on(portolan_lake::export(&lake, arguments.format, range, out));
        let result = io_result(&exported);
        outcome = Some(exported);
        result
    });
    match outcome {
        // What failed says more than that nothing could be written.
        Some(Err(error)) => return Err(error),
        Some(Ok(Err(LakeError::File { .. }) | Ok(_))) | None => written?,
        Some(Ok(Err(error))) => return Err(error.into()),
    }
    if let (Some(Ok(Ok(report))), Some(path)) = (outcome, &arguments.output) {
        let rows = words::count(report.rows, "row");
        context.ui.note(format!("wrote {rows} to `{}`", path.display()));
    }
    Ok(Status::Worked)
}

/// Returns what the writing of bytes has to know of an export: whether it failed, and a closed pipe as such.
fn io_result(exported: &Result<Result<ExportReport, LakeError>, CliError>) -> io::Result<()> {
    match exported {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(LakeError::File { source, .. })) => Err(source.kind().into()),
        _ => Err(io::Error::other("the lake cannot be read")),
    }
}
