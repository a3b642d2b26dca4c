//! Security groups and their rules, in both forms in which AWS tells them.
//!
//! Sources: EC2 API, `SecurityGroup`, `IpPermission`, `UserIdGroupPair`, `SecurityGroupRule`.

use portolan_model::{
    Direction, GroupReference, ResourceKind, RulePeer, RuleTraffic, SecurityGroup,
    SecurityGroupRule,
};
use serde::{Deserialize, Deserializer};

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{Cidr4, Cidr6, List, Tag, Text, checked};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    group_id: Text<'a>,
    group_name: Option<Text<'a>>,
    security_group_arn: Option<Text<'a>>,
    owner_id: Option<Text<'a>>,
    vpc_id: Option<Text<'a>>,
    ip_permissions: List<Permission<'a>>,
    ip_permissions_egress: List<Permission<'a>>,
    tags: List<Tag<'a>>,
}

struct Permission<'a> {
    traffic: RuleTraffic,
    fields: PermissionFields<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Permission<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<PermissionFields<'a>, _, _>(deserializer)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct PermissionFields<'a> {
    ip_protocol: Text<'a>,
    from_port: Option<i64>,
    to_port: Option<i64>,
    ip_ranges: List<Range4<'a>>,
    ipv6_ranges: List<Range6<'a>>,
    prefix_list_ids: List<RangeList<'a>>,
    user_id_group_pairs: List<Pair<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Range4<'a> {
    cidr_ip: Cidr4,
    description: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Range6<'a> {
    cidr_ipv6: Cidr6,
    description: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct RangeList<'a> {
    prefix_list_id: Text<'a>,
    description: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Pair<'a> {
    group_id: Text<'a>,
    user_id: Option<Text<'a>>,
    vpc_id: Option<Text<'a>>,
    vpc_peering_connection_id: Option<Text<'a>>,
    description: Option<Text<'a>>,
}

impl<'a> TryFrom<PermissionFields<'a>> for Permission<'a> {
    type Error = portolan_net::AwsRuleError;

    fn try_from(fields: PermissionFields<'a>) -> Result<Self, Self::Error> {
        let traffic = RuleTraffic::from_aws(&fields.ip_protocol, fields.from_port, fields.to_port)?;
        Ok(Self { traffic, fields })
    }
}

/// Reads a security group.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let mut rules = Vec::new();
    for permission in answer.ip_permissions.iter() {
        add_rules(builder, Direction::Inbound, permission, &mut rules);
    }
    for permission in answer.ip_permissions_egress.iter() {
        add_rules(builder, Direction::Outbound, permission, &mut rules);
    }
    let group = SecurityGroup {
        id: builder.id(&answer.group_id),
        place: builder.place(Clues {
            owner: answer.owner_id.as_ref(),
            arn: answer.security_group_arn.as_ref(),
            ..Clues::default()
        }),
        tags: builder.tags(&answer.tags),
        name: builder.text_or_empty(answer.group_name.as_ref()),
        vpc: builder.some_id(answer.vpc_id.as_ref()),
        rules: in_order(rules),
    };
    builder.insert(group);
    Ok(())
}

/// Sorts rules: AWS gives them in any order, and two captures of one group must compare equal.
pub(crate) fn in_order(mut rules: Vec<SecurityGroupRule>) -> Vec<SecurityGroupRule> {
    rules.sort_by(|a, b| {
        let key = |rule: &SecurityGroupRule| (rule.direction, rule.traffic);
        key(a).cmp(&key(b)).then_with(|| a.peer.cmp(&b.peer)).then_with(|| a.id.cmp(&b.id))
    });
    rules
}

