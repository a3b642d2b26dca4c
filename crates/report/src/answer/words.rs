//! What the formats for people say in the same words.

use portolan_model::Direction;
use portolan_net::{Header, Set as _, Traffic};
use portolan_reach::{Answer, Blocker, Code, Component, Hop, Witness};

use crate::answer::remedy::remedy;
use crate::answer::view::{AnswerView, Share};
use crate::names::Names;
use crate::services::traffic_text;
use crate::why::{Beside, note_texts, rule_text, rule_text_at};
use crate::wire::direction_name;

/// Returns what passes in one line, such as `tcp 443` or `nothing`.
pub(crate) fn passing_text(answer: &Answer) -> String {
    let mut told = Traffic::empty();
    let mut texts: Vec<String> = Vec::new();
    for share in Share::ALL {
        let traffic = share.traffic(answer).difference(&told);
        told = told.union(&traffic);
        match share {
            _ if traffic.is_empty() => {}
            Share::Answered => texts.push(traffic_text(&traffic)),
            _ => texts.push(format!("{} ({})", traffic_text(&traffic), share.name())),
        }
    }
    if texts.is_empty() { "nothing".to_owned() } else { texts.join("; ") }
}

/// Returns a packet in one line, such as `tcp 203.0.113.7:32768 -> 198.51.100.21:443`.
pub(crate) fn packet_text(witness: &Witness) -> String {
    let Witness { source, destination, header } = witness;
    let protocol = header.protocol();
    match header {
        Header::Ports { source: from, destination: to, .. } => {
            let (source, destination) = (
                std::net::SocketAddr::new(*source, *from),
                std::net::SocketAddr::new(*destination, *to),
            );
            format!("{protocol} {source} -> {destination}")
        }
        Header::Icmp { kind, .. } => {
            format!("{protocol} type {} code {} {source} -> {destination}", kind.kind, kind.code)
        }
        Header::Other(_) => format!("{protocol} {source} -> {destination}"),
    }
}

/// Returns a step in one line, such as `security group sg-0b1 (web), inbound`.
pub(crate) fn hop_text(names: Names<'_>, hop: &Hop) -> String {
    with_direction(names.component(&hop.component), hop.direction)
}

/// Returns the rules of a step, each in one line. The step itself is not repeated in them.
pub(crate) fn hop_rules(names: Names<'_>, hop: &Hop) -> Vec<String> {
    hop.rules.iter().map(|rule| rule_text_at(names, rule, &hop.component)).collect()
}

/// Returns what is to be told of rules at a step, each in one line.
pub(crate) fn hop_notes(names: Names<'_>, hop: &Hop) -> Vec<String> {
    let beside = Beside { rules: &hop.rules, place: Some(&hop.component) };
    note_texts(names, &hop.notes, beside)
}

fn with_direction(component: String, direction: Option<Direction>) -> String {
    match direction {
        Some(direction) => format!("{component}, {}", direction_name(direction)),
        None => component,
    }
}

/// A blocker in words.
pub(crate) struct BlockerText {
    /// AWS's code.
    pub(crate) code: &'static str,
    /// What it is that blocks, and what.
    pub(crate) place: String,
    /// What the code means.
    pub(crate) meaning: &'static str,
    /// The rule that blocks, if it is one.
    pub(crate) rule: Option<String>,
    /// What is to be told of rules, each in one line.
    pub(crate) notes: Vec<String>,
    /// What to change.
    pub(crate) remedy: String,
}

impl BlockerText {
    pub(crate) fn new(view: &AnswerView<'_>, blocker: &Blocker) -> Self {
        let place = with_direction(view.names.component(&blocker.component), blocker.direction);
        Self {
            code: blocker.code.as_str(),
            place: if blocker.on_reply { format!("{place}, for replies") } else { place },
            meaning: blocker.code.meaning(),
            rule: blocker.rule.as_ref().map(|rule| rule_text(view.names, rule)),
            notes: blocker_notes(view.names, blocker),
            remedy: remedy_text(view, blocker),
        }
    }
}

/// Returns what is to be told of rules where packets are stopped, each in one line.
pub(crate) fn blocker_notes(names: Names<'_>, blocker: &Blocker) -> Vec<String> {
    let beside = Beside { rules: blocker.rule.as_slice(), place: Some(&blocker.component) };
    note_texts(names, &blocker.notes, beside)
}

/// Returns what to change, with the security groups in question by name.
fn remedy_text(view: &AnswerView<'_>, blocker: &Blocker) -> String {
    let Component::Interface(id) = &blocker.component else {
        return remedy(blocker.code).to_owned();
    };
    let interface = view.chart.model().interfaces.get(id);
    let groups = interface.map_or(&[][..], |interface| &interface.security_groups);
    let is_about_groups =
        matches!(blocker.code, Code::EniSecurityGroupRulesMismatch | Code::SecurityGroupHasNoRules);
    if !is_about_groups || groups.is_empty() {
        return remedy(blocker.code).to_owned();
    }
    let groups = groups.iter().map(|id| view.names.short(&Component::SecurityGroup(id.clone())));
    format!("{}: {}", remedy(blocker.code), groups.collect::<Vec<_>>().join(", "))
}
