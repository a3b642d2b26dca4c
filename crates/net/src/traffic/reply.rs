//! Which packets get their answer through a filter that keeps no state.

use super::Traffic;
use crate::address::Family;
use crate::algebra::Set as _;
use crate::icmp::{self, IcmpKind, IcmpSet};

impl Traffic {
    /// Returns the traffic whose replies are in this set.
    ///
    /// This set is what a stateless filter lets back. A TCP or UDP packet is answered with its
    /// ports exchanged; an ICMP request with its reply type and code 0 (RFC 792, RFC 950,
    /// RFC 4443); a packet of another protocol with one of the same protocol. An ICMP message
    /// that is never answered needs nothing, so all of those are in the result.
    ///
    /// ```
    /// use portolan_net::{PortSet, Protocol, Traffic};
    ///
    /// let ephemeral = PortSet::from(portolan_net::Interval::between(1024, 65535));
    /// let returned = Traffic::with_ports(Protocol::TCP, ephemeral, PortSet::single(443));
    /// let forward = returned.replies_within();
    /// assert_eq!(forward.tcp_ports().layers().len(), 1);
    /// assert!(forward.to_string().starts_with("tcp 443 (source ports 1024-65535)"));
    /// ```
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
}

/// Returns the messages that need no answer or have it in `replies`.
fn answered_within(replies: &IcmpSet, family: Family) -> IcmpSet {
    let lost = icmp::replies(family)
        .iter()
        .filter(|(_, reply)| !replies.contains(IcmpKind::new(*reply, 0)))
        .map(|(request, _)| IcmpKind::all_codes(*request));
    lost.collect::<IcmpSet>().complement()
}
