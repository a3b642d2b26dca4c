//! `portolan flows ingest`: read flow logs into the lake.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use portolan_lake::{IngestReport, Lake, LakeError, Meter, Reject, SourcePlace};

use crate::context::Context;
use crate::error::CliError;
use crate::lake::LakeArguments;
use crate::output::print;
use crate::runtime::block_on;
use crate::source::PartialArguments;
use crate::status::Status;
use crate::ui::causes;
use crate::words;

/// Read flow logs into the lake
///
/// Takes every format of AWS: VPC flow logs of version 2 to 11 in any order of fields, and those of transit gateways, as text,
/// gzip, zstd or Parquet, as `aws logs` exports or prints them, and as subscriptions deliver them. What was read before is
/// passed over, so that the same command can be run again and again.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows ingest logs/                          A folder, of any depth
  portolan flows ingest s3://my-logs/AWSLogs           A bucket, with the credentials of the environment
  zcat *.gz | portolan flows ingest -                  Standard input
  portolan flows ingest logs/ --lake s3://my-lake/vpc  Into a lake in S3")]
pub(crate) struct IngestArguments {
    /// File, folder, `s3://BUCKET/PREFIX` or `-` to read
    #[arg(required = true, value_name = "SOURCE", help_heading = "Source")]
    source: Vec<String>,

    #[command(flatten)]
    lake: LakeArguments,

    #[command(flatten)]
    partial: PartialArguments,
}

/// Reads the sources.
pub(super) fn run(arguments: &IngestArguments, context: &Context) -> Result<Status, CliError> {
    let lake = arguments.lake.create(context)?;
    let report = ingest(&lake, &places(&arguments.source)?, context)?;
    tell(&report, &arguments.partial, context)
}

/// Returns what to read.
pub(super) fn places(typed: &[String]) -> Result<Vec<SourcePlace>, LakeError> {
    typed.iter().map(|it| SourcePlace::parse(it)).collect()
}

/// Reads sources while showing how far it has come.
pub(super) fn ingest(
    lake: &Lake,
    places: &[SourcePlace],
    context: &Context,
) -> Result<IngestReport, CliError> {
    if places.contains(&SourcePlace::StandardInput) && io::stdin().is_terminal() {
        context.ui.note("reading from the terminal; end with Ctrl-D");
    }
    let meter = Arc::new(Meter::default());
    let is_done = AtomicBool::new(false);
    let report = thread::scope(|scope| {
        scope.spawn(|| show(&meter, &is_done, context));
        let report = block_on(portolan_lake::ingest(lake, places, &meter));
        is_done.store(true, Ordering::Relaxed);
        report
    });
    Ok(report??)
}

fn show(meter: &Meter, is_done: &AtomicBool, context: &Context) {
    let progress = context.ui.progress("reading");
    let begun = Instant::now();
    while !is_done.load(Ordering::Relaxed) {
        let total = meter.bytes_total();
        progress.bytes(meter.bytes(), (total > 0).then_some(total));
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = words::grouped(meter.rows().saturating_mul(1000) / millis);
        let rejects = words::count(meter.rejects(), "reject");
        progress.remark(format!("{rate} rows/s, {rejects}"));
        thread::sleep(Duration::from_millis(50));
    }
}

/// Says what an ingestion did, and returns what that means.
pub(super) fn tell(
    report: &IngestReport,
    partial: &PartialArguments,
    context: &Context,
) -> Result<Status, CliError> {
    for (source, problem) in &report.problems {
        let said = [format!("`{source}` {problem}")].into_iter().chain(causes(problem));
        context.ui.warning(said.collect::<Vec<_>>().join(": "), problem.help());
    }
    for reject in &report.rejected {
        context.ui.warning(rejected(reject), None);
    }
    if report.rejects > 0 {
        let text = format!("{} no record", lines_are(report.rejects));
        context.ui.warning(
            text,
            Some("they are kept in the folder `rejects` of the lake, with their places"),
        );
    }
    if let Some(first) = report.ignored.first() {
        context.ui.note(ignored(report.ignored.len(), first));
    }
    print(|out| writeln!(out, "{}", summary(report)))?;
    Ok(status(report, partial, context))
}

/// Returns what came in, in one line.
pub(super) fn summary(report: &IngestReport) -> String {
    let mut text = format!(
        "read {} from {} into {} ({})",
        words::count(report.rows, "row"),
        words::count(report.sources, "source"),
        words::count(report.files, "file"),
        words::bytes(report.bytes)
    );
    if report.known_sources > 0 {
        text = format!("{text}; {} in the lake already", sources_were(report.known_sources));
    }
    text
}

fn status(report: &IngestReport, partial: &PartialArguments, context: &Context) -> Status {
    let is_whole = report.problems.is_empty() && report.rejects == 0;
    if is_whole {
        return Status::Worked;
    }
    if report.sources == 0 && report.known_sources == 0 {
        return Status::Failed;
    }
    if partial.is_accepted(context) { Status::Worked } else { Status::Incomplete }
}

fn rejected(reject: &Reject) -> String {
    let field = reject.field.as_ref().map(|it| format!("{it}: ")).unwrap_or_default();
    let text: String = reject.text.chars().take(80).collect();
    format!("{}:{}: {field}{}: `{text}`", reject.source, reject.line, reject.fault)
}

fn lines_are(number: u64) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", words::count(number, "line"))
}

fn ignored(number: usize, first: &str) -> String {
    match number {
        1 => format!("`{first}` is no flow log"),
        _ => {
            let files = words::count(number as u64, "file");
            format!("{files} are no flow logs, among them `{first}`")
        }
    }
}

fn sources_were(number: u64) -> String {
    let verb = if number == 1 { "was" } else { "were" };
    format!("{} {verb}", words::count(number, "source"))
}
