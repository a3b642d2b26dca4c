//! The notation of AWS for the traffic of one rule.
//!
//! Sources: EC2 API, `IpPermission` (security groups) and `NetworkAclEntry`.

use crate::algebra::Set as _;
use crate::icmp::{IcmpKind, IcmpSet};
use crate::interval::{Interval, PortSet};
use crate::protocol::Protocol;
use crate::traffic::Traffic;

/// Why a rule of AWS says nothing that we understand.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AwsRuleError {
    /// The protocol is neither a name, nor a number from 0 to 255, nor `-1`.
    #[error("`{text}` is not a protocol")]
    Protocol {
        /// The text.
        text: String,
    },
    /// The ports are not a range within 0 to 65535.
    #[error("{from:?} to {to:?} is not a range of ports")]
    Ports {
        /// The first port.
        from: Option<i64>,
        /// The last port.
        to: Option<i64>,
    },
    /// The ICMP type and code are not -1 or 0 to 255, or a code stands without a type.
    #[error("type {kind:?} and code {code:?} are not an ICMP type and code")]
    Icmp {
        /// The type.
        kind: Option<i64>,
        /// The code.
        code: Option<i64>,
    },
}

/// The traffic of one security-group rule, as AWS writes it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AwsRule {
    /// `IpProtocol`: `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all.
    pub protocol: String,
    /// `FromPort`: the first port, or the ICMP type, or -1 for any type.
    pub from_port: Option<i64>,
    /// `ToPort`: the last port, or the ICMP code, or -1 for any code.
    pub to_port: Option<i64>,
}

impl Traffic {
    /// Returns the traffic of a security-group rule: `IpProtocol`, `FromPort`, `ToPort`.
    ///
    /// Absent ports mean all; for ICMP the ports are type and code, with -1 for any; other
    /// protocols ignore ports.
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
            Some(protocol) if protocol.has_ports() => {
                Ok(Self::with_ports(protocol, ports(from, to)?, PortSet::full()))
            }
            Some(Protocol::ICMP) => kinds(from, to).map(Self::icmp),
            Some(Protocol::ICMPV6) => kinds(from, to).map(Self::icmpv6),
            Some(protocol) => Ok(Self::protocol(protocol)),
        }
    }

    /// Returns the traffic of a network-ACL entry: `Protocol`, `PortRange{From,To}` and
    /// `IcmpTypeCode{Type,Code}`.
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

    /// Returns the security-group rules that allow exactly this traffic, or `None` if none do:
    /// a security group cannot constrain source ports.
    pub fn to_aws(&self) -> Option<Vec<AwsRule>> {
        if self.is_full() {
            return Some(vec![rule("-1", None, None)]);
        }
        let mut rules = Vec::new();
        for (name, ports) in [("tcp", self.tcp_ports()), ("udp", self.udp_ports())] {
            let [(destinations, sources)] = ports.layers() else {
                if ports.is_empty() {
                    continue;
                }
                return None;
            };
            if !sources.is_full() {
                return None;
            }
            rules.extend(
                destinations
                    .intervals()
                    .iter()
                    .map(|range| rule(name, Some(range.first().into()), Some(range.last().into()))),
            );
        }
        rules.extend(icmp_rules("icmp", self.icmp_kinds()));
        rules.extend(icmp_rules("icmpv6", self.icmpv6_kinds()));
        rules.extend(self.other_protocols().iter().map(|one| rule(&one.0.to_string(), None, None)));
        Some(rules)
    }
}

fn rule(protocol: &str, from_port: Option<i64>, to_port: Option<i64>) -> AwsRule {
    AwsRule { protocol: protocol.to_owned(), from_port, to_port }
}

fn icmp_rules(name: &str, kinds: &IcmpSet) -> Vec<AwsRule> {
    if kinds.is_full() {
        return vec![rule(name, Some(-1), Some(-1))];
    }
    let mut rules = Vec::new();
    for kind in 0..=u8::MAX {
        let all = IcmpKind::all_codes(kind);
        let part = kinds.intersection(&all.into());
        if part.intervals() == [all] {
            rules.push(rule(name, Some(kind.into()), Some(-1)));
            continue;
        }
        for codes in part.intervals() {
            rules.extend(
                (codes.first().code..=codes.last().code)
                    .map(|code| rule(name, Some(kind.into()), Some(code.into()))),
            );
        }
    }
    rules
}

/// Reads a protocol, where `None` means all of them.
fn parse_protocol(text: &str) -> Result<Option<Protocol>, AwsRuleError> {
    if text == "-1" || text.eq_ignore_ascii_case("all") {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| AwsRuleError::Protocol { text: text.to_owned() })
}

fn ports(from: Option<i64>, to: Option<i64>) -> Result<PortSet, AwsRuleError> {
    match (from, to) {
        (None, None) => Ok(PortSet::full()),
        (Some(first), Some(last)) => u16::try_from(first)
            .ok()
            .zip(u16::try_from(last).ok())
            .and_then(|(first, last)| Interval::new(first, last))
            .map(PortSet::from)
            .ok_or(AwsRuleError::Ports { from, to }),
        _ => Err(AwsRuleError::Ports { from, to }),
    }
}

fn kinds(kind: Option<i64>, code: Option<i64>) -> Result<IcmpSet, AwsRuleError> {
    let error = AwsRuleError::Icmp { kind, code };
    let number = |value: i64| u8::try_from(value).map_err(|_| error.clone());
    match (kind.unwrap_or(-1), code.unwrap_or(-1)) {
        (-1, -1) => Ok(IcmpSet::full()),
        (kind, -1) => Ok(IcmpKind::all_codes(number(kind)?).into()),
        (kind, code) => Ok(IcmpSet::single(IcmpKind::new(number(kind)?, number(code)?))),
    }
}
