//! One rule in the words of AWS's interfaces, which differ in names only.

use portolan_model::{
    AccountId, Direction, Model, PrefixListId, RulePeer, RuleTraffic, SecurityGroupId,
    SecurityGroupRule,
};
use portolan_net::{AwsRule, IpPrefix};

/// A rule, taken apart.
pub(crate) struct RuleParts<'r> {
    pub(crate) traffic: AwsRule,
    pub(crate) peer: PeerParts<'r>,
    pub(crate) description: Option<&'r str>,
    pub(crate) is_inbound: bool,
}

/// The peer of a rule, taken apart.
pub(crate) enum PeerParts<'r> {
    Cidr(IpPrefix),
    PrefixList(&'r PrefixListId),
    Group { group: &'r SecurityGroupId, account: Option<&'r AccountId> },
}

impl<'r> RuleParts<'r> {
    pub(crate) fn new(rule: &'r SecurityGroupRule) -> Self {
        let peer = match &rule.peer {
            RulePeer::V4(prefix) => PeerParts::Cidr((*prefix).into()),
            RulePeer::V6(prefix) => PeerParts::Cidr((*prefix).into()),
            RulePeer::PrefixList(id) => PeerParts::PrefixList(id),
            RulePeer::Group(it) => {
                PeerParts::Group { group: &it.group, account: it.account.as_ref() }
            }
        };
        Self {
            traffic: traffic(rule.traffic),
            peer,
            description: rule.description.as_deref().filter(|text| !text.is_empty()),
            is_inbound: rule.direction == Direction::Inbound,
        }
    }
}

/// Returns protocol and ports as AWS writes them.
fn traffic(traffic: RuleTraffic) -> AwsRule {
    let rule = |protocol: &str, from: i64, to: i64| AwsRule {
        protocol: protocol.to_owned(),
        from_port: Some(from),
        to_port: Some(to),
    };
    let without = |protocol: String| AwsRule { protocol, from_port: None, to_port: None };
    match traffic {
        RuleTraffic::All => without("-1".to_owned()),
        RuleTraffic::Ports(protocol, range) => {
            rule(&protocol.to_string(), range.first().into(), range.last().into())
        }
        RuleTraffic::Icmp { protocol, kind, code } => {
            let number = |it: Option<u8>| it.map_or(-1, i64::from);
            rule(&protocol.to_string(), number(kind), number(code))
        }
        RuleTraffic::Protocol(protocol) => without(protocol.0.to_string()),
    }
}

/// Returns the Region of a group, where it is known.
pub(crate) fn region<'m>(model: &'m Model, group: &SecurityGroupId) -> Option<&'m str> {
    let place = &model.security_groups.get(group)?.place;
    place.region.as_ref().map(portolan_model::RegionName::as_str)
}

/// Returns an id as part of a name that every language takes: letters, digits and `_`.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect()
}
