//! The frame of one VPC: subnets, gateways, peering connections, and the prefix lists of its place.

use std::net::Ipv4Addr;

use super::super::block::Block4;
use super::super::estate::{Endpoint, Estate, Gateway, PrefixList, RouteTable, Subnet};
use super::super::identity::resource_id;
use super::super::place::Place;
use super::layout::{Layout, VpcPlan};
use super::{network_acls, routes};

/// The addresses of offices and data centres.
pub(super) const CORPORATE: &str = "172.16.0.0/12";

/// What the subnets of one kind are for. The order is that of the subnets in a VPC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Tier {
    Public,
    App,
    Data,
    Batch,
}

impl Tier {
    const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::App => "app",
            Self::Data => "data",
            Self::Batch => "batch",
        }
    }

    fn subnet_name(self, zone: char) -> String {
        format!("{}-{zone}", self.name())
    }

    pub(super) fn subnet_id(self, plan: &VpcPlan, zone: char) -> String {
        plan.id("subnet", &self.subnet_name(zone))
    }
}

/// Returns the tiers of a VPC: 6 to 12 subnets together with [`zones`].
pub(super) const fn tiers(plan: &VpcPlan) -> &'static [Tier] {
    if plan.interfaces < 400 {
        &[Tier::Public, Tier::App, Tier::Data]
    } else {
        &[Tier::Public, Tier::App, Tier::Data, Tier::Batch]
    }
}

/// Returns the letters of the zones that a VPC uses.
pub(super) const fn zones(plan: &VpcPlan) -> &'static [char] {
    if plan.interfaces < 100 { &['a', 'b'] } else { &['a', 'b', 'c'] }
}

/// Returns the zones that have a NAT gateway.
pub(super) const fn nat_zones(plan: &VpcPlan) -> &'static [char] {
    if plan.interfaces < 100 { &['a'] } else { zones(plan) }
}

/// Returns what a place has whatever its VPCs are: prefix lists.
pub(super) fn shared_by_place(place: &Place) -> Estate {
    let published = PrefixList {
        id: place.region.s3.id.to_owned(),
        name: format!("com.amazonaws.{}.s3", place.region.name),
        is_published: true,
        entries: place.region.s3.entries.iter().map(|block| (block.to_string(), "")).collect(),
    };
    let own = PREFIX_LISTS.map(|(name, base, count)| PrefixList {
        id: prefix_list_id(place, name),
        name: name.to_owned(),
        is_published: false,
        entries: (0..count).map(|index| (base.part(24, 7 * index).to_string(), "")).collect(),
    });
    Estate { prefix_lists: own.into_iter().chain([published]).collect(), ..Estate::default() }
}

/// The prefix lists of every place: name, and every seventh /24 of which block, how often.
pub(super) const PREFIX_LISTS: [(&str, Block4, u32); 3] = [
    ("offices", Block4::new(Ipv4Addr::new(172, 16, 0, 0), 12), 8),
    ("data-centres", Block4::new(Ipv4Addr::new(172, 24, 0, 0), 13), 16),
    ("partners", Block4::new(Ipv4Addr::new(100, 64, 0, 0), 10), 24),
];

pub(super) fn prefix_list_id(place: &Place, name: &str) -> String {
    resource_id("pl", &[&place.folder(), name])
}

/// Adds the network of a VPC, without the NAT gateways that its routes name.
pub(super) fn fill(estate: &mut Estate, layout: &Layout, plan: &VpcPlan) {
    estate.vpcs.push(plan.vpc.clone());
    estate.subnets = subnets(plan);
    estate.internet_gateways.push(gateway(plan, "igw"));
    if plan.vpc.ipv6.is_some() {
        estate.egress_only_internet_gateways.push(gateway(plan, "eigw"));
    }
    estate.peerings = layout.peers(plan).map(|other| plan.peering(other)).collect();
    estate.route_tables = routes::route_tables(layout, plan);
    estate.endpoints.push(s3_endpoint(plan, &estate.route_tables));
    estate.network_acls = network_acls::network_acls(plan, &estate.subnets);
}

fn subnets(plan: &VpcPlan) -> Vec<Subnet> {
    let tiers = tiers(plan).iter().flat_map(|tier| zones(plan).iter().map(|zone| (*tier, *zone)));
    tiers.zip(0..).map(|((tier, zone), index)| subnet(plan, tier, zone, index)).collect()
}

fn subnet(plan: &VpcPlan, tier: Tier, zone: char, index: u32) -> Subnet {
    let name = tier.subnet_name(zone);
    Subnet {
        id: plan.id("subnet", &name),
        name: format!("{}-{name}", plan.vpc.name),
        vpc: plan.vpc.id.clone(),
        zone,
        cidr: plan.vpc.cidr.part(20, index),
        ipv6: plan.vpc.ipv6.map(|block| block.part(64, index)),
        is_public: tier == Tier::Public,
        taken: 0,
    }
}

/// Returns the ids of the subnets of a tier, one per zone.
pub(super) fn subnet_ids(plan: &VpcPlan, tier: Tier) -> Vec<String> {
    zones(plan).iter().map(|zone| tier.subnet_id(plan, *zone)).collect()
}

/// Returns the subnets of a tier, one per zone.
pub(super) fn subnets_of(estate: &Estate, plan: &VpcPlan, tier: Tier) -> Vec<Subnet> {
    let index = tiers(plan).iter().position(|present| *present == tier);
    let subnets = index.and_then(|index| estate.subnets.chunks(zones(plan).len()).nth(index));
    subnets.map(<[Subnet]>::to_vec).unwrap_or_default()
}

fn gateway(plan: &VpcPlan, prefix: &str) -> Gateway {
    let (name, vpc) = (plan.vpc.name.clone(), plan.vpc.id.clone());
    Gateway { id: plan.id(prefix, "only"), name, vpc }
}

fn s3_endpoint(plan: &VpcPlan, route_tables: &[RouteTable]) -> Endpoint {
    let served = route_tables.iter().filter(|table| !table.is_main);
    Endpoint::Gateway {
        id: plan.id("vpce", "s3"),
        name: format!("{}-s3", plan.vpc.name),
        vpc: plan.vpc.id.clone(),
        service: "s3".to_owned(),
        route_tables: served.map(|table| table.id.clone()).collect(),
    }
}
