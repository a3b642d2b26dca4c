//! `portolan flows status`: what is in the lake.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use portolan_lake::{Lake, LakeStatus};
use serde_json::json;

use crate::context::Context;
use crate::error::CliError;
use crate::lake::LakeArguments;
use crate::output::print;
use crate::runtime::block_on;
use crate::status::Status;
use crate::words;

/// Show what is in the lake
#[derive(Args, Debug)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    lake: LakeArguments,

    /// How to write it
    #[arg(
        long,
        short,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    format: StatusFormat,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum StatusFormat {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

/// Shows the numbers.
pub(super) fn run(arguments: &StatusArguments, context: &Context) -> Result<Status, CliError> {
    let lake = arguments.lake.open(context)?;
    let status = LakeStatus::of(&block_on(lake.snapshot())??);
    print(|out| match arguments.format {
        StatusFormat::Table => write_table(&lake, &status, out),
        StatusFormat::Json => write_json(&lake, &status, out),
    })?;
    Ok(Status::Worked)
}

fn write_table(lake: &Lake, status: &LakeStatus, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "lake       {}", lake.place())?;
    let rows = words::count(status.rows, "row");
    let files = words::count(status.files, "file");
    writeln!(out, "holds      {rows} in {files}, {}", words::bytes(status.bytes))?;
    if let Some((first, last)) = status.time_range {
        writeln!(out, "time       {} to {}", time(first), time(last))?;
    }
    let sources = words::count(status.sources, "source");
    writeln!(out, "read from  {sources}, {}", words::bytes(status.source_bytes))?;
    writeln!(out, "rejected   {}", words::count(status.rejects, "line"))?;
    if status.rows_without_data > status.rows_skipped {
        let rows = words::count(status.rows_without_data - status.rows_skipped, "row");
        writeln!(out, "idle       {rows} of times without traffic (NODATA)")?;
    }
    if status.rows_skipped > 0 {
        let rows = words::count(status.rows_skipped, "row");
        writeln!(
            out,
            "gaps       {rows} in the place of others (SKIPDATA): sums are lower bounds"
        )?;
    }
    writeln!(out, "commit     {}", status.commit)?;
    for format in &status.formats {
        let rows = words::count(format.rows, "row");
        let files = words::count(format.files, "file");
        writeln!(
            out,
            "format     version {}, {rows} in {files}: {}",
            format.version, format.layout
        )?;
    }
    Ok(())
}

fn write_json(lake: &Lake, status: &LakeStatus, out: &mut dyn Write) -> io::Result<()> {
    let formats = status.formats.iter().map(|it| {
        json!({
            "layout": it.layout, "version": it.version, "files": it.files, "rows": it.rows,
            "bytes": it.bytes,
        })
    });
    let document = json!({
        "lake": lake.place().to_string(),
        "commit": status.commit,
        "files": status.files,
        "bytes": status.bytes,
        "rows": status.rows,
        "rows_without_data": status.rows_without_data,
        "rows_skipped": status.rows_skipped,
        "first": status.time_range.map(|it| time(it.0)),
        "last": status.time_range.map(|it| time(it.1)),
        "sources": status.sources,
        "source_bytes": status.source_bytes,
        "rejects": status.rejects,
        "formats": formats.collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    writeln!(out)
}

/// Returns a time as ISO 8601 writes it.
fn time(seconds: i64) -> String {
    portolan_lake::time_text(seconds)
}
