//! Values of networking and their algebra: ports, prefixes, protocols, packets and sets of them.
//!
//! Everything that Portolan says about reachability is a *set of packets*, and this crate is
//! where such sets are made, combined, counted and printed. The idea: a filter of AWS looks at
//! a peer address, a protocol and a port, and each of these is a number on a line. So every
//! set is built of three things only:
//!
//! - [`IntervalSet`]: a set on one line (ports, IPv4, IPv6, ICMP type and code);
//! - [`Product`]: a set of pairs, kept as layers of boxes;
//! - [`Traffic`]: for each protocol, what its headers may say.
//!
//! All of them implement [`Set`], are *canonical* (equal sets compare equal, whatever the way
//! they were computed) and count exactly. [`StepMap`] is the function on one line.
//!
//! The alternative was a binary decision diagram over header bits. It is as canonical, but its
//! answers have to be decompiled before a person can read them, and AWS never needs its
//! generality: no filter of AWS looks at a single bit of a port.
//!
//! **Invariant:** no function of this crate takes time or memory in proportion to the number
//! of addresses or ports of a set; the number of intervals counts.

mod address;
mod algebra;
mod aws;
mod discrete;
mod icmp;
mod interval;
mod list;
mod packet;
mod parse;
mod prefix;
mod product;
mod protocol;
mod step;
mod traffic;

pub use address::{Address, AddressSet, Family, Ipv4Set, Ipv6Set};
pub use algebra::Set;
pub use aws::{AwsRule, AwsRuleError};
pub use discrete::Discrete;
pub use icmp::{IcmpKind, IcmpSet};
pub use interval::{Interval, IntervalSet, PortRange, PortSet};
pub use packet::{Header, Packet, PacketSet};
pub use parse::{
    Parsed, SyntaxError, parse_ip_prefix, parse_ipv4_set, parse_ipv6_set, parse_ports,
    parse_prefix, parse_traffic,
};
pub use prefix::{IpPrefix, Ipv4Prefix, Ipv6Prefix, Prefix, PrefixError};
pub use product::Product;
pub use protocol::{Protocol, ProtocolError, ProtocolSet};
pub use step::StepMap;
pub use traffic::{Ports, Traffic};

pub use num_bigint::BigUint;
