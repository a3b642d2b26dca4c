//! Security groups and network ACLs, rule by rule.

use std::net::IpAddr;

use portolan_model::{
    Action, Direction, Model, NetworkInterface, PrefixListId, RulePeer, RuleTraffic,
    SecurityGroupId, SecurityGroupRule, SubnetId,
};
use portolan_net::Header;

use super::Certainty;
use super::address::holds;
use super::facts::network_acl_of;

/// The other end of a packet, as a security group sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer<'m> {
    /// Its address.
    pub(super) address: IpAddr,
    /// What is known of the interface behind the address.
    pub(super) identity: Identity<'m>,
}

/// What a security group knows of the interface at the other end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Identity<'m> {
    /// It is this one.
    Recognised(&'m NetworkInterface),
    /// It is this one, and it is not known whether the group learns it.
    Perhaps(&'m NetworkInterface),
    /// It may be any.
    Anyone,
    /// Nothing: the packet comes from outside, or something on the way hides who sent it.
    Lost,
}

/// Returns whether the protocol and destination port of a packet are those of a rule.
fn matches(rule: RuleTraffic, header: Header) -> bool {
    match (rule, header) {
        (RuleTraffic::All, _) => true,
        (RuleTraffic::Protocol(protocol), _) => header.protocol() == protocol,
        (
            RuleTraffic::Ports(expected, range),
            Header::Ports { protocol, source: _, destination },
        ) => protocol == expected && range.first() <= destination && destination <= range.last(),
        (
            RuleTraffic::Icmp { protocol: expected, kind, code },
            Header::Icmp { protocol, kind: message },
        ) => {
            protocol == expected
                && kind.is_none_or(|kind| kind == message.kind)
                && code.is_none_or(|code| code == message.code)
        }
        _ => false,
    }
}

/// Returns whether the security groups of an interface let a packet pass: any rule of any group is enough.
pub(super) fn security_groups(
    model: &Model,
    holder: &NetworkInterface,
    direction: Direction,
    peer: Peer<'_>,
    header: Header,
) -> Certainty {
    let groups = holder.security_groups.iter();
    let allowed = groups.map(|group| security_group(model, group, direction, peer, header));
    allowed.max().unwrap_or(Certainty::Yes)
}

fn security_group(
    model: &Model,
    group: &SecurityGroupId,
    direction: Direction,
    peer: Peer<'_>,
    header: Header,
) -> Certainty {
    let Some(group) = model.security_groups.get(group) else { return Certainty::Maybe };
    group
        .rules
        .iter()
        .filter(|rule| rule.direction == direction && matches(rule.traffic, header))
        .map(|rule| is_peer(model, rule, peer))
        .max()
        .unwrap_or(Certainty::No)
}

fn is_peer(model: &Model, rule: &SecurityGroupRule, peer: Peer<'_>) -> Certainty {
    match &rule.peer {
        RulePeer::V4(cidr) => Certainty::of(holds((*cidr).into(), peer.address)),
        RulePeer::V6(cidr) => Certainty::of(holds((*cidr).into(), peer.address)),
        RulePeer::PrefixList(list) => is_in_prefix_list(model, list, peer.address),
        RulePeer::Group(reference) => is_member(&reference.group, peer.identity),
    }
}

fn is_in_prefix_list(model: &Model, list: &PrefixListId, address: IpAddr) -> Certainty {
    match model.prefix_lists.get(list).and_then(|list| list.entries.as_ref()) {
        Some(entries) => Certainty::of(entries.iter().any(|entry| holds(*entry, address))),
        None => Certainty::Maybe,
    }
}

fn is_member(group: &SecurityGroupId, identity: Identity<'_>) -> Certainty {
    match identity {
        Identity::Recognised(interface) => Certainty::of(interface.security_groups.contains(group)),
        Identity::Perhaps(interface) => {
            Certainty::of(interface.security_groups.contains(group)).min(Certainty::Maybe)
        }
        Identity::Anyone => Certainty::Maybe,
        Identity::Lost => Certainty::No,
    }
}

/// Returns whether the network ACL of a subnet lets a packet pass: the matching entry of the lowest number decides.
pub(super) fn network_acl(
    model: &Model,
    subnet: &SubnetId,
    direction: Direction,
    peer: IpAddr,
    header: Header,
) -> Certainty {
    let subnet = model.subnets.get(subnet);
    let Some(acl) = subnet.and_then(|subnet| network_acl_of(model, subnet)) else {
        return Certainty::Maybe;
    };
    acl.entries
        .iter()
        .filter(|entry| entry.direction == direction)
        .filter(|entry| holds(entry.cidr, peer) && matches(entry.traffic, header))
        .min_by_key(|entry| entry.number)
        .map_or(Certainty::No, |entry| Certainty::of(entry.action == Action::Allow))
}

/// Returns a port of every run of ports, within `first..=65535`, that no network ACL of the model can tell apart.
pub(super) fn telling_ports(model: &Model, first: u16) -> Vec<u16> {
    let entries = model.network_acls.values().flat_map(|acl| &acl.entries);
    let edges = entries.flat_map(|entry| match entry.traffic {
        RuleTraffic::Ports(_, range) => [Some(range.first()), range.last().checked_add(1)],
        _ => [None, None],
    });
    let mut ports: Vec<u16> = edges.flatten().filter(|port| *port > first).collect();
    ports.push(first);
    ports.sort_unstable();
    ports.dedup();
    ports
}

#[cfg(test)]
mod tests {
    use portolan_net::{IcmpKind, Protocol};

    use super::*;

    #[track_caller]
    fn check(rule: (&str, i64, i64), header: Header, expected: bool) {
        let (protocol, first, last) = rule;
        let rule = RuleTraffic::from_aws(protocol, Some(first), Some(last)).unwrap();
        assert_eq!(matches(rule, header), expected, "{rule:?} {header}");
    }

    /// Asserts that a port says the same of every entry as the greatest telling port that is not above it.
    fn check_telling_ports(seed: u64) {
        let model = crate::network::random(seed);
        let telling = telling_ports(&model, 1024);
        let tcp = |destination| Header::Ports { protocol: Protocol::TCP, source: 1, destination };
        for entry in model.network_acls.values().flat_map(|acl| &acl.entries) {
            for port in 1024..=u16::MAX {
                let below = telling.partition_point(|one| *one <= port);
                let same = matches(entry.traffic, tcp(telling[below - 1]));
                assert_eq!(matches(entry.traffic, tcp(port)), same, "seed {seed}: {port}");
            }
        }
    }

    #[test]
    fn telling_ports_stand_for_all() {
        (0..4).for_each(check_telling_ports);
    }

    #[test]
    fn a_rule_looks_at_protocol_and_destination_port_or_icmp_type_and_code() {
        let tcp = |destination| Header::Ports { protocol: Protocol::TCP, source: 5, destination };
        let ping = Header::Icmp { protocol: Protocol::ICMP, kind: IcmpKind::new(8, 0) };
        check(("-1", 0, 0), Header::Other(Protocol::ESP), true);
        check(("tcp", 22, 25), tcp(22), true);
        check(("tcp", 22, 25), tcp(25), true);
        check(("tcp", 22, 25), tcp(26), false);
        check(("tcp", 5, 5), tcp(22), false);
        check(("udp", 22, 25), tcp(22), false);
        check(("icmp", 8, -1), ping, true);
        check(("icmp", 8, 1), ping, false);
        check(("icmp", -1, -1), ping, true);
        check(("icmpv6", -1, -1), ping, false);
        check(("50", 0, 0), Header::Other(Protocol::ESP), true);
        check(("50", 0, 0), Header::Other(Protocol::AH), false);
    }
}
