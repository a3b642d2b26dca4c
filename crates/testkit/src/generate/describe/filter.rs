//! `describe-security-groups`, `describe-security-group-rules`, `describe-network-acls`.

use super::super::estate::{AclEntry, NetworkAcl, Peer, PeerGroup, Rule, SecurityGroup, Traffic};
use super::super::identity::resource_id;
use super::super::json::{Json, object};
use super::super::place::Place;
use super::name_tag;

pub(super) fn security_group(place: &Place, group: &SecurityGroup) -> Json {
    // AWS makes the default group, and nobody tags it.
    let tags = (group.name != "default").then(|| name_tag(&group.name));
    object! {
        "GroupId": &group.id,
        "IpPermissionsEgress": permissions(place, &group.egress),
        "Tags": tags,
        "VpcId": &group.vpc,
        "SecurityGroupArn": place.arn("ec2", &format!("security-group/{}", group.id)),
        "OwnerId": &place.account.id,
        "GroupName": &group.name,
        "Description": &group.description,
        "IpPermissions": permissions(place, &group.ingress),
    }
}

/// Returns the rules as permissions: AWS puts those for the same traffic together.
fn permissions(place: &Place, rules: &[Rule]) -> Json {
    let mut permissions: Vec<(Traffic, Vec<&Rule>)> = Vec::new();
    for rule in rules {
        match permissions.iter_mut().find(|(traffic, _)| *traffic == rule.traffic) {
            Some((_, together)) => together.push(rule),
            None => permissions.push((rule.traffic, vec![rule])),
        }
    }
    Json::list(permissions.into_iter().map(|(traffic, rules)| permission(place, traffic, &rules)))
}

fn permission(place: &Place, traffic: Traffic, rules: &[&Rule]) -> Json {
    let of_kind = |describe: fn(&Place, &Rule) -> Option<Json>| {
        Json::list(rules.iter().filter_map(|rule| describe(place, rule)))
    };
    object! {
        "IpProtocol": protocol_name(traffic.protocol),
        "FromPort": port(traffic, traffic.first),
        "ToPort": port(traffic, traffic.last),
        "UserIdGroupPairs": of_kind(group_pair),
        "IpRanges": of_kind(ipv4_range),
        "Ipv6Ranges": of_kind(ipv6_range),
        "PrefixListIds": of_kind(prefix_list),
    }
}

fn note(rule: &Rule) -> Option<&'static str> {
    Some(rule.note).filter(|note| !note.is_empty())
}

fn group_pair(place: &Place, rule: &Rule) -> Option<Json> {
    match &rule.peer {
        Peer::Group(id) => Some(object! {
            "Description": note(rule), "UserId": &place.account.id, "GroupId": id,
        }),
        Peer::PeerGroup(group) => Some(object! {
            "Description": note(rule),
            "UserId": group.account.as_ref(),
            "GroupId": &group.id,
            "VpcId": &group.vpc,
            "VpcPeeringConnectionId": &group.peering,
            "PeeringStatus": "active",
        }),
        Peer::Block(_) | Peer::PrefixList(_) => None,
    }
}

fn ipv4_range(_: &Place, rule: &Rule) -> Option<Json> {
    let block = block(rule, false)?;
    Some(object! { "Description": note(rule), "CidrIp": block })
}

fn ipv6_range(_: &Place, rule: &Rule) -> Option<Json> {
    let block = block(rule, true)?;
    Some(object! { "Description": note(rule), "CidrIpv6": block })
}

fn block(rule: &Rule, is_ipv6: bool) -> Option<&String> {
    match &rule.peer {
        Peer::Block(block) if block.contains(':') == is_ipv6 => Some(block),
        _ => None,
    }
}

fn prefix_list(_: &Place, rule: &Rule) -> Option<Json> {
    let id = prefix_list_id(rule)?;
    Some(object! { "Description": note(rule), "PrefixListId": id })
}

fn prefix_list_id(rule: &Rule) -> Option<&String> {
    match &rule.peer {
        Peer::PrefixList(id) => Some(id),
        _ => None,
    }
}

/// Returns the rules of a group one by one, outbound ones last.
pub(super) fn security_group_rules<'group>(
    place: &'group Place,
    group: &'group SecurityGroup,
) -> impl Iterator<Item = Json> + 'group {
    let ingress = group.ingress.iter().map(|rule| (rule, false));
    let egress = group.egress.iter().map(|rule| (rule, true));
    ingress
        .chain(egress)
        .map(|(rule, is_egress)| security_group_rule(place, group, rule, is_egress))
}

