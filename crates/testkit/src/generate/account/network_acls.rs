//! The network ACLs of one VPC: 10 to 20 entries where somebody wrote them.

use std::net::Ipv4Addr;

use super::super::block::Block4;
use super::super::estate::{AclEntry, NetworkAcl, Subnet, Traffic};
use super::layout::VpcPlan;
use super::network::{CORPORATE, Tier, subnet_ids};
use crate::random::SplitMix64;

/// Inbound and outbound entries.
type Sides = (Vec<AclEntry>, Vec<AclEntry>);
/// An entry without its number: whether it allows, what, and for which block.
type Entry = (bool, Traffic, String);

/// Returns a custom network ACL for the data tier, in every other VPC one for the public tier, and the
/// default one for the rest.
pub(super) fn network_acls(plan: &VpcPlan, subnets: &[Subnet]) -> Vec<NetworkAcl> {
    let mut random = plan.random("network ACLs");
    let data = custom(plan, "data", Tier::Data, data_sides(plan, &mut random));
    let has_public = random.chance(50);
    let public =
        has_public.then(|| custom(plan, "public", Tier::Public, public_sides(&mut random)));
    let customs: Vec<NetworkAcl> = [data].into_iter().chain(public).collect();
    [default(plan, subnets, &customs)].into_iter().chain(customs).collect()
}

fn default(plan: &VpcPlan, subnets: &[Subnet], customs: &[NetworkAcl]) -> NetworkAcl {
    let is_left = |id: &&String| !customs.iter().any(|acl| acl.subnets.contains(id));
    let ids = subnets.iter().map(|subnet| &subnet.id);
    let everything = AclEntry::allow_everything(plan.vpc.ipv6.is_some());
    NetworkAcl {
        id: plan.id("acl", "default"),
        name: String::new(),
        vpc: plan.vpc.id.clone(),
        is_default: true,
        subnets: ids.filter(is_left).cloned().collect(),
        ingress: everything.clone(),
        egress: everything,
    }
}

fn custom(plan: &VpcPlan, name: &str, tier: Tier, (ingress, egress): Sides) -> NetworkAcl {
    NetworkAcl {
        id: plan.id("acl", name),
        name: format!("{}-{name}", plan.vpc.name),
        vpc: plan.vpc.id.clone(),
        is_default: false,
        subnets: subnet_ids(plan, tier),
        ingress,
        egress,
    }
}

/// Numbers entries by tens, as people do.
fn number(entries: impl IntoIterator<Item = Entry>) -> Vec<AclEntry> {
    let numbered = (100..).step_by(10).zip(entries);
    numbered
        .map(|(number, (allows, traffic, block))| AclEntry { number, allows, traffic, block })
        .collect()
}

/// Returns a few denials of single /24 blocks of `base`.
fn denials(random: &mut SplitMix64, base: Block4) -> Vec<Entry> {
    let count = random.within(1..=3);
    let mut block = || base.part(24, u32::try_from(random.below(256)).unwrap_or(0)).to_string();
    (0..count).map(|_| (false, Traffic::ALL, block())).collect()
}

fn allow(traffic: Traffic, block: impl Into<String>) -> Entry {
    (true, traffic, block.into())
}

fn data_sides(plan: &VpcPlan, random: &mut SplitMix64) -> Sides {
    const INTERNAL: &str = "10.0.0.0/8";
    let databases = [1433, 3306, 5432, 6379, 9042, 9092, 27017].map(Traffic::tcp);
    let from_inside = databases.into_iter().map(|traffic| allow(traffic, INTERNAL));
    let others = [
        allow(Traffic::tcp(22), CORPORATE),
        allow(Traffic::EPHEMERAL, plan.vpc.cidr),
        allow(Traffic::EPHEMERAL, "0.0.0.0/0"),
        allow(Traffic::PING, INTERNAL),
    ];
    let outside = [
        allow(Traffic::EPHEMERAL, INTERNAL),
        allow(Traffic::EPHEMERAL, CORPORATE),
        allow(Traffic::tcp(443), "0.0.0.0/0"),
        allow(Traffic::udp(53), plan.vpc.cidr),
        allow(Traffic::PING, INTERNAL),
    ];
    let denied = denials(random, Block4::new(Ipv4Addr::new(10, 240, 0, 0), 12));
    (number(denied.into_iter().chain(from_inside).chain(others)), number(outside))
}

fn public_sides(random: &mut SplitMix64) -> Sides {
    const WORLD: &str = "0.0.0.0/0";
    let denied = denials(random, Block4::new(Ipv4Addr::new(203, 0, 0, 0), 16));
    let inward = [
        allow(Traffic::tcp(80), WORLD),
        allow(Traffic::tcp(443), WORLD),
        allow(Traffic::tcp(22), CORPORATE),
        allow(Traffic::tcp(3389), CORPORATE),
        allow(Traffic::EPHEMERAL, WORLD),
        allow(Traffic::udp_range(1024, 65535), WORLD),
        allow(Traffic::PING, WORLD),
        allow(Traffic::ALL, "10.0.0.0/8"),
        allow(Traffic::EPHEMERAL, "::/0"),
    ];
    let outward = [
        (false, Traffic::tcp(25), WORLD.to_owned()),
        allow(Traffic::ALL, WORLD),
        allow(Traffic::ALL, "::/0"),
    ];
    (number(denied.into_iter().chain(inward)), number(outward))
}
