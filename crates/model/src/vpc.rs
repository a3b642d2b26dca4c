//! Virtual private clouds and their subnets.

use portolan_net::{IpPrefix, Ipv4Prefix, Ipv6Prefix};

use crate::id::{SubnetId, VpcId, ZoneName};
use crate::place::{Place, Tags};

/// A virtual private cloud.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Vpc {
    /// Its id.
    pub id: VpcId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// Every associated IPv4 and IPv6 CIDR, primary first. A disassociated CIDR is not among them.
    pub cidrs: Vec<IpPrefix>,
    /// Whether AWS made it with the account.
    pub is_default: bool,
}

/// A subnet: the scope of a route table and of a network ACL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Subnet {
    /// Its id.
    pub id: SubnetId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is part of.
    pub vpc: VpcId,
    /// Its Availability Zone, where known.
    pub zone: Option<ZoneName>,
    /// Its IPv4 CIDR; `None` in an IPv6-only subnet.
    pub ipv4: Option<Ipv4Prefix>,
    /// Its associated IPv6 CIDRs.
    pub ipv6: Vec<Ipv6Prefix>,
    /// Whether an interface that is created in it gets a public IPv4 address.
    pub maps_public_ip_on_launch: bool,
}
