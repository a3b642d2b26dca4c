//! What a header above IP can say, for one pair of addresses.
//!
//! For each protocol the set has the shape that AWS can filter: TCP and UDP by port, ICMP and
//! ICMPv6 by type and code, all others by number only. Source ports are constrained by nothing
//! but stateless filters on the way back, so most port sets are one box.

use std::fmt;

use num_bigint::BigUint;

use crate::address::Family;
use crate::algebra::Set;
use crate::icmp::{self, IcmpKind, IcmpSet};
use crate::interval::{Interval, PortSet, write_list};
use crate::packet::Header;
use crate::product::Product;
use crate::protocol::{Protocol, ProtocolSet};

/// A set of pairs of a destination port and a source port.
pub type Ports = Product<PortSet, PortSet>;

/// A set of headers above IP, in canonical form.
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
            Protocol::TCP | Protocol::UDP => {
                Self::with_ports(protocol, PortSet::full(), PortSet::full())
            }
            Protocol::ICMP => Self::icmp(IcmpSet::full()),
            Protocol::ICMPV6 => Self::icmpv6(IcmpSet::full()),
            _ => Self { other: ProtocolSet::single(protocol), ..Self::empty() },
        }
    }

    /// Returns TCP to these ports.
    pub fn tcp(destinations: PortSet) -> Self {
        Self::with_ports(Protocol::TCP, destinations, PortSet::full())
    }

    /// Returns UDP to these ports.
    pub fn udp(destinations: PortSet) -> Self {
        Self::with_ports(Protocol::UDP, destinations, PortSet::full())
    }

    /// Returns the traffic of `protocol` to and from these ports.
    ///
    /// AWS filters no protocol but TCP and UDP by port; for any other one this is all of it.
    pub fn with_ports(protocol: Protocol, destinations: PortSet, sources: PortSet) -> Self {
        let ports = Ports::of(destinations, sources);
        match protocol {
            Protocol::TCP => Self { tcp: ports, ..Self::empty() },
            Protocol::UDP => Self { udp: ports, ..Self::empty() },
            _ => Self::protocol(protocol),
        }
    }

    /// Returns these ICMP messages.
    pub fn icmp(kinds: IcmpSet) -> Self {
        Self { icmp: kinds, ..Self::empty() }
    }

    /// Returns these ICMPv6 messages.
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

    /// Returns the ICMP messages.
    pub const fn icmp_kinds(&self) -> &IcmpSet {
        &self.icmp
    }

    /// Returns the ICMPv6 messages.
    pub const fn icmpv6_kinds(&self) -> &IcmpSet {
        &self.icmpv6
    }

    /// Returns the protocols other than TCP, UDP, ICMP and ICMPv6.
    pub const fn other_protocols(&self) -> ProtocolSet {
        self.other
    }

    /// Returns the protocols of which the set holds at least one header.
    pub fn protocols(&self) -> ProtocolSet {
        let present = [
            (Protocol::TCP, self.tcp.is_empty()),
            (Protocol::UDP, self.udp.is_empty()),
            (Protocol::ICMP, self.icmp.is_empty()),
            (Protocol::ICMPV6, self.icmpv6.is_empty()),
        ];
        let filtered: ProtocolSet =
            present.into_iter().filter(|(_, empty)| !empty).map(|(protocol, _)| protocol).collect();
        self.other.union(&filtered)
    }

    /// Returns the traffic whose replies are in this set.
    ///
    /// This set is what a stateless filter lets back. A TCP or UDP packet is answered with its
    /// ports exchanged; an ICMP request with its reply type and code 0 (RFC 792, RFC 950,
    /// RFC 4443); a packet of another protocol with one of the same protocol. An ICMP message
    /// that is never answered needs nothing, so all of those are in the result.
    #[must_use]
    pub fn replies_within(&self) -> Self {
        Self {
            tcp: self.tcp.transpose(),
            udp: self.udp.transpose(),
            icmp: answered_within(&self.icmp, Family::V4),
            icmpv6: answered_within(&self.icmpv6, Family::V6),
            other: self.other,
        }
    }

    /// Returns an example, the same for equal sets, or `None` if the set is empty.
    ///
    /// Prefers TCP, then UDP, then an echo request; the lowest destination port but 0; and a
    /// source port that a Linux client would take (32768 through 60999, the default of
    /// `net.ipv4.ip_local_port_range`).
    pub fn witness(&self) -> Option<Header> {
        port_witness(Protocol::TCP, &self.tcp)
            .or_else(|| port_witness(Protocol::UDP, &self.udp))
            .or_else(|| icmp_witness(Protocol::ICMP, &self.icmp, IcmpKind::new(8, 0)))
            .or_else(|| icmp_witness(Protocol::ICMPV6, &self.icmpv6, IcmpKind::new(128, 0)))
            .or_else(|| self.other.iter().next().map(Header::Other))
    }
}

/// Returns the protocols that [`Traffic`] knows by number only.
fn numbered_only() -> ProtocolSet {
    let detailed = [Protocol::TCP, Protocol::UDP, Protocol::ICMP, Protocol::ICMPV6];
    detailed.into_iter().collect::<ProtocolSet>().complement()
}

