//! What a header above IP can say, for one pair of addresses.
//!
//! For each protocol the set has the shape that AWS can filter: TCP and UDP by port, ICMP by
//! type and code, all others by number only. Source ports are constrained by nothing but
//! stateless filters on the way back, so most port sets are one box.

mod display;
mod reply;
mod witness;

use num_bigint::BigUint;

use crate::algebra::Set;
use crate::icmp::IcmpSet;
use crate::interval_set::PortSet;
use crate::packet::Header;
use crate::product::Product;
use crate::protocol::Protocol;
use crate::protocol_set::ProtocolSet;

/// A set of pairs of a destination port and a source port.
pub type Ports = Product<PortSet, PortSet>;

/// A set of headers above IP, in canonical form.
///
/// ```
/// use portolan_net::{PortSet, Protocol, Set as _, Traffic};
///
/// let ssh = Traffic::tcp(PortSet::single(22));
/// let rest = Traffic::protocol(Protocol::TCP).difference(&ssh);
/// assert_eq!(rest.to_string(), "tcp 0-21, 23-65535");
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Traffic {
    tcp: Ports,
    udp: Ports,
    icmp: IcmpSet,
    icmpv6: IcmpSet,
    // INVARIANT: without the protocols of the fields above.
    other: ProtocolSet,
}

impl Traffic {
    /// Returns all traffic: every header of every protocol.
    pub fn all() -> Self {
        Self::full()
    }

    /// Returns everything of one protocol.
    pub fn protocol(protocol: Protocol) -> Self {
        match protocol {
            Protocol::TCP => Self { tcp: Ports::full(), ..Self::empty() },
            Protocol::UDP => Self { udp: Ports::full(), ..Self::empty() },
            Protocol::ICMP => Self::icmp(IcmpSet::full()),
            Protocol::ICMPV6 => Self::icmpv6(IcmpSet::full()),
            _ => Self { other: ProtocolSet::single(protocol), ..Self::empty() },
        }
    }

    /// Returns TCP to these ports, from any port.
    pub fn tcp(destinations: PortSet) -> Self {
        Self::with_ports(Protocol::TCP, destinations, PortSet::full())
    }

    /// Returns UDP to these ports, from any port.
    pub fn udp(destinations: PortSet) -> Self {
        Self::with_ports(Protocol::UDP, destinations, PortSet::full())
    }

    /// Returns the traffic of `protocol` to and from these ports.
    ///
    /// AWS filters no protocol but TCP and UDP by port; of any other one this is all.
    pub fn with_ports(protocol: Protocol, destinations: PortSet, sources: PortSet) -> Self {
        match protocol {
            Protocol::TCP => Self { tcp: Ports::of(destinations, sources), ..Self::empty() },
            Protocol::UDP => Self { udp: Ports::of(destinations, sources), ..Self::empty() },
            _ => Self::protocol(protocol),
        }
    }

    /// Returns these ICMP messages of IPv4.
    pub fn icmp(kinds: IcmpSet) -> Self {
        Self { icmp: kinds, ..Self::empty() }
    }

    /// Returns these ICMP messages of IPv6.
    pub fn icmpv6(kinds: IcmpSet) -> Self {
        Self { icmpv6: kinds, ..Self::empty() }
    }

    /// Returns the ports of the TCP traffic.
    pub const fn tcp_ports(&self) -> &Ports {
        &self.tcp
    }

    /// Returns the ports of the UDP traffic.
    pub const fn udp_ports(&self) -> &Ports {
        &self.udp
    }

    /// Returns the ICMP messages of IPv4.
    pub const fn icmp_kinds(&self) -> &IcmpSet {
        &self.icmp
    }

    /// Returns the ICMP messages of IPv6.
    pub const fn icmpv6_kinds(&self) -> &IcmpSet {
        &self.icmpv6
    }

    /// Returns the protocols that are seen by number only: all but TCP, UDP and ICMP.
    pub const fn other_protocols(&self) -> ProtocolSet {
        self.other
    }

    /// Returns the protocols of which the set holds at least one header.
    pub fn protocols(&self) -> ProtocolSet {
        let holds = |protocol: &Protocol| self.intersects(&Self::protocol(*protocol));
        let detailed = DETAILED.into_iter().filter(holds).collect();
        self.other.union(&detailed)
    }
}

