//! One concrete packet, and sets of packets between addresses.

use std::fmt;

use crate::address::{Address, AddressSet};
use crate::algebra::Set as _;
use crate::icmp::IcmpKind;
use crate::interval::write_list;
use crate::product::Product;
use crate::protocol::Protocol;
use crate::traffic::Traffic;

/// What one packet says above IP, as far as AWS looks.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Header {
    /// TCP or UDP.
    Ports {
        /// [`Protocol::TCP`] or [`Protocol::UDP`].
        protocol: Protocol,
        /// The source port.
        source: u16,
        /// The destination port.
        destination: u16,
    },
    /// ICMP or ICMPv6.
    Icmp {
        /// [`Protocol::ICMP`] or [`Protocol::ICMPV6`].
        protocol: Protocol,
        /// Type and code.
        kind: IcmpKind,
    },
    /// Any other protocol, of which no filter sees more than the number.
    Other(Protocol),
}

impl Header {
    /// Returns the protocol.
    pub const fn protocol(self) -> Protocol {
        match self {
            Self::Ports { protocol, .. } | Self::Icmp { protocol, .. } | Self::Other(protocol) => {
                protocol
            }
        }
    }
}

impl fmt::Display for Header {
    /// Writes `tcp 40000 -> 443`, `icmp 8/0` or `esp`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ports { protocol, source, destination } => {
                write!(f, "{protocol} {source} -> {destination}")
            }
            Self::Icmp { protocol, kind } => write!(f, "{protocol} {kind}"),
            Self::Other(protocol) => write!(f, "{protocol}"),
        }
    }
}

/// One concrete packet.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Packet<A> {
    /// Where it comes from.
    pub source: A,
    /// Where it goes to.
    pub destination: A,
    /// What it says above IP.
    pub header: Header,
}

/// A set of packets of one address family: destination, then source, then traffic.
pub type PacketSet<A> = Product<AddressSet<A>, Product<AddressSet<A>, Traffic>>;

impl<A: Address> PacketSet<A> {
    /// Returns the packets to one of `destinations`, from one of `sources`, within `traffic`.
    pub fn between(sources: AddressSet<A>, destinations: AddressSet<A>, traffic: Traffic) -> Self {
        Self::of(destinations, Product::of(sources, traffic))
    }

    /// Returns whether the set holds `packet`.
    pub fn contains_packet(&self, packet: Packet<A>) -> bool {
        self.contains((packet.destination, (packet.source, packet.header)))
    }

    /// Returns an example, the same for equal sets, or `None` if the set is empty.
    pub fn witness(&self) -> Option<Packet<A>> {
        let (destinations, senders) = self.layers().first()?;
        let (sources, traffic) = senders.layers().first()?;
        Some(Packet {
            source: sources.first()?,
            destination: destinations.first()?,
            header: traffic.witness()?,
        })
    }

    /// Returns the traffic of all packets, whatever their addresses.
    pub fn traffic(&self) -> Traffic {
        self.layers()
            .iter()
            .fold(Traffic::empty(), |all, (_, senders)| all.union(&senders.seconds()))
    }
}

impl<A: Address> fmt::Display for PacketSet<A> {
    /// Writes one line for each box: `10.0.0.0/8 -> 192.0.2.1/32: tcp 443`, or `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.layers().iter().flat_map(|(destinations, senders)| {
            let line = move |(sources, traffic)| format!("{sources} -> {destinations}: {traffic}");
            senders.layers().iter().map(|(sources, traffic)| (sources, traffic)).map(line)
        });
        write_list(f, "\n", lines)
    }
}
