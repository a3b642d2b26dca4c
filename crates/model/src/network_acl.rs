//! Network ACLs: the stateless, ordered filter at the border of a subnet.
//!
//! Source: Amazon VPC User Guide, "Control subnet traffic with network access control lists".

use portolan_net::IpPrefix;

use crate::id::{NetworkAclId, SubnetId, VpcId};
use crate::place::{Place, Tags};
use crate::rule_traffic::{Direction, RuleTraffic};

/// A network ACL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NetworkAcl {
    /// Its id.
    pub id: NetworkAclId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The VPC that it is part of.
    pub vpc: VpcId,
    /// Whether the VPC's subnets without a network ACL of their own have this one.
    pub is_default: bool,
    /// The subnets that it filters.
    pub subnets: Vec<SubnetId>,
    /// The entries, sorted by direction, then number. The first that matches decides; none: deny.
    pub entries: Vec<NetworkAclEntry>,
}

/// One entry of a network ACL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NetworkAclEntry {
    /// Its number: 1 to 32766, or 32767 and 32768 for the closing `*` entries of IPv4 and IPv6.
    pub number: u32,
    /// Which way the packets go.
    pub direction: Direction,
    /// The source addresses of inbound packets, the destination addresses of outbound ones.
    pub cidr: IpPrefix,
    /// Protocol and destination ports.
    pub traffic: RuleTraffic,
    /// What becomes of a packet that matches.
    pub action: Action,
}

/// What a network ACL entry does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Lets the packet pass.
    Allow,
    /// Drops it.
    Deny,
}
