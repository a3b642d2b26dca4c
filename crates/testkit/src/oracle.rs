//! An independent oracle: one concrete packet, pushed hop by hop through the raw rules of a model, and its reply
//! pushed back.
//!
//! The engine computes with sets of packets over compiled rules; the oracle takes one packet at a time and reads the
//! rules as they stand, with linear scans, bit masks and plain numbers. The two have nothing in common but the page
//! that both are written from, `docs/design/reachability.md`, whose step numbers stand in front of every line of
//! [`Outcome::trace`]. It is meant to be believed by reading, so nothing here is clever and nothing is cached. Packet
//! sets from `portolan_net` were rejected on purpose: a mistake in their algebra would be in both answers.
//!
//! # Readings
//!
//! Where the page leaves a choice, the oracle reads it like this. No reading calls something closed that may be open.
//!
//! - *An unknown filter caps, an unknown way ends.* A security group, network ACL, subnet (as the border that a packet
//!   enters by), prefix list of a rule, load balancer at either end, route without a known state, or VPC Block Public
//!   Access lets the packet through unchanged or not at all: the answer is at most *maybe*, and the other steps still
//!   decide. A way that is not known (transit gateway, appliance, an ambiguous or unread route, a peer VPC that was not
//!   read, `IGW_NAT_REFLECTION`, a gateway route table that leads elsewhere) may rewrite the packet: everything after it
//!   is *maybe*, whatever the filters at the destination say.
//! - Step 1: an interface of a kind that is unknown (a load balancer's, …) is filtered by its groups all the same. A rule
//!   with an unread prefix list is unknown for the protocol and ports of that rule only. A reference to a group is matched
//!   by the group's id. Where the way is not known, a reference may match, unless the way certainly loses identity (a
//!   transit gateway, an appliance).
//! - Step 2: the resolver at the base of the VPC's primary IPv4 CIDR plus two is in the table (Amazon VPC User Guide,
//!   "Amazon DNS server"). An interface endpoint does not initiate towards these either.
//! - Step 3: next is step 8.
//! - Step 4 and 5: a subnet that no network ACL (route table) lists has its VPC's default (main) one. Without the record
//!   of the source's subnet or VPC the way is not known.
//! - Step 5: a propagated route never beats a local one, not even with a longer prefix (AWS Site-to-Site VPN User Guide,
//!   "Route tables and AWS Site-to-Site VPN route priority"). The local route that every VPC CIDR has, listed or not, is
//!   a static route that only a listed CIDR route of the same length replaces. Routes of an unknown origin rank as
//!   propagated. Any two best routes of different targets are ambiguous. A blackhole is not an "other way".
//! - Step 6, local: an interface holds its delegated prefixes too.
//! - Step 6, Internet gateway: a gateway that is known and attached to another VPC, or none, drops. Under VPC Block
//!   Public Access the gateway's other conditions still drop. Port 25 is blocked towards public addresses of interfaces
//!   in the model too, and never on a reply.
//! - Step 6, NAT gateway: it drops if it is known and not available. The network ACLs of a private gateway's subnet
//!   apply before it is unknown. To the public address of an interface in the model it goes on, as behind an Internet
//!   gateway, from the gateway's public address (*maybe* if that is not exactly one). A reply through several filters
//!   must pass all of them with the same port.
//! - Step 6, peering: the CIDRs of the peer VPC are those of its own record.
//! - Step 6, gateway endpoint: one that is not available drops. The reply passes the inbound network ACL of the client's
//!   subnet (AWS guide to `PrivateLink`, "Gateway endpoints for Amazon S3", considerations). Echo requests are ICMP 8 and
//!   ICMPv6 128, of any code.
//! - Step 6, interface or instance: a packet to an address of that very interface is not forwarded by it, so it is
//!   treated as local.
//! - Step 8 and 10: the Region of a side of a peering connection is that of the VPC's record where the connection does
//!   not tell it; if neither does, a reference over it is *maybe*.
//! - Step 9: the source must be in the Internet, seen from the destination's VPC. A VPC without a known Internet gateway
//!   whose routes name one that was not read is reached *maybe*.
//! - Step 10: an ICMP message that needs no reply still needs the way back. A way back that is known and another one,
//!   even through something that is not modelled, is none.

mod address;
mod facts;
mod filter;
mod route;
#[cfg(test)]
mod situations;
mod trip;
mod walk;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portolan_model::{InterfaceId, Model};
use portolan_net::Header;