fn security_group_rule(place: &Place, group: &SecurityGroup, rule: &Rule, is_egress: bool) -> Json {
    let traffic = rule.traffic;
    let id = rule_id(&group.id, rule, is_egress);
    // Here, other than in permissions, all traffic has the ports -1.
    object! {
        "SecurityGroupRuleId": &id,
        "GroupId": &group.id,
        "GroupOwnerId": &place.account.id,
        "IsEgress": is_egress,
        "IpProtocol": protocol_name(traffic.protocol),
        "FromPort": traffic.first,
        "ToPort": traffic.last,
        "CidrIpv4": block(rule, false),
        "CidrIpv6": block(rule, true),
        "PrefixListId": prefix_list_id(rule),
        "ReferencedGroupInfo": referenced_group(place, group, &rule.peer),
        "Description": note(rule),
        "Tags": Vec::new(),
        "SecurityGroupRuleArn": place.arn("ec2", &format!("security-group-rule/{id}")),
    }
}

fn referenced_group(place: &Place, group: &SecurityGroup, peer: &Peer) -> Option<Json> {
    match peer {
        Peer::Group(id) => Some(object! {
            "GroupId": id, "UserId": &place.account.id, "VpcId": &group.vpc,
        }),
        Peer::PeerGroup(PeerGroup { id, account, vpc, peering }) => Some(object! {
            "GroupId": id,
            "PeeringStatus": "active",
            "UserId": account.as_ref(),
            "VpcId": vpc,
            "VpcPeeringConnectionId": peering,
        }),
        Peer::Block(_) | Peer::PrefixList(_) => None,
    }
}

fn rule_id(group: &str, rule: &Rule, is_egress: bool) -> String {
    let Traffic { protocol, first, last } = rule.traffic;
    let peer = match &rule.peer {
        Peer::Block(text) | Peer::PrefixList(text) | Peer::Group(text) => text,
        Peer::PeerGroup(group) => &group.id,
    };
    let side = if is_egress { "out" } else { "in" };
    resource_id("sgr", &[group, side, &format!("{protocol}/{first}/{last}"), peer])
}

/// Returns how security groups write a protocol: some by name, others by number.
fn protocol_name(protocol: i16) -> Json {
    match protocol {
        1 => "icmp".into(),
        6 => "tcp".into(),
        17 => "udp".into(),
        58 => "icmpv6".into(),
        _ => protocol.to_string().into(),
    }
}

/// Returns a port, or nothing where the protocol has none.
fn port(traffic: Traffic, port: i32) -> Option<i32> {
    matches!(traffic.protocol, 1 | 6 | 17 | 58).then_some(port)
}

pub(super) fn network_acl(place: &Place, acl: &NetworkAcl) -> Json {
    let associations = acl.subnets.iter().map(|subnet| {
        object! {
            "NetworkAclAssociationId": resource_id("aclassoc", &[&acl.id, subnet]),
            "NetworkAclId": &acl.id,
            "SubnetId": subnet,
        }
    });
    let has_ipv6 = acl.ingress.iter().chain(&acl.egress).any(|entry| entry.block.contains(':'));
    let closing = closing_entries(has_ipv6);
    let side = |entries: &[AclEntry], is_egress| {
        let entries = entries.iter().chain(&closing);
        entries.map(|entry| acl_entry(entry, is_egress)).collect::<Vec<_>>()
    };
    object! {
        "Associations": Json::list(associations),
        "Entries": [side(&acl.egress, true), side(&acl.ingress, false)].concat(),
        "IsDefault": acl.is_default,
        "NetworkAclId": &acl.id,
        "Tags": name_tag(&acl.name),
        "VpcId": &acl.vpc,
        "OwnerId": &place.account.id,
    }
}

/// Returns the denials that AWS shows as `*` and that no one can remove.
fn closing_entries(has_ipv6: bool) -> Vec<AclEntry> {
    let ipv6 = has_ipv6.then(|| AclEntry::deny(32768, Traffic::ALL, "::/0"));
    [AclEntry::deny(32767, Traffic::ALL, "0.0.0.0/0")].into_iter().chain(ipv6).collect()
}

fn acl_entry(entry: &AclEntry, is_egress: bool) -> Json {
    let Traffic { protocol, first, last } = entry.traffic;
    let is_ipv6 = entry.block.contains(':');
    let icmp = matches!(protocol, 1 | 58).then(|| object! { "Code": last, "Type": first });
    let ports = matches!(protocol, 6 | 17).then(|| object! { "From": first, "To": last });
    object! {
        "CidrBlock": (!is_ipv6).then_some(&entry.block),
        "Egress": is_egress,
        "IcmpTypeCode": icmp,
        "Ipv6CidrBlock": is_ipv6.then_some(&entry.block),
        "PortRange": ports,
        "Protocol": protocol.to_string(),
        "RuleAction": if entry.allows { "allow" } else { "deny" },
        "RuleNumber": entry.number,
    }
}
