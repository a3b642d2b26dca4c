//! `portolan ports`: the catalogue.

use std::collections::BTreeSet;

use clap::Args;
use portolan_catalog::{Match, MatchKind, describe, find, guides};
use portolan_net::parse_ports;

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
        ports.extend(ports_of(name)?);
    }
    Ok(ports)
}

/// Returns the ports of a list of numbers, or of a word.
fn ports_of(name: &str) -> Result<BTreeSet<u16>, CliError> {
    let parsed = parse_ports(name).into_result();
    match parsed {
        Ok(ports) => Ok(ports.intervals().iter().flat_map(|it| it.first()..=it.last()).collect()),
        Err(errors) => match word(name) {
            Some(ports) => Ok(ports),
            None if name.starts_with(|it: char| it.is_ascii_digit()) => Err(CliError::Notation(
                Diagnostic::in_argument("invalid list of ports", name, errors),
            )),
            None => Err(CliError::UnknownPort { name: name.to_owned() }),
        },
    }
}

/// Returns the ports of the service with this name, or else of those that it is a part of.
fn word(name: &str) -> Option<BTreeSet<u16>> {
    let found = find(name);
    // The best come first.
    let is_exact = found.first()?.kind != MatchKind::Part;
    let is_wanted = |it: &&Match| !is_exact || it.kind != MatchKind::Part;
    Some(found.iter().filter(is_wanted).flat_map(|it| it.ports.clone()).collect())
}
