//! What exists in one account and Region: the plan from which descriptions are written.
//!
//! A plan holds only decisions. What AWS derives (ARNs, host names, association ids, states) is added by
//! `describe`. Each resource owns the interfaces that exist because of it.

mod interface;
mod service;
mod traffic;
mod vpc;

use std::collections::BTreeMap;

pub(crate) use interface::{GroupName, Holder, Interface, PrivateAddress, PublicAddress, Site};
pub(crate) use service::{
    CacheNode, Database, Endpoint, Function, Instance, LoadBalancer, NatGateway, TargetGroup,
};
pub(crate) use traffic::{AclEntry, NetworkAcl, Peer, PeerGroup, Rule, SecurityGroup, Traffic};
pub(crate) use vpc::{Gateway, Peering, PeeringSide, PrefixList, Route, RouteTable, Subnet, Vpc};

/// All or some of the resources of one account and Region.
#[derive(Debug, Default)]
pub(crate) struct Estate {
    pub(crate) vpcs: Vec<Vpc>,
    pub(crate) subnets: Vec<Subnet>,
    pub(crate) route_tables: Vec<RouteTable>,
    pub(crate) network_acls: Vec<NetworkAcl>,
    pub(crate) security_groups: Vec<SecurityGroup>,
    pub(crate) prefix_lists: Vec<PrefixList>,
    pub(crate) internet_gateways: Vec<Gateway>,
    pub(crate) egress_only_internet_gateways: Vec<Gateway>,
    pub(crate) nat_gateways: Vec<NatGateway>,
    pub(crate) peerings: Vec<Peering>,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) load_balancers: Vec<LoadBalancer>,
    pub(crate) databases: Vec<Database>,
    pub(crate) cache_nodes: Vec<CacheNode>,
    pub(crate) functions: Vec<Function>,
}

impl Estate {
    /// Notes in each subnet how many of its addresses are taken.
    pub(crate) fn count_addresses(&mut self) {
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        for interface in self.interfaces() {
            *taken.entry(interface.site.subnet.clone()).or_default() += interface.addresses.len();
        }
        for subnet in &mut self.subnets {
            let count = taken.get(&subnet.id).copied().unwrap_or(0);
            subnet.taken = u32::try_from(count).unwrap_or(u32::MAX);
        }
    }

    /// Returns every interface, whoever it belongs to.
    pub(crate) fn interfaces(&self) -> impl Iterator<Item = &Interface> {
        let Self { nat_gateways, endpoints, instances, load_balancers, .. } = self;
        let Self { databases, cache_nodes, functions, .. } = self;
        instances
            .iter()
            .flat_map(|instance| &instance.interfaces)
            .chain(load_balancers.iter().flat_map(|balancer| &balancer.interfaces))
            .chain(nat_gateways.iter().map(|gateway| &gateway.interface))
            .chain(endpoints.iter().flat_map(Endpoint::interfaces))
            .chain(databases.iter().map(|database| &database.interface))
            .chain(cache_nodes.iter().map(|node| &node.interface))
            .chain(functions.iter().flat_map(|function| &function.interfaces))
    }
}
