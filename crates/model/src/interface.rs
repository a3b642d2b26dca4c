//! Network interfaces: where packets enter and leave, and the only thing that a security group filters.
//!
//! Source: EC2 API, `NetworkInterface`.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use portolan_net::{Ipv4Prefix, Ipv6Prefix};

use crate::belonging::Belonging;
use crate::id::{InstanceId, InterfaceId, SecurityGroupId, SubnetId, VpcId};
use crate::place::{Place, Tags};

/// A network interface.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NetworkInterface {
    /// Its id.
    pub id: InterfaceId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is in.
    pub vpc: VpcId,
    /// The subnet that it is in.
    pub subnet: SubnetId,
    /// Its private IPv4 addresses, primary first, each with the public address mapped to it.
    pub ipv4: Vec<PrivateAddress>,
    /// Its IPv6 addresses.
    pub ipv6: Vec<Ipv6Addr>,
    /// IPv4 prefixes delegated to it.
    pub ipv4_prefixes: Vec<Ipv4Prefix>,
    /// IPv6 prefixes delegated to it.
    pub ipv6_prefixes: Vec<Ipv6Prefix>,
    /// The security groups that filter it. Empty only for kinds that have none, such as NAT gateways.
    pub security_groups: Vec<SecurityGroupId>,
    /// Whether it drops packets that are neither from nor to its own addresses.
    pub source_dest_check: bool,
    /// What it is.
    pub kind: InterfaceKind,
    /// The description that its maker wrote.
    pub description: Arc<str>,
    /// The instance that it is attached to.
    pub instance: Option<InstanceId>,
    /// Whose interface it is: the resource that a person would name.
    pub belonging: Belonging,
}

/// A private IPv4 address and the public one that the Internet gateway maps to it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PrivateAddress {
    /// The address on the interface.
    pub address: Ipv4Addr,
    /// The public or Elastic IP address, if any.
    pub public: Option<Ipv4Addr>,
}

/// The kinds of interface that behave differently on the network.
///
/// Source: EC2 API, `NetworkInterface`, `InterfaceType`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum InterfaceKind {
    /// An ordinary interface, or of a kind that behaves like one.
    Standard,
    /// A NAT gateway's: translates, has no security group, takes no unsolicited packet.
    NatGateway,
    /// An interface VPC endpoint's: answers, never initiates.
    Endpoint,
    /// A Gateway Load Balancer endpoint's: a route target.
    GatewayLoadBalancerEndpoint,
    /// An Application, Classic or Network Load Balancer's.
    LoadBalancer,
    /// A Gateway Load Balancer's.
    GatewayLoadBalancer,
    /// A Lambda function's (Hyperplane): initiates, never answers.
    Lambda,
    /// A transit gateway attachment's.
    TransitGateway,
    /// Any other kind that AWS made for a service of its own.
    Service,
}
