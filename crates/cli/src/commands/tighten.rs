//! `portolan tighten`: security groups as narrow as what flow logs saw, with proof.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args};
use portolan_model::{Model, SecurityGroup, SecurityGroupId};
use portolan_reach::{Chart, Settings};
use portolan_report::PlanFormat;
use portolan_respond::{Plan, Policy, tighten};

use crate::context::Context;
use crate::error::CliError;
use crate::flow_log::FlowLogArguments;
use crate::output::DestinationArguments;
use crate::source::{PartialArguments, SourceArguments};
use crate::status::Status;

/// Make security groups as narrow as flow logs allow, with proof
///
/// For each security group: the fewest rules that still admit every accepted flow that was seen, and what closes. It is
/// proved, and not by how it was computed, that nothing that was seen breaks and that nothing new opens. A group is left as it
/// is if the log cannot show what it is needed for. Nothing is applied.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("log").required(true).args(["flows"])))]
#[command(after_help = "\
Examples:
  portolan tighten captured/ --flows logs/
  portolan tighten captured/ --flows s3://my-lake/flows --days 90
  portolan tighten captured/ --flows logs/ --group web --format terraform -o web.tf
  portolan tighten captured/ --flows logs/ --format aws-cli -o apply.sh")]
pub(crate) struct TightenArguments {
    #[command(flatten)]
    source: SourceArguments,

    #[command(flatten)]
    flows: FlowLogArguments,

    /// Change these security groups only, by id or name
    #[arg(long, value_name = "GROUP", help_heading = "Selection")]
    group: Vec<String>,

    /// Change a group only if the log watched all its interfaces for so many days; default: 14, or `--days` if that is less
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(0..), help_heading = "Caution")]
    watched: Option<i64>,

    /// Name up to so many private addresses one by one, before their CIDR is named
    #[arg(long, value_name = "NUMBER", default_value_t = Policy::default().max_hosts, help_heading = "Caution")]
    max_hosts: usize,

    /// Do not guess from ports who began a conversation: keep rules for both directions
    #[arg(long, help_heading = "Caution")]
    no_guess: bool,

    /// How to write the plan
    #[arg(long, short, value_name = "FORMAT", value_parser = format_parser(), default_value = "table", help_heading = "Output")]
    format: PlanFormat,

    #[command(flatten)]
    destination: DestinationArguments,

    #[command(flatten)]
    partial: PartialArguments,
}

impl TightenArguments {
    /// Returns how many days interfaces must have been watched. A log that is cut short on purpose is enough.
    fn watched_days(&self) -> i64 {
        let least = || Policy::DEFAULT_DAYS.min(self.flows.days().unwrap_or(i64::MAX));
        self.watched.unwrap_or_else(least)
    }
}

fn format_parser() -> impl TypedValueParser<Value = PlanFormat> {
    let named = |name: String| PlanFormat::ALL.into_iter().find(|it| it.name() == name);
    // Whatever passes the list has a format.
    PossibleValuesParser::new(PlanFormat::ALL.map(PlanFormat::name))
        .map(move |name| named(name).unwrap_or_default())
}

/// Makes the plan and writes it.
pub(super) fn run(arguments: &TightenArguments, context: &Context) -> Result<Status, CliError> {
    let model = arguments.source.read(context)?;
    let selected = selected(&model, &arguments.group)?;
    let observations = arguments.flows.read(&model, context)?.unwrap_or_default();
    let status = arguments.partial.status_of(&model, context);
    let policy = Policy {
        least_watch: Policy::watch_of_days(arguments.watched_days()),
        max_hosts: arguments.max_hosts,
        trusts_ports: !arguments.no_guess,
        ..Policy::default()
    };
    let port_25_is_blocked = !context.config.assumes_port_25_open();
    let settings = Settings { port_25_is_blocked, ..Settings::default() };
    let (chart, plan) = context.ui.during("proving", || {
        let chart = Chart::new(model, settings);
        let plan = tighten(&chart, &observations, &policy);
        (chart, restricted(plan, &selected))
    });
    arguments.destination.write(context, |style, out| {
        portolan_report::plan(chart.model(), &plan, arguments.format, style, out)
    })?;
    Ok(status)
}

/// Returns the groups of these names or ids.
fn selected(model: &Model, names: &[String]) -> Result<Vec<SecurityGroupId>, CliError> {
    let mut selected = Vec::new();
    for name in names {
        let is_named = |it: &&SecurityGroup| {
            [it.id.as_str(), &it.name].contains(&name.as_str()) || it.tags.name() == Some(name)
        };
        let found: Vec<_> = model.security_groups.values().filter(is_named).collect();
        if found.is_empty() {
            let groups = model.security_groups.values();
            let known = groups.flat_map(|it| [it.id.to_string(), it.name.as_ref().to_owned()]);
            return Err(CliError::UnknownGroup { name: name.clone(), known: known.collect() });
        }
        selected.extend(found.into_iter().map(|it| it.id.clone()));
    }
    Ok(selected)
}

/// Returns the plan for some groups, or all if none is selected. Groups are independent, so that the proof holds.
fn restricted(mut plan: Plan, selected: &[SecurityGroupId]) -> Plan {
    if !selected.is_empty() {
        plan.groups.retain(|id, _| selected.contains(id));
    }
    plan
}
