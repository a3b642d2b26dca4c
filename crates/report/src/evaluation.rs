//! What each layer admits and refuses, as a table.

use std::io;

use portolan_respond as respond;
use portolan_respond::{Layer, LayerScore};
use schemars::JsonSchema;
use serde::Serialize;

use crate::format::{Format, Style};
use crate::json::FORMAT_VERSION;
use crate::listing::Listing;

/// How many wrong decisions of a layer are written out.
const EXAMPLES: usize = 5;

/// Writes what each layer does with what is intended and what is not.
///
/// # Errors
///
/// Returns the first error of `out`.
pub fn evaluation(
    layers: &[LayerScore],
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Json => crate::json::write(&Document::new(layers), out),
        _ => listing(layers).write(format, style, out),
    }
}

const fn name(layer: Layer) -> &'static str {
    match layer {
        Layer::NetworkAcls => "network ACLs alone",
        Layer::SecurityGroups => "security groups alone",
        Layer::Both => "both",
    }
}

fn listing(layers: &[LayerScore]) -> Listing {
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
        notes: layers.iter().flat_map(notes).collect(),
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

fn notes(score: &LayerScore) -> Vec<String> {
    let layer = name(score.layer);
    let wrong = [("refuses", &score.false_refusals), ("admits", &score.false_admissions)];
    wrong.into_iter().flat_map(|(verb, cases)| examples(layer, verb, cases)).collect()
}

fn examples(layer: &str, verb: &str, cases: &[String]) -> Vec<String> {
    let shown = cases.iter().take(EXAMPLES).map(|case| format!("{layer}: {verb} {case}"));
    let more = cases.len().saturating_sub(EXAMPLES);
    shown.chain((more > 0).then(|| format!("{layer}: {verb} {more} more"))).collect()
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
    false_refusals: Vec<String>,
    /// The other cases that it admits as a whole or in part.
    false_admissions: Vec<String>,
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

impl Document {
    fn new(layers: &[LayerScore]) -> Self {
        Self { format_version: FORMAT_VERSION, layers: layers.iter().map(document).collect() }
    }
}

fn document(score: &LayerScore) -> LayerDocument {
    LayerDocument {
        layer: match score.layer {
            Layer::NetworkAcls => "network_acls",
            Layer::SecurityGroups => "security_groups",
            Layer::Both => "both",
        },
        intended: counts(score.intended),
        unintended: counts(score.unintended),
        false_refusals: score.false_refusals.clone(),
        false_admissions: score.false_admissions.clone(),
        filters: score.complexity.filters,
        rules: score.complexity.rules,
        port_ranges: score.complexity.port_ranges,
    }
}

const fn counts(score: respond::Score) -> Score {
    let respond::Score { admitted, refused, partly, unknown } = score;
    Score { admitted, refused, partly, unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{terminal, written};

    fn scores() -> Vec<LayerScore> {
        let score = |layer, admitted, refused, filters| LayerScore {
            layer,
            intended: respond::Score { admitted, refused: 40 - admitted, partly: 0, unknown: 0 },
            unintended: respond::Score { admitted: 9 - refused, refused, partly: 0, unknown: 1 },
            false_refusals: vec!["web -> =db tcp 5432".to_owned(); usize::from(admitted < 40)],
            false_admissions: vec!["internet -> web tcp 22".to_owned(); 7],
            complexity: respond::Complexity { filters, rules: 9 * filters, port_ranges: 3 },
        };
        vec![
            score(Layer::NetworkAcls, 39, 2, 2),
            score(Layer::SecurityGroups, 40, 8, 5),
            score(Layer::Both, 39, 9, 7),
        ]
    }

    fn check(format: Format) -> String {
        written(|out| evaluation(&scores(), format, &terminal(160), out))
    }

    #[test]
    fn a_table_compares_layers() {
        insta::assert_snapshot!(check(Format::Table), @r"
        What each layer admits and refuses
        layer                  intended admitted  unintended refused  false refusals  unknown  filters  rules  port ranges
        network ACLs alone     97.5 % of 40       20.0 % of 10        1               1        2        18     3
        security groups alone  100.0 % of 40      80.0 % of 10        0               1        5        45     3
        both                   97.5 % of 40       90.0 % of 10        1               1        7        63     3

        network ACLs alone: refuses web -> =db tcp 5432
        network ACLs alone: admits internet -> web tcp 22
        network ACLs alone: admits internet -> web tcp 22
        network ACLs alone: admits internet -> web tcp 22
        network ACLs alone: admits internet -> web tcp 22
        network ACLs alone: admits internet -> web tcp 22
        network ACLs alone: admits 2 more
        security groups alone: admits internet -> web tcp 22
        security groups alone: admits internet -> web tcp 22
        security groups alone: admits internet -> web tcp 22
        security groups alone: admits internet -> web tcp 22
        security groups alone: admits internet -> web tcp 22
        security groups alone: admits 2 more
        both: refuses web -> =db tcp 5432
        both: admits internet -> web tcp 22
        both: admits internet -> web tcp 22
        both: admits internet -> web tcp 22
        both: admits internet -> web tcp 22
        both: admits internet -> web tcp 22
        both: admits 2 more
        ");
    }

    #[test]
    fn every_format_has_every_layer() {
        for format in Format::ALL {
            let text = check(format);
            let words: &[&str] = match format {
                Format::Json => &["network_acls", "security_groups", "both"],
                _ => &["network ACLs alone", "security groups alone", "both"],
            };
            assert!(words.iter().all(|word| text.contains(word)), "{format}: {text}");
        }
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        assert_eq!(share(1999, 2000), "99.9 % of 2000");
        assert_eq!(share(2, 2), "100.0 % of 2");
        assert_eq!(share(0, 0), "none");
    }
}
