//! What one rule of a security group or network ACL can say about protocol and ports.
//!
//! A rule says much less than a packet set can: one protocol, one port range. Keeping that small form
//! (8 bytes) instead of a [`Traffic`] keeps a model of a million rules small; the engine turns each
//! distinct value into a packet set once.

use portolan_net::{IcmpKind, IcmpSet, Interval, PortRange, Protocol, Traffic};

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

/// Why the protocol or ports of a rule cannot be understood.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RuleTrafficError {
    /// The protocol is neither a number from -1 to 255 nor a known name.
    Protocol(String),
    /// A port is outside 0 to 65535, or the range ends before it starts.
    Ports(i64, i64),
    /// An ICMP type or code is outside -1 to 255.
    Icmp(i64, i64),
}

impl std::fmt::Display for RuleTrafficError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Protocol(text) => write!(f, "`{text}` is not a protocol"),
            Self::Ports(first, last) => write!(f, "`{first}` to `{last}` is not a port range"),
            Self::Icmp(kind, code) => {
                write!(f, "`{kind}`, `{code}` is not an ICMP type and code")
            }
        }
    }
}

impl std::error::Error for RuleTrafficError {}

impl RuleTraffic {
    /// Returns what AWS means by a protocol and a pair of bounds.
    ///
    /// For TCP and UDP the bounds are the first and last port, both absent (or -1) for all of them;
    /// for ICMP they are type and code, absent or -1 for any; other protocols have no ports and
    /// whatever stands there is ignored. The protocol is a number, a name, or `-1` or `all`.
    ///
    /// # Errors
    ///
    /// Returns what cannot be understood: the protocol, the port range, or the ICMP type and code.
    ///
    /// Source: EC2 API, `IpPermission` and `NetworkAclEntry`.
    pub fn from_aws(
        protocol: &str,
        first: Option<i64>,
        last: Option<i64>,
    ) -> Result<Self, RuleTrafficError> {
        if matches!(protocol, "-1" | "all") {
            return Ok(Self::All);
        }
        let protocol: Protocol =
            protocol.parse().map_err(|_| RuleTrafficError::Protocol(protocol.to_owned()))?;
        match protocol {
            Protocol::TCP | Protocol::UDP => ports(first, last).map(|r| Self::Ports(protocol, r)),
            Protocol::ICMP | Protocol::ICMPV6 => icmp(protocol, first, last),
            other => Ok(Self::Protocol(other)),
        }
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

fn ports(first: Option<i64>, last: Option<i64>) -> Result<PortRange, RuleTrafficError> {
    let (first, last) = match (first, last) {
        (None | Some(-1), None | Some(-1)) => return Ok(PortRange::ALL),
        (Some(first), last) => (first, last.unwrap_or(first)),
        (None, Some(last)) => (last, last),
    };
    let range = u16::try_from(first).ok().zip(u16::try_from(last).ok());
    range
        .and_then(|(first, last)| PortRange::new(first, last))
        .ok_or(RuleTrafficError::Ports(first, last))
}

fn icmp(
    protocol: Protocol,
    kind: Option<i64>,
    code: Option<i64>,
) -> Result<RuleTraffic, RuleTrafficError> {
    let error = || RuleTrafficError::Icmp(kind.unwrap_or(-1), code.unwrap_or(-1));
    let byte = |value: Option<i64>| match value {
        None | Some(-1) => Ok(None),
        Some(value) => u8::try_from(value).map(Some).map_err(|_| error()),
    };
    Ok(RuleTraffic::Icmp { protocol, kind: byte(kind)?, code: byte(code)? })
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
    fn reads_what_aws_writes() {
        check("-1", None, None, "all traffic");
        check("tcp", Some(22), Some(22), "tcp 22");
        check("6", Some(0), Some(65535), "tcp");
        check("tcp", None, None, "tcp");
        check("17", Some(53), None, "udp 53");
        check("icmp", Some(8), Some(-1), "icmp echo-request");
        check("icmp", Some(-1), Some(-1), "icmp");
        check("50", Some(9), Some(9), "esp");
    }

    #[test]
    fn refuses_what_aws_never_writes() {
        check("tcq", None, None, "error: `tcq` is not a protocol");
        check("tcp", Some(80), Some(22), "error: `80` to `22` is not a port range");
        check("udp", Some(1), Some(65536), "error: `1` to `65536` is not a port range");
        check("icmp", Some(256), None, "error: `256`, `-1` is not an ICMP type and code");
    }
}
