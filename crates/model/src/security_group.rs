//! Security groups: the stateful filter at an interface.
//!
//! Source: Amazon VPC User Guide, "Security group rules"; EC2 API, `SecurityGroup`, `SecurityGroupRule`.

use std::sync::Arc;

use portolan_net::{Ipv4Prefix, Ipv6Prefix};

use crate::id::{AccountId, PeeringId, PrefixListId, SecurityGroupId, SecurityGroupRuleId, VpcId};
use crate::place::{Place, Tags};
use crate::rule_traffic::{Direction, RuleTraffic};

/// A security group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SecurityGroup {
    /// Its id.
    pub id: SecurityGroupId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// Its name, which need not be unique.
    pub name: Arc<str>,
    /// The VPC that it was made in; `None` for EC2-Classic.
    pub vpc: Option<VpcId>,
    /// What it allows. There are no rules that deny.
    pub rules: Vec<SecurityGroupRule>,
}

/// One rule: one direction, one peer, one range of ports.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SecurityGroupRule {
    /// Its id, where the rules were read by `describe-security-group-rules`.
    pub id: Option<SecurityGroupRuleId>,
    /// Which way the packets go that it allows.
    pub direction: Direction,
    /// Protocol and destination ports.
    pub traffic: RuleTraffic,
    /// Who may be at the other end.
    pub peer: RulePeer,
    /// What a person wrote about it.
    pub description: Option<Arc<str>>,
}

/// The other end of a security group rule.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RulePeer {
    /// IPv4 addresses.
    V4(Ipv4Prefix),
    /// IPv6 addresses.
    V6(Ipv6Prefix),
    /// The addresses of a prefix list.
    PrefixList(PrefixListId),
    /// The private addresses of the interfaces that hold a security group.
    Group(GroupReference),
}

/// A reference to a security group, perhaps of another account or across a peering connection.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GroupReference {
    /// The group.
    pub group: SecurityGroupId,
    /// Its account, where the rule tells it.
    pub account: Option<AccountId>,
    /// Its VPC, where the rule tells it.
    pub vpc: Option<VpcId>,
    /// The peering connection to that VPC, where the rule tells it.
    pub peering: Option<PeeringId>,
}
