//! `portolan matrix`: who inside can talk to whom.

use clap::Args;
use portolan_reach::{Chart, Settings};
use portolan_report::{MatrixOptions, MatrixReport};

use crate::context::Context;
use crate::error::CliError;
use crate::output::OutputArguments;
use crate::source::{PartialArguments, SourceArguments};
use crate::status::Status;

/// Show who inside can talk to whom
///
/// Interfaces that no filter and no route tells apart form a class, and the matrix is of classes: it stays small where
/// the account is large. `--expand` writes it out for each pair of interfaces.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan matrix captured/                         All pairs of classes
  portolan matrix captured/ --expand --limit 100    The first hundred pairs of interfaces
  portolan matrix captured/ --expand -o pairs.csv   Every pair, for a spreadsheet")]
pub(crate) struct MatrixArguments {
    #[command(flatten)]
    source: SourceArguments,

    /// Show pairs of interfaces instead of pairs of classes
    #[arg(long, help_heading = "Selection")]
    expand: bool,

    /// Show no more than this many pairs
    #[arg(long, value_name = "NUMBER", help_heading = "Selection")]
    limit: Option<usize>,

    #[command(flatten)]
    output: OutputArguments,

    #[command(flatten)]
    partial: PartialArguments,
}

/// Shows the matrix.
pub(super) fn run(arguments: &MatrixArguments, context: &Context) -> Result<Status, CliError> {
    let model = arguments.source.read(context)?;
    let status = arguments.partial.status_of(&model, context);
    let options = MatrixOptions { expand: arguments.expand, limit: arguments.limit };
    let chart = context.ui.during("charting", || Chart::new(model, Settings::default()));
    let matrix = chart.matrix();
    let report =
        context.ui.during("charting all pairs", || MatrixReport::new(&chart, &matrix, options));
    arguments.output.write(context, |format, style, out| report.write(format, style, out))?;
    Ok(status)
}
