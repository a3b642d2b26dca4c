//! Ids are unique, whatever is mentioned exists, and addresses are where they may be.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::{Answers, list, text};

/// The keys of documents with the member that is the id of an item.
const DEFINITIONS: [(&str, &str); 16] = [
    ("Vpcs", "VpcId"),
    ("Subnets", "SubnetId"),
    ("RouteTables", "RouteTableId"),
    ("NetworkAcls", "NetworkAclId"),
    ("SecurityGroups", "GroupId"),
    ("SecurityGroupRules", "SecurityGroupRuleId"),
    ("NetworkInterfaces", "NetworkInterfaceId"),
    ("Instances", "InstanceId"),
    ("InternetGateways", "InternetGatewayId"),
    ("EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId"),
    ("NatGateways", "NatGatewayId"),
    ("Addresses", "AllocationId"),
    ("VpcPeeringConnections", "VpcPeeringConnectionId"),
    ("VpcEndpoints", "VpcEndpointId"),
    ("PrefixLists", "PrefixListId"),
    ("LoadBalancers", "LoadBalancerArn"),
];

/// What may be described twice: both sides show a peering connection, everybody sees AWS's prefix lists,
/// which moreover two commands describe.
const SHARED: [&str; 2] = ["VpcPeeringConnections", "PrefixLists"];

/// The prefixes of ids that must be described somewhere if they are mentioned.
const REFERENCES: [&str; 13] = [
    "vpc", "subnet", "rtb", "acl", "sg", "eni", "i", "igw", "eigw", "nat", "eipalloc", "pcx",
    "vpce",
];

/// Checks an account, in which only the ids of `dangling` are mentioned without being described.
pub(super) fn check_account(answers: &Answers, dangling: &BTreeSet<String>) {
    let defined = definitions(answers);
    let mentioned = mentions(answers);
    let unknown: BTreeSet<String> = mentioned.difference(&defined).cloned().collect();
    assert_eq!(&unknown, dangling, "mentioned, but not described");
    check_blocks(answers);
    check_addresses(answers);
}

fn definitions(answers: &Answers) -> BTreeSet<String> {
    let mut defined = BTreeSet::new();
    for (key, member) in DEFINITIONS {
        for item in answers.of(key) {
            let is_new = defined.insert(text(item, member).to_owned());
            assert!(is_new || SHARED.contains(&key), "{key} twice: {}", text(item, member));
        }
    }
    defined
}

fn mentions(answers: &Answers) -> BTreeSet<String> {
    let mut mentioned = BTreeSet::new();
    for value in answers.items.values().flatten() {
        collect_mentions(value, &mut mentioned);
    }
    mentioned
}

fn collect_mentions(value: &Value, mentioned: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let prefix = text.rsplit_once('-').map_or("", |(prefix, _)| prefix);
            let is_prefix_list = prefix == "pl" && !text.contains('.');
            if REFERENCES.contains(&prefix) || is_prefix_list {
                mentioned.insert(text.clone());
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_mentions(value, mentioned)),
        Value::Object(members) => {
            members.values().for_each(|value| collect_mentions(value, mentioned));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A CIDR block as its first and last address.
fn block(text: &str) -> (u32, u32) {
    let (address, length) = text.split_once('/').unwrap();
    let first = address.parse::<Ipv4Addr>().unwrap().to_bits();
    let size = 1_u64 << (32 - length.parse::<u32>().unwrap());
    assert_eq!(u64::from(first) % size, 0, "{text} is not canonical");
    (first, u32::try_from(u64::from(first) + size - 1).unwrap())
}

/// Checks that subnets lie in their VPC and beside each other, in both families.
fn check_blocks(answers: &Answers) {
    let vpcs = answers.of("Vpcs");
    let vpcs: BTreeMap<&str, &Value> = vpcs.iter().map(|vpc| (text(vpc, "VpcId"), vpc)).collect();
    let mut taken: BTreeSet<(String, u32)> = BTreeSet::new();
    let mut taken6: BTreeSet<String> = BTreeSet::new();
    for subnet in answers.of("Subnets") {
        let vpc = text(subnet, "VpcId");
        let (first, last) = block(text(subnet, "CidrBlock"));
        let (vpc_first, vpc_last) = block(text(vpcs[vpc], "CidrBlock"));
        assert!(vpc_first <= first && last <= vpc_last, "{subnet}");
        // The subnets of a VPC are of one size, so blocks overlap only if they are equal.
        assert_eq!((last - first + 1).count_ones(), 1);
        assert!(taken.insert((vpc.to_owned(), first)), "overlap: {subnet}");
        for association in list(subnet, "Ipv6CidrBlockAssociationSet") {
            let block = text(association, "Ipv6CidrBlock");
            let (base, _) = block.split_once('/').unwrap();
            assert_eq!(base.parse::<Ipv6Addr>().unwrap().octets()[8..], [0; 8], "{block}");
            assert!(taken6.insert(block.to_owned()), "overlap: {subnet}");
        }
    }
}

/// Checks that addresses belong to their subnet and to one interface.
fn check_addresses(answers: &Answers) {
    let subnets = answers.of("Subnets");
    let blocks: BTreeMap<&str, (u32, u32)> = subnets
        .iter()
        .map(|subnet| (text(subnet, "SubnetId"), block(text(subnet, "CidrBlock"))))
        .collect();
    let mut private = BTreeSet::new();
    let mut public = BTreeSet::new();
    for interface in answers.of("NetworkInterfaces") {
        let (first, last) = blocks[text(interface, "SubnetId")];
        for entry in list(interface, "PrivateIpAddresses") {
            let address: Ipv4Addr = text(entry, "PrivateIpAddress").parse().unwrap();
            // AWS keeps the first four and the last.
            assert!((first + 4..last).contains(&address.to_bits()), "{interface}");
            assert!(private.insert((text(interface, "VpcId").to_owned(), address)), "{interface}");
            if let Some(association) = entry.get("Association") {
                let address: Ipv4Addr = text(association, "PublicIp").parse().unwrap();
                assert!(public.insert(address), "{interface}");
            }
        }
    }
}
