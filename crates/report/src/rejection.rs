//! Why a flow was rejected, in words.

#[cfg(test)]
pub(crate) mod tests;

use std::io;

use portolan_model::{Model, SecurityGroupId};
use portolan_reach::{AclDecision, Answer, Verdict};
use portolan_respond::{LoggedReason, ObservedFlow, Reason, Why};
use schemars::JsonSchema;
use serde::Serialize;

use crate::format::{Format, Style};
use crate::json::FORMAT_VERSION;
use crate::listing::Listing;
use crate::moment::Moment;
use crate::names::Names;
use crate::plan::words::{direction_name, group_text, preposition, rule_text as group_rule_text};
use crate::why::{rule_text, unknown_text};
use crate::wire::{Owner, Rule};

/// Writes why a flow was rejected, or what admits it.
///
/// # Errors
///
/// Returns the first error of `out`.
pub fn rejection(
    model: &Model,
    flow: &ObservedFlow,
    why: &Why,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let names = Names::new(model);
    let view = View::new(names, flow, why);
    match format {
        Format::Json => crate::json::write(&view.into_document(names, flow, why), out),
        _ => view.into_listing().write(format, style, out),
    }
}

/// What is said of a flow.
struct View {
    title: String,
    answer: String,
    facts: Vec<(&'static str, String)>,
}

impl View {
    fn new(names: Names<'_>, flow: &ObservedFlow, why: &Why) -> Self {
        let verb = if flow.is_accepted { "accepted" } else { "rejected" };
        let direction = direction_name(flow.direction);
        let here = names.interface(&flow.interface);
        let preposition = preposition(flow.direction);
        let peer = peer_text(names, flow, why);
        let title = format!("{} {verb} {direction} at {here} {preposition} {peer}", why.header);
        let mut facts = vec![
            ("seen", format!("{} to {}", Moment(flow.span.first), Moment(flow.span.last))),
            ("network ACL", acl_text(names, &why.network_acl)),
            ("security groups", groups_text(names, why)),
        ];
        if why.may_be_answer {
            facts.push((
                "as an answer",
                "the security groups admit the other direction, so an answer passes them as long as they remember \
                 the conversation; a network ACL does not remember"
                    .to_owned(),
            ));
        }
        if why.is_header_guessed {
            let text = "flow logs have no ICMP type; it is taken for an echo request";
            facts.push(("not logged", text.to_owned()));
        }
        facts.push(("end to end, today", today_text(names, why.today.as_ref())));
        Self { title, answer: answer(names, flow, why), facts }
    }

    fn into_listing(self) -> Listing {
        let rows = [("answer", self.answer)].into_iter().chain(self.facts);
        Listing {
            title: self.title,
            heads: vec!["about", "what is known"],
            rows: rows.map(|(about, text)| vec![about.to_owned(), text]).collect(),
            notes: Vec::new(),
        }
    }

