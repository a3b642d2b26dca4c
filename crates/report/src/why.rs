//! Reasons in words: the rules that let packets pass, and what is not known.

use portolan_reach::{Component, RuleReference, Unknown};

use crate::finding::distinct;
use crate::names::Names;

/// Returns a rule in words, such as `sg-0c1 (web) sgr-0a1: tcp 22 from 0.0.0.0/0`.
pub(crate) fn rule_text(names: Names<'_>, rule: &RuleReference) -> String {
    let component = names.short(&rule.component);
    if rule.text.starts_with(&rule.id) {
        format!("{component} {}", rule.text)
    } else {
        format!("{component} {}: {}", rule.id, rule.text)
    }
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

/// Returns what is not known in words, such as `transit gateway tgw-0e1 is not modelled yet`.
pub(crate) fn unknown_text(names: Names<'_>, unknown: &Unknown) -> String {
    format!("{} {}", names.component(&unknown.component), unknown.reason.meaning())
}
