//! Resources with few fields: instances, gateways, prefix lists, peering connections, endpoints.

use std::net::Ipv4Addr;
use std::sync::Arc;

use portolan_net::{IpPrefix, Ipv4Prefix, Ipv6Prefix};

use crate::id::{
    AccountId, CustomerGatewayId, DatabaseId, EgressOnlyGatewayId, EndpointId, FirewallId,
    FunctionId, InstanceId, InterfaceId, InternetGatewayId, NatGatewayId, PeeringId, PrefixListId,
    RegionName, RouteTableId, SecurityGroupId, SubnetId, VpcId, VpnConnectionId, VpnGatewayId,
};
use crate::place::{Place, Tags};

/// An EC2 instance.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Instance {
    /// Its id.
    pub id: InstanceId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// Whether it runs. An instance that is stopped keeps its interfaces and answers nothing.
    pub is_running: bool,
    /// Its interfaces.
    pub interfaces: Vec<InterfaceId>,
}

/// An Internet gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InternetGateway {
    /// Its id.
    pub id: InternetGatewayId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is attached to.
    pub vpc: Option<VpcId>,
}

/// An egress-only Internet gateway: outbound IPv6, stateful.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EgressOnlyGateway {
    /// Its id.
    pub id: EgressOnlyGatewayId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is attached to.
    pub vpc: Option<VpcId>,
}

/// A NAT gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NatGateway {
    /// Its id.
    pub id: NatGatewayId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is in.
    pub vpc: VpcId,
    /// The subnet that it is in; `None` for a regional NAT gateway.
    pub subnet: Option<SubnetId>,
    /// Whether it is public (with Elastic IP addresses) or private.
    pub is_public: bool,
    /// Whether its state is `available`.
    pub is_available: bool,
    /// Its addresses.
    pub addresses: Vec<NatGatewayAddress>,
}

/// One address of a NAT gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NatGatewayAddress {
    /// The interface that holds it.
    pub interface: Option<InterfaceId>,
    /// The private address.
    pub private: Option<Ipv4Addr>,
    /// The Elastic IP address.
    pub public: Option<Ipv4Addr>,
}

/// A managed prefix list, a customer's or AWS's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PrefixList {
    /// Its id.
    pub id: PrefixListId,
    /// Its account and Region.
    pub place: Place,
    /// Its name, such as `com.amazonaws.eu-west-1.s3`.
    pub name: Arc<str>,
    /// Its entries; `None` where the list was described and its entries were not read.
    pub entries: Option<Vec<IpPrefix>>,
}

/// A VPC peering connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Peering {
    /// Its id.
    pub id: PeeringId,
    /// Its tags.
    pub tags: Tags,
    /// Whether its status is `active`.
    pub is_active: bool,
    /// The VPC that asked for it.
    pub requester: PeeringSide,
    /// The VPC that accepted it.
    pub accepter: PeeringSide,
}

/// One end of a peering connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PeeringSide {
    /// The VPC.
    pub vpc: VpcId,
    /// Its account.
    pub account: Option<AccountId>,
    /// Its Region.
    pub region: Option<RegionName>,
    /// Its IPv4 CIDRs, as the connection knows them.
    pub ipv4: Vec<Ipv4Prefix>,
    /// Its IPv6 CIDRs, as the connection knows them.
    pub ipv6: Vec<Ipv6Prefix>,
}

impl Peering {
    /// Returns the side that is not `vpc`, or `None` if `vpc` is on neither.
    pub fn opposite(&self, vpc: &VpcId) -> Option<&PeeringSide> {
        if self.requester.vpc == *vpc {
            Some(&self.accepter)
        } else if self.accepter.vpc == *vpc {
            Some(&self.requester)
        } else {
            None
        }
    }
}

/// A VPC endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is in.
    pub vpc: VpcId,
    /// The service that it leads to, such as `com.amazonaws.eu-west-1.s3`.
    pub service: Arc<str>,
    /// How it works.
    pub kind: EndpointKind,
    /// Whether its state is `available`.
    pub is_available: bool,
    /// The route tables that lead to it, for a gateway endpoint.
    pub route_tables: Vec<RouteTableId>,
    /// Its interfaces, for the other kinds.
    pub interfaces: Vec<InterfaceId>,
    /// The security groups of those interfaces.
    pub security_groups: Vec<SecurityGroupId>,
}

/// How a VPC endpoint works.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EndpointKind {
    /// A route to a prefix list, for Amazon S3 and DynamoDB.
    Gateway,
    /// Interfaces in subnets.
    Interface,
    /// A route target in front of appliances.
    GatewayLoadBalancer,
    /// A kind that AWS added later than this program.
    Other,
}

/// A database, cache, warehouse or search cluster.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Database {
    /// Its id.
    pub id: DatabaseId,
    /// Its account and Region.
    pub place: Place,
    /// Its name.
    pub name: Arc<str>,
    /// Its engine, such as `postgres`.
    pub engine: Arc<str>,
    /// The port that it listens at.
    pub port: Option<u16>,
    /// The VPC that it is in.
    pub vpc: Option<VpcId>,
    /// Its security groups.
    pub security_groups: Vec<SecurityGroupId>,
    /// Whether its name resolves to a public address outside the VPC.
    pub is_publicly_accessible: bool,
}

/// A Lambda function.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Function {
    /// Its id.
    pub id: FunctionId,
    /// Its account and Region.
    pub place: Place,
    /// Its name.
    pub name: Arc<str>,
    /// The VPC that its interfaces are in; `None` outside a VPC.
    pub vpc: Option<VpcId>,
    /// The subnets of its interfaces.
    pub subnets: Vec<SubnetId>,
    /// The security groups of its interfaces.
    pub security_groups: Vec<SecurityGroupId>,
}

/// A virtual private gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VpnGateway {
    /// Its id.
    pub id: VpnGatewayId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPCs that it is attached to.
    pub vpcs: Vec<VpcId>,
}

/// A customer gateway: the far end of VPN connections.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CustomerGateway {
    /// Its id.
    pub id: CustomerGatewayId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// Its address.
    pub address: Option<Ipv4Addr>,
}

/// A Site-to-Site VPN connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VpnConnection {
    /// Its id.
    pub id: VpnConnectionId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The customer gateway at its far end.
    pub customer_gateway: Option<CustomerGatewayId>,
    /// The gateway at its near end: `vgw-…` or `tgw-…`.
    pub gateway: Option<Arc<str>>,
    /// Its static routes.
    pub routes: Vec<Ipv4Prefix>,
}

/// An AWS Network Firewall.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Firewall {
    /// Its id.
    pub id: FirewallId,
    /// Its account and Region.
    pub place: Place,
    /// Its name.
    pub name: Arc<str>,
    /// The VPC that it filters.
    pub vpc: Option<VpcId>,
    /// The endpoints that routes send traffic to.
    pub endpoints: Vec<EndpointId>,
}

/// What VPC Block Public Access does in an account and Region.
///
/// Source: EC2 API, `VpcBlockPublicAccessOptions`, `InternetGatewayBlockMode`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BlockPublicAccess {
    /// Nothing.
    Off,
    /// Blocks traffic both ways.
    Bidirectional,
    /// Blocks what comes in, except for replies through NAT and egress-only gateways.
    Ingress,
    /// A mode that AWS added later than this program.
    Other,
}
