//! The keys under which answers of AWS keep their lists, and who reads the elements.

use portolan_model::ResourceKind;

use crate::aws::{
    address, block_public_access, database, endpoint, firewall, function, gateway, instance,
    interface, listener, load_balancer, network_acl, peering, prefix_list, route_table,
    security_group, target_group, transit_gateway, vpc, vpn,
};
use crate::builder::Builder;
use crate::refusal::Refusal;

/// A key that is recognised.
#[derive(Debug)]
pub(crate) struct Section {
    /// The key.
    pub(crate) key: &'static str,
    /// What is under it.
    pub(crate) kind: ResourceKind,
    /// Whether answers of other services use the key too. An empty list says nothing then.
    pub(crate) is_shared: bool,
    /// Reads one element, or the whole value if it is not a list.
    pub(crate) read: Read,
}

/// Reads one element into the builder.
pub(crate) type Read = fn(&mut Builder, &[u8]) -> Result<(), Refusal>;

/// Returns what is known of a key.
pub(crate) fn find(key: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.key == key)
}

const fn own(key: &'static str, kind: ResourceKind, read: Read) -> Section {
    Section { key, kind, is_shared: false, read }
}

const fn shared(key: &'static str, kind: ResourceKind, read: Read) -> Section {
    Section { key, kind, is_shared: true, read }
}

/// Every key, by kind.
///
/// Sources: the output shapes of the AWS CLI; for `LoadBalancerListeners`, `LoadBalancerTargetHealth` and
/// the two of transit gateways Batfish's collector, which puts the id of the owner around each
/// answer; for the keys in lower case np-guard's collector, which writes what the AWS SDK for Go returns.
static SECTIONS: &[Section] = &[
    own("Vpcs", ResourceKind::Vpcs, vpc::read_vpc),
    shared("vpcs", ResourceKind::Vpcs, vpc::read_vpc),
    own("Subnets", ResourceKind::Subnets, vpc::read_subnet),
    shared("subnets", ResourceKind::Subnets, vpc::read_subnet),
    own("RouteTables", ResourceKind::RouteTables, route_table::read),
    own("NetworkAcls", ResourceKind::NetworkAcls, network_acl::read),
    shared("network_acls", ResourceKind::NetworkAcls, network_acl::read),
    own("SecurityGroups", ResourceKind::SecurityGroups, security_group::read),
    shared("security_groups", ResourceKind::SecurityGroups, security_group::read),
    own("SecurityGroupRules", ResourceKind::SecurityGroupRules, security_group::read_rule),
    own("NetworkInterfaces", ResourceKind::NetworkInterfaces, interface::read),
    own("Reservations", ResourceKind::Instances, instance::read_reservation),
    shared("instances", ResourceKind::Instances, instance::read_instance),
    own("Addresses", ResourceKind::Addresses, address::read),
    own("InternetGateways", ResourceKind::InternetGateways, gateway::read_internet),
    shared("internet_gateways", ResourceKind::InternetGateways, gateway::read_internet),
    own(
        "EgressOnlyInternetGateways",
        ResourceKind::EgressOnlyInternetGateways,
        gateway::read_egress_only,
    ),
    own("NatGateways", ResourceKind::NatGateways, gateway::read_nat),
    own("PrefixLists", ResourceKind::PrefixLists, prefix_list::read),
    shared("Entries", ResourceKind::PrefixListEntries, prefix_list::read_entry),
    own("VpcPeeringConnections", ResourceKind::PeeringConnections, peering::read),
    own("VpcEndpoints", ResourceKind::Endpoints, endpoint::read),
    own("LoadBalancers", ResourceKind::LoadBalancers, load_balancer::read),
    own("LoadBalancerDescriptions", ResourceKind::LoadBalancers, load_balancer::read_classic),
    shared("Listeners", ResourceKind::Listeners, listener::read),
    own("LoadBalancerListeners", ResourceKind::Listeners, listener::read_grouped),
    shared("Rules", ResourceKind::Listeners, listener::read_rule),
    own("TargetGroups", ResourceKind::TargetGroups, target_group::read),
    own("TargetHealthDescriptions", ResourceKind::TargetHealth, target_group::read_health),
    own("LoadBalancerTargetHealth", ResourceKind::TargetHealth, target_group::read_grouped_health),
    own("DBInstances", ResourceKind::Databases, database::read_instance),
    own("DBClusters", ResourceKind::Databases, database::read_cluster),
    own("CacheClusters", ResourceKind::Databases, database::read_cache),
    shared("Clusters", ResourceKind::Databases, database::read_any_cluster),
    own("DomainStatusList", ResourceKind::Databases, database::read_search),
    own("DomainStatus", ResourceKind::Databases, database::read_search),
    own("Functions", ResourceKind::Functions, function::read),
    own("TransitGateways", ResourceKind::TransitGateways, transit_gateway::read),
    own(
        "TransitGatewayAttachments",
        ResourceKind::TransitGatewayAttachments,
        transit_gateway::read_attachment,
    ),
    own(
        "TransitGatewayVpcAttachments",
        ResourceKind::TransitGatewayAttachments,
        transit_gateway::read_vpc_attachment,
    ),
    own(
        "TransitGatewayRouteTables",
        ResourceKind::TransitGatewayRouteTables,
        transit_gateway::read_route_table,
    ),
    shared("Routes", ResourceKind::TransitGatewayRoutes, transit_gateway::read_route),
    own(
        "TransitGatewayStaticRoutes",
        ResourceKind::TransitGatewayRoutes,
        transit_gateway::read_grouped_routes,
    ),
    own(
        "TransitGatewayRouteTablePropagations",
        ResourceKind::TransitGatewayRoutes,
        transit_gateway::read_propagation,
    ),
    own(
        "TransitGatewayPropagations",
        ResourceKind::TransitGatewayRoutes,
        transit_gateway::read_grouped_propagations,
    ),
    own("VpnGateways", ResourceKind::VpnGateways, vpn::read_gateway),
    own("VpnConnections", ResourceKind::VpnConnections, vpn::read_connection),
    own("CustomerGateways", ResourceKind::CustomerGateways, vpn::read_customer_gateway),
    own("Firewalls", ResourceKind::Firewalls, firewall::read_name),
    own("Firewall", ResourceKind::Firewalls, firewall::read),
    own("FirewallStatus", ResourceKind::Firewalls, firewall::read_status),
    own("VpcBlockPublicAccessOptions", ResourceKind::BlockPublicAccess, block_public_access::read),
];
