//! How bad an opening is: the severity of its ports, tempered by how many addresses may come in.
//!
//! The catalogue judges a port that the whole Internet can reach. Fewer addresses are less bad:
//!
//! | who may come in | IPv4 addresses | IPv6 addresses | severity |
//! |---|---|---|---|
//! | more than any one company owns | over 2^24, a /8 | over 2^96, a /32 | as catalogued |
//! | a network, or some | over 2^8, a /24 | over 2^64, a /64 | one step less |
//! | a few | the rest | the rest | two steps less |
//!
//! What is not answered and is TCP is never worse than `low`: a connection needs replies, so that no more than first
//! packets arrive. A datagram needs no answer to do harm.
//!
//! A /32 is the least that a registry allocates to a provider (RIPE-738, section 5.1), a /64 is one subnet (RFC
//! 4291, section 2.5.4). Of both families the wider counts. What is only possible has no severity: it is `unknown`.
//! A factor on a number of addresses was rejected: it is not easier to defend, and nobody can recompute it in
//! their head.

use std::fmt;
use std::ops::RangeInclusive;

use portolan_catalog::{ALL_TRAFFIC, Severity, Transport, worst_severity};
use portolan_net::{BigUint, PortSet, Protocol, Set as _, Traffic};
use portolan_reach::{Certainty, IpSet};

/// The severity of ICMP and ICMPv6 that the whole Internet can send: it maps hosts, and little more.
const ICMP: Severity = Severity::Low;

/// The severity of a protocol without ports that the whole Internet can send: of a protocol that nobody has judged, as
/// the catalogue says of such a port.
const OTHER_PROTOCOL: Severity = Severity::Medium;

/// The most that TCP is rated to which no reply comes back.
const UNANSWERED: Severity = Severity::Low;

/// How sure it is that packets do what they are sent for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Sureness {
    /// Whether they pass, or only may.
    pub(crate) certainty: Certainty,
    /// Whether replies go back.
    pub(crate) is_answered: bool,
}

/// How bad something is, or that it cannot be told. In the order of a report: the worst first.
///
/// What is unknown may be anything, so it comes before all that is known to be bearable.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Rating {
    Critical,
    High,
    Unknown,
    Medium,
    Low,
    Info,
}

impl Rating {
    /// Every rating, the worst first.
    pub(crate) const ALL: [Self; 6] =
        [Self::Critical, Self::High, Self::Unknown, Self::Medium, Self::Low, Self::Info];

    /// Returns the rating in one word, which is also its class in HTML.
    pub(crate) const fn name(self) -> &'static str {
        match self.severity() {
            Some(severity) => severity.name(),
            None => "unknown",
        }
    }

    /// Returns the severity, or `None` where it cannot be told.
    pub(crate) const fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Unknown => None,
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Info => Some(Severity::Info),
        }
    }

    /// Returns the rating of traffic that `sources` can send.
    pub(crate) fn of(traffic: &Traffic, sources: &IpSet, sureness: Sureness) -> Self {
        if sureness.certainty == Certainty::Possible {
            return Self::Unknown;
        }
        let severity = lowered(severity_of(traffic), steps(sources));
        let is_tcp = Traffic::protocol(Protocol::TCP).contains_set(traffic);
        if is_tcp && !sureness.is_answered { severity.min(UNANSWERED) } else { severity }.into()
    }
}

impl From<Severity> for Rating {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Low => Self::Low,
            Severity::Medium => Self::Medium,
            Severity::High => Self::High,
            Severity::Critical => Self::Critical,
        }
    }
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Returns how bad it is that the whole Internet can send the traffic: as bad as the worst of it.
fn severity_of(traffic: &Traffic) -> Severity {
    if traffic.is_full() {
        return ALL_TRAFFIC;
    }
    let ports = [
        (Transport::Tcp, traffic.tcp_ports().firsts()),
        (Transport::Udp, traffic.udp_ports().firsts()),
    ];
    let ports = ports.iter().flat_map(|(transport, ports)| {
        ranges(ports).map(|ports| worst_severity(*transport, ports))
    });
    let has_icmp = !traffic.icmp_kinds().is_empty() || !traffic.icmpv6_kinds().is_empty();
    let others = traffic.other_protocols().protocols().map(other_severity);
    ports.chain(has_icmp.then_some(ICMP)).chain(others).max().unwrap_or(Severity::Info)
}

/// Iterates over the ranges of a port set in the way of the catalogue.
pub(crate) fn ranges(ports: &PortSet) -> impl Iterator<Item = RangeInclusive<u16>> {
    ports.intervals().iter().map(|range| range.first()..=range.last())
}

