//! Traffic: what headers above IP can say.

use portolan_net::{
    BigUint, Header, IcmpKind, IcmpSet, Interval, PortSet, Ports, Protocol, Set as _, Traffic,
    parse_traffic,
};
use proptest::prelude::*;

use crate::laws::{check_laws, check_membership};

/// Where generated port ranges begin and end.
const PORTS: [u16; 6] = [0, 22, 80, 1024, 32768, 65535];

/// Where generated ICMP intervals begin and end.
const KINDS: [(u8, u8); 8] =
    [(0, 0), (0, 255), (3, 1), (3, 4), (8, 0), (13, 255), (129, 0), (255, 255)];

const PROTOCOLS: [u8; 6] = [0, 1, 6, 17, 50, 58];

fn port_set() -> impl Strategy<Value = PortSet> {
    let end = || prop::sample::select(&PORTS[..]);
    let some = prop::collection::vec((end(), end()), 1..3)
        .prop_map(|pairs| pairs.into_iter().map(|(a, b)| Interval::between(a, b)).collect());
    prop_oneof![some, Just(PortSet::full())]
}

fn icmp_set() -> impl Strategy<Value = IcmpSet> {
    let end = || prop::sample::select(&KINDS[..]).prop_map(|(kind, code)| IcmpKind { kind, code });
    prop::collection::vec((end(), end()), 1..3)
        .prop_map(|pairs| pairs.into_iter().map(|(a, b)| Interval::between(a, b)).collect())
}

/// Generates a set of headers; the bounds of all sets come from the same few values.
pub(crate) fn traffic() -> impl Strategy<Value = Traffic> {
    let with_ports = |(protocol, to, from)| Traffic::with_ports(protocol, to, from);
    let protocol = prop::sample::select(vec![Protocol::TCP, Protocol::UDP]);
    let part = prop_oneof![
        4 => (protocol, port_set(), port_set()).prop_map(with_ports),
        1 => icmp_set().prop_map(Traffic::icmp),
        1 => icmp_set().prop_map(Traffic::icmpv6),
        1 => prop::sample::select(&PROTOCOLS[..]).prop_map(|number| Traffic::protocol(Protocol(number))),
    ];
    let union = prop::collection::vec(part, 0..5).prop_map(Traffic::union_all);
    prop_oneof![9 => union.clone(), 3 => union.prop_map(|union| union.complement())]
}

/// Returns a header from each region between the bounds of generated sets, so that sets with
/// the same ones of these are the same.
pub(crate) fn headers() -> Vec<Header> {
    let ports: Vec<u16> = PORTS.iter().flat_map(|port| around(*port)).collect();
    let pairs: Vec<(u16, u16)> =
        ports.iter().flat_map(|to| ports.iter().map(move |from| (*to, *from))).collect();
    let kinds: Vec<IcmpKind> = KINDS
        .iter()
        .flat_map(|(kind, code)| around(u16::from(IcmpKind::new(*kind, *code))))
        .map(IcmpKind::from)
        .collect();
    let mut headers = Vec::new();
    for protocol in [Protocol::TCP, Protocol::UDP] {
        headers.extend(pairs.iter().map(|&(destination, source)| Header::Ports {
            protocol,
            source,
            destination,
        }));
    }
    for protocol in [Protocol::ICMP, Protocol::ICMPV6] {
        headers.extend(kinds.iter().map(|&kind| Header::Icmp { protocol, kind }));
    }
    headers.extend([0, 2, 50, 255].map(|number| Header::Other(Protocol(number))));
    headers.sort_unstable();
    headers.dedup();
    headers
}

fn around(value: u16) -> impl Iterator<Item = u16> {
    [value.checked_sub(1), Some(value), value.checked_add(1)].into_iter().flatten()
}

