//! A plan as commands of the AWS CLI, and the commands that undo it.
//!
//! Every argument stands in single quotes, in which a shell obeys nothing; permissions are JSON, which has its own escapes.
//! All that is new is authorized before anything is revoked. The way back does the same with the roles exchanged.

use std::io;

use portolan_model::{Model, SecurityGroupId, SecurityGroupRule};
use portolan_respond::{Fate, Plan};
use serde_json::{Value, json};

use crate::inert::inert;
use crate::names::Names;
use crate::plan::rule::{PeerParts, RuleParts, region};
use crate::plan::words::{group_text, rule_text};

/// Whether to carry out a plan or to undo it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    Forward,
    Back,
}

/// What a command does with a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Deed {
    Authorize,
    Revoke,
}

pub(crate) fn write(
    model: &Model,
    plan: &Plan,
    way: Way,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (authorized, revoked) = match way {
        Way::Forward => (Fate::Added, Fate::Removed),
        Way::Back => (Fate::Removed, Fate::Added),
    };
    writeln!(out, "#!/bin/sh\nset -eu")?;
    for (deed, fate) in [(Deed::Authorize, authorized), (Deed::Revoke, revoked)] {
        for (id, group) in plan.changed() {
            for planned in group.with(fate) {
                write_command(model, deed, id, &planned.rule, out)?;
            }
        }
    }
    Ok(())
}

fn write_command(
    model: &Model,
    deed: Deed,
    group: &SecurityGroupId,
    rule: &SecurityGroupRule,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let names = Names::new(model);
    let parts = RuleParts::new(rule);
    let side = if parts.is_inbound { "ingress" } else { "egress" };
    let verb = match deed {
        Deed::Authorize => "authorize",
        Deed::Revoke => "revoke",
    };
    let comment = format!("{}: {}", group_text(names, group), rule_text(names, rule));
    writeln!(out, "\n# {verb} {side} of {}", inert(&comment))?;
    write!(out, "aws ec2 {verb}-security-group-{side} --group-id {}", quoted(group.as_str()))?;
    if let Some(region) = region(model, group) {
        write!(out, " --region {}", quoted(region))?;
    }
    match rule.id.as_ref().filter(|_| deed == Deed::Revoke) {
        Some(id) => writeln!(out, " --security-group-rule-ids {}", quoted(id.as_str())),
        None => {
            let permissions = json!([permission(&parts)]).to_string();
            writeln!(out, " --ip-permissions {}", quoted(&permissions))
        }
    }
}

/// Returns the permission of a rule, as EC2 takes it.
///
/// Source: EC2 API, `IpPermission`.
fn permission(parts: &RuleParts<'_>) -> Value {
    let described = |mut peer: Value| {
        if let (Some(description), Some(fields)) = (parts.description, peer.as_object_mut()) {
            fields.insert("Description".to_owned(), inert(description).as_ref().into());
        }
        json!([peer])
    };
    let mut permission = json!({ "IpProtocol": parts.traffic.protocol });
    let (name, peers) = match &parts.peer {
        PeerParts::Cidr(prefix @ portolan_net::IpPrefix::V4(_)) => {
            ("IpRanges", described(json!({ "CidrIp": prefix.to_string() })))
        }
        PeerParts::Cidr(prefix) => {
            ("Ipv6Ranges", described(json!({ "CidrIpv6": prefix.to_string() })))
        }
        PeerParts::PrefixList(id) => {
            ("PrefixListIds", described(json!({ "PrefixListId": id.as_str() })))
        }
        PeerParts::Group { group, account } => {
            let mut pair = json!({ "GroupId": group.as_str() });
            if let (Some(account), Some(fields)) = (account, pair.as_object_mut()) {
                fields.insert("UserId".to_owned(), account.as_str().into());
            }
            ("UserIdGroupPairs", described(pair))
        }
    };
    if let Some(fields) = permission.as_object_mut() {
        if let Some((from, to)) = parts.traffic.from_port.zip(parts.traffic.to_port) {
            fields.insert("FromPort".to_owned(), from.into());
            fields.insert("ToPort".to_owned(), to.into());
        }
        fields.insert(name.to_owned(), peers);
    }
    permission
}

/// Returns a text as one word of a POSIX shell, and as one line.
fn quoted(text: &str) -> String {
    format!("'{}'", inert(text).replace('\'', r"'\''"))
}