fn other_severity(protocol: Protocol) -> Severity {
    Transport::from_protocol_number(protocol.0)
        .map_or(OTHER_PROTOCOL, |transport| worst_severity(transport, 0..=u16::MAX))
}

/// Returns by how many steps the severity is less, for so many addresses.
fn steps(sources: &IpSet) -> usize {
    let v4 = steps_of(&sources.v4.count(), 24, 8);
    let v6 = steps_of(&sources.v6.count(), 96, 64);
    v4.min(v6)
}

/// Returns the steps for a number of addresses, where the limits are powers of two.
fn steps_of(count: &BigUint, anyone: u32, network: u32) -> usize {
    let exceeds = |bits: u32| *count > BigUint::from(1_u8) << bits;
    if exceeds(anyone) {
        0
    } else if exceeds(network) {
        1
    } else {
        2
    }
}

/// Returns the severity some steps down, and not below the least.
fn lowered(severity: Severity, steps: usize) -> Severity {
    let place = Severity::ALL.iter().position(|other| *other == severity).unwrap_or_default();
    Severity::ALL.get(place.saturating_sub(steps)).copied().unwrap_or(severity)
}

#[cfg(test)]
mod tests {
    use portolan_net::{parse_ipv4_set, parse_ipv6_set, parse_traffic};

    use super::*;

    fn sources(v4: &str, v6: &str) -> IpSet {
        let mut sources = IpSet::default();
        if !v4.is_empty() {
            sources.v4 = parse_ipv4_set(v4).into_result().unwrap();
        }
        if !v6.is_empty() {
            sources.v6 = parse_ipv6_set(v6).into_result().unwrap();
        }
        sources
    }

    const SURE: Sureness = Sureness { certainty: Certainty::Certain, is_answered: true };

    fn check(traffic: &str, v4: &str, v6: &str, expected: Rating) {
        let traffic = parse_traffic(traffic).into_result().unwrap();
        let rating = Rating::of(&traffic, &sources(v4, v6), SURE);
        assert_eq!(rating, expected, "{traffic} from {v4} {v6}");
    }

    #[test]
    fn fewer_addresses_are_less_bad() {
        check("tcp 22", "0.0.0.0/0", "", Rating::Critical);
        check("tcp 22", "32.0.0.0/7", "", Rating::Critical);
        check("tcp 22", "33.0.0.0/8", "", Rating::High);
        check("tcp 22", "203.0.112.0/23", "", Rating::High);
        check("tcp 22", "203.0.113.0/24", "", Rating::Medium);
        check("tcp 22", "203.0.113.7/32", "", Rating::Medium);
        check("tcp 22", "", "2000::/3", Rating::Critical);
        check("tcp 22", "", "2001:db8::/32", Rating::High);
        check("tcp 22", "", "2001:db8::/64", Rating::Medium);
        check("tcp 22", "203.0.113.7/32", "::/0", Rating::Critical);
        check("tcp 443", "203.0.113.7/32", "", Rating::Info);
    }

    #[test]
    fn the_worst_of_the_traffic_counts() {
        check("all", "0.0.0.0/0", "", Rating::Critical);
        check("tcp 22, 443", "0.0.0.0/0", "", Rating::Critical);
        check("tcp 443", "0.0.0.0/0", "", Rating::Info);
        check("icmp", "0.0.0.0/0", "", Rating::Low);
        check("esp", "0.0.0.0/0", "", Rating::Medium);
    }

    #[test]
    fn what_is_only_possible_has_no_severity() {
        let sureness = Sureness { certainty: Certainty::Possible, ..SURE };
        let rating = Rating::of(&Traffic::all(), &sources("0.0.0.0/0", "::/0"), sureness);
        assert_eq!(rating, Rating::Unknown);
    }

    #[test]
    fn what_is_not_answered_opens_no_connection() {
        let sureness = Sureness { is_answered: false, ..SURE };
        let check = |traffic: &str, expected: Rating| {
            let traffic = parse_traffic(traffic).into_result().unwrap();
            assert_eq!(Rating::of(&traffic, &sources("0.0.0.0/0", ""), sureness), expected);
        };
        check("tcp 22", Rating::Low);
        check("tcp 443", Rating::Info);
        check("all", Rating::Critical);
    }

    #[test]
    fn ratings_are_in_their_order() {
        assert!(Rating::ALL.is_sorted());
        for severity in Severity::ALL {
            assert_eq!(Rating::from(severity).severity(), Some(severity));
        }
    }
}
