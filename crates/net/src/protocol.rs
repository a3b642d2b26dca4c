//! IP protocol numbers and their names.

use std::fmt;
use std::str::FromStr;

use crate::discrete::Discrete;

/// The protocol above IP: the `Protocol` field of IPv4, the last `Next Header` of IPv6.
///
/// Source of the numbers: IANA, "Assigned Internet Protocol Numbers".
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Protocol(pub u8);

impl Protocol {
    /// ICMP for IPv4.
    pub const ICMP: Self = Self(1);
    /// IGMP.
    pub const IGMP: Self = Self(2);
    /// IPv4 inside IP.
    pub const IPIP: Self = Self(4);
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP.
    pub const UDP: Self = Self(17);
    /// IPv6 inside IPv4.
    pub const IPV6: Self = Self(41);
    /// Generic Routing Encapsulation.
    pub const GRE: Self = Self(47);
    /// Encapsulating Security Payload, encrypted IP.
    pub const ESP: Self = Self(50);
    /// Authentication Header, signed IP.
    pub const AH: Self = Self(51);
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self(58);
    /// OSPF.
    pub const OSPF: Self = Self(89);
    /// Virtual Router Redundancy Protocol.
    pub const VRRP: Self = Self(112);
    /// Stream Control Transmission Protocol.
    pub const SCTP: Self = Self(132);

    /// Returns whether AWS filters this protocol by port: TCP and UDP only.
    ///
    /// SCTP and UDP-Lite have ports too, but no rule can name them.
    pub fn has_ports(self) -> bool {
        matches!(self, Self::TCP | Self::UDP)
    }

    /// Returns whether this is ICMP of either family, which AWS filters by type and code.
    pub fn is_icmp(self) -> bool {
        matches!(self, Self::ICMP | Self::ICMPV6)
    }

    /// Returns the name, such as `tcp`, if the protocol is well known.
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(protocol, _)| *protocol == self).map(|(_, name)| *name)
    }

    /// Returns the protocol that has this name, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let named = |(_, known): &&(Self, &str)| known.eq_ignore_ascii_case(name);
        NAMES.iter().find(named).map(|(protocol, _)| *protocol)
    }
}

/// The protocols that have a name; each name is lower-case.
const NAMES: &[(Protocol, &str)] = &[
    (Protocol::ICMP, "icmp"),
    (Protocol::IGMP, "igmp"),
    (Protocol::IPIP, "ipip"),
    (Protocol::TCP, "tcp"),
    (Protocol::UDP, "udp"),
    (Protocol::IPV6, "ipv6"),
    (Protocol::GRE, "gre"),
    (Protocol::ESP, "esp"),
    (Protocol::AH, "ah"),
    (Protocol::ICMPV6, "icmpv6"),
    (Protocol::OSPF, "ospf"),
    (Protocol::VRRP, "vrrp"),
    (Protocol::SCTP, "sctp"),
];

impl Discrete for Protocol {
    const MIN: Self = Self(u8::MIN);
    const MAX: Self = Self(u8::MAX);

    fn ordinal(self) -> u128 {
        self.0.into()
    }

    fn successor(self) -> Option<Self> {
        self.0.successor().map(Self)
    }

    fn predecessor(self) -> Option<Self> {
        self.0.predecessor().map(Self)
    }
}

impl fmt::Display for Protocol {
    /// Writes the name, such as `tcp`, or else `protocol 89`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "protocol {}", self.0),
        }
    }
}

/// A text that is neither the name nor the number of a protocol.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{text}` is not a protocol")]
pub struct ProtocolError {
    /// The text.
    pub text: String,
}

impl FromStr for Protocol {
    type Err = ProtocolError;

    /// Reads a name in any case or a number; `-1` and `all` are not one protocol.
    fn from_str(text: &str) -> Result<Self, ProtocolError> {
        // `str::parse` alone would take `+6`.
        let numeric = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if numeric { text.parse().ok().map(Self) } else { None };
        number.or_else(|| Self::named(text)).ok_or_else(|| ProtocolError { text: text.to_owned() })
    }
}
