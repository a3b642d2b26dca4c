//! Evidence: the rules of the model that decide about one packet at one step.

use portolan_model::{
    Action, Direction, Model, NetworkAclEntry, RulePeer, RuleTraffic, SecurityGroup,
    SecurityGroupRule,
};
use portolan_net::{Family, Header, IcmpKind, Protocol, Set as _, Traffic};

use crate::acl::{deciding_entry, is_written};
use crate::evidence::{Component, RuleReference};
use crate::filters::Filters;
use crate::groups::prefix_list_spots;
use crate::index::Index;
use crate::line::{Spot, Spots, spots};
use crate::path::{Rules, Step};

/// A rule with its security group, and its place among the group's rules.
pub(crate) type GroupRule<'m> = (&'m SecurityGroup, usize, &'m SecurityGroupRule);

/// What evidence is looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Rulebook<'c> {
    pub(crate) model: &'c Model,
    pub(crate) index: &'c Index,
    pub(crate) filters: &'c Filters,
}

impl Rulebook<'_> {
    /// Returns the rules that let a packet pass a step. `far` is the packet's far address.
    pub(crate) fn passing(&self, step: &Step, far: Spot, header: Header) -> Vec<RuleReference> {
        let direction = step.direction.unwrap_or(Direction::Inbound);
        match &step.rules {
            Rules::None => Vec::new(),
            Rules::Groups { interface, recognition, address } => {
                let peer_groups = recognition.groups(self.index);
                let address = address.unwrap_or(far);
                references(self.group_rules(*interface, direction, |rule| {
                    rule.traffic.to_traffic().contains(header)
                        && self.peer_matches(&rule.peer, address, peer_groups)
                }))
            }
            Rules::Acl { acl, address } => {
                self.acl_entry(*acl, direction, address.unwrap_or(far), header)
            }
            Rules::Route { routing, address } => {
                let routed = self.filters.routing(*routing).at(address.unwrap_or(far));
                routed.rule.iter().cloned().collect()
            }
        }
    }

    /// Returns the inbound rules of an interface's security groups that let some of a flow pass.
    pub(crate) fn overlapping(
        &self,
        interface: usize,
        sources: &Spots,
        traffic: &Traffic,
    ) -> Vec<RuleReference> {
        references(self.group_rules(interface, Direction::Inbound, |rule| {
            let peers = match &rule.peer {
                RulePeer::V4(prefix) => Some(spots((*prefix).into())),
                RulePeer::V6(prefix) => Some(spots((*prefix).into())),
                RulePeer::PrefixList(id) => prefix_list_spots(self.model, id),
                RulePeer::Group(_) => Some(Spots::empty()),
            };
            peers.is_none_or(|peers| peers.intersects(sources))
                && rule.traffic.to_traffic().intersects(traffic)
        }))
    }

    /// Returns the rules of an interface's security groups that `wanted` picks.
    pub(crate) fn group_rules(
        &self,
        interface: usize,
        direction: Direction,
        wanted: impl Fn(&SecurityGroupRule) -> bool,
    ) -> Vec<GroupRule<'_>> {
        let groups = self.index.groups(interface).iter();
        let groups = groups.filter_map(|id| self.model.security_groups.get(id));
        groups
            .flat_map(|group| {
                group.rules.iter().enumerate().map(move |(at, rule)| (group, at, rule))
            })
            .filter(|(_, _, rule)| rule.direction == direction && wanted(rule))
            .collect()
    }

    /// Returns whether a packet with this address at the other end, whose interface holds these groups, is of a peer.
    pub(crate) fn peer_matches(
        &self,
        peer: &RulePeer,
        address: Spot,
        groups: &[portolan_model::SecurityGroupId],
    ) -> bool {
        match peer {
            RulePeer::V4(prefix) => spots((*prefix).into()).contains(address),
            RulePeer::V6(prefix) => spots((*prefix).into()).contains(address),
            RulePeer::PrefixList(id) => {
                prefix_list_spots(self.model, id).is_some_and(|list| list.contains(address))
            }
            RulePeer::Group(reference) => groups.binary_search(&reference.group).is_ok(),
        }
    }

    /// Returns the entry of a network ACL that decides about a packet.
    pub(crate) fn acl_entry(
        &self,
        acl: usize,
        direction: Direction,
        address: Spot,
        header: Header,
    ) -> Vec<RuleReference> {
        let id = self.filters.acl_id(acl);
        let Some(acl) = id.and_then(|id| self.model.network_acls.get(id)) else {
            return Vec::new();
        };
        let component = Component::NetworkAcl(acl.id.clone());
        match deciding_entry(acl, direction, address, header) {
            Some(entry) => vec![acl_reference(component, entry)],
            None => vec![RuleReference {
                component,
                id: "*".to_owned(),
                text: format!("{} deny all traffic", word(direction)),
                names: Vec::new(),
            }],
        }
    }
}

