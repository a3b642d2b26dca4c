//! Values of networking and their algebra: ports, prefixes, protocols, packets and sets of them.
//!
//! Everything that Portolan says about reachability is a *set of packets*, and this crate is
//! where such sets are made, combined, counted and printed. The idea: a filter of AWS looks at
//! a peer address, a protocol and a port, and each of these is a number on a line. So every
//! set is built of three things only:
//!
//! - [`IntervalSet`]: a set on one line (ports, addresses, ICMP types and codes);
//! - [`Product`]: a set of pairs, kept as layers;
//! - [`Traffic`]: for each protocol, what its headers may say.
//!
//! All of them implement [`Set`], are *canonical* (equal sets compare equal, however they were
//! computed) and count exactly. [`StepMap`] is the function on one line, for route tables and
//! rules.
//!
//! The alternative was a binary decision diagram over header bits. It is as canonical, but its
//! answers have to be decompiled before a person can read them, and AWS never needs its
//! generality: no filter of AWS looks at a single bit of a port.
//!
//! The other half is notation: what people type and read ([`parse_traffic`] and its kin), and
//! what AWS writes in a rule ([`Traffic::from_aws`], [`Traffic::to_aws`]).
//!
//! **Invariant:** nothing here takes time or memory in proportion to the number of addresses or
//! ports in a set; the number of intervals counts. Nothing panics, whatever the input.

mod address;
mod algebra;
mod aws;
mod discrete;
mod icmp;
mod interval;
mod interval_set;
mod list;
mod packet;
mod parse;
mod prefix;
mod product;
mod protocol;
mod protocol_set;
mod step;
mod traffic;

pub use address::{Address, AddressSet, Family, Ipv4Set, Ipv6Set};
pub use algebra::Set;
pub use aws::{AwsAclEntry, AwsRule, AwsRuleError};
pub use discrete::Discrete;
pub use icmp::{IcmpKind, IcmpSet};
pub use interval::{Interval, PortRange};
pub use interval_set::{IntervalSet, PortSet};
pub use packet::{Header, Packet, PacketSet};
pub use parse::{
    Parsed, SyntaxError, parse_ip_prefix, parse_ipv4_set, parse_ipv6_set, parse_ports,
    parse_prefix, parse_traffic,
};
pub use prefix::{IpPrefix, Ipv4Prefix, Ipv6Prefix, Prefix, PrefixError};
pub use product::Product;
pub use protocol::{Protocol, ProtocolError};
pub use protocol_set::ProtocolSet;
pub use step::StepMap;
pub use traffic::{Ports, Traffic};

pub use num_bigint::BigUint;