/// Says, by the rules of the protocols, whether the answer to `header` is in `replies`.
fn is_answered(header: Header, replies: &Traffic) -> bool {
    let answer = match header {
        Header::Ports { protocol, source, destination } => {
            Header::Ports { protocol, source: destination, destination: source }
        }
        Header::Icmp { protocol, kind } => {
            let reply = match (protocol, kind.kind) {
                (Protocol::ICMP, 8) => 0,
                (Protocol::ICMP, 13) => 14,
                (Protocol::ICMP, 15) => 16,
                (Protocol::ICMP, 17) => 18,
                (Protocol::ICMPV6, 128) => 129,
                _ => return true,
            };
            Header::Icmp { protocol, kind: IcmpKind::new(reply, 0) }
        }
        Header::Other(_) => header,
    };
    replies.contains(answer)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn agrees_with_a_set_of_headers(a in traffic(), b in traffic()) {
        check_membership(&a, &b, &headers());
    }

    #[test]
    fn is_a_boolean_algebra(a in traffic(), b in traffic(), c in traffic()) {
        check_laws(&a, &b, &c);
    }

    #[test]
    fn finds_what_is_answered(set in traffic()) {
        let answered = set.replies_within();
        for header in headers() {
            prop_assert_eq!(answered.contains(header), is_answered(header, &set), "{}", header);
        }
    }

    #[test]
    fn has_a_witness_unless_it_is_empty(set in traffic()) {
        let witness = set.witness();
        prop_assert_eq!(witness.is_none(), set.is_empty());
        prop_assert!(witness.is_none_or(|header| set.contains(header)));
    }

    #[test]
    fn survives_printing(set in traffic()) {
        prop_assume!(!set.is_empty());
        let printed = set.to_string();
        prop_assert_eq!(parse_traffic(&printed).into_result(), Ok(set), "{}", printed);
    }

    #[test]
    fn survives_the_notation_of_aws(set in traffic()) {
        let ports = [set.tcp_ports(), set.udp_ports()];
        let any_source = ports.into_iter().flat_map(Ports::layers).all(|(_, from)| from.is_full());
        let rules = set.to_aws();
        prop_assert_eq!(rules.is_some(), any_source);
        let read = rules.map(|rules| {
            Traffic::union_all(rules.iter().map(|rule| {
                Traffic::from_aws(&rule.protocol, rule.from_port, rule.to_port).unwrap()
            }))
        });
        prop_assert!(read.is_none_or(|read| read == set));
        let entries = set.to_aws_acl();
        let read = entries.map(|entries| {
            Traffic::union_all(entries.iter().map(|entry| {
                Traffic::from_aws_acl(&entry.protocol, entry.port_range, entry.icmp_type_code).unwrap()
            }))
        });
        prop_assert_eq!(read, any_source.then_some(set));
    }

    #[test]
    fn lists_its_protocols(set in traffic()) {
        for number in 0..=u8::MAX {
            let some = set.intersects(&Traffic::protocol(Protocol(number)));
            prop_assert_eq!(set.protocols().contains(Protocol(number)), some);
        }
    }

    #[test]
    fn single_headers_are_sets(index in any::<prop::sample::Index>()) {
        let all = headers();
        let header = *index.get(&all);
        let single = Traffic::from(header);
        prop_assert_eq!(single.count(), BigUint::from(1_u8));
        prop_assert_eq!(single.witness(), Some(header));
    }
}

#[test]
fn counts_headers() {
    let ports = BigUint::from(2_u8).pow(32) * 2_u8;
    let icmp = BigUint::from(2_u8).pow(16) * 2_u8;
    assert_eq!(Traffic::all().count(), ports + icmp + 252_u8);
}

#[test]
fn headers_of_the_wrong_variant_are_in_no_set() {
    let wrong = [
        Header::Other(Protocol::TCP),
        Header::Icmp { protocol: Protocol::ESP, kind: IcmpKind::new(8, 0) },
        Header::Ports { protocol: Protocol::SCTP, source: 1, destination: 1 },
    ];
    for header in wrong {
        assert!(!Traffic::all().contains(header), "{header}");
        assert!(Traffic::from(header).is_empty(), "{header}");
    }
}

#[test]
fn witnesses_are_packets_that_people_send() {
    #[track_caller]
    fn check(traffic: &str, expected: &str) {
        let witness = parse_traffic(traffic).into_result().unwrap().witness();
        assert_eq!(witness.unwrap().to_string(), expected);
    }
    check("tcp/443,22", "tcp 32768 -> 22");
    check("tcp", "tcp 32768 -> 1");
    check("tcp/0", "tcp 32768 -> 0");
    check("udp/53 (source ports 1024-40000)", "udp 32768 -> 53");
    check("udp/53 (source ports 1024-2000)", "udp 1024 -> 53");
    check("tcp/80; tcp/443 (source ports 1-9)", "tcp 32768 -> 80");
    check("tcp/443; tcp/80 (source ports 1-9)", "tcp 1 -> 80");
    check("icmp udp/1", "udp 32768 -> 1");
    check("icmp", "icmp 8/0");
    check("icmp/3", "icmp 3/0");
    check("icmpv6", "icmpv6 128/0");
    check("gre esp", "gre");
}

#[test]
fn prints_for_people() {
    #[track_caller]
    fn check(traffic: &Traffic, expected: &str) {
        assert_eq!(traffic.to_string(), expected);
    }
    let web: PortSet = [443, 80].into_iter().collect();
    let high = PortSet::from(Interval::between(1024, 65535));
    check(&Traffic::all(), "all traffic");
    check(&Traffic::empty(), "none");
    check(&Traffic::tcp(web.clone()), "tcp 80, 443");
    check(&Traffic::protocol(Protocol::TCP), "tcp");
    check(
        &Traffic::with_ports(Protocol::TCP, web.clone(), high.clone()),
        "tcp 80, 443 (source ports 1024-65535)",
    );
    check(
        &Traffic::with_ports(Protocol::UDP, PortSet::full(), high),
        "udp (source ports 1024-65535)",
    );
    check(&Traffic::with_ports(Protocol::ESP, web, PortSet::empty()), "esp");
    check(&Traffic::protocol(Protocol(200)), "protocol 200");
    check(&Traffic::icmp(IcmpKind::all_codes(8).into()), "icmp echo-request");
    check(&Traffic::icmp(IcmpSet::single(IcmpKind::new(3, 4))), "icmp destination-unreachable/4");
    check(&Traffic::icmpv6(IcmpSet::single(IcmpKind::new(200, 1))), "icmpv6 200/1");
    let long = Interval::between(IcmpKind::new(3, 4), IcmpKind::new(8, 0));
    check(&Traffic::icmp(long.into()), "icmp destination-unreachable/4-255, 4-7, echo-request/0");
}
