//! Whose an interface is, told from its description, type and requester.

use std::sync::Arc;

/// The resource that an interface belongs to.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Belonging {
    /// What kind of resource it is.
    pub kind: BelongingKind,
    /// Its id or name, where one could be read.
    pub name: Option<Arc<str>>,
}

/// The kinds of resource that have interfaces.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum BelongingKind {
    /// An EC2 instance.
    Instance,
    /// An Application, Network, Gateway or Classic Load Balancer.
    LoadBalancer,
    /// A relational, document, graph or warehouse database.
    Database,
    /// An in-memory cache or database.
    Cache,
    /// A search domain.
    Search,
    /// A Lambda function.
    Function,
    /// A container task.
    Task,
    /// A Kubernetes control plane.
    Cluster,
    /// A NAT gateway.
    NatGateway,
    /// A VPC endpoint.
    Endpoint,
    /// A transit gateway attachment.
    TransitGateway,
    /// A file system's mount target.
    FileSystem,
    /// A directory service.
    Directory,
    /// A message broker.
    Broker,
    /// Another AWS service.
    Service,
    /// Nothing: it is not attached, or nothing tells.
    Unattached,
}
