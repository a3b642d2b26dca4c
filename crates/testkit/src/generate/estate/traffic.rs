//! The filters: security groups and network ACLs.

/// The traffic that a rule speaks of: a protocol with ports, with ICMP type and code, or everything.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Traffic {
    /// The IANA protocol number, or -1 for all.
    pub(crate) protocol: i16,
    /// The first port, or the ICMP type; -1 is any.
    pub(crate) first: i32,
    /// The last port, or the ICMP code; -1 is any.
    pub(crate) last: i32,
}

impl Traffic {
    /// Every packet.
    pub(crate) const ALL: Self = Self { protocol: -1, first: -1, last: -1 };
    /// ICMP echo requests, which is what people mean by ping.
    pub(crate) const PING: Self = Self { protocol: 1, first: 8, last: -1 };
    /// The ports from which clients may connect, so those to which replies go.
    pub(crate) const EPHEMERAL: Self = Self::tcp_range(1024, 65535);

    pub(crate) const fn tcp(port: u16) -> Self {
        Self::tcp_range(port, port)
    }

    pub(crate) const fn tcp_range(first: u16, last: u16) -> Self {
        Self { protocol: 6, first: first as i32, last: last as i32 }
    }

    pub(crate) const fn udp(port: u16) -> Self {
        Self::udp_range(port, port)
    }

    pub(crate) const fn udp_range(first: u16, last: u16) -> Self {
        Self { protocol: 17, first: first as i32, last: last as i32 }
    }
}

/// A security group.
#[derive(Clone, Debug)]
pub(crate) struct SecurityGroup {
    pub(crate) id: String,
    /// `default` for the one that AWS makes with the VPC.
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) vpc: String,
    pub(crate) ingress: Vec<Rule>,
    pub(crate) egress: Vec<Rule>,
}

/// A rule of a security group.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) traffic: Traffic,
    pub(crate) peer: Peer,
    /// What somebody noted, or nothing.
    pub(crate) note: &'static str,
}

impl Rule {
    pub(crate) fn new(traffic: Traffic, peer: Peer, note: &'static str) -> Self {
        Self { traffic, peer, note }
    }

    pub(crate) fn from_block(
        traffic: Traffic,
        block: impl Into<String>,
        note: &'static str,
    ) -> Self {
        Self::new(traffic, Peer::Block(block.into()), note)
    }

    pub(crate) fn from_group(traffic: Traffic, group: &str, note: &'static str) -> Self {
        Self::new(traffic, Peer::Group(group.to_owned()), note)
    }

    /// Returns the rule that AWS puts into a new group's outbound side.
    pub(crate) fn everywhere() -> Self {
        Self::from_block(Traffic::ALL, "0.0.0.0/0", "")
    }

    /// Returns the rule that joins it if the VPC has IPv6.
    pub(crate) fn everywhere6() -> Self {
        Self::from_block(Traffic::ALL, "::/0", "")
    }
}

/// The other side of a security-group rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Peer {
    /// A CIDR block of either family.
    Block(String),
    /// A prefix list's id.
    PrefixList(String),
    /// A group of the same VPC.
    Group(String),
    /// A group of a peered VPC.
    PeerGroup(PeerGroup),
}

/// A security group behind a peering connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PeerGroup {
    pub(crate) id: String,
    /// The account that owns it; AWS stops telling once the group is deleted.
    pub(crate) account: Option<String>,
    pub(crate) vpc: String,
    pub(crate) peering: String,
}

/// A network ACL.
#[derive(Clone, Debug)]
pub(crate) struct NetworkAcl {
    pub(crate) id: String,
    /// Empty for the default one, which nobody names.
    pub(crate) name: String,
    pub(crate) vpc: String,
    pub(crate) is_default: bool,
    pub(crate) subnets: Vec<String>,
    /// Without the closing denials, which every network ACL has.
    pub(crate) ingress: Vec<AclEntry>,
    pub(crate) egress: Vec<AclEntry>,
}

/// An entry of a network ACL.
#[derive(Clone, Debug)]
pub(crate) struct AclEntry {
    /// 1 to 32766.
    pub(crate) number: u16,
    pub(crate) allows: bool,
    pub(crate) traffic: Traffic,
    /// A CIDR block of either family.
    pub(crate) block: String,
}

impl AclEntry {
    pub(crate) fn allow(number: u16, traffic: Traffic, block: impl Into<String>) -> Self {
        Self { number, allows: true, traffic, block: block.into() }
    }

    pub(crate) fn deny(number: u16, traffic: Traffic, block: impl Into<String>) -> Self {
        Self { number, allows: false, traffic, block: block.into() }
    }

    /// Returns the entries of a default network ACL, one side: everything is allowed.
    pub(crate) fn allow_everything(with_ipv6: bool) -> Vec<Self> {
        let ipv6 = with_ipv6.then(|| Self::allow(101, Traffic::ALL, "::/0"));
        [Self::allow(100, Traffic::ALL, "0.0.0.0/0")].into_iter().chain(ipv6).collect()
    }
}
