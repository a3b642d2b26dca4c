//! The transport protocols that have ports, and sets of them.
//!
//! The protocol type of `portolan-net` names every IP protocol. Here only those with port numbers
//! make sense, so the catalogue has its own small type and stays free of other crates.

use std::fmt;

/// A transport protocol that has port numbers.
///
/// Source: RFC 6335, section 1, names the four that the registry covers.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Transport {
    /// The Transmission Control Protocol, IP protocol 6.
    Tcp,
    /// The User Datagram Protocol, IP protocol 17.
    Udp,
    /// The Stream Control Transmission Protocol, IP protocol 132.
    Sctp,
    /// The Datagram Congestion Control Protocol, IP protocol 33.
    Dccp,
}

impl Transport {
    /// Every transport, in the order in which the registry writes them.
    pub const ALL: [Self; 4] = [Self::Tcp, Self::Udp, Self::Sctp, Self::Dccp];

    /// Returns the name in lower case, such as `tcp`: what EC2, Terraform and the registry write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
            Self::Dccp => "dccp",
        }
    }

    /// Returns the transport of this name, in any case, or `None` if no such transport has ports.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.name().eq_ignore_ascii_case(name))
    }

    /// Returns the IP protocol number.
    ///
    /// Source: IANA, Assigned Internet Protocol Numbers.
    pub const fn protocol_number(self) -> u8 {
        match self {
            Self::Tcp => 6,
            Self::Udp => 17,
            Self::Sctp => 132,
            Self::Dccp => 33,
        }
    }

    /// Returns the transport of this IP protocol number, or `None` if it has no ports.
    pub fn from_protocol_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.protocol_number() == number)
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of transport protocols.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Transports {
    // INVARIANT: only the bits of `Transport::ALL` are set.
    bits: u8,
}

impl Transports {
    /// No transport at all.
    pub const NONE: Self = Self { bits: 0 };
    /// TCP alone.
    pub const TCP: Self = Self::NONE.with(Transport::Tcp);
    /// UDP alone.
    pub const UDP: Self = Self::NONE.with(Transport::Udp);
    /// TCP and UDP.
    pub const TCP_AND_UDP: Self = Self::TCP.with(Transport::Udp);

    /// Returns this set with `transport` added.
    #[must_use]
    pub const fn with(self, transport: Transport) -> Self {
        Self { bits: self.bits | 1 << transport as u8 }
    }

    /// Returns whether the set holds `transport`.
    pub const fn contains(self, transport: Transport) -> bool {
        self.bits & 1 << transport as u8 != 0
    }

    /// Returns whether the set holds nothing.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Iterates over the transports of the set, in the order of [`Transport::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Transport> {
        Transport::ALL.into_iter().filter(move |transport| self.contains(*transport))
    }
}

impl FromIterator<Transport> for Transports {
    fn from_iter<I: IntoIterator<Item = Transport>>(transports: I) -> Self {
        transports.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Writes the names with commas between them, such as `tcp,udp`.
impl fmt::Display for Transports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Transport::name).collect();
        f.pad(&names.join(","))
    }
}
