//! A plan as Terraform: a resource for each rule that is new or stays, and an `import` block for each that stays.
//!
//! What goes is a comment: Terraform destroys a rule when its resource is deleted from the configuration that made it, and only the
//! reader knows where that is.
//!
//! The text is written here and read back by `hcl-edit` in tests. `hcl-rs`, which writes too, was rejected: it makes
//! `indexmap` bring serde, for which all of DataFusion is built again.

use std::fmt::Write as _;
use std::io;

use portolan_model::{Model, SecurityGroupId};
use portolan_net::IpPrefix;
use portolan_respond::{Fate, Plan, PlannedRule};

use crate::inert::inert;
use crate::names::Names;
use crate::plan::rule::{PeerParts, RuleParts, plain};
use crate::plan::words::{group_text, rule_text};

pub(crate) fn write(model: &Model, plan: &Plan, out: &mut dyn io::Write) -> io::Result<()> {
    let names = Names::new(model);
    for (position, (id, group)) in plan.changed().enumerate() {
        let gap = if position == 0 { "" } else { "\n" };
        writeln!(out, "{gap}# {}", inert(&group_text(names, id)))?;
        for planned in group.with(Fate::Removed) {
            let rule_id = planned.rule.id.as_ref().map(|id| format!("{id} "));
            let rule_id = rule_id.unwrap_or_default();
            let rule = rule_text(names, &planned.rule);
            let text = format!("delete from the configuration: {rule_id}{rule}");
            writeln!(out, "# {}", inert(&text))?;
        }
        let staying = group.rules.iter().filter(|it| it.fate != Fate::Removed);
        for (number, planned) in staying.enumerate() {
            write_rule(id, number + 1, planned, out)?;
        }
    }
    Ok(())
}

/// Writes the blocks of one rule.
fn write_rule(
    group: &SecurityGroupId,
    number: usize,
    planned: &PlannedRule,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let parts = RuleParts::new(&planned.rule);
    let side = if parts.is_inbound { "ingress" } else { "egress" };
    let kind = format!("aws_vpc_security_group_{side}_rule");
    let name = format!("{}_{number}", plain(group.as_str()));
    if let Some(id) = planned.rule.id.as_ref().filter(|_| planned.fate == Fate::Kept) {
        let to = ("to", format!("{kind}.{name}"));
        write_block("import", &[to, ("id", quoted(id.as_str()))], out)?;
    }
    let head = format!("resource {} {}", quoted(&kind), quoted(&name));
    write_block(&head, &attributes(group, &parts), out)
}

/// Writes a block, with the values of its attributes below each other as `terraform fmt` has them.
fn write_block(
    head: &str,
    attributes: &[(&str, String)],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let width = attributes.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    writeln!(out, "\n{head} {{")?;
    for (name, value) in attributes {
        writeln!(out, "  {name:width$} = {value}")?;
    }
    writeln!(out, "}}")
}

fn attributes(group: &SecurityGroupId, parts: &RuleParts<'_>) -> Vec<(&'static str, String)> {
    let mut attributes = vec![
        ("security_group_id", quoted(group.as_str())),
        ("ip_protocol", quoted(&parts.traffic.protocol)),
    ];
    if let Some((from, to)) = parts.traffic.from_port.zip(parts.traffic.to_port) {
        attributes.push(("from_port", from.to_string()));
        attributes.push(("to_port", to.to_string()));
    }
    attributes.push(match &parts.peer {
        PeerParts::Cidr(prefix @ IpPrefix::V4(_)) => ("cidr_ipv4", quoted(&prefix.to_string())),
        PeerParts::Cidr(prefix) => ("cidr_ipv6", quoted(&prefix.to_string())),
        PeerParts::PrefixList(id) => ("prefix_list_id", quoted(id.as_str())),
        PeerParts::Group { group, .. } => ("referenced_security_group_id", quoted(group.as_str())),
    });
    attributes.extend(parts.description.map(|text| ("description", quoted(text))));
    attributes
}

/// Returns a text as a string of HCL in which nothing is computed.
///
/// Source: HCL Native Syntax Specification, "Template Expressions": a quote, a backslash and the two marks that begin a template.
fn quoted(text: &str) -> String {
    let mut result = String::from('"');
    let text = inert(text);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' | '\\' => result.extend(['\\', letter]),
            '$' | '%' if letters.peek() == Some(&'{') => result.extend([letter, letter]),
            // Writing to a string cannot fail.
            _ => drop(write!(result, "{letter}")),
        }
    }
    result.push('"');
    result
}
