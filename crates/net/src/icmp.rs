//! ICMP messages: type and code, their names, and which of them are answered.
//!
//! The kind of a message is not a port, though AWS writes it in the port fields of a rule. It
//! has a type of its own here, so that the two cannot be mixed up.

use std::fmt;

use crate::address::Family;
use crate::discrete::Discrete;
use crate::interval::Interval;
use crate::interval_set::IntervalSet;

/// A set of ICMP messages of one family.
pub type IcmpSet = IntervalSet<IcmpKind>;

/// What an ICMP header says: a type and a code.
///
/// The order is by type, then by code, so all messages of one type are one interval. The same
/// numbers mean other things in IPv4 and IPv6, so names depend on the [`Family`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IcmpKind {
    /// The type, such as 8 for an echo request of IPv4.
    pub kind: u8,
    /// The code, a detail of the type.
    pub code: u8,
}

impl IcmpKind {
    /// Returns the message of this type and code.
    pub const fn new(kind: u8, code: u8) -> Self {
        Self { kind, code }
    }

    /// Returns every message of one type.
    pub fn all_codes(kind: u8) -> Interval<Self> {
        Interval::between(Self::new(kind, 0), Self::new(kind, u8::MAX))
    }

    /// Returns the request that a host sends to see whether another one is there.
    pub const fn echo_request(family: Family) -> Self {
        match family {
            Family::V4 => Self::new(8, 0),
            Family::V6 => Self::new(128, 0),
        }
    }

    /// Returns the type of the message that answers this one, if one does. Its code is 0.
    ///
    /// Errors and replies are not answered.
    ///
    /// Sources: RFC 792 (echo, timestamp, information), RFC 950 (address mask), RFC 4443
    /// section 4 (echo of IPv6).
    pub fn reply(self, family: Family) -> Option<u8> {
        replies(family).iter().find(|(request, _)| *request == self.kind).map(|(_, reply)| *reply)
    }

    /// Returns the name of the type, such as `echo-request`, if it is well known.
    pub fn name(self, family: Family) -> Option<&'static str> {
        names(family).iter().find(|(kind, _)| *kind == self.kind).map(|(_, name)| *name)
    }
}

/// Returns the type that has this name.
pub(crate) fn kind_named(name: &str, family: Family) -> Option<u8> {
    let named = |(_, known): &&(u8, &str)| known.eq_ignore_ascii_case(name);
    names(family).iter().find(named).map(|(kind, _)| *kind)
}

/// Returns the types that are answered, each with the type of its answer.
pub(crate) const fn replies(family: Family) -> &'static [(u8, u8)] {
    match family {
        Family::V4 => &[(8, 0), (13, 14), (15, 16), (17, 18)],
        Family::V6 => &[(128, 129)],
    }
}

const fn names(family: Family) -> &'static [(u8, &'static str)] {
    match family {
        Family::V4 => NAMES_V4,
        Family::V6 => NAMES_V6,
    }
}

/// Source: IANA, "Internet Control Message Protocol (ICMP) Parameters", ICMP type numbers.
const NAMES_V4: &[(u8, &str)] = &[
    (0, "echo-reply"),
    (3, "destination-unreachable"),
    (4, "source-quench"),
    (5, "redirect"),
    (8, "echo-request"),
    (9, "router-advertisement"),
    (10, "router-solicitation"),
    (11, "time-exceeded"),
    (12, "parameter-problem"),
    (13, "timestamp-request"),
    (14, "timestamp-reply"),
    (15, "information-request"),
    (16, "information-reply"),
    (17, "address-mask-request"),
    (18, "address-mask-reply"),
    (30, "traceroute"),
    (42, "extended-echo-request"),
    (43, "extended-echo-reply"),
];

/// Source: IANA, "Internet Control Message Protocol version 6 (`ICMPv6`) Parameters", type
/// numbers.
const NAMES_V6: &[(u8, &str)] = &[
    (1, "destination-unreachable"),
    (2, "packet-too-big"),
    (3, "time-exceeded"),
    (4, "parameter-problem"),
    (128, "echo-request"),
    (129, "echo-reply"),
    (130, "multicast-listener-query"),
    (131, "multicast-listener-report"),
    (132, "multicast-listener-done"),
    (133, "router-solicitation"),
    (134, "router-advertisement"),
    (135, "neighbor-solicitation"),
    (136, "neighbor-advertisement"),
    (137, "redirect"),
    (143, "multicast-listener-report-v2"),
    (160, "extended-echo-request"),
    (161, "extended-echo-reply"),
];

impl Discrete for IcmpKind {
    const MIN: Self = Self::new(0, 0);
    const MAX: Self = Self::new(u8::MAX, u8::MAX);

    fn ordinal(self) -> u128 {
        u16::from(self).into()
    }

    fn successor(self) -> Option<Self> {
        u16::from(self).successor().map(Self::from)
    }

    fn predecessor(self) -> Option<Self> {
        u16::from(self).predecessor().map(Self::from)
    }
}

impl From<IcmpKind> for u16 {
    /// Returns type and code as the header has them, the type in the high byte.
    fn from(kind: IcmpKind) -> Self {
        Self::from_be_bytes([kind.kind, kind.code])
    }
}

impl From<u16> for IcmpKind {
    fn from(bits: u16) -> Self {
        let [kind, code] = bits.to_be_bytes();
        Self { kind, code }
    }
}

impl fmt::Display for IcmpKind {
    /// Writes type and code, such as `3/4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.code)
    }
}
