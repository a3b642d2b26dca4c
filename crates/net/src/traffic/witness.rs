//! The choice of an example packet.
//!
//! An example convinces if a person could send it. So it is not the least member of the set,
//! which would come from port 0 to port 0.

use super::{Ports, Traffic};
use crate::address::Family;
use crate::algebra::Set as _;
use crate::icmp::{IcmpKind, IcmpSet};
use crate::interval::{Interval, PortRange};
use crate::interval_set::PortSet;
use crate::packet::Header;
use crate::protocol::Protocol;

/// The ports from which a Linux client sends.
///
/// Source: Linux, `Documentation/networking/ip-sysctl.rst`, default of `ip_local_port_range`.
const CLIENT_PORTS: (u16, u16) = (32768, 60999);

/// The ports to which a packet can go: port 0 is reserved (RFC 6335 section 6).
const SERVER_PORTS: (u16, u16) = (1, 65535);

impl Traffic {
    /// Returns an example, the same for equal sets, or `None` if the set is empty.
    ///
    /// Prefers TCP, then UDP, then ICMP with an echo request first; the lowest destination port
    /// but 0; and the lowest source port that a client would take, from 32768 through 60999.
    pub fn witness(&self) -> Option<Header> {
        ports(Protocol::TCP, &self.tcp)
            .or_else(|| ports(Protocol::UDP, &self.udp))
            .or_else(|| icmp(Protocol::ICMP, &self.icmp, Family::V4))
            .or_else(|| icmp(Protocol::ICMPV6, &self.icmpv6, Family::V6))
            .or_else(|| self.other.protocols().next().map(Header::Other))
    }
}

fn ports(protocol: Protocol, ports: &Ports) -> Option<Header> {
    let destination = lowest(&ports.firsts(), SERVER_PORTS)?;
    let source = lowest(ports.paired_with(destination)?, CLIENT_PORTS)?;
    Some(Header::Ports { protocol, source, destination })
}

/// Returns the lowest port of the preferred range, or else the lowest of all.
fn lowest(ports: &PortSet, (first, last): (u16, u16)) -> Option<u16> {
    let preferred: PortRange = Interval::between(first, last);
    ports.intersection(&preferred.into()).first().or_else(|| ports.first())
}

fn icmp(protocol: Protocol, kinds: &IcmpSet, family: Family) -> Option<Header> {
    let echo = Some(IcmpKind::echo_request(family)).filter(|echo| kinds.contains(*echo));
    let kind = echo.or_else(|| kinds.first())?;
    Some(Header::Icmp { protocol, kind })
}
