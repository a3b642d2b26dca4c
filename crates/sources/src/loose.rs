//! What belongs to resources that other files describe, until everything was read.
//!
//! Files come in any order, and an answer about one thing may be spread over several: listeners apart from
//! their load balancer, rules with ids apart from their group. The pieces wait here, by the id of what they
//! belong to.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use portolan_model::{
    BlockPublicAccess, DatabaseId, Firewall, InterfaceId, Listener, LoadBalancerId,
    NetworkInterface, Place, PrefixListId, SecurityGroupId, SecurityGroupRule, SubnetId, Target,
    TargetGroupId, TransitGatewayAttachmentId, TransitGatewayRoute, TransitGatewayRouteTableId,
};
use portolan_net::IpPrefix;

/// The pieces that wait.
#[derive(Debug, Default)]
pub(crate) struct Loose {
    /// Interfaces as instances describe them, unless an answer about interfaces does.
    pub(crate) embedded: BTreeMap<InterfaceId, NetworkInterface>,
    /// Security group rules with their ids.
    pub(crate) rules: BTreeMap<SecurityGroupId, GroupRules>,
    /// Elastic IP addresses that are mapped to private ones.
    pub(crate) addresses: Vec<MappedAddress>,
    /// Listeners by their ARN.
    pub(crate) listeners: BTreeMap<Arc<str>, (LoadBalancerId, Listener)>,
    /// The target groups that the rules of listeners forward to, by the ARN of the rule.
    pub(crate) listener_rules: BTreeMap<Arc<str>, Vec<TargetGroupId>>,
    /// Registered targets.
    pub(crate) targets: BTreeMap<TargetGroupId, Vec<Target>>,
    /// Entries of prefix lists, and where they were read.
    pub(crate) entries: BTreeMap<PrefixListId, (Place, Vec<IpPrefix>)>,
    /// Routes of transit gateways.
    pub(crate) routes: BTreeMap<TransitGatewayRouteTableId, Vec<TransitGatewayRoute>>,
    /// The attachments that propagate their routes to a route table.
    pub(crate) propagations: BTreeMap<TransitGatewayRouteTableId, Vec<TransitGatewayAttachmentId>>,
    /// Firewalls of which only the name is known.
    pub(crate) firewall_names: Vec<Firewall>,
    /// VPC Block Public Access, where it was read.
    pub(crate) block_public_access: Vec<(Place, BlockPublicAccess)>,
    /// The subnets that a database may have its interface in.
    pub(crate) database_subnets: BTreeMap<DatabaseId, Vec<SubnetId>>,
}

/// The rules of a group as `describe-security-group-rules` gives them.
#[derive(Debug, Default)]
pub(crate) struct GroupRules {
    /// The file that told the last of them.
    pub(crate) file: Arc<str>,
    /// Where the group is.
    pub(crate) place: Place,
    /// The rules.
    pub(crate) rules: Vec<SecurityGroupRule>,
}

/// An Elastic IP address that is mapped to a private one.
#[derive(Debug)]
pub(crate) struct MappedAddress {
    /// The file that told it.
    pub(crate) file: Arc<str>,
    /// The interface.
    pub(crate) interface: InterfaceId,
    /// The private address.
    pub(crate) private: Ipv4Addr,
    /// The public address.
    pub(crate) public: Ipv4Addr,
}
