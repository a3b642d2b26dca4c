//! A plan as a CloudFormation template of what is new.
//!
//! A template cannot take away what no stack of it made, so what goes stands in its metadata, for whoever revokes it.

use std::io;

use portolan_model::{Model, SecurityGroupId, SecurityGroupRuleId};
use portolan_respond::{Fate, Plan, PlannedRule};
use serde_json::{Map, Value, json};

use crate::inert::inert;
use crate::names::Names;
use crate::plan::rule::{PeerParts, RuleParts};
use crate::plan::words::rule_text;

pub(crate) fn write(model: &Model, plan: &Plan, out: &mut dyn io::Write) -> io::Result<()> {
    let names = Names::new(model);
    let (mut resources, mut revoked) = (Map::new(), Vec::new());
    for (id, group) in plan.changed() {
        for (number, planned) in group.with(Fate::Added).enumerate() {
            resources.insert(logical_id(id, number + 1), resource(id, planned));
        }
        for planned in group.with(Fate::Removed) {
            revoked.push(json!({
                "GroupId": id.as_str(),
                "SecurityGroupRuleId": planned.rule.id.as_ref().map(SecurityGroupRuleId::as_str),
                "Rule": rule_text(names, &planned.rule),
            }));
        }
    }
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Security group rules for the traffic that was seen; afterwards revoke what Metadata lists",
        "Metadata": { "RevokeAfterwards": revoked },
        "Resources": resources,
    });
    crate::json::write(&template, out)
}

/// Returns a name of letters and digits, which is all that CloudFormation takes.
fn logical_id(group: &SecurityGroupId, number: usize) -> String {
    let letters: String = group.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{letters}Rule{number}")
}

fn resource(group: &SecurityGroupId, planned: &PlannedRule) -> Value {
    let parts = RuleParts::new(&planned.rule);
    let mut properties = Map::new();
    let mut set = |name: &str, value: Value| drop(properties.insert(name.to_owned(), value));
    set("GroupId", group.as_str().into());
    set("IpProtocol", parts.traffic.protocol.as_str().into());
    if let Some((from, to)) = parts.traffic.from_port.zip(parts.traffic.to_port) {
        set("FromPort", from.into());
        set("ToPort", to.into());
    }
    let side = if parts.is_inbound { "Source" } else { "Destination" };
    match &parts.peer {
        PeerParts::Cidr(prefix @ portolan_net::IpPrefix::V4(_)) => {
            set("CidrIp", prefix.to_string().into());
        }
        PeerParts::Cidr(prefix) => set("CidrIpv6", prefix.to_string().into()),
        PeerParts::PrefixList(id) => set(&format!("{side}PrefixListId"), id.as_str().into()),
        PeerParts::Group { group, account } => {
            set(&format!("{side}SecurityGroupId"), group.as_str().into());
            if let Some(account) = account.filter(|_| parts.is_inbound) {
                set("SourceSecurityGroupOwnerId", account.as_str().into());
            }
        }
    }
    if let Some(description) = parts.description {
        set("Description", inert(description).as_ref().into());
    }
    let kind = if parts.is_inbound { "Ingress" } else { "Egress" };
    json!({ "Type": format!("AWS::EC2::SecurityGroup{kind}"), "Properties": properties })
}
