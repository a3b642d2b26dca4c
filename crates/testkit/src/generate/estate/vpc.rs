//! VPCs and what connects them.

use super::super::block::{Block4, Block6};
use super::super::place::Place;
use super::interface::Site;

/// A VPC.
#[derive(Clone, Debug)]
pub(crate) struct Vpc {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) cidr: Block4,
    pub(crate) ipv6: Option<Block6>,
}

/// A subnet.
#[derive(Clone, Debug)]
pub(crate) struct Subnet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) vpc: String,
    /// The last letter of its zone's name.
    pub(crate) zone: char,
    pub(crate) cidr: Block4,
    pub(crate) ipv6: Option<Block6>,
    pub(crate) is_public: bool,
    /// How many addresses are taken.
    pub(crate) taken: u32,
}

impl Subnet {
    pub(crate) fn site(&self) -> Site {
        Site { subnet: self.id.clone(), vpc: self.vpc.clone(), zone: self.zone }
    }
}

/// A route table.
#[derive(Clone, Debug)]
pub(crate) struct RouteTable {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) vpc: String,
    pub(crate) is_main: bool,
    /// The subnets that name this table.
    pub(crate) subnets: Vec<String>,
    /// All routes, the local ones too.
    pub(crate) routes: Vec<Route>,
}

/// A route. What kind of destination and target it has shows in their texts, as it does in AWS's ids.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// A CIDR block of either family, or a prefix list's id.
    pub(crate) destination: String,
    /// `local`, or the id of a gateway, endpoint or peering connection.
    pub(crate) target: String,
    /// True if the target is gone.
    pub(crate) is_blackhole: bool,
}

impl Route {
    pub(crate) fn new(destination: impl Into<String>, target: impl Into<String>) -> Self {
        let (destination, target) = (destination.into(), target.into());
        Self { destination, target, is_blackhole: false }
    }

    /// Returns the local routes of a VPC.
    pub(crate) fn local(vpc: &Vpc) -> Vec<Self> {
        let ipv6 = vpc.ipv6.map(|block| Self::new(block, "local"));
        [Self::new(vpc.cidr, "local")].into_iter().chain(ipv6).collect()
    }
}

/// An Internet gateway, egress-only or not, and the VPC that it is attached to.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) vpc: String,
}

/// A peering connection that is active.
#[derive(Clone, Debug)]
pub(crate) struct Peering {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) requester: PeeringSide,
    pub(crate) accepter: PeeringSide,
}

/// One of the two VPCs of a peering connection.
#[derive(Clone, Debug)]
pub(crate) struct PeeringSide {
    pub(crate) account: String,
    pub(crate) region: &'static str,
    pub(crate) vpc: Vpc,
}

impl PeeringSide {
    pub(crate) fn new(place: &Place, vpc: &Vpc) -> Self {
        let (account, region) = (place.account.id.clone(), place.region.name);
        Self { account, region, vpc: vpc.clone() }
    }
}

/// A managed prefix list.
#[derive(Clone, Debug)]
pub(crate) struct PrefixList {
    pub(crate) id: String,
    pub(crate) name: String,
    /// True if AWS maintains it.
    pub(crate) is_published: bool,
    /// Blocks with what somebody noted about them.
    pub(crate) entries: Vec<(String, &'static str)>,
}
