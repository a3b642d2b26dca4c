//! The notation of AWS for the traffic of one rule.
//!
//! AWS squeezes protocol, ports and ICMP messages into three fields, and security groups and
//! network ACLs do it differently. Here is the only place that knows how.
//!
//! Sources: EC2 API Reference, `IpPermission`, `NetworkAclEntry` and `IcmpTypeCode`.

use crate::algebra::Set as _;
use crate::icmp::{IcmpKind, IcmpSet};
use crate::interval::Interval;
use crate::interval_set::PortSet;
use crate::protocol::Protocol;
use crate::traffic::{Ports, Traffic};

/// What AWS writes where every type, every code or every protocol is meant.
const ANY: i64 = -1;

/// Why a rule of AWS cannot be understood.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AwsRuleError {
    /// The protocol is neither a name, nor a number from 0 to 255, nor `-1`.
    #[error("`{text}` is not a protocol")]
    Protocol {
        /// The text.
        text: String,
    },
    /// The ports are not a range within 0 to 65535, or one of them is absent.
    #[error("`{}` to `{}` is not a range of ports", or_absent(*.from), or_absent(*.to))]
    Ports {
        /// The first port.
        from: Option<i64>,
        /// The last port.
        to: Option<i64>,
    },
    /// The ICMP type and code are not -1 or 0 to 255, or there is a code without a type.
    #[error("`{}` and `{}` are not an ICMP type and code", or_absent(*.kind), or_absent(*.code))]
    Icmp {
        /// The type.
        kind: Option<i64>,
        /// The code.
        code: Option<i64>,
    },
}

fn or_absent(number: Option<i64>) -> String {
    number.map_or_else(|| "absent".to_owned(), |number| number.to_string())
}

/// The traffic of one security-group rule, as AWS writes it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AwsRule {
    /// `IpProtocol`: `tcp`, `udp`, `icmp`, `icmpv6`, another number, or `-1` for all.
    pub protocol: String,
    /// `FromPort`: the first port, or the ICMP type, or -1 for any type.
    pub from_port: Option<i64>,
    /// `ToPort`: the last port, or the ICMP code, or -1 for any code.
    pub to_port: Option<i64>,
}

/// The traffic of one network-ACL entry, as AWS writes it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AwsAclEntry {
    /// `Protocol`: a number, or `-1` for all.
    pub protocol: String,
    /// `PortRange`: `From` and `To`, for TCP and UDP.
    pub port_range: Option<(i64, i64)>,
    /// `IcmpTypeCode`: `Type` and `Code`, for ICMP; -1 for any.
    pub icmp_type_code: Option<(i64, i64)>,
}

impl Traffic {
    /// Returns the traffic of a security-group rule: `IpProtocol`, `FromPort` and `ToPort`.
    ///
    /// For TCP and UDP, ports that are both absent or both -1 (what the AWS CLI sends for
    /// `--port all`) mean all. For ICMP they are type and code, absent or -1 for any. Other
    /// protocols have no ports, and what stands there is ignored.
    ///
    /// ```
    /// use portolan_net::Traffic;
    ///
    /// let rule = Traffic::from_aws("icmp", Some(8), Some(-1)).unwrap();
    /// assert_eq!(rule.to_string(), "icmp echo-request");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the rule is none that AWS would accept.
    pub fn from_aws(
        protocol: &str,
        from: Option<i64>,
        to: Option<i64>,
    ) -> Result<Self, AwsRuleError> {
        match parse_protocol(protocol)? {
            None => Ok(Self::all()),
            Some(Protocol::TCP) => ports(from, to).map(Self::tcp),
            Some(Protocol::UDP) => ports(from, to).map(Self::udp),
            Some(Protocol::ICMP) => kinds(from, to).map(Self::icmp),
            Some(Protocol::ICMPV6) => kinds(from, to).map(Self::icmpv6),
            Some(protocol) => Ok(Self::protocol(protocol)),
        }
    }

    /// Returns the traffic of a network-ACL entry: `Protocol`, the two numbers of `PortRange`
    /// and those of `IcmpTypeCode`.
    ///
    /// An entry of a protocol ignores the field that is not its own.
    ///
    /// # Errors
    ///
    /// Returns an error if the entry is none that AWS would accept.
    pub fn from_aws_acl(
        protocol: &str,
        ports: Option<(i64, i64)>,
        icmp: Option<(i64, i64)>,
    ) -> Result<Self, AwsRuleError> {
        let is_icmp = parse_protocol(protocol)?.is_some_and(Protocol::is_icmp);
        let (from, to) = if is_icmp { icmp } else { ports }.unzip();
        Self::from_aws(protocol, from, to)
    }

