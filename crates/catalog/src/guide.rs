//! What it means that a port is open to the Internet, and what the setting should be.
//!
//! A guide is a judgement of our own, written by hand, for one port or a few that belong together.
//! It speaks of one case only: any address of the Internet can open a connection. How many
//! addresses can, and whether something listens, the caller knows better and weighs itself.
//!
//! The judgement goes by port, not by the registry: at port 9200 the registry has the long-dead
//! `wap-wsp`, and the world has Elasticsearch. Names and severities follow the world.

use std::fmt;
use std::ops::RangeInclusive;

use crate::severity::Severity;
use crate::transport::{Transport, Transports};

/// A judgement of one service and of its ports.
#[derive(Debug)]
pub struct Guide {
    /// The short name of the service, in lower case, such as `postgresql`.
    pub name: &'static str,
    /// The full name of the service.
    pub title: &'static str,
    /// Other names that people type for it, in lower case.
    pub aliases: &'static [&'static str],
    /// The ports, sorted.
    pub ports: &'static [RangeInclusive<u16>],
    /// The transports for which the judgement holds.
    pub transports: Transports,
    /// What sort of service it is.
    pub kind: Kind,
    /// How bad it is that the whole Internet can reach it.
    pub severity: Severity,
    /// Who should reach it.
    pub allow: AllowedSource,
    /// Why the severity is what it is.
    pub why: &'static str,
    /// The setting that we recommend.
    pub recommended: &'static str,
    /// The pages that say what the two texts claim of AWS or of a standard.
    pub sources: &'static [&'static str],
}

impl Guide {
    /// Returns whether the guide speaks of `port`.
    pub fn covers(&self, transport: Transport, port: u16) -> bool {
        self.transports.contains(transport) && self.ports.iter().any(|ports| ports.contains(&port))
    }

    /// Returns whether the guide was written for its ports, and is not the one for all the rest.
    pub fn is_listed(&self) -> bool {
        self.kind != Kind::Unlisted
    }
}

/// A sort of service.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Kind {
    /// A shell, a desktop, or another way to run things on a host.
    RemoteAdministration,
    /// A database server.
    Database,
    /// A store of data in memory.
    Cache,
    /// A search engine.
    Search,
    /// Files, volumes, and backups over the network.
    FileSharing,
    /// Transport of mail and access to mailboxes.
    Mail,
    /// A web site or web interface.
    Web,
    /// A proxy that opens connections for others.
    Proxy,
    /// A tool for developers that was never meant to face the Internet.
    DevelopmentTool,
    /// Users, groups, and their authentication.
    Directory,
    /// Names of hosts.
    NameService,
    /// The time.
    TimeService,
    /// Queues, topics, and streams.
    MessageQueue,
    /// Control of containers and their hosts.
    ContainerControl,
    /// The memory that the members of a cluster share.
    ClusterCoordination,
    /// Distributed storage and computation.
    DataProcessing,
    /// Metrics, logs, and traces.
    Monitoring,
    /// Management of network devices.
    NetworkManagement,
    /// Keys and passwords.
    Secrets,
    /// Tunnels between networks.
    PrivateNetwork,
    /// Voice, video, and remote pixels.
    Media,
    /// Machines, sensors, and buildings.
    IndustrialControl,
    /// A protocol of the time before encryption.
    LegacyCleartext,
    /// A small question with a large answer, of use to those who forge addresses.
    Amplification,
    /// A port that malicious software likes.
    Malware,
    /// A port of which we have nothing to say.
    Unlisted,
}

impl Kind {
    /// Returns the name in lower case, such as `remote administration`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RemoteAdministration => "remote administration",
            Self::Database => "database",
            Self::Cache => "cache",
            Self::Search => "search",
            Self::FileSharing => "file sharing",
            Self::Mail => "mail",
            Self::Web => "web",
            Self::Proxy => "proxy",
            Self::DevelopmentTool => "development tool",
            Self::Directory => "directory",
            Self::NameService => "name service",
            Self::TimeService => "time service",
            Self::MessageQueue => "message queue",
            Self::ContainerControl => "container control",
            Self::ClusterCoordination => "cluster coordination",
            Self::DataProcessing => "data processing",
            Self::Monitoring => "monitoring",
            Self::NetworkManagement => "network management",
            Self::Secrets => "secrets",
            Self::PrivateNetwork => "private network",
            Self::Media => "media",
            Self::IndustrialControl => "industrial control",
            Self::LegacyCleartext => "legacy cleartext",
            Self::Amplification => "amplification",
            Self::Malware => "malware",
            Self::Unlisted => "unlisted",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Who should be able to reach a service.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AllowedSource {
    /// Nobody, by no rule at all.
    Nobody,
    /// The networks from which administrators work, kept in one prefix list.
    Administrators,
    /// The security group of the application that uses the service.
    Application,
    /// The other members of the same security group.
    SameGroup,
    /// The security group of the load balancer in front.
    LoadBalancer,
    /// The address range of the VPC.
    Vpc,
    /// The known addresses of partners, one by one.
    Partners,
    /// Everybody, on purpose.
    Internet,
}

impl AllowedSource {
    /// Returns who it is, as the object of “open to”, such as `the load balancer`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Administrators => "administrators",
            Self::Application => "the application",
            Self::SameGroup => "members of the same group",
            Self::LoadBalancer => "the load balancer",
            Self::Vpc => "the VPC",
            Self::Partners => "known partners",
            Self::Internet => "the Internet",
        }
    }
}

impl fmt::Display for AllowedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
