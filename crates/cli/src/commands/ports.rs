//! `portolan ports`: the catalogue.

use std::collections::BTreeSet;

use clap::Args;
use portolan_catalog::{Match, MatchKind, describe, find, guides};
use portolan_net::{PortSet, parse_ports};

use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::error::CliError;
use crate::output::OutputArguments;
use crate::status::Status;

/// Show what ports are, and who should reach them
///
/// From the IANA registry, from what AWS runs, and from our own judgement. Without a name: every port that the
/// catalogue has a judgement of. A word that names no service is searched for.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan ports 3389            One port in full
  portolan ports postgres redis  By name
  portolan ports 8000-8100       A range, as a list")]
pub(crate) struct PortsArguments {
    /// A port, a range, a list of them, or a word
    #[arg(value_name = "PORT|NAME", help_heading = "Selection")]
    names: Vec<String>,

    #[command(flatten)]
    output: OutputArguments,
}

/// Shows the ports.
pub(super) fn run(arguments: &PortsArguments, context: &Context) -> Result<Status, CliError> {
    let ports = match arguments.names.as_slice() {
        [] => judged(),
        names => named(names)?,
    };
    let entries: Vec<_> = ports.into_iter().map(describe).collect();
    arguments.output.write(context, |format, style, out| {
        portolan_report::ports(&entries, format, style, out)
    })?;
    Ok(Status::Worked)
}

/// Returns the ports that a guide was written for.
fn judged() -> BTreeSet<u16> {
    guides().filter(|it| it.is_listed()).flat_map(|it| it.ports.iter().cloned().flatten()).collect()
}

fn named(names: &[String]) -> Result<BTreeSet<u16>, CliError> {
    let mut ports = BTreeSet::new();
    for name in names {
        ports.extend(if is_number(name) { numbers(name)? } else { word(name)? });
    }
    Ok(ports)
}

fn is_number(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_digit())
        && !name.contains(|it: char| it.is_alphabetic())
}

fn numbers(list: &str) -> Result<BTreeSet<u16>, CliError> {
    let ports: PortSet = parse_ports(list).into_result().map_err(|errors| {
        CliError::Notation(Diagnostic::in_argument("invalid port list", list, errors))
    })?;
    Ok(ports.intervals().iter().flat_map(|range| range.first()..=range.last()).collect())
}

/// Returns the ports of the service with this name, or else of those that it is a part of.
fn word(name: &str) -> Result<BTreeSet<u16>, CliError> {
    let found = find(name);
    let is_exact = |it: &&Match| it.kind != MatchKind::Part;
    let exact: BTreeSet<_> =
        found.iter().filter(is_exact).flat_map(|it| it.ports.clone()).collect();
    let ports =
        if exact.is_empty() { found.into_iter().flat_map(|it| it.ports).collect() } else { exact };
    if ports.is_empty() { Err(CliError::UnknownPort { name: name.to_owned() }) } else { Ok(ports) }
}
