//! What each layer admits and refuses, as a table.

#[cfg(test)]
mod tests;

use std::io;

use portolan_model::{InterfaceId, Model};
use portolan_reach::Party;
use portolan_respond as respond;
use portolan_respond::{Case, Layer, LayerScore, Origin, Side};
use schemars::JsonSchema;
use serde::Serialize;

use crate::format::{Format, Style};
use crate::json::FORMAT_VERSION;
use crate::listing::Listing;
use crate::names::Names;
use crate::services::traffic_text;
use crate::wire::{Owner, Traffic};

/// How many wrong decisions of a layer are written out.
const EXAMPLES: usize = 5;

/// Writes what each layer does with what is intended and what is not.
///
/// # Errors
///
/// Returns the first error of `out`.
pub fn evaluation(
    model: &Model,
    layers: &[LayerScore],
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let names = Names::new(model);
    match format {
        Format::Json => crate::json::write(&Document::new(names, layers), out),
        _ => listing(names, layers).write(format, style, out),
    }
}

const fn name(layer: Layer) -> &'static str {
    match layer {
        Layer::NetworkAcls => "network ACLs alone",
        Layer::SecurityGroups => "security groups alone",
        Layer::Both => "both",
    }
}

fn listing(names: Names<'_>, layers: &[LayerScore]) -> Listing {
    Listing {
        title: "What each layer admits and refuses".to_owned(),
        heads: vec![
            "layer",
            "intended admitted",
            "unintended refused",
            "false refusals",
            "unknown",
            "filters",
            "rules",
            "port ranges",
        ],
        rows: layers.iter().map(row).collect(),
        notes: layers.iter().flat_map(|score| notes(names, score)).collect(),
    }
}

fn row(score: &LayerScore) -> Vec<String> {
    let respond::Complexity { filters, rules, port_ranges } = score.complexity;
    let unknown = score.intended.unknown + score.unintended.unknown;
    vec![
        name(score.layer).to_owned(),
        share(score.intended.admitted, score.intended.total()),
        share(score.unintended.refused, score.unintended.total()),
        (score.intended.refused + score.intended.partly).to_string(),
        unknown.to_string(),
        filters.to_string(),
        rules.to_string(),
        port_ranges.to_string(),
    ]
}

/// Returns a share such as `97.5 % of 40`; never `100 %` for less than all.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "none".to_owned();
    }
    let tenths = u128::from(part) * 1000 / u128::from(whole);
    format!("{}.{} % of {whole}", tenths / 10, tenths % 10)
}

fn notes(names: Names<'_>, score: &LayerScore) -> Vec<String> {
    let layer = name(score.layer);
    let wrong = [("refuses", &score.false_refusals), ("admits", &score.false_admissions)];
    wrong.into_iter().flat_map(|(verb, cases)| examples(names, layer, verb, cases)).collect()
}

fn examples(names: Names<'_>, layer: &str, verb: &str, cases: &[Case]) -> Vec<String> {
    let cases_shown = cases.iter().take(EXAMPLES);
    let shown = cases_shown.map(|case| format!("{layer}: {verb} {}", case_text(names, case)));
    let more = cases.len().saturating_sub(EXAMPLES);
    shown.chain((more > 0).then(|| format!("{layer}: {verb} {more} more"))).collect()
}

/// Returns a case in words, such as `192.0.2.77 -> web-1 (eni-0b1) tcp 443`.
fn case_text(names: Names<'_>, case: &Case) -> String {
    let (from, to) = (side_text(names, &case.from), side_text(names, &case.to));
    format!("{from} -> {to} {}", traffic_text(&case.traffic))
}

fn side_text(names: Names<'_>, side: &Side) -> String {
    let origin = origin_text(&side.origin);
    match interface_of(side) {
        Some(id) => names.owned(id, &origin),
        None => origin,
    }
}

/// Returns what stands in the file of intents or in the log.
fn origin_text(origin: &Origin) -> String {
    match origin {
        Origin::Declared(text) => text.clone(),
        Origin::Interface(id) => id.to_string(),
        Origin::Address(address, _) => address.to_string(),
    }
}

