//! One concrete packet, and sets of packets between addresses.

use std::fmt;

use crate::address::{Address, AddressSet};
use crate::algebra::Set as _;
use crate::icmp::IcmpKind;
use crate::list::write_list;
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
    /// ICMP of either family.
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
///
/// ```
/// use std::net::Ipv4Addr;
/// use portolan_net::{PacketSet, PortSet, Prefix, Set as _, Traffic};
///
/// let server = Prefix::single(Ipv4Addr::new(192, 0, 2, 1));
/// let web = Traffic::tcp(PortSet::single(443));
/// let open = PacketSet::between(Prefix::ALL.into(), server.into(), web);
/// assert_eq!(open.to_string(), "0.0.0.0/0 -> 192.0.2.1/32: tcp 443");
/// assert!(open.contains_packet(open.witness().unwrap()));
/// ```
pub type PacketSet<A> = Product<AddressSet<A>, Product<AddressSet<A>, Traffic>>;

impl<A: Address> PacketSet<A> {
    /// Returns the packets from one of `sources` to one of `destinations`, within `traffic`.
    pub fn between(sources: AddressSet<A>, destinations: AddressSet<A>, traffic: Traffic) -> Self {
        Self::of(destinations, Product::of(sources, traffic))
    }

    /// Returns whether the set holds `packet`.
    pub fn contains_packet(&self, packet: Packet<A>) -> bool {
        self.contains((packet.destination, (packet.source, packet.header)))
    }

    /// Returns an example, the same for equal sets, or `None` if the set is empty.
    ///
    /// It goes to the lowest destination, from the lowest source that may reach it; see
    /// [`Traffic::witness`] for its header.
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
        Traffic::union_all(self.layers().iter().map(|(_, senders)| senders.seconds()))
    }
}

impl<A: Address> fmt::Display for PacketSet<A> {
    /// Writes a line for each box, such as `10.0.0.0/8 -> 192.0.2.1/32: tcp 443`, or `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let boxes = self.layers().iter().flat_map(|(destinations, senders)| {
            senders.layers().iter().map(move |(sources, traffic)| (sources, destinations, traffic))
        });
        let line =
            |(sources, destinations, traffic)| format!("{sources} -> {destinations}: {traffic}");
        write_list(f, "\n", boxes.map(line))
    }
}
