//! Protocols and ports, drawn from few.

use portolan_model::RuleTraffic;
use portolan_net::{Header, IcmpKind, PortRange, Protocol};

use crate::random::SplitMix64;

/// The ports at which rules begin and end: services, and the borders of ephemeral ranges.
const PORTS: [u16; 13] =
    [0, 22, 25, 53, 80, 443, 1023, 1024, 32_767, 32_768, 60_999, 61_000, 65_535];

/// The ports that packets come from.
const SOURCE_PORTS: [u16; 10] = [25, 53, 443, 1023, 1024, 32_767, 32_768, 40_000, 61_000, 65_535];

/// Protocols without ports; 255 has no name.
const OTHERS: [Protocol; 5] =
    [Protocol::GRE, Protocol::ESP, Protocol::SCTP, Protocol::IGMP, Protocol(255)];

/// ICMP messages of interest: echo, unreachable (with the code of path MTU discovery), time exceeded, timestamp.
const ICMP_V4: [(u8, u8); 6] = [(8, 0), (8, 1), (0, 0), (3, 4), (11, 0), (13, 0)];

/// The same for ICMPv6, and a type that means something in ICMP only.
const ICMP_V6: [(u8, u8); 5] = [(128, 0), (129, 0), (2, 0), (135, 0), (8, 0)];

/// What a rule may say.
#[derive(Clone, Copy, Debug)]
enum Form {
    All,
    OnePort,
    Range,
    AllPorts,
    High,
    Icmp,
    Other,
}

const FORMS: [(usize, Form); 7] = [
    (22, Form::All),
    (26, Form::OnePort),
    (14, Form::Range),
    (7, Form::AllPorts),
    (12, Form::High),
    (12, Form::Icmp),
    (7, Form::Other),
];

/// Returns the protocol and ports of a random rule.
pub(super) fn rule(random: &mut SplitMix64) -> RuleTraffic {
    let protocol = if random.chance(65) { Protocol::TCP } else { Protocol::UDP };
    let ports = |one: u16, other: u16| {
        let range = PortRange::new(one.min(other), one.max(other));
        RuleTraffic::Ports(protocol, range.unwrap_or(PortRange::ALL))
    };
    match random.pick_weighted(&FORMS).copied().unwrap_or(Form::All) {
        Form::All => RuleTraffic::All,
        Form::OnePort => {
            let port = port(random);
            ports(port, port)
        }
        Form::Range => ports(port(random), port(random)),
        Form::AllPorts => ports(0, u16::MAX),
        Form::High => ports(*random.pick(&[1024, 32_768]).unwrap_or(&0), u16::MAX),
        Form::Icmp => icmp_rule(random),
        Form::Other => RuleTraffic::Protocol(*random.pick(&OTHERS).unwrap_or(&Protocol::ESP)),
    }
}

fn icmp_rule(random: &mut SplitMix64) -> RuleTraffic {
    let protocol = if random.chance(70) { Protocol::ICMP } else { Protocol::ICMPV6 };
    let kind = icmp_kind(random, protocol);
    match random.below(3) {
        0 => RuleTraffic::Icmp { protocol, kind: None, code: None },
        1 => RuleTraffic::Icmp { protocol, kind: Some(kind.kind), code: None },
        _ => RuleTraffic::Icmp { protocol, kind: Some(kind.kind), code: Some(kind.code) },
    }
}

fn icmp_kind(random: &mut SplitMix64, protocol: Protocol) -> IcmpKind {
    let known = if protocol == Protocol::ICMP { &ICMP_V4[..] } else { &ICMP_V6[..] };
    let (kind, code) = *random.pick(known).unwrap_or(&(8, 0));
    IcmpKind::new(kind, code)
}

fn port(random: &mut SplitMix64) -> u16 {
    *random.pick(&PORTS).unwrap_or(&0)
}

/// Returns a random header for packets of one family.
pub(super) fn header(random: &mut SplitMix64, is_v6: bool) -> Header {
    let icmp = if is_v6 == random.chance(95) { Protocol::ICMPV6 } else { Protocol::ICMP };
    match random.below(100) {
        0..45 => with_ports(random, Protocol::TCP),
        45..70 => with_ports(random, Protocol::UDP),
        70..88 => Header::Icmp { protocol: icmp, kind: icmp_kind(random, icmp) },
        _ => Header::Other(*random.pick(&OTHERS).unwrap_or(&Protocol::ESP)),
    }
}

fn with_ports(random: &mut SplitMix64, protocol: Protocol) -> Header {
    let edge = port(random);
    let destination = near(random, edge);
    Header::Ports { protocol, source: source_port(random), destination }
}

fn source_port(random: &mut SplitMix64) -> u16 {
    *random.pick(&SOURCE_PORTS).unwrap_or(&40_000)
}

/// Returns a header that a rule lets pass, or one just beyond its ports.
pub(super) fn header_for(random: &mut SplitMix64, rule: RuleTraffic, is_v6: bool) -> Header {
    match rule {
        RuleTraffic::All => header(random, is_v6),
        RuleTraffic::Ports(protocol, range) => {
            let edge = if random.chance(50) { range.first() } else { range.last() };
            let destination = near(random, edge);
            Header::Ports { protocol, source: source_port(random), destination }
        }
        RuleTraffic::Icmp { protocol, kind, code } => {
            let any = icmp_kind(random, protocol);
            let kind = IcmpKind::new(kind.unwrap_or(any.kind), code.unwrap_or(any.code));
            Header::Icmp { protocol, kind }
        }
        RuleTraffic::Protocol(protocol) => Header::Other(protocol),
    }
}

/// Returns a port, or now and then one of its neighbours.
fn near(random: &mut SplitMix64, port: u16) -> u16 {
    match random.below(8) {
        0 => port.saturating_sub(1),
        1 => port.saturating_add(1),
        _ => port,
    }
}
