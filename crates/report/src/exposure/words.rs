//! What the formats for people say in the same words.

use portolan_reach::{Certainty, IpSet, Zone};

use crate::exposure::view::{ExposedResource, ExposureView, OpenAddress, PlacedFinding};
use crate::finding::{Finding, union};
use crate::services::{counted, source_ports_text};
use crate::why::{Beside, note_texts, unknown_text};

/// Returns the result in one sentence.
pub(crate) fn headline(view: &ExposureView<'_>) -> String {
    let is_certain = |exposed: &&ExposedResource| {
        exposed.findings.iter().any(|it| it.finding.way.sureness.certainty == Certainty::Certain)
    };
    let certain = view.resources.iter().filter(is_certain).count();
    let possible = view.resources.len() - certain;
    match (certain, possible) {
        (0, 0) => "Nothing of what was read can be reached from outside.".to_owned(),
        (_, 0) => {
            format!("{} can be reached from outside.", counted(certain, "resource", "resources"))
        }
        (0, _) => {
            format!("{} may be reached from outside.", counted(possible, "resource", "resources"))
        }
        _ => format!(
            "{} can be reached from outside, and {possible} more may be.",
            counted(certain, "resource", "resources")
        ),
    }
}

/// Returns the numbers of findings in words, such as `2 critical, 1 unknown`.
pub(crate) fn counts_text(view: &ExposureView<'_>) -> String {
    let counts = view.counts().into_iter().filter(|(_, count)| *count > 0);
    counts.map(|(rating, count)| format!("{count} {rating}")).collect::<Vec<_>>().join(", ")
}

/// Returns the addresses with those that they are mapped to, such as `198.51.100.7 (10.0.0.5)`.
pub(crate) fn reached_by(addresses: &[OpenAddress]) -> String {
    addresses.iter().map(address_text).collect::<Vec<_>>().join(", ")
}

fn address_text(address: &OpenAddress) -> String {
    if address.inside == address.outside {
        address.inside.to_string()
    } else {
        format!("{} ({})", address.outside, address.inside)
    }
}

/// Returns who may come in. Those who get no replies are among them, and left to a remark.
pub(crate) fn sources_text(view: &ExposureView<'_>, finding: &Finding) -> String {
    view.outside.describe(&union(&finding.sources, &finding.one_way_sources))
}

/// Returns what stands beside the notes on a finding.
pub(crate) fn beside(finding: &Finding) -> Beside<'_> {
    Beside { rules: &finding.rules, place: None }
}

/// Returns what is to be said of a finding besides its row and rules, one phrase each.
pub(crate) fn remarks(
    view: &ExposureView<'_>,
    exposed: &ExposedResource,
    placed: &PlacedFinding,
) -> Vec<String> {
    let finding = &placed.finding;
    let mut remarks: Vec<String> = Vec::new();
    if let Zone::Beyond(component) = &finding.way.zone {
        remarks.push(format!("from networks behind {}", view.names.component(component)));
    }
    remarks.extend(note_texts(view.names, &finding.notes, beside(finding)));
    let unknowns = finding.unknowns.iter();
    remarks.extend(unknowns.map(|it| format!("not known: {}", unknown_text(view.names, it))));
    if !finding.way.sureness.is_answered {
        remarks.push("one way: replies do not come back".to_owned());
    }
    if let Some(ports) = source_ports_text(&finding.traffic) {
        let is_answered = finding.way.sureness.is_answered;
        remarks.push(format!(
            "{ports} only{}",
            if is_answered { ": others get no reply" } else { "" }
        ));
    }
    if finding.one_way_sources != IpSet::default() {
        let sources = view.outside.describe(&finding.one_way_sources);
        remarks.push(format!("but one way, without replies, from {sources}"));
    }
    if placed.places.len() < exposed.addresses.len() {
        remarks.push(format!("only at {}", reached_by(&placed.places)));
    }
    remarks
}