    /// Returns the security-group rules that together say this traffic.
    ///
    /// `None` if there are no such rules, because source ports are constrained: neither
    /// security groups nor network ACLs can do that.
    pub fn to_aws(&self) -> Option<Vec<AwsRule>> {
        if self.is_full() {
            return Some(vec![rule("-1", None)]);
        }
        let mut rules = port_rules("tcp", self.tcp_ports())?;
        rules.extend(port_rules("udp", self.udp_ports())?);
        rules.extend(icmp_rules("icmp", self.icmp_kinds()));
        rules.extend(icmp_rules("icmpv6", self.icmpv6_kinds()));
        rules.extend(self.other_protocols().protocols().map(|one| rule(&one.0.to_string(), None)));
        Some(rules)
    }

    /// Returns the network-ACL entries that together say this traffic.
    ///
    /// `None` for the same reason as [`Self::to_aws`].
    pub fn to_aws_acl(&self) -> Option<Vec<AwsAclEntry>> {
        Some(self.to_aws()?.into_iter().map(AwsAclEntry::from).collect())
    }
}

impl From<AwsRule> for AwsAclEntry {
    fn from(rule: AwsRule) -> Self {
        let protocol = rule.protocol.parse::<Protocol>().ok();
        let numbers = rule.from_port.zip(rule.to_port);
        Self {
            protocol: protocol.map_or(rule.protocol, |protocol| protocol.0.to_string()),
            port_range: numbers.filter(|_| protocol.is_some_and(Protocol::has_ports)),
            icmp_type_code: numbers.filter(|_| protocol.is_some_and(Protocol::is_icmp)),
        }
    }
}

/// Reads a protocol, where `None` means all of them.
fn parse_protocol(text: &str) -> Result<Option<Protocol>, AwsRuleError> {
    if text == "-1" || text.eq_ignore_ascii_case("all") {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| AwsRuleError::Protocol { text: text.to_owned() })
}

fn ports(from: Option<i64>, to: Option<i64>) -> Result<PortSet, AwsRuleError> {
    let (first, last) = match (from, to) {
        (None, None) | (Some(ANY), Some(ANY)) => return Ok(PortSet::full()),
        (first, last) => (first.and_then(port), last.and_then(port)),
    };
    let range = first.zip(last).and_then(|(first, last)| Interval::new(first, last));
    range.map(PortSet::from).ok_or(AwsRuleError::Ports { from, to })
}

fn port(number: i64) -> Option<u16> {
    number.try_into().ok()
}

fn kinds(kind: Option<i64>, code: Option<i64>) -> Result<IcmpSet, AwsRuleError> {
    let byte = |number: i64| u8::try_from(number).ok();
    let kinds = match (kind.unwrap_or(ANY), code.unwrap_or(ANY)) {
        (ANY, ANY) => Some(IcmpSet::full()),
        (kind, ANY) => byte(kind).map(|kind| IcmpKind::all_codes(kind).into()),
        (kind, code) => {
            byte(kind).zip(byte(code)).map(|(kind, code)| IcmpSet::single(IcmpKind { kind, code }))
        }
    };
    kinds.ok_or(AwsRuleError::Icmp { kind, code })
}

fn rule(protocol: &str, numbers: Option<(i64, i64)>) -> AwsRule {
    let (from_port, to_port) = numbers.unzip();
    AwsRule { protocol: protocol.to_owned(), from_port, to_port }
}

/// Returns a rule for each range of destination ports, or `None` if source ports matter.
fn port_rules(protocol: &str, ports: &Ports) -> Option<Vec<AwsRule>> {
    let destinations = ports.firsts();
    let ranges = destinations.intervals().iter();
    let rules =
        ranges.map(|range| rule(protocol, Some((range.first().into(), range.last().into()))));
    let rules = rules.collect();
    (*ports == Ports::of(destinations, PortSet::full())).then_some(rules)
}

/// Returns a rule for each type, or for each code of a type that is not whole.
fn icmp_rules(protocol: &str, kinds: &IcmpSet) -> Vec<AwsRule> {
    if kinds.is_full() {
        return vec![rule(protocol, Some((ANY, ANY)))];
    }
    (0..=u8::MAX).flat_map(|kind| type_rules(protocol, kind, kinds)).collect()
}

fn type_rules(protocol: &str, kind: u8, kinds: &IcmpSet) -> Vec<AwsRule> {
    let whole = IcmpSet::from(IcmpKind::all_codes(kind));
    if kinds.contains_set(&whole) {
        return vec![rule(protocol, Some((kind.into(), ANY)))];
    }
    (0..=u8::MAX)
        .filter(|code| kinds.contains(IcmpKind::new(kind, *code)))
        .map(|code| rule(protocol, Some((kind.into(), code.into()))))
        .collect()
}
