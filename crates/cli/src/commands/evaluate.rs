//! `portolan evaluate`: which layer admits or refuses what.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use portolan_model::Model;
use portolan_net::SyntaxError;
use portolan_reach::{Chart, Settings};
use portolan_respond::{
    Case, Intent, Name, Origin, Policy, Requests, Side, cases_of, evaluate, parse_intents,
};

use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::error::CliError;
use crate::flow_log::FlowLogArguments;
use crate::output::OutputArguments;
use crate::source::{PartialArguments, SourceArguments};
use crate::status::Status;

/// Compare what network ACLs and security groups admit and refuse
///
/// For network ACLs alone, security groups alone and both: the share of what is intended that is admitted, the share of what
/// is not that is refused, the false refusals, and how many rules that takes. What is intended is declared in a file, or
/// taken from flow logs: what was accepted, while what was rejected is not.
///
/// The file is a table of comma-separated values with the columns from, to, port, protocol and intended (yes or no).
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("cases").required(true).args(["flows", "intents"])))]
#[command(after_help = "\
Examples:
  portolan evaluate captured/ --intents intents.csv
  portolan evaluate captured/ --flows logs/ --format json
  portolan evaluate captured/ --flows s3://my-lake/flows --days 30")]
pub(crate) struct EvaluateArguments {
    #[command(flatten)]
    source: SourceArguments,

    #[command(flatten)]
    flows: FlowLogArguments,

    /// A file that says what is intended
    #[arg(long, value_name = "FILE", conflicts_with = "days", help_heading = "Source")]
    intents: Option<PathBuf>,

    #[command(flatten)]
    output: OutputArguments,

    #[command(flatten)]
    partial: PartialArguments,
}

/// Compares the layers.
pub(super) fn run(arguments: &EvaluateArguments, context: &Context) -> Result<Status, CliError> {
    let model = arguments.source.read(context)?;
    let port_25_is_blocked = !context.config.assumes_port_25_open();
    let settings = Settings { port_25_is_blocked, ..Settings::default() };
    let mut cases = Vec::new();
    if let Some(path) = &arguments.intents {
        cases.extend(declared(path, &model)?);
    }
    if let Some(observations) = arguments.flows.read(&model, context)? {
        let chart = Chart::new(model.clone(), settings);
        let requests = Requests::of(&chart, &observations, &Policy::default());
        cases.extend(cases_of(&chart, &requests));
    }
    let status = arguments.partial.status_of(&model, context);
    let layers = context.ui.during("evaluating", || evaluate(&model, settings, &cases));
    arguments.output.write(context, |format, style, out| {
        portolan_report::evaluation(&model, &layers, format, style, out)
    })?;
    Ok(status)
}

/// Reads what is declared, with every mistake of it.
fn declared(path: &Path, model: &Model) -> Result<Vec<Case>, CliError> {
    let source = fs::read_to_string(path)
        .map_err(|source| CliError::Read { path: path.to_owned(), source })?;
    let parsed = parse_intents(&source);
    let (mut cases, mut errors) = (Vec::new(), parsed.errors);
    for intent in &parsed.value {
        match case(intent, model) {
            Ok(case) => cases.push(case),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        return Ok(cases);
    }
    errors.sort_by_key(|error| error.span.start);
    let title = "invalid intents";
    Err(CliError::Notation(Diagnostic::in_file(title, path, &source, errors)))
}

fn case(intent: &Intent, model: &Model) -> Result<Case, Vec<SyntaxError>> {
    let party = |name: &Name| {
        portolan_reach::resolve(model, &name.text).map_err(|error| {
            let mistake = SyntaxError::new(name.span.clone(), error.to_string());
            match error.help() {
                Some(help) => mistake.with_help(help),
                None => mistake,
            }
        })
    };
    let traffic = intent.traffic.clone();
    let is_intended = intent.is_intended;
    let side = |name: &Name, party| Side { party, origin: Origin::Declared(name.text.clone()) };
    match (party(&intent.from), party(&intent.to)) {
        (Ok(from), Ok(to)) => {
            let (from, to) = (side(&intent.from, from), side(&intent.to, to));
            Ok(Case { from, to, traffic, is_intended })
        }
        (from, to) => Err(from.err().into_iter().chain(to.err()).collect()),
    }
}