/// The protocols of which [`Traffic`] sees more than the number.
const DETAILED: [Protocol; 4] = [Protocol::TCP, Protocol::UDP, Protocol::ICMP, Protocol::ICMPV6];

impl Set for Traffic {
    type Member = Header;

    fn empty() -> Self {
        Self {
            tcp: Ports::empty(),
            udp: Ports::empty(),
            icmp: IcmpSet::empty(),
            icmpv6: IcmpSet::empty(),
            other: ProtocolSet::empty(),
        }
    }

    fn full() -> Self {
        Self {
            tcp: Ports::full(),
            udp: Ports::full(),
            icmp: IcmpSet::full(),
            icmpv6: IcmpSet::full(),
            other: DETAILED.into_iter().collect::<ProtocolSet>().complement(),
        }
    }

    fn is_empty(&self) -> bool {
        *self == Self::empty()
    }

    fn is_full(&self) -> bool {
        *self == Self::full()
    }

    /// Returns whether the set holds `member`. A header whose variant does not fit its
    /// protocol is in no set.
    fn contains(&self, member: Header) -> bool {
        match member {
            Header::Ports { protocol: Protocol::TCP, source, destination } => {
                self.tcp.contains((destination, source))
            }
            Header::Ports { protocol: Protocol::UDP, source, destination } => {
                self.udp.contains((destination, source))
            }
            Header::Icmp { protocol: Protocol::ICMP, kind } => self.icmp.contains(kind),
            Header::Icmp { protocol: Protocol::ICMPV6, kind } => self.icmpv6.contains(kind),
            Header::Other(protocol) => self.other.contains(protocol),
            Header::Ports { .. } | Header::Icmp { .. } => false,
        }
    }

    fn union(&self, other: &Self) -> Self {
        Self {
            tcp: self.tcp.union(&other.tcp),
            udp: self.udp.union(&other.udp),
            icmp: self.icmp.union(&other.icmp),
            icmpv6: self.icmpv6.union(&other.icmpv6),
            other: self.other.union(&other.other),
        }
    }

    fn intersection(&self, other: &Self) -> Self {
        Self {
            tcp: self.tcp.intersection(&other.tcp),
            udp: self.udp.intersection(&other.udp),
            icmp: self.icmp.intersection(&other.icmp),
            icmpv6: self.icmpv6.intersection(&other.icmpv6),
            other: self.other.intersection(&other.other),
        }
    }

    fn difference(&self, other: &Self) -> Self {
        Self {
            tcp: self.tcp.difference(&other.tcp),
            udp: self.udp.difference(&other.udp),
            icmp: self.icmp.difference(&other.icmp),
            icmpv6: self.icmpv6.difference(&other.icmpv6),
            other: self.other.difference(&other.other),
        }
    }

    fn intersects(&self, other: &Self) -> bool {
        self.tcp.intersects(&other.tcp)
            || self.udp.intersects(&other.udp)
            || self.icmp.intersects(&other.icmp)
            || self.icmpv6.intersects(&other.icmpv6)
            || self.other.intersects(&other.other)
    }

    fn contains_set(&self, other: &Self) -> bool {
        self.tcp.contains_set(&other.tcp)
            && self.udp.contains_set(&other.udp)
            && self.icmp.contains_set(&other.icmp)
            && self.icmpv6.contains_set(&other.icmpv6)
            && self.other.contains_set(&other.other)
    }

    /// Returns how many headers the set holds. A protocol that is seen by number only has one.
    fn count(&self) -> BigUint {
        self.tcp.count()
            + self.udp.count()
            + self.icmp.count()
            + self.icmpv6.count()
            + self.other.count()
    }
}

impl From<Header> for Traffic {
    /// Returns the set of one header: empty if its variant does not fit its protocol.
    fn from(header: Header) -> Self {
        match header {
            Header::Ports { protocol, source, destination } if protocol.has_ports() => {
                Self::with_ports(protocol, PortSet::single(destination), PortSet::single(source))
            }
            Header::Icmp { protocol: Protocol::ICMP, kind } => Self::icmp(IcmpSet::single(kind)),
            Header::Icmp { protocol: Protocol::ICMPV6, kind } => {
                Self::icmpv6(IcmpSet::single(kind))
            }
            Header::Other(protocol) if !DETAILED.contains(&protocol) => Self::protocol(protocol),
            Header::Ports { .. } | Header::Icmp { .. } | Header::Other(_) => Self::empty(),
        }
    }
}
