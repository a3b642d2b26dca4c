//! What the formats for people say in the same words.

use portolan_net::Set as _;
use portolan_reach::{Component, IpSet, Zone};

use crate::exposure::view::{ExposedResource, ExposureView, OpenAddress, PlacedFinding, Reached};
use crate::finding::{Finding, distinct, union};
use crate::services::{counted, source_ports_text};
use crate::sources::grouped;
use crate::why::{Beside, note_texts, reply_blocker_text, unknown_texts};

/// Returns the result in a sentence or two: what can be reached and answers, what may, what only gets packets.
pub(crate) fn headline(view: &ExposureView<'_>) -> String {
    let count = |how| view.resources.iter().filter(|it| it.how_reached() == how).count();
    let resources = |count| counted(count, "resource", "resources");
    let reached = match (count(Reached::Certainly), count(Reached::Possibly)) {
        (0, 0) => None,
        (certain, 0) => Some(format!("{} can be reached from outside.", resources(certain))),
        (0, possible) => Some(format!("{} may be reached from outside.", resources(possible))),
        (certain, possible) => Some(format!(
            "{} can be reached from outside, and {possible} more may be.",
            resources(certain)
        )),
    };
    let one_way = count(Reached::OneWay);
    let gets = if one_way == 1 { "gets" } else { "get" };
    match (reached, one_way) {
        (None, 0) => "Nothing of what was read can be reached from outside.".to_owned(),
        (Some(reached), 0) => reached,
        (None, _) => format!(
            "Nothing can be reached from outside; {} {gets} packets that are not answered.",
            resources(one_way)
        ),
        (Some(reached), _) => {
            format!("{reached} {one_way} more {gets} packets that are not answered.")
        }
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

/// Returns who among the sources gets no replies, and why.
///
/// Most often it is a service of AWS itself: what the whole Internet can reach, its addresses can too, and
/// replies to them leave by its gateway endpoint.
fn no_replies(view: &ExposureView<'_>, finding: &Finding) -> String {
    let addresses = &finding.one_way_sources;
    if let [blocker] = &finding.reply_blockers[..]
        && let Some(rule) = &blocker.rule
        && let [Component::PrefixList(list), endpoint @ Component::Endpoint(_)] = &rule.names[..]
    {
        let service = view.names.component_name(&Component::PrefixList(list.clone()));
        let service = service.unwrap_or_else(|| list.to_string());
        let count = grouped(&(addresses.v4.count() + addresses.v6.count()));
        let endpoint = view.names.component(endpoint);
        return format!(
            "no replies to {service} itself ({count} addresses): they leave by {endpoint}"
        );
    }
    format!("no replies to {}{}", view.outside.describe(addresses), because(view, finding))
}

/// Returns why no replies go back, as the end of a phrase.
fn because(view: &ExposureView<'_>, finding: &Finding) -> String {
    let blockers = finding.reply_blockers.iter();
    let texts: Vec<String> = blockers.map(|it| reply_blocker_text(view.names, it)).collect();
    if texts.is_empty() { String::new() } else { format!(": {}", distinct(&texts).join("; ")) }
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
    let unknowns = unknown_texts(view.names, &finding.unknowns);
    remarks.extend(unknowns.into_iter().map(|text| format!("not known: {text}")));
    if !finding.way.sureness.is_answered {
        remarks.push(format!("one way: replies do not come back{}", because(view, finding)));
    }
    if let Some(ports) = source_ports_text(&finding.traffic) {
        let is_answered = finding.way.sureness.is_answered;
        remarks.push(format!(
            "{ports} only{}",
            if is_answered { ": others get no reply" } else { "" }
        ));
    }
    if finding.one_way_sources != IpSet::default() {
        remarks.push(no_replies(view, finding));
    }
    if placed.places.len() < exposed.addresses.len() {
        remarks.push(format!("only at {}", reached_by(&placed.places)));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use portolan_reach::{Blocker, Certainty, Code, Exposure, Opening, RuleReference};

    use super::*;
    use crate::exposure::ExposureOptions;
    use crate::fixture::{chart, exposure, rule, sources};

    /// Returns the exposure with each opening changed by the place of its address.
    fn changed(change: impl Fn(usize, &mut Opening)) -> Exposure {
        let mut exposure = exposure();
        for (place, address) in exposure.addresses.iter_mut().enumerate() {
            let mut openings = address.openings.to_vec();
            for opening in &mut openings {
                change(place, opening);
            }
            address.openings = Arc::from(openings);
        }
        exposure
    }

    #[test]
    fn only_what_answers_can_be_reached() {
        let check = |answered: &[usize], expected: &str| {
            let exposure =
                changed(|place, opening| opening.is_answered = answered.contains(&place));
            let chart = chart("bastion");
            let view = ExposureView::new(&chart, &exposure, ExposureOptions::default());
            assert_eq!(headline(&view), expected);
        };
        check(&[0, 1, 2, 3], "3 resources can be reached from outside, and 1 more may be.");
        check(
            &[0, 1, 3],
            "2 resources can be reached from outside, and 1 more may be. \
             1 more gets packets that are not answered.",
        );
        check(
            &[3],
            "1 resource may be reached from outside. 3 more get packets that are not answered.",
        );
        check(
            &[],
            "Nothing can be reached from outside; 4 resources get packets that are not answered.",
        );
    }

    #[test]
    fn says_why_replies_do_not_come_back() {
        let list = Component::PrefixList("pl-1".into());
        let endpoint = Component::Endpoint("vpce-1".into());
        let check = |route: RuleReference, is_answered: bool, expected: &str| {
            let blocker = Blocker {
                code: Code::NoReturnRoute,
                component: route.component.clone(),
                direction: None,
                rule: Some(route),
                on_reply: true,
                notes: Vec::new(),
            };
            let mut exposure = changed(|_, _| {});
            exposure.addresses.truncate(1);
            for address in &mut exposure.addresses {
                let mut openings = address.openings.to_vec();
                openings.truncate(1);
                openings.push(Opening {
                    sources: sources("3.5.64.0/21"),
                    certainty: Certainty::Certain,
                    is_answered: false,
                    reply_blockers: vec![blocker.clone()],
                    ..openings[0].clone()
                });
                address.openings =
                    Arc::from(if is_answered { &openings[..] } else { &openings[1..] });
            }
            let chart = chart("bastion");
            let view = ExposureView::new(&chart, &exposure, ExposureOptions::default());
            let (exposed, placed) = view.findings().next().unwrap();
            let remarks = remarks(&view, exposed, placed);
            assert!(remarks.iter().any(|it| it == expected), "{remarks:?}");
        };
        let table = || Component::RouteTable("rtb-1".into());
        let to_service = RuleReference {
            names: vec![list, endpoint],
            ..rule(table(), "pl-1", "pl-1 to vpce-1")
        };
        let elsewhere = rule(table(), "3.0.0.0/8", "3.0.0.0/8 to tgw-1");
        check(
            to_service,
            true,
            "no replies to pl-1 itself (2,048 addresses): they leave by VPC endpoint vpce-1",
        );
        check(
            elsewhere.clone(),
            true,
            "no replies to 3.5.64.0/21 (2,048 addresses): they leave by rtb-1 3.0.0.0/8 to tgw-1",
        );
        check(
            elsewhere,
            false,
            "one way: replies do not come back: they leave by rtb-1 3.0.0.0/8 to tgw-1",
        );
    }
}
