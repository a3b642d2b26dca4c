//! Load balancers, their listeners, and where listeners forward to.
//!
//! Source: Elastic Load Balancing API, versions 2012-06-01 and 2015-12-01.

use std::sync::Arc;

use crate::id::{LoadBalancerId, SecurityGroupId, SubnetId, TargetGroupId, VpcId, ZoneName};
use crate::place::{Place, Tags};

/// A load balancer of any kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoadBalancer {
    /// Its id.
    pub id: LoadBalancerId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// Its name.
    pub name: Arc<str>,
    /// Its kind.
    pub kind: LoadBalancerKind,
    /// Whether its name resolves to public addresses.
    pub is_internet_facing: bool,
    /// The VPC that it is in.
    pub vpc: Option<VpcId>,
    /// The subnets that it has interfaces in.
    pub subnets: Vec<SubnetId>,
    /// Its security groups.
    pub security_groups: Vec<SecurityGroupId>,
    /// Its listeners.
    pub listeners: Vec<Listener>,
    /// What it forwards to directly: the instances of a Classic Load Balancer.
    pub instances: Vec<Arc<str>>,
}

/// The kinds of load balancer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LoadBalancerKind {
    /// HTTP and HTTPS.
    Application,
    /// TCP, UDP and TLS.
    Network,
    /// Any packet, to appliances.
    Gateway,
    /// The first generation.
    Classic,
    /// A kind that AWS added later than this program.
    Other,
}

/// One listener.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listener {
    /// Its port; `None` for a Gateway Load Balancer, which listens to all.
    pub port: Option<u16>,
    /// Its protocol in AWS's words, such as `HTTPS`.
    pub protocol: Arc<str>,
    /// The target groups that its default action and rules forward to.
    pub target_groups: Vec<TargetGroupId>,
    /// The port of the instances, for a Classic Load Balancer.
    pub instance_port: Option<u16>,
}

/// A target group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TargetGroup {
    /// Its id.
    pub id: TargetGroupId,
    /// Its account and Region.
    pub place: Place,
    /// Its name.
    pub name: Arc<str>,
    /// The VPC that its targets are in.
    pub vpc: Option<VpcId>,
    /// The protocol that targets are spoken to with.
    pub protocol: Option<Arc<str>>,
    /// The port of a target that has none of its own.
    pub port: Option<u16>,
    /// What targets are: `instance`, `ip`, `lambda` or `alb`.
    pub target_type: Arc<str>,
    /// The load balancers that use it.
    pub load_balancers: Vec<LoadBalancerId>,
    /// The registered targets; `None` where they were not read.
    pub targets: Option<Vec<Target>>,
}

/// One registered target.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// An instance id, an address, or an ARN, as the group's target type says.
    pub id: Arc<str>,
    /// Its port, where it has one of its own.
    pub port: Option<u16>,
    /// Its Availability Zone, where told.
    pub zone: Option<ZoneName>,
    /// The state of its health check in AWS's words, such as `healthy`.
    pub health: Option<Arc<str>>,
}
