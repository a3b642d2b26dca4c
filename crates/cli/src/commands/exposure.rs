//! `portolan exposure`: what outside can reach.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use portolan_catalog::Severity;
use portolan_model::Model;
use portolan_net::{Set as _, Traffic};
use portolan_reach::{Certainty, Chart, ExposedAddress, Exposure, Opening, Party, Settings};
use portolan_report::ExposureOptions;

use crate::context::Context;
use crate::error::CliError;
use crate::output::OutputArguments;
use crate::source::{PartialArguments, SourceArguments, party};
use crate::status::Status;
use crate::traffic::TrafficArguments;

/// Show what outside can reach, worst first
///
/// For each resource: the open ports, the addresses they are reached by, who can reach them, and the rules that let
/// them in. What cannot be told because something was not read or is not modelled is shown as unknown, never left out.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan exposure captured/                            Everything that is exposed
  portolan exposure captured/ --severity high -o a.html  What matters most, as a page with pictures
  portolan exposure captured/ --fail-on critical -q      Fail a pipeline")]
pub(crate) struct ExposureArguments {
    #[command(flatten)]
    source: SourceArguments,

    /// Show only what is at least this severe, and what is unknown
    #[arg(long, value_name = "SEVERITY", value_parser = severity_parser(), help_heading = "Selection")]
    severity: Option<Severity>,

    /// Show only this resource: an id, ARN, Name tag or address; may be repeated
    #[arg(long, value_name = "NAME", help_heading = "Selection")]
    resource: Vec<String>,

    #[command(flatten)]
    traffic: TrafficArguments,

    #[command(flatten)]
    output: OutputArguments,

    /// End with status 3 if something at least this severe is exposed
    ///
    /// Of what `--resource` and `--port` select. What is unknown is not safe: it makes the status 5, unless
    /// `--allow-partial` accepts it.
    #[arg(long, value_name = "SEVERITY", value_parser = severity_parser(), help_heading = "Gate")]
    fail_on: Option<Severity>,

    #[command(flatten)]
    partial: PartialArguments,
}

/// Shows the exposure, then looks at the gate.
pub(super) fn run(arguments: &ExposureArguments, context: &Context) -> Result<Status, CliError> {
    let wanted = arguments.traffic.traffic()?;
    let model = arguments.source.read(context)?;
    let resources = parties(&model, &arguments.resource)?;
    let status = arguments.partial.status_of(&model, context);
    let (chart, exposure) = context.ui.during("charting what outside can reach", || {
        let chart = Chart::new(model, Settings::default());
        let exposure = select(chart.exposure(), &resources, wanted.as_ref());
        (chart, exposure)
    });
    let is_whole = resources.is_empty() && wanted.is_none() && arguments.severity.is_none();
    let options = ExposureOptions { at_least: arguments.severity, shadows: is_whole };
    arguments.output.write(context, |format, style, out| {
        portolan_report::exposure(&chart, &exposure, &options, format, style, out)
    })?;
    let limit = arguments.fail_on.or_else(|| context.config.fail_on());
    let worst = portolan_report::worst_severity(&chart, &exposure);
    match limit {
        Some(limit) if worst >= Some(limit) => {
            Ok(context.ui.closed_gate(format_args!("something at least {limit} is exposed")))
        }
        Some(limit) if has_unknown(&exposure) && !arguments.partial.is_accepted(context) => {
            let doubt = format_args!("what is unknown may be {limit} or worse");
            context
                .ui
                .warning(doubt, Some("`--allow-partial` accepts that: status 0 instead of 5"));
            Ok(Status::Incomplete)
        }
        _ => Ok(status),
    }
}

fn parties(model: &Model, names: &[String]) -> Result<Vec<Party>, CliError> {
    names.iter().map(|name| party(model, "--resource", name)).collect()
}

/// Returns what of the exposure was asked for: these resources, or all; this traffic, or all.
fn select(exposure: Exposure, resources: &[Party], wanted: Option<&Traffic>) -> Exposure {
    let is_wanted = |it: &ExposedAddress| {
        resources.is_empty() || resources.iter().any(|party| is_of(it, party))
    };
    let addresses = exposure.addresses.into_iter().filter(is_wanted);
    let Some(wanted) = wanted else { return Exposure { addresses: addresses.collect() } };
    let narrowed = addresses.map(|it| narrow(it, wanted)).filter(|it| !it.openings.is_empty());
    Exposure { addresses: narrowed.collect() }
}

fn is_of(exposed: &ExposedAddress, party: &Party) -> bool {
    match party {
        Party::Interfaces(ids) => ids.contains(&exposed.interface),
        Party::Addresses(set) => set.contains(exposed.inside) || set.contains(exposed.outside),
        Party::Internet | Party::Service(_) => false,
    }
}

fn narrow(exposed: ExposedAddress, wanted: &Traffic) -> ExposedAddress {
    let openings = exposed
        .openings
        .iter()
        .map(|it| Opening { traffic: it.traffic.intersection(wanted), ..it.clone() });
    let openings = openings.filter(|it| !it.traffic.is_empty()).collect();
    ExposedAddress { openings, ..exposed }
}

fn severity_parser() -> impl TypedValueParser<Value = Severity> {
    // Whatever passes the list is a severity.
    PossibleValuesParser::new(Severity::ALL.map(Severity::name))
        .map(|name| name.parse().unwrap_or(Severity::Info))
}

/// Returns whether something may be open of which it cannot be told: a gate must not call that safe.
fn has_unknown(exposure: &Exposure) -> bool {
    let mut openings = exposure.addresses.iter().flat_map(|it| it.openings.iter());
    openings.any(|it| it.certainty == Certainty::Possible)
}
