//! Packets between addresses.

use std::net::Ipv4Addr;

use portolan_net::{
    Header, Interval, Ipv4Set, Packet, PacketSet, Protocol, Set as _, Traffic, parse_ipv4_set,
    parse_traffic,
};
use proptest::prelude::*;

use crate::laws::check_laws;
use crate::traffic::traffic;

fn addresses() -> impl Strategy<Value = Ipv4Set> {
    let end = || (0_u32..4).prop_map(|top| Ipv4Addr::from_bits(top << 30));
    let interval = (end(), end()).prop_map(|(one, other)| Interval::between(one, other));
    prop::collection::vec(interval, 1..3).prop_map(|intervals| intervals.into_iter().collect())
}

fn packets() -> impl Strategy<Value = PacketSet<Ipv4Addr>> {
    let one = (addresses(), addresses(), traffic()).prop_map(|(sources, destinations, traffic)| {
        PacketSet::between(sources, destinations, traffic)
    });
    prop::collection::vec(one, 0..4).prop_map(PacketSet::union_all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn is_a_boolean_algebra(a in packets(), b in packets(), c in packets()) {
        check_laws(&a, &b, &c);
    }

    #[test]
    fn has_a_witness_unless_it_is_empty(set in packets()) {
        let witness = set.witness();
        prop_assert_eq!(witness.is_none(), set.is_empty());
        prop_assert!(witness.is_none_or(|packet| set.contains_packet(packet)));
        prop_assert!(witness.is_none_or(|packet| set.traffic().contains(packet.header)));
    }
}

#[test]
fn prints_a_line_for_each_box() {
    let of = |text| parse_ipv4_set(text).into_result().unwrap();
    let web = parse_traffic("tcp/80,443").into_result().unwrap();
    let one = PacketSet::between(of("10.0.0.0/8"), of("192.0.2.1"), web.clone());
    let other = PacketSet::between(of("10.0.0.0/8"), of("192.0.2.2-192.0.2.3"), Traffic::all());
    let set = one.union(&other);
    assert_eq!(
        set.to_string(),
        "10.0.0.0/8 -> 192.0.2.1/32: tcp 80, 443\n10.0.0.0/8 -> 192.0.2.2/31: all traffic"
    );
    let header = Header::Ports { protocol: Protocol::TCP, source: 32768, destination: 80 };
    let [source, destination] = [Ipv4Addr::new(10, 0, 0, 0), Ipv4Addr::new(192, 0, 2, 1)];
    assert_eq!(set.witness(), Some(Packet { source, destination, header }));
    assert_eq!(set.difference(&other).traffic(), web);
    assert_eq!(PacketSet::<Ipv4Addr>::empty().to_string(), "none");
}
