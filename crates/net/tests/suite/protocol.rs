//! Protocols, sets of them, and the kinds of ICMP messages.

use portolan_net::{Family, IcmpKind, Protocol, ProtocolSet};
use proptest::prelude::*;

use crate::laws::{check_exactly, check_laws};

fn protocol_set() -> impl Strategy<Value = ProtocolSet> {
    prop::collection::vec(any::<u8>(), 0..300)
        .prop_map(|numbers| numbers.into_iter().map(Protocol).collect())
}

fn all_protocols() -> Vec<Protocol> {
    (0..=u8::MAX).map(Protocol).collect()
}

proptest! {
    #[test]
    fn sets_agree_with_sets_of_numbers(a in protocol_set(), b in protocol_set(), c in protocol_set()) {
        check_exactly(&a, &b, &all_protocols());
        check_laws(&a, &b, &c);
        prop_assert_eq!(a.protocols().collect::<ProtocolSet>(), a);
        prop_assert!(a.protocols().is_sorted());
    }

    #[test]
    fn numbers_survive(number in any::<u8>()) {
        prop_assert_eq!(number.to_string().parse(), Ok(Protocol(number)));
        let name = Protocol(number).name();
        prop_assert!(name.is_none_or(|name| name.parse() == Ok(Protocol(number))));
    }
}

#[test]
fn names_are_read_and_written() {
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let protocol = text.parse::<Protocol>().ok();
        assert_eq!(protocol.map(|protocol| protocol.to_string()).as_deref(), expected, "{text}");
    }
    check("tcp", Some("tcp"));
    check("TCP", Some("tcp"));
    check("6", Some("tcp"));
    check("58", Some("icmpv6"));
    check("200", Some("protocol 200"));
    for wrong in ["-1", "all", "+6", "256", "", "tcp ", "6.0"] {
        check(wrong, None);
    }
}

#[test]
fn only_tcp_and_udp_are_filtered_by_port() {
    let with_ports: Vec<Protocol> = all_protocols().into_iter().filter(|p| p.has_ports()).collect();
    assert_eq!(with_ports, [Protocol::TCP, Protocol::UDP]);
    let icmp: Vec<Protocol> = all_protocols().into_iter().filter(|p| p.is_icmp()).collect();
    assert_eq!(icmp, [Protocol::ICMP, Protocol::ICMPV6]);
}

#[test]
fn requests_have_replies() {
    #[track_caller]
    fn check(family: Family, kind: u8, reply: Option<u8>, name: &str) {
        let message = IcmpKind::new(kind, 0);
        assert_eq!((message.reply(family), message.name(family)), (reply, Some(name)));
    }
    check(Family::V4, 8, Some(0), "echo-request");
    check(Family::V4, 0, None, "echo-reply");
    check(Family::V4, 3, None, "destination-unreachable");
    check(Family::V4, 13, Some(14), "timestamp-request");
    check(Family::V4, 15, Some(16), "information-request");
    check(Family::V4, 17, Some(18), "address-mask-request");
    check(Family::V6, 128, Some(129), "echo-request");
    check(Family::V6, 3, None, "time-exceeded");
    assert_eq!(IcmpKind::new(8, 0).reply(Family::V6), None);
    assert_eq!(IcmpKind::new(8, 0).name(Family::V6), None);
    for family in [Family::V4, Family::V6] {
        assert!(IcmpKind::echo_request(family).reply(family).is_some());
    }
}
