//! The account model: an AWS organisation's network at one moment, as a value.
//!
//! A [`Model`] is what every analysis takes and what every source of facts produces: plain tables keyed
//! by id, several accounts and Regions side by side, and a [`Coverage`] that says what was not read.
//! It holds what AWS says, not what it means: which packets pass is for `reach` alone to say, so that
//! there is one engine. Types are not `Serialize`: the shape of the model is free to change, the shape
//! of files belongs to the crates that read and write them.
//!
//! Tables are B-trees, so that walking one is always in the order of ids and the same account gives the
//! same bytes. A graph with references between resources was rejected: a captured account often names
//! resources that were not captured, and a dangling id is a fact to report, not an error.

mod belonging;
mod coverage;
mod id;
mod interface;
mod load_balancer;
mod network_acl;
mod place;
mod resource;
mod route;
mod rule_traffic;
mod security_group;
mod transit_gateway;
mod vpc;

use std::collections::BTreeMap;

pub use crate::belonging::{Belonging, BelongingKind};
pub use crate::coverage::{Coverage, Position, ReadProblem, Reading, ResourceKind, Status};
pub use crate::id::{
    AccountId, CustomerGatewayId, DatabaseId, EgressOnlyGatewayId, EndpointId, FirewallId,
    FunctionId, InstanceId, InterfaceId, InternetGatewayId, LoadBalancerId, NatGatewayId,
    NetworkAclId, PeeringId, PrefixListId, RegionName, RouteTableId, SecurityGroupId,
    SecurityGroupRuleId, SubnetId, TargetGroupId, TransitGatewayAttachmentId, TransitGatewayId,
    TransitGatewayRouteTableId, VpcId, VpnConnectionId, VpnGatewayId, ZoneName,
};
pub use crate::interface::{InterfaceKind, NetworkInterface, PrivateAddress};
pub use crate::load_balancer::{Listener, LoadBalancer, LoadBalancerKind, Target, TargetGroup};
pub use crate::network_acl::{Action, NetworkAcl, NetworkAclEntry};
pub use crate::place::{Place, Tags};
pub use crate::resource::{
    BlockPublicAccess, CustomerGateway, Database, EgressOnlyGateway, Endpoint, EndpointKind,
    Firewall, Function, Instance, InternetGateway, NatGateway, NatGatewayAddress, Peering,
    PeeringSide, PrefixList, VpnConnection, VpnGateway,
};
pub use crate::route::{Route, RouteDestination, RouteOrigin, RouteState, RouteTable, RouteTarget};
pub use crate::rule_traffic::{Direction, RuleTraffic};
pub use crate::security_group::{GroupReference, RulePeer, SecurityGroup, SecurityGroupRule};
pub use crate::transit_gateway::{
    TransitGateway, TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteTable,
};
pub use crate::vpc::{Subnet, Vpc};

/// An organisation's network at one moment, or as much of it as was read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Model {
    /// VPCs.
    pub vpcs: BTreeMap<VpcId, Vpc>,
    /// Subnets.
    pub subnets: BTreeMap<SubnetId, Subnet>,
    /// Route tables.
    pub route_tables: BTreeMap<RouteTableId, RouteTable>,
    /// Network ACLs.
    pub network_acls: BTreeMap<NetworkAclId, NetworkAcl>,
    /// Security groups.
    pub security_groups: BTreeMap<SecurityGroupId, SecurityGroup>,
    /// Network interfaces.
    pub interfaces: BTreeMap<InterfaceId, NetworkInterface>,
    /// EC2 instances.
    pub instances: BTreeMap<InstanceId, Instance>,
    /// Internet gateways.
    pub internet_gateways: BTreeMap<InternetGatewayId, InternetGateway>,
    /// Egress-only Internet gateways.
    pub egress_only_gateways: BTreeMap<EgressOnlyGatewayId, EgressOnlyGateway>,
    /// NAT gateways.
    pub nat_gateways: BTreeMap<NatGatewayId, NatGateway>,
    /// Managed prefix lists.
    pub prefix_lists: BTreeMap<PrefixListId, PrefixList>,
    /// VPC peering connections.
    pub peerings: BTreeMap<PeeringId, Peering>,
    /// VPC endpoints.
    pub endpoints: BTreeMap<EndpointId, Endpoint>,
    /// Load balancers.
    pub load_balancers: BTreeMap<LoadBalancerId, LoadBalancer>,
    /// Target groups.
    pub target_groups: BTreeMap<TargetGroupId, TargetGroup>,
    /// Databases, warehouses, caches and search clusters.
    pub databases: BTreeMap<DatabaseId, Database>,
    /// Lambda functions.
    pub functions: BTreeMap<FunctionId, Function>,
    /// Transit gateways.
    pub transit_gateways: BTreeMap<TransitGatewayId, TransitGateway>,
    /// Transit gateway attachments.
    pub transit_gateway_attachments: BTreeMap<TransitGatewayAttachmentId, TransitGatewayAttachment>,
    /// Transit gateway route tables.
    pub transit_gateway_route_tables:
        BTreeMap<TransitGatewayRouteTableId, TransitGatewayRouteTable>,
    /// Virtual private gateways.
    pub vpn_gateways: BTreeMap<VpnGatewayId, VpnGateway>,
    /// Customer gateways.
    pub customer_gateways: BTreeMap<CustomerGatewayId, CustomerGateway>,
    /// Site-to-Site VPN connections.
    pub vpn_connections: BTreeMap<VpnConnectionId, VpnConnection>,
    /// AWS Network Firewalls.
    pub firewalls: BTreeMap<FirewallId, Firewall>,
    /// VPC Block Public Access, where it was read.
    pub block_public_access: BTreeMap<Place, BlockPublicAccess>,
    /// What was read and what was not.
    pub coverage: Coverage,
}
