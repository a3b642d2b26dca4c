//! The ports that clients choose for their own end of a connection.
//!
//! A security group is stateful and lets answers back in by itself. A network ACL is not: its rules
//! must name the ports at which the clients wait, and these differ from client to client.

use std::ops::RangeInclusive;

/// The ephemeral ports of one kind of client.
#[derive(Debug)]
pub struct EphemeralRange {
    /// What opens the connection.
    pub client: &'static str,
    /// The ports from which it chooses.
    pub ports: RangeInclusive<u16>,
    /// The page that says so.
    pub source: &'static str,
}

/// The page of the VPC User Guide that lists the ranges.
const VPC_USER_GUIDE: &str = "VPC User Guide, Network ACLs, Ephemeral ports";

/// Every documented ephemeral range, the narrowest first.
pub static EPHEMERAL_RANGES: &[EphemeralRange] = &[
    EphemeralRange {
        client: "Windows Server 2003 and earlier",
        ports: 1025..=5000,
        source: VPC_USER_GUIDE,
    },
    EphemeralRange {
        client: "Windows Server 2008 and later",
        ports: 49152..=65535,
        source: VPC_USER_GUIDE,
    },
    EphemeralRange {
        client: "Linux kernels since 4.2",
        ports: 32768..=60999,
        source: "Linux kernel documentation, ip-sysctl, ip_local_port_range",
    },
    EphemeralRange {
        client: "many Linux kernels, Amazon Linux among them",
        ports: 32768..=61000,
        source: VPC_USER_GUIDE,
    },
    EphemeralRange {
        client: "Elastic Load Balancing",
        ports: 1024..=65535,
        source: VPC_USER_GUIDE,
    },
    EphemeralRange { client: "NAT gateway", ports: 1024..=65535, source: VPC_USER_GUIDE },
    EphemeralRange { client: "AWS Lambda", ports: 1024..=65535, source: VPC_USER_GUIDE },
];

/// Iterates over the clients that may use `port` as their own, the narrowest range first.
pub fn ephemeral_ranges_of(port: u16) -> impl Iterator<Item = &'static EphemeralRange> {
    EPHEMERAL_RANGES.iter().filter(move |range| range.ports.contains(&port))
}