/// Adds the rules of a permission: one for each peer.
fn add_rules(
    builder: &mut Builder,
    direction: Direction,
    permission: &Permission<'_>,
    rules: &mut Vec<SecurityGroupRule>,
) {
    let fields = &permission.fields;
    let mut add = |builder: &mut Builder, peer, description: Option<&Text<'_>>| {
        rules.push(SecurityGroupRule {
            id: None,
            direction,
            traffic: permission.traffic,
            peer,
            description: builder.some_id(description),
        });
    };
    for range in fields.ip_ranges.iter() {
        add(builder, RulePeer::V4(range.cidr_ip.0), range.description.as_ref());
    }
    for range in fields.ipv6_ranges.iter() {
        add(builder, RulePeer::V6(range.cidr_ipv6.0), range.description.as_ref());
    }
    for list in fields.prefix_list_ids.iter() {
        let peer = RulePeer::PrefixList(builder.id(&list.prefix_list_id));
        add(builder, peer, list.description.as_ref());
    }
    for pair in fields.user_id_group_pairs.iter() {
        let peer = RulePeer::Group(reference(builder, pair));
        add(builder, peer, pair.description.as_ref());
    }
}

fn reference(builder: &mut Builder, pair: &Pair<'_>) -> GroupReference {
    GroupReference {
        group: builder.id(&pair.group_id),
        account: builder.some_id(pair.user_id.as_ref()),
        vpc: builder.some_id(pair.vpc_id.as_ref()),
        peering: builder.some_id(pair.vpc_peering_connection_id.as_ref()),
    }
}

struct RuleAnswer<'a> {
    traffic: RuleTraffic,
    peer: Peer<'a>,
    fields: RuleFields<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for RuleAnswer<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<RuleFields<'a>, _, _>(deserializer)
    }
}

enum Peer<'a> {
    V4(Cidr4),
    V6(Cidr6),
    PrefixList(Text<'a>),
    Group(Pair<'a>),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct RuleFields<'a> {
    security_group_rule_id: Text<'a>,
    security_group_rule_arn: Option<Text<'a>>,
    group_id: Text<'a>,
    group_owner_id: Option<Text<'a>>,
    is_egress: bool,
    ip_protocol: Text<'a>,
    from_port: Option<i64>,
    to_port: Option<i64>,
    cidr_ipv4: Option<Cidr4>,
    cidr_ipv6: Option<Cidr6>,
    prefix_list_id: Option<Text<'a>>,
    referenced_group_info: Option<Pair<'a>>,
    description: Option<Text<'a>>,
}

impl<'a> TryFrom<RuleFields<'a>> for RuleAnswer<'a> {
    type Error = String;

    fn try_from(mut fields: RuleFields<'a>) -> Result<Self, String> {
        let traffic = RuleTraffic::from_aws(&fields.ip_protocol, fields.from_port, fields.to_port)
            .map_err(|error| error.to_string())?;
        let group = fields.referenced_group_info.take().map(Peer::Group);
        let peer = (fields.cidr_ipv4.map(Peer::V4))
            .or_else(|| fields.cidr_ipv6.map(Peer::V6))
            .or_else(|| fields.prefix_list_id.take().map(Peer::PrefixList))
            .or(group);
        let peer = peer.ok_or("the rule has neither a CIDR nor a prefix list nor a group")?;
        Ok(Self { traffic, peer, fields })
    }
}

/// Reads a rule with its id. It waits until its group was read.
pub(crate) fn read_rule(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let RuleAnswer { traffic, peer, fields } = serde_json::from_slice(bytes)?;
    let rule = SecurityGroupRule {
        id: Some(builder.id(&fields.security_group_rule_id)),
        direction: if fields.is_egress { Direction::Outbound } else { Direction::Inbound },
        traffic,
        peer: match peer {
            Peer::V4(cidr) => RulePeer::V4(cidr.0),
            Peer::V6(cidr) => RulePeer::V6(cidr.0),
            Peer::PrefixList(id) => RulePeer::PrefixList(builder.id(&id)),
            Peer::Group(pair) => RulePeer::Group(reference(builder, &pair)),
        },
        description: builder.some_id(fields.description.as_ref()),
    };
    let place = builder.place(Clues {
        owner: fields.group_owner_id.as_ref(),
        arn: fields.security_group_rule_arn.as_ref(),
        ..Clues::default()
    });
    builder.count(ResourceKind::SecurityGroupRules, &place);
    let group = builder.id(&fields.group_id);
    let file = builder.shared_path();
    let waiting = builder.loose.rules.entry(group).or_default();
    waiting.file = file;
    waiting.place = place;
    waiting.rules.push(rule);
    Ok(())
}
