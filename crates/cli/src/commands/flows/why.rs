//! `portolan flows why`: which rule refused a flow, which flow logs do not say.

use std::io::{self, Read as _};

use clap::Args;
use portolan_flow::{Field, Layout, LogKind, Record, Value};
use portolan_model::Model;
use portolan_reach::{Chart, Settings};
use portolan_respond::{Fields, LoggedReason, ObservedFlow, Placer, Recorded, why};
use serde_json::Value as Json;

use crate::context::Context;
use crate::error::CliError;
use crate::output::OutputArguments;
use crate::source::{PartialArguments, SourceArguments};
use crate::status::Status;
use crate::words;

/// Tell which rule refused a flow, which flow logs do not say
///
/// The rules are those of the model. If they admit the flow, they have changed since it was logged, and that is the answer.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows why '2 111122223333 eni-0a1b 198.51.100.7 10.0.1.10 49152 22 6 1 40 1767225600 1767225660 REJECT OK' captured/
  grep REJECT flows.log | tail -1 | portolan flows why - captured/
  portolan flows query 'filter action = \"REJECT\" | limit 1' -f json | portolan flows why - captured/")]
pub(crate) struct WhyArguments {
    /// A line of a flow log, a JSON object with its fields or an answer of `flows query` with one, or `-` to read it from
    /// standard input
    #[arg(value_name = "ROW", help_heading = "Selection")]
    row: String,

    #[command(flatten)]
    source: SourceArguments,

    /// The fields of the line, such as `version interface-id srcaddr`; default: those of AWS's default format
    #[arg(long, value_name = "FIELDS", help_heading = "Selection")]
    layout: Option<String>,

    #[command(flatten)]
    output: OutputArguments,

    #[command(flatten)]
    partial: PartialArguments,
}

/// Explains the flow.
pub(super) fn run(arguments: &WhyArguments, context: &Context) -> Result<Status, CliError> {
    let row = if arguments.row == "-" { standard_input()? } else { arguments.row.clone() };
    let (layout, line) = line(arguments.layout.as_deref(), row.trim())?;
    let mut record = Record::default();
    record
        .read(&layout, &line)
        .map_err(|error| no_record(error.to_string(), error.fault.help()))?;
    let model = arguments.source.read(context)?;
    let flow = match Placer::new(&model).place(&(&layout, &record)) {
        Recorded::Unplaced(_) => Err(unplaced(&(&layout, &record), &model)),
        recorded => flow(recorded),
    }?;
    let logged = match record.value(&layout, Field::RejectReason) {
        Value::Text(text) => LoggedReason::from_field(text),
        _ => None,
    };
    let status = arguments.partial.status_of(&model, context);
    let port_25_is_blocked = !context.config.assumes_port_25_open();
    let chart = Chart::new(model, Settings { port_25_is_blocked, ..Settings::default() });
    let answer = why(&chart, &flow, logged);
    arguments.output.write(context, |format, style, out| {
        portolan_report::rejection(chart.model(), &flow, &answer, format, style, out)
    })?;
    Ok(status)
}

fn standard_input() -> Result<String, CliError> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|source| CliError::Read { path: "-".into(), source })?;
    Ok(text)
}

fn no_record(message: impl Into<String>, help: &str) -> CliError {
    CliError::NoRecord { message: message.into(), help: help.to_owned() }
}

/// Returns a row as a line with its layout.
fn line(layout: Option<&str>, row: &str) -> Result<(Layout, String), CliError> {
    if row.starts_with('{') {
        return line_of_json(layout, row);
    }
    let layout = match layout {
        None => Layout::default_of(LogKind::Vpc),
        Some(text) => {
            Layout::parse(text).map_err(|error| no_record(error.to_string(), error.help()))?
        }
    };
    // What was pasted may begin with the header; the last line is the record.
    let mut lines = row.lines().filter(|line| !line.trim().is_empty());
    let last = lines.next_back().unwrap_or_default().to_owned();
    let header = lines.next_back().and_then(|it| Layout::of_header(it.as_bytes()));
    Ok((header.unwrap_or(layout), last))
}

/// Fields of one row, as JSON.
type Object = serde_json::Map<String, Json>;

/// Returns a row of JSON as a line with its layout: an object of fields, or an answer of `portolan flows query` with one.
fn line_of_json(layout: Option<&str>, row: &str) -> Result<(Layout, String), CliError> {
    let help = "write an object of fields and values, such as {\"srcaddr\": \"10.0.0.1\"}";
    let object: Object =
        serde_json::from_str(row).map_err(|error| no_record(error.to_string(), help))?;
    let object = match object.get("rows") {
        Some(Json::Array(rows)) => only(rows)?,
        _ => &object,
    };
    match object.get("@message") {
        Some(Json::String(message)) => line(layout, message),
        _ => line_of_fields(object),
    }
}

/// Returns the one row of an answer.
fn only(rows: &[Json]) -> Result<&Object, CliError> {
    match rows {
        [Json::Object(row)] => Ok(row),
        rows => {
            let rows = words::count(rows.len() as u64, "row");
            Err(no_record(format!("the answer has {rows}"), "ask for one, with `| limit 1`"))
        }
    }
}

/// Returns the fields of an object as a line with its layout. Names of every style are known.
fn line_of_fields(object: &Object) -> Result<(Layout, String), CliError> {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (name, value) in object {
        let Some(field) = Field::named(name).or_else(|| Field::in_header(name)) else { continue };
        names.push(field.text_name());
        values.push(match value {
            Json::String(text) if !text.is_empty() => text.clone(),
            Json::Number(number) => number.to_string(),
            _ => "-".to_owned(),
        });
    }
    let help = "name fields of flow logs, such as `srcaddr`";
    let layout =
        Layout::parse(&names.join(" ")).map_err(|error| no_record(error.to_string(), help))?;
    Ok((layout, values.join(" ")))
}

/// Returns the flow of a record, if it is one.
fn flow(recorded: Recorded) -> Result<ObservedFlow, CliError> {
    let help = "take a record with an action";
    match recorded {
        Recorded::Flow(flow) => Ok(flow),
        Recorded::Silence(..) => Err(no_record("it says that there was no traffic", help)),
        Recorded::Skipped(..) => Err(no_record("it says that records were lost", help)),
        Recorded::Unplaced(_) => Err(no_record("it does not say which way", help)),
    }
}

/// What every record of a flow has.
const NEEDED: [Field; 6] = [
    Field::InterfaceId,
    Field::SrcAddr,
    Field::DstAddr,
    Field::Protocol,
    Field::Action,
    Field::Start,
];

/// Returns why it cannot be said where and which way the packets of a record went.
fn unplaced(record: &impl Fields, model: &Model) -> CliError {
    let lacking = NEEDED.into_iter().filter(|field| !record.value(*field).is_present());
    let lacking: Vec<_> = lacking.map(|field| format!("`{}`", field.text_name())).collect();
    if !lacking.is_empty() {
        return no_record(format!("it lacks {}", lacking.join(", ")), "give it these fields");
    }
    let interface = record.value(Field::InterfaceId).to_string();
    let help = "capture the account of the record, or give the record its `flow-direction`";
    if model.interfaces.contains_key(interface.as_str()) {
        no_record(format!("neither of its addresses is of `{interface}`"), help)
    } else {
        no_record(format!("`{interface}` is not among the interfaces that were read"), help)
    }
}