    fn into_document(self, names: Names<'_>, flow: &ObservedFlow, why: &Why) -> Document {
        let facts = self.facts.into_iter();
        let (entry, groups) = match &why.reason {
            Reason::NetworkAcl(entry) => (Some(entry), &[][..]),
            Reason::NoRule(groups) => (None, groups.as_slice()),
            _ => (None, &[][..]),
        };
        Document {
            format_version: FORMAT_VERSION,
            flow: self.title,
            interface: flow.interface.to_string(),
            resource: (&names.resource(&flow.interface)).into(),
            reason: reason_name(&why.reason),
            network_acl_entry: entry.map(|entry| Rule::new(names, entry)),
            security_groups: groups.iter().map(ToString::to_string).collect(),
            answer: self.answer,
            facts: facts.map(|(about, text)| Fact { about, text }).collect(),
        }
    }
}

/// Returns the address at the other end, with whose it is where that was read.
fn peer_text(names: Names<'_>, flow: &ObservedFlow, why: &Why) -> String {
    match &why.neighbour {
        Some(id) => names.owned(id, &flow.peer.to_string()),
        None => flow.peer.to_string(),
    }
}

fn answer(names: Names<'_>, flow: &ObservedFlow, why: &Why) -> String {
    match &why.reason {
        Reason::Logged(LoggedReason::BlockPublicAccess) => {
            "the log says it: VPC Block Public Access".to_owned()
        }
        Reason::Logged(LoggedReason::EncryptionControl) => {
            "the log says it: VPC Encryption Controls".to_owned()
        }
        Reason::NotKnown(unknowns) if unknowns.is_empty() => {
            "it cannot be told: a security group or prefix list was not read".to_owned()
        }
        Reason::NotKnown(unknowns) => {
            let texts: Vec<_> = unknowns.iter().map(|it| unknown_text(names, it)).collect();
            format!("it cannot be told: {}", texts.join("; "))
        }
        reason if flow.is_accepted => of_accepted(names, reason, why.may_be_answer),
        reason => of_rejected(names, reason, why.may_be_answer),
    }
}

fn of_rejected(names: Names<'_>, reason: &Reason, may_be_answer: bool) -> String {
    match reason {
        Reason::NetworkAcl(entry) => {
            format!("network ACL entry {} refuses it", rule_text(names, entry))
        }
        Reason::NoRule(_) if may_be_answer => {
            "no security group rule admits it as a first packet; it may be a late answer, which came after the security \
             groups had forgotten the conversation"
                .to_owned()
        }
        Reason::NoRule(groups) => {
            format!("no rule admits it: not in {}", group_list(names, groups))
        }
        _ => "the rules that were read admit it: they have changed since the record".to_owned(),
    }
}

/// Says what lets a packet pass that passed; or that rules have changed, where nothing does any more.
fn of_accepted(names: Names<'_>, reason: &Reason, may_be_answer: bool) -> String {
    match reason {
        Reason::NetworkAcl(entry) => {
            let rule = rule_text(names, entry);
            format!("the rules have changed since the record: network ACL entry {rule} refuses it")
        }
        Reason::NoRule(_) if may_be_answer => {
            "it is admitted as an answer: the security groups admit the other direction".to_owned()
        }
        Reason::NoRule(groups) => {
            let groups = group_list(names, groups);
            format!("the rules have changed since the record: no rule admits it, not in {groups}")
        }
        _ => "it is admitted".to_owned(),
    }
}

fn group_list(names: Names<'_>, groups: &[SecurityGroupId]) -> String {
    let texts: Vec<_> = groups.iter().map(|id| group_text(names, id)).collect();
    if texts.is_empty() { "any security group".to_owned() } else { texts.join(", ") }
}

fn acl_text(names: Names<'_>, decision: &AclDecision) -> String {
    match decision {
        AclDecision::NotPassed => "not passed: both ends are in one subnet".to_owned(),
        AclDecision::Off => "not evaluated".to_owned(),
        AclDecision::Allows(entry) => format!("lets it pass: {}", rule_text(names, entry)),
        AclDecision::Denies(entry) => format!("drops it: {}", rule_text(names, entry)),
        AclDecision::NotRead(unknown) => format!("not known: {}", unknown_text(names, unknown)),
    }
}

fn groups_text(names: Names<'_>, why: &Why) -> String {
    let admission = &why.groups;
    let rules: Vec<_> = admission
        .rules
        .iter()
        .filter_map(|(id, place)| {
            let rule = names.group(id)?.rules.get(*place)?;
            Some(format!("{}: {}", group_text(names, id), group_rule_text(names, rule)))
        })
        .collect();
    match (rules.as_slice(), admission.is_exact, admission.is_filtered) {
        ([], false, _) => "not known: not all was read of what they say".to_owned(),
        ([], true, false) => "the interface has none, so that everything passes".to_owned(),
        ([], true, true) => "no rule admits it as a first packet".to_owned(),
        (rules, ..) => format!("admit it: {}", rules.join("; ")),
    }
}

fn today_text(names: Names<'_>, today: Option<&Answer>) -> String {
    let Some(answer) = today else {
        return "not known: one of its ends is outside what was read".to_owned();
    };
    let blockers: Vec<_> = answer
        .blockers
        .iter()
        .map(|blocker| {
            let on_reply = if blocker.on_reply { " (on the way back)" } else { "" };
            format!(
                "{} at {}{on_reply}",
                blocker.code.as_str(),
                names.component(&blocker.component)
            )
        })
        .collect();
    let unknowns: Vec<_> = answer.unknowns.iter().map(|it| unknown_text(names, it)).collect();
    let details = if answer.verdict == Verdict::Unknown { unknowns } else { blockers };
    let verdict = answer.verdict.as_str();
    if details.is_empty() {
        verdict.to_owned()
    } else {
        format!("{verdict}: {}", details.join("; "))
    }
}

const fn reason_name(reason: &Reason) -> &'static str {
    match reason {
        Reason::Logged(_) => "logged",
        Reason::NetworkAcl(_) => "network_acl",
        Reason::NoRule(_) => "no_rule",
        Reason::AdmittedToday => "admitted_today",
        Reason::NotKnown(_) => "not_known",
    }
}

/// Why a flow was rejected: the output of `portolan flows why --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "FlowsWhy")]
pub(crate) struct Document {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// The flow in words. For people; it may change.
    flow: String,
    /// The id of the interface that logged it.
    interface: String,
    /// Whose interface that is.
    resource: Owner,
    /// `logged`, `network_acl`, `no_rule`, `admitted_today` or `not_known`.
    reason: &'static str,
    /// The entry that refuses it, if the reason is `network_acl`, or null.
    network_acl_entry: Option<Rule>,
    /// The ids of the groups of the interface, none of which has a rule for it, if the reason is `no_rule`.
    security_groups: Vec<String>,
    /// The answer in words. For people; it may change.
    answer: String,
    /// What else is known. For people; it may change.
    facts: Vec<Fact>,
}

/// Something that is known of a flow.
#[derive(Debug, JsonSchema, Serialize)]
struct Fact {
    /// What it is about.
    about: &'static str,
    /// What it is.
    text: String,
}
