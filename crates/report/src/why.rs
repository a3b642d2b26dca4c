//! Reasons in words: the rules that let packets pass, what is to be told of them, and what is not known.

use portolan_reach::{
    Absence, Blocker, Code, Component, Note, Remark, RuleReference, Unknown, UnknownReason,
};

use crate::finding::distinct;
use crate::names::Names;
use crate::services::some_of;

/// Returns a rule in words, such as `sg-0c1 (web) sgr-0a1: tcp 22 from 0.0.0.0/0`.
pub(crate) fn rule_text(names: Names<'_>, rule: &RuleReference) -> String {
    let component = names.short(&rule.component);
    let text = named_text(names, rule);
    if rule.text.starts_with(&rule.id) {
        format!("{component} {text}")
    } else {
        format!("{component} {}: {text}", rule.id)
    }
}

/// Returns a rule in words beside its component, such as `100: inbound allow all traffic from 0.0.0.0/0`.
/// A rule of another component names that.
pub(crate) fn rule_text_at(names: Names<'_>, rule: &RuleReference, place: &Component) -> String {
    if rule.text.starts_with(&rule.id) {
        named_text(names, rule)
    } else if rule.component == *place {
        format!("{}: {}", rule.id, named_text(names, rule))
    } else {
        rule_text(names, rule)
    }
}

/// Returns what a rule says, with the names of what it names by id.
fn named_text(names: Names<'_>, rule: &RuleReference) -> String {
    rule.names.iter().fold(rule.text.clone(), |text, named| match names.component_name(named) {
        Some(_) => text.replacen(named.id(), &names.short(named), 1),
        None => text,
    })
}

/// Returns the rules in words, without repetition: what security groups allow in full, for that is what a
/// reader would change, and the others by their number.
pub(crate) fn rule_texts(names: Names<'_>, rules: &[RuleReference]) -> Vec<String> {
    let text = |rule: &RuleReference| match rule.component {
        Component::SecurityGroup(_) => rule_text(names, rule),
        _ => format!("{} {}", names.short(&rule.component), rule.id),
    };
    let is_group = |rule: &&RuleReference| matches!(rule.component, Component::SecurityGroup(_));
    let groups = rules.iter().filter(is_group);
    let others = rules.iter().filter(|rule| !is_group(rule));
    distinct(&groups.chain(others).map(text).collect::<Vec<String>>())
}

/// The most entries of a prefix list that are named before the rest is counted.
const ENTRIES: usize = 6;

/// What stands beside a note already, and need not be said again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beside<'a> {
    /// The rules that are shown.
    pub(crate) rules: &'a [RuleReference],
    /// The component under which the note stands.
    pub(crate) place: Option<&'a Component>,
}

/// Returns what is to be told of a rule in words, with the rule itself unless that is shown.
pub(crate) fn note_text(names: Names<'_>, note: &Note, beside: Beside<'_>) -> String {
    let remark = match &note.remark {
        Remark::Entries(list, entries) => {
            let list = names.component(&Component::PrefixList(list.clone()));
            let entries = some_of(entries, ENTRIES, "entry", "entries");
            return format!("matched in {list}: {entries}");
        }
        Remark::TooLate(by) => format!("comes too late: {} matches first", by.id),
        Remark::Missing(component, absence) => absence_text(&names.component(component), *absence),
        _ => return String::new(),
    };
    if beside.rules.contains(&note.rule) {
        return remark;
    }
    let rule = match beside.place {
        Some(place) => rule_text_at(names, &note.rule, place),
        None => rule_text(names, &note.rule),
    };
    let is_phrase = matches!(note.remark, Remark::TooLate(_));
    format!("{rule}{} {remark}", if is_phrase { "" } else { ":" })
}

fn absence_text(component: &str, absence: Absence) -> String {
    match absence {
        Absence::Gone(kind) => {
            format!("{component} is gone: it is not among the {kind} that were read")
        }
        Absence::NotRead => format!("{component} was not read"),
        _ => format!("{component} is there, but out of service"),
    }
}

/// Returns notes in words, one each.
pub(crate) fn note_texts(names: Names<'_>, notes: &[Note], beside: Beside<'_>) -> Vec<String> {
    notes.iter().map(|note| note_text(names, note, beside)).collect()
}

/// Returns what stops replies in words, such as `they leave by 10.0.0.0/8 to tgw-0e1`.
pub(crate) fn reply_blocker_text(names: Names<'_>, blocker: &Blocker) -> String {
    match &blocker.rule {
        Some(rule) if blocker.code == Code::NoReturnRoute => {
            format!("they leave by {}", rule_text(names, rule))
        }
        Some(rule) => format!("stopped by {}", rule_text(names, rule)),
        None => format!("{}: {}", names.component(&blocker.component), blocker.code.meaning()),
    }
}

/// Returns what is not known in words, such as `transit gateway tgw-0e1 is not modelled yet`, each once.
pub(crate) fn unknown_texts(names: Names<'_>, unknowns: &[Unknown]) -> Vec<String> {
    distinct(&unknowns.iter().map(|it| unknown_text(names, it)).collect::<Vec<String>>())
}

/// Returns what is not known in words. Of what an interface does not tell by itself its owner is the cause.
pub(crate) fn unknown_text(names: Names<'_>, unknown: &Unknown) -> String {
    let component = match &unknown.component {
        Component::Interface(id) if unknown.reason == UnknownReason::NotModelled => {
            names.resource(id).title()
        }
        component => names.component(component),
    };
    format!("{component} {}", unknown.reason.meaning())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::chart;

    #[test]
    fn what_is_not_modelled_is_the_owner_of_the_interface() {
        let chart = chart("bastion");
        let names = Names::new(chart.model());
        let unknown =
            |reason, id: &str| Unknown { reason, component: Component::Interface(id.into()) };
        let check = |unknowns: &[Unknown], expected: &[&str]| {
            assert_eq!(unknown_texts(names, unknowns), expected);
        };
        let not_modelled = UnknownReason::NotModelled;
        check(&[unknown(not_modelled, "eni-0c1")], &["cache sessions is not modelled yet"]);
        check(
            &[unknown(not_modelled, "eni-0c1"), unknown(not_modelled, "eni-0c1")],
            &["cache sessions is not modelled yet"],
        );
        check(
            &[unknown(UnknownReason::Appliance, "eni-0c1")],
            &["network interface eni-0c1 (sessions) is an appliance that decides for itself"],
        );
    }
}
