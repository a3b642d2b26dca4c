//! What owns interfaces: instances, gateways with addresses, and services inside the VPC.

use super::interface::{GroupName, Interface};

/// An EC2 instance that runs.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Such as `t3.medium`.
    pub(crate) class: &'static str,
    pub(crate) is_windows: bool,
    pub(crate) key_name: &'static str,
    /// Tags other than `Name`.
    pub(crate) tags: Vec<(&'static str, String)>,
    /// The primary interface first; never empty.
    pub(crate) interfaces: Vec<Interface>,
}

/// A NAT gateway with one public address.
#[derive(Clone, Debug)]
pub(crate) struct NatGateway {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) interface: Interface,
}

/// A VPC endpoint.
#[derive(Clone, Debug)]
pub(crate) enum Endpoint {
    /// For S3, in route tables.
    Gateway { id: String, name: String, vpc: String, service: String, route_tables: Vec<String> },
    /// Private addresses of a service.
    Interface {
        id: String,
        name: String,
        vpc: String,
        service: String,
        groups: Vec<GroupName>,
        interfaces: Vec<Interface>,
    },
}

impl Endpoint {
    pub(crate) fn interfaces(&self) -> &[Interface] {
        match self {
            Self::Gateway { .. } => &[],
            Self::Interface { interfaces, .. } => interfaces,
        }
    }
}

/// An Application Load Balancer that redirects port 80 to 443 and forwards 443.
#[derive(Clone, Debug)]
pub(crate) struct LoadBalancer {
    pub(crate) name: String,
    pub(crate) vpc: String,
    pub(crate) is_internet_facing: bool,
    pub(crate) groups: Vec<GroupName>,
    /// One per zone.
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) target_group: TargetGroup,
}

/// Where a load balancer forwards to.
#[derive(Clone, Debug)]
pub(crate) struct TargetGroup {
    pub(crate) name: String,
    pub(crate) port: u16,
    /// The ids of instances.
    pub(crate) targets: Vec<String>,
}

/// An RDS database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) is_public: bool,
    /// The subnets of its subnet group, with their zones.
    pub(crate) subnets: Vec<(String, char)>,
    pub(crate) interface: Interface,
}

/// One node of a Redis cluster.
#[derive(Clone, Debug)]
pub(crate) struct CacheNode {
    /// The replication group, such as `session-cache`.
    pub(crate) cluster: String,
    /// 1 and up.
    pub(crate) number: usize,
    pub(crate) interface: Interface,
}

impl CacheNode {
    /// Returns the cache cluster's id, such as `session-cache-001`.
    pub(crate) fn id(&self) -> String {
        format!("{}-{:03}", self.cluster, self.number)
    }
}

/// A Lambda function inside the VPC.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// One per subnet; never empty.
    pub(crate) interfaces: Vec<Interface>,
}