/// Returns the header of the reply to a packet, or `None` if there is none.
pub(crate) fn reply_header(header: Header) -> Option<Header> {
    match header {
        Header::Ports { protocol, source, destination } => {
            Some(Header::Ports { protocol, source: destination, destination: source })
        }
        Header::Icmp { protocol, kind } => {
            let family = if protocol == Protocol::ICMP { Family::V4 } else { Family::V6 };
            let reply = kind.reply(family)?;
            Some(Header::Icmp { protocol, kind: IcmpKind { kind: reply, code: 0 } })
        }
        Header::Other(protocol) => Some(Header::Other(protocol)),
    }
}

fn references(rules: Vec<GroupRule<'_>>) -> Vec<RuleReference> {
    rules.into_iter().map(|(group, place, rule)| group_reference(group, place, rule)).collect()
}

/// Returns a rule of a security group as evidence. `place` is its place among the group's rules.
pub(crate) fn group_reference(
    group: &SecurityGroup,
    place: usize,
    rule: &SecurityGroupRule,
) -> RuleReference {
    let listed = group.rules.iter().take(place).filter(|r| r.direction == rule.direction).count();
    let id = rule.id.as_ref().map(ToString::to_string);
    let preposition = match rule.direction {
        Direction::Inbound => "from",
        Direction::Outbound => "to",
    };
    RuleReference {
        component: Component::SecurityGroup(group.id.clone()),
        id: id.unwrap_or_else(|| format!("{} {}", word(rule.direction), listed + 1)),
        text: format!("{} {preposition} {}", rule.traffic.to_traffic(), peer_text(&rule.peer)),
        names: named(&rule.peer).into_iter().collect(),
    }
}

fn named(peer: &RulePeer) -> Option<Component> {
    match peer {
        RulePeer::V4(_) | RulePeer::V6(_) => None,
        RulePeer::PrefixList(id) => Some(Component::PrefixList(id.clone())),
        RulePeer::Group(reference) => Some(Component::SecurityGroup(reference.group.clone())),
    }
}

fn peer_text(peer: &RulePeer) -> String {
    match peer {
        RulePeer::V4(prefix) => prefix.to_string(),
        RulePeer::V6(prefix) => prefix.to_string(),
        RulePeer::PrefixList(id) => id.to_string(),
        RulePeer::Group(reference) => reference.group.to_string(),
    }
}

/// Returns an entry of a network ACL as evidence.
pub(crate) fn acl_reference(component: Component, entry: &NetworkAclEntry) -> RuleReference {
    let id = if is_written(entry) { entry.number.to_string() } else { "*".to_owned() };
    let action = match entry.action {
        Action::Allow => "allow",
        Action::Deny => "deny",
    };
    let preposition = match entry.direction {
        Direction::Inbound => "from",
        Direction::Outbound => "to",
    };
    let traffic = match entry.traffic {
        RuleTraffic::All => "all traffic".to_owned(),
        other => other.to_traffic().to_string(),
    };
    let direction = word(entry.direction);
    let text = format!("{direction} {action} {traffic} {preposition} {}", entry.cidr);
    RuleReference { component, id, text, names: Vec::new() }
}

const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}
