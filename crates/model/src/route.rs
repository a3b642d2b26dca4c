//! Route tables: where a subnet, or a gateway at the edge of a VPC, sends what it gets.
//!
//! Source: Amazon VPC User Guide, "Configure route tables"; EC2 API, `RouteTable`, `Route`.

use std::sync::Arc;

use portolan_net::{Ipv4Prefix, Ipv6Prefix};

use crate::id::{
    EgressOnlyGatewayId, EndpointId, InstanceId, InterfaceId, InternetGatewayId, NatGatewayId,
    PeeringId, PrefixListId, RouteTableId, SubnetId, TransitGatewayId, VpcId, VpnGatewayId,
};
use crate::place::{Place, Tags};

/// A route table and what is associated with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RouteTable {
    /// Its id.
    pub id: RouteTableId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is part of.
    pub vpc: VpcId,
    /// Whether it serves the subnets of the VPC that have no table of their own.
    pub is_main: bool,
    /// The subnets that are explicitly associated with it.
    pub subnets: Vec<SubnetId>,
    /// The Internet and virtual private gateways whose incoming traffic it routes (`igw-…`, `vgw-…`).
    pub gateways: Vec<Arc<str>>,
    /// The routes, in the order of the file.
    pub routes: Vec<Route>,
}

/// One route.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Route {
    /// Which destination addresses it is for.
    pub destination: RouteDestination,
    /// Where it sends them.
    pub target: RouteTarget,
    /// Whether it works.
    pub state: RouteState,
    /// How it came into the table.
    pub origin: RouteOrigin,
}

/// The destination of a route.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RouteDestination {
    /// An IPv4 CIDR.
    V4(Ipv4Prefix),
    /// An IPv6 CIDR.
    V6(Ipv6Prefix),
    /// Every entry of a prefix list.
    PrefixList(PrefixListId),
}

/// The target of a route.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RouteTarget {
    /// The VPC itself.
    Local,
    /// An Internet gateway.
    InternetGateway(InternetGatewayId),
    /// An egress-only Internet gateway.
    EgressOnlyGateway(EgressOnlyGatewayId),
    /// A NAT gateway.
    NatGateway(NatGatewayId),
    /// A virtual private gateway, to VPN connections and Direct Connect.
    VpnGateway(VpnGatewayId),
    /// A transit gateway.
    TransitGateway(TransitGatewayId),
    /// A VPC peering connection.
    Peering(PeeringId),
    /// A gateway endpoint, or a Gateway Load Balancer or firewall endpoint.
    Endpoint(EndpointId),
    /// An interface: an appliance that forwards.
    Interface(InterfaceId),
    /// An instance, by its only interface.
    Instance(InstanceId),
    /// A target that this model has no name for, such as a carrier or local gateway or a core network.
    Other(Arc<str>),
}

/// The state of a route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RouteState {
    /// The target is there.
    Active,
    /// The target is gone or not able to take traffic: packets are dropped.
    Blackhole,
    /// A state that AWS added later than this program, or none was given.
    Unknown,
}

/// How a route came into its table. It decides between routes of the same destination.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RouteOrigin {
    /// Made with the table: the local route.
    CreateRouteTable,
    /// Added by hand: a static route.
    CreateRoute,
    /// Propagated by a virtual private gateway.
    Propagated,
    /// Advertised by a route server, or an origin that AWS added later than this program.
    Other,
}
