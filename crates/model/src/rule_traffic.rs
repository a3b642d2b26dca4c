//! What one rule of a security group or network ACL can say about protocol and ports.
//!
//! A rule says much less than a packet set can: one protocol, one port range. Keeping that small form
//! (8 bytes) instead of a [`Traffic`] keeps a model of a million rules small; the engine turns each
//! distinct value into a packet set once.

use portolan_net::{
    AwsRuleError, IcmpKind, IcmpSet, Interval, PortRange, Ports, Protocol, Set as _, Traffic,
};

/// Which way packets go, seen from the interface or the subnet.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Direction {
    /// Towards it.
    Inbound,
    /// Away from it.
    Outbound,
}

/// The protocol and destination ports of one rule.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RuleTraffic {
    /// Every protocol and port (`-1`).
    All,
    /// A range of TCP or UDP ports.
    Ports(Protocol, PortRange),
    /// ICMP or ICMPv6 of one type, or of any, and one code, or any.
    Icmp {
        /// ICMP or ICMPv6.
        protocol: Protocol,
        /// The type; `None` is any.
        kind: Option<u8>,
        /// The code; `None` is any.
        code: Option<u8>,
    },
    /// All of a protocol that has no ports.
    Protocol(Protocol),
}

impl RuleTraffic {
    /// Returns what AWS means by a protocol and a pair of bounds: see [`Traffic::from_aws`], the only place
    /// that knows AWS's notation.
    ///
    /// # Errors
    ///
    /// Returns what cannot be understood: the protocol, the port range, or the ICMP type and code.
    pub fn from_aws(
        protocol: &str,
        first: Option<i64>,
        last: Option<i64>,
    ) -> Result<Self, AwsRuleError> {
        let traffic = Traffic::from_aws(protocol, first, last)?;
        if traffic.is_full() {
            return Ok(Self::All);
        }
        let ports = |protocol, ports: &Ports| {
            let range = ports.firsts().hull()?;
            Some(Self::Ports(protocol, range))
        };
        let icmp = |protocol, kinds: &IcmpSet| {
            let range = kinds.hull()?;
            let (first, last) = (range.first(), range.last());
            let kind = (first.kind == last.kind).then_some(first.kind);
            let code = (first == last).then_some(first.code);
            Some(Self::Icmp { protocol, kind, code })
        };
        let other = || traffic.protocols().protocols().next().map(Self::Protocol);
        Ok(ports(Protocol::TCP, traffic.tcp_ports())
            .or_else(|| ports(Protocol::UDP, traffic.udp_ports()))
            .or_else(|| icmp(Protocol::ICMP, traffic.icmp_kinds()))
            .or_else(|| icmp(Protocol::ICMPV6, traffic.icmpv6_kinds()))
            .or_else(other)
            .unwrap_or(Self::All))
    }

    /// Returns the packets of the rule, with any source port.
    pub fn to_traffic(self) -> Traffic {
        match self {
            Self::All => Traffic::all(),
            Self::Ports(protocol, range) => {
                Traffic::with_ports(protocol, range.into(), PortRange::ALL.into())
            }
            Self::Icmp { protocol, kind, code } => {
                let kinds = icmp_kinds(kind, code);
                if protocol == Protocol::ICMP {
                    Traffic::icmp(kinds)
                } else {
                    Traffic::icmpv6(kinds)
                }
            }
            Self::Protocol(protocol) => Traffic::protocol(protocol),
        }
    }
}

/// Returns the kinds of a type and code, of which either may be any.
fn icmp_kinds(kind: Option<u8>, code: Option<u8>) -> IcmpSet {
    let kinds = kind.map_or(0..=u8::MAX, |kind| kind..=kind);
    let (first, last) = code.map_or((0, u8::MAX), |code| (code, code));
    kinds
        .filter_map(|kind| {
            Interval::new(IcmpKind { kind, code: first }, IcmpKind { kind, code: last })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(protocol: &str, first: Option<i64>, last: Option<i64>, expected: &str) {
        let printed = match RuleTraffic::from_aws(protocol, first, last) {
            Ok(traffic) => traffic.to_traffic().to_string(),
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(printed, expected);
    }

    #[test]
    fn keeps_what_aws_says() {
        check("-1", None, None, "all traffic");
        check("tcp", Some(22), Some(22), "tcp 22");
        check("6", Some(0), Some(65535), "tcp");
        check("17", Some(53), Some(80), "udp 53-80");
        check("icmp", Some(8), Some(-1), "icmp echo-request");
        check("icmp", Some(3), Some(4), "icmp destination-unreachable/4");
        check("icmpv6", Some(-1), Some(-1), "icmpv6");
        check("50", Some(9), Some(9), "esp");
        check("tcq", None, None, "error: `tcq` is not a protocol");
        check("tcp", Some(80), Some(22), "error: `80` to `22` is not a range of ports");
    }
}