/// Returns the messages that are unanswered or have their answer in `replies`.
fn answered_within(replies: &IcmpSet, family: Family) -> IcmpSet {
    let lost = icmp::replies(family)
        .iter()
        .filter(|(_, reply)| !replies.contains(IcmpKind::new(*reply, 0)))
        .map(|(request, _)| IcmpKind::all_codes(*request));
    lost.collect::<IcmpSet>().complement()
}

fn port_witness(protocol: Protocol, ports: &Ports) -> Option<Header> {
    let usable = PortSet::single(0).complement();
    let lowest = |(set, _): &&(PortSet, PortSet)| {
        let port = set.intersection(&usable).first();
        (port.is_none(), port)
    };
    let (destinations, sources) = ports.layers().iter().min_by_key(lowest)?;
    Some(Header::Ports {
        protocol,
        source: first_within(sources, 32768, 60999)?,
        destination: first_within(destinations, 1, u16::MAX)?,
    })
}

/// Returns the smallest value from `low` through `high`, or else the smallest of all.
fn first_within(set: &PortSet, low: u16, high: u16) -> Option<u16> {
    let wanted: PortSet = Interval::new(low, high).into_iter().collect();
    set.intersection(&wanted).first().or_else(|| set.first())
}

fn icmp_witness(protocol: Protocol, kinds: &IcmpSet, wanted: IcmpKind) -> Option<Header> {
    let kind = if kinds.contains(wanted) { Some(wanted) } else { kinds.first() };
    kind.map(|kind| Header::Icmp { protocol, kind })
}

impl Traffic {
    /// Applies one operation of [`Set`] to each part.
    fn zip(&self, other: &Self, operation: impl Operation) -> Self {
        Self {
            tcp: operation.apply(&self.tcp, &other.tcp),
            udp: operation.apply(&self.udp, &other.udp),
            icmp: operation.apply(&self.icmp, &other.icmp),
            icmpv6: operation.apply(&self.icmpv6, &other.icmpv6),
            other: operation.apply(&self.other, &other.other),
        }
    }
}

/// An operation that takes two sets of whatever type to a third.
trait Operation {
    fn apply<S: Set>(&self, left: &S, right: &S) -> S;
}

struct Union;
struct Intersection;
struct Difference;

impl Operation for Union {
    fn apply<S: Set>(&self, left: &S, right: &S) -> S {
        left.union(right)
    }
}

impl Operation for Intersection {
    fn apply<S: Set>(&self, left: &S, right: &S) -> S {
        left.intersection(right)
    }
}

impl Operation for Difference {
    fn apply<S: Set>(&self, left: &S, right: &S) -> S {
        left.difference(right)
    }
}

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
            other: numbered_only(),
        }
    }

    fn is_empty(&self) -> bool {
        self.tcp.is_empty()
            && self.udp.is_empty()
            && self.icmp.is_empty()
            && self.icmpv6.is_empty()
            && self.other.is_empty()
    }

    fn is_full(&self) -> bool {
        self.tcp.is_full()
            && self.udp.is_full()
            && self.icmp.is_full()
            && self.icmpv6.is_full()
            && self.other == numbered_only()
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
        self.zip(other, Union)
    }

    fn intersection(&self, other: &Self) -> Self {
        self.zip(other, Intersection)
    }

    fn difference(&self, other: &Self) -> Self {
        self.zip(other, Difference)
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

    /// Returns how many headers the set holds, where each protocol without ports or kinds
    /// counts as one.
    fn count(&self) -> BigUint {
        self.tcp.count()
            + self.udp.count()
            + self.icmp.count()
            + self.icmpv6.count()
            + self.other.count()
    }
}

impl fmt::Display for Traffic {
    /// Writes `tcp 22, 80-443; udp 53; icmp echo-request; esp`, `all traffic` or `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_full() {
            return f.write_str("all traffic");
        }
        let mut terms = port_terms(Protocol::TCP, &self.tcp);
        terms.extend(port_terms(Protocol::UDP, &self.udp));
        terms.extend(icmp_term(Protocol::ICMP, &self.icmp, Family::V4));
        terms.extend(icmp_term(Protocol::ICMPV6, &self.icmpv6, Family::V6));
        terms.extend(self.other.iter().map(|protocol| protocol.to_string()));
        write_list(f, "; ", terms)
    }
}

/// Returns one term for each layer, such as `tcp 443 (source ports 1024-65535)`.
fn port_terms(protocol: Protocol, ports: &Ports) -> Vec<String> {
    let term = |(destinations, sources): &(PortSet, PortSet)| {
        let mut term = protocol.to_string();
        if !destinations.is_full() {
            term.push_str(&format!(" {}", spaced(destinations)));
        }
        if !sources.is_full() {
            term.push_str(&format!(" (source ports {})", spaced(sources)));
        }
        term
    };
    ports.layers().iter().map(term).collect()
}

fn spaced(ports: &PortSet) -> String {
    ports.to_string().replace(',', ", ")
}

fn icmp_term(protocol: Protocol, kinds: &IcmpSet, family: Family) -> Option<String> {
    if kinds.is_empty() || kinds.is_full() {
        return kinds.is_full().then(|| protocol.to_string());
    }
    let items: Vec<String> =
        kinds.intervals().iter().flat_map(|interval| icmp::describe(*interval, family)).collect();
    Some(format!("{protocol} {}", items.join(", ")))
}