/// Returns the interface that a side is, if it is one.
fn interface_of(side: &Side) -> Option<&InterfaceId> {
    match (&side.origin, &side.party) {
        (Origin::Interface(id), _) => Some(id),
        (Origin::Address(_, holder), _) => holder.as_ref(),
        (Origin::Declared(_), Party::Interfaces(ids)) => ids.first().filter(|_| ids.len() == 1),
        (Origin::Declared(_), _) => None,
    }
}

/// What each layer does: the output of `portolan evaluate --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Evaluate")]
pub(crate) struct Document {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// The layers.
    layers: Vec<LayerDocument>,
}

/// One layer.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Layer")]
struct LayerDocument {
    /// `network_acls`, `security_groups` or `both`.
    layer: &'static str,
    /// What it does with what is intended.
    intended: Score,
    /// What it does with what is not intended.
    unintended: Score,
    /// The intended cases that it refuses as a whole or in part.
    false_refusals: Vec<CaseDocument>,
    /// The other cases that it admits as a whole or in part.
    false_admissions: Vec<CaseDocument>,
    /// Network ACLs and security groups.
    filters: u64,
    /// Their entries and rules.
    rules: u64,
    /// Those that name a range of ports, more than one and fewer than all.
    port_ranges: u64,
}

/// How many cases were decided how.
#[derive(Debug, JsonSchema, Serialize)]
struct Score {
    /// Admitted and answered, as a whole.
    admitted: u64,
    /// Refused as a whole.
    refused: u64,
    /// Admitted in part, or not answered.
    partly: u64,
    /// Not known.
    unknown: u64,
}

/// Packets that are meant to pass, or not to.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Case")]
struct CaseDocument {
    /// The case in words. For people; it may change.
    text: String,
    /// Who begins.
    from: SideDocument,
    /// Who is to answer.
    to: SideDocument,
    /// The packets.
    traffic: Traffic,
}

/// One side of a case.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Side")]
struct SideDocument {
    /// The words of the declared intent, or else the address or the id of the interface that the log has.
    id: String,
    /// The id of the interface that it is, or null for another party or for several.
    interface: Option<String>,
    /// Whose interface that is, or null.
    resource: Option<Owner>,
}

impl Document {
    fn new(names: Names<'_>, layers: &[LayerScore]) -> Self {
        let layers = layers.iter().map(|score| document(names, score)).collect();
        Self { format_version: FORMAT_VERSION, layers }
    }
}

fn document(names: Names<'_>, score: &LayerScore) -> LayerDocument {
    let cases = |cases: &[Case]| cases.iter().map(|case| case_document(names, case)).collect();
    LayerDocument {
        layer: match score.layer {
            Layer::NetworkAcls => "network_acls",
            Layer::SecurityGroups => "security_groups",
            Layer::Both => "both",
        },
        intended: counts(score.intended),
        unintended: counts(score.unintended),
        false_refusals: cases(&score.false_refusals),
        false_admissions: cases(&score.false_admissions),
        filters: score.complexity.filters,
        rules: score.complexity.rules,
        port_ranges: score.complexity.port_ranges,
    }
}

fn case_document(names: Names<'_>, case: &Case) -> CaseDocument {
    CaseDocument {
        text: case_text(names, case),
        from: side_document(names, &case.from),
        to: side_document(names, &case.to),
        traffic: (&case.traffic).into(),
    }
}

fn side_document(names: Names<'_>, side: &Side) -> SideDocument {
    let interface = interface_of(side);
    SideDocument {
        id: origin_text(&side.origin),
        interface: interface.map(ToString::to_string),
        resource: interface.map(|id| (&names.resource(id)).into()),
    }
}

const fn counts(score: respond::Score) -> Score {
    let respond::Score { admitted, refused, partly, unknown } = score;
    Score { admitted, refused, partly, unknown }
}
