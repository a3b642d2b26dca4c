//! What the formats for people say in the same words.

use portolan_reach::{Certainty, Zone};

use crate::exposure::view::{ExposedResource, ExposureView, OpenAddress, PlacedFinding};
use crate::services::counted;
use crate::why::unknown_text;

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
    let unknowns = finding.unknowns.iter();
    remarks.extend(unknowns.map(|it| format!("not known: {}", unknown_text(view.names, it))));
    if !finding.way.sureness.is_answered {
        remarks.push("one way: replies do not come back".to_owned());
    }
    if placed.places.len() < exposed.addresses.len() {
        remarks.push(format!("only at {}", reached_by(&placed.places)));
    }
    remarks
}