/// One end of a conversation.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum End {
    /// An interface of the model.
    Interface {
        /// The interface.
        interface: InterfaceId,
        /// One of its own addresses: private IPv4, IPv6, or within a prefix delegated to it.
        address: IpAddr,
    },
    /// A host outside every VPC.
    Internet(IpAddr),
}

impl End {
    /// Returns the address that the end writes as source.
    pub const fn address(&self) -> IpAddr {
        match self {
            Self::Interface { address, .. } | Self::Internet(address) => *address,
        }
    }
}

/// One packet, as its sender writes it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Probe {
    /// The sender.
    pub from: End,
    /// The destination address, before any translation: for an interface seen from outside, its public address.
    pub to: IpAddr,
    /// What the packet says above IP.
    pub header: Header,
}

/// What counts and what does not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// Whether network ACLs filter; if not, they pass everything.
    pub network_acls: bool,
    /// Whether security groups filter; if not, they pass everything.
    pub security_groups: bool,
    /// Whether EC2's block of port 25 towards the Internet is in force.
    pub port_25_blocked: bool,
}

impl Default for Settings {
    /// Returns the settings of an ordinary account: everything is in force.
    fn default() -> Self {
        Self { network_acls: true, security_groups: true, port_25_blocked: true }
    }
}

/// How sure it is that a packet passes. The certainty of a path is the least of its steps.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Certainty {
    /// It does not.
    No,
    /// It cannot be known.
    Maybe,
    /// It does.
    Yes,
}

impl Certainty {
    /// Returns `Yes` for true and `No` for false.
    pub const fn of(passes: bool) -> Self {
        if passes { Self::Yes } else { Self::No }
    }
}

/// Where a packet ended up.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Arrival {
    /// At an interface of the model.
    Interface(InterfaceId),
    /// At an address of the Internet that no interface of the model has.
    Internet,
    /// At a service of AWS: through a gateway endpoint, or one that no filter can stop.
    Service,
}

/// What becomes of a packet, in one word.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Fate {
    /// Certainly delivered and answered.
    Answered,
    /// Certainly delivered, certainly not answered.
    OneWay,
    /// Certainly not delivered.
    Dropped,
    /// Anything else.
    Unknown,
}

/// What becomes of a packet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// Whether it is delivered.
    pub delivered: Certainty,
    /// Whether it is delivered and answered: never above `delivered`.
    pub answered: Certainty,
    /// Where it ended up; `None` if it did not get so far, or if the way to there is not known.
    ///
    /// It is set too if a filter of the destination drops the packet.
    pub at: Option<Arrival>,
    /// What each step said, in order, each with its number in `docs/design/reachability.md`.
    pub trace: Vec<String>,
}

impl Outcome {
    /// Returns the outcome in one word.
    pub const fn fate(&self) -> Fate {
        match (self.delivered, self.answered) {
            (Certainty::Yes, Certainty::Yes) => Fate::Answered,
            (Certainty::Yes, Certainty::No) => Fate::OneWay,
            (Certainty::No, _) => Fate::Dropped,
            _ => Fate::Unknown,
        }
    }
}

/// Returns what becomes of a packet.
///
/// A probe whose sender is not in the model, does not hold its address, or writes to an address of the other family is
/// dropped.
pub fn send(model: &Model, settings: &Settings, probe: &Probe) -> Outcome {
    let mut walk = walk::Walk::new(model, *settings, probe.header);
    if probe.from.address().is_ipv4() == probe.to.is_ipv4() {
        walk.start(&probe.from, probe.to);
    } else {
        walk.refuse("the addresses are of two families");
    }
    walk.finish()
}

/// A host of the Internet that no generated network gives to an interface (RFC 5737).
pub const OUTSIDE_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 99));

/// A host of the Internet that no generated network gives to an interface (RFC 3849).
pub const OUTSIDE_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 0x99));

/// Returns every end of a model: each interface at each of its addresses, then a host of the Internet for each family.
pub fn ends(model: &Model) -> Vec<End> {
    let interfaces = model.interfaces.values().flat_map(|interface| {
        let ipv4 = interface.ipv4.iter().map(|address| IpAddr::V4(address.address));
        let ipv6 = interface.ipv6.iter().map(|address| IpAddr::V6(*address));
        ipv4.chain(ipv6).map(|address| End::Interface { interface: interface.id.clone(), address })
    });
    interfaces.chain([OUTSIDE_V4, OUTSIDE_V6].map(End::Internet)).collect()
}
