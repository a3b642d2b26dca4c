//! Severities of ports and ranges, against a loop over all ports.

use std::ops::RangeInclusive;

use portolan_catalog::{
    Guide, Kind, PortClass, Severity, Transport, guide, guides, guides_in, severity, worst_severity,
};
use proptest::prelude::*;

/// The guide that a reader of the tables would find by hand.
fn listed_guide(transport: Transport, port: u16) -> Option<&'static Guide> {
    guides().find(|guide| guide.covers(transport, port))
}

fn naive_severity(transport: Transport, port: u16) -> Severity {
    listed_guide(transport, port).map_or(Severity::Medium, |guide| guide.severity)
}

fn naive_worst(transport: Transport, ports: RangeInclusive<u16>) -> Severity {
    ports.map(|port| severity(transport, port)).max().unwrap_or(Severity::Info)
}

fn any_transport() -> impl Strategy<Value = Transport> {
    proptest::sample::select(&Transport::ALL[..])
}

#[test]
fn every_port_has_the_guide_of_the_tables() {
    for transport in Transport::ALL {
        for port in 0..=u16::MAX {
            let found = guide(transport, port);
            match listed_guide(transport, port) {
                Some(listed) => assert!(std::ptr::eq(found, listed), "{transport} {port}"),
                None => {
                    assert_eq!(found.kind, Kind::Unlisted, "{transport} {port}");
                    assert_eq!(found.ports, [PortClass::of(port).ports()]);
                }
            }
            assert_eq!(severity(transport, port), naive_severity(transport, port));
        }
    }
}

#[test]
fn a_range_is_as_bad_as_its_worst_port() {
    let check = |transport, ports: RangeInclusive<u16>, expected| {
        assert_eq!(worst_severity(transport, ports.clone()), expected, "{transport} {ports:?}");
    };
    check(Transport::Tcp, 443..=443, Severity::Info);
    check(Transport::Udp, 443..=443, Severity::Info);
    check(Transport::Tcp, 442..=443, Severity::Medium);
    check(Transport::Tcp, 992..=993, Severity::Medium);
    check(Transport::Tcp, 993..=993, Severity::Low);
    check(Transport::Tcp, 20..=21, Severity::High);
    check(Transport::Tcp, 20..=22, Severity::Critical);
    check(Transport::Tcp, 1024..=65535, Severity::Critical);
    check(Transport::Tcp, 55000..=60000, Severity::Medium);
    check(Transport::Sctp, 22..=22, Severity::Medium);
}

#[test]
fn all_ports_are_critical_over_every_transport() {
    for transport in Transport::ALL {
        assert_eq!(worst_severity(transport, 0..=u16::MAX), Severity::Critical, "{transport}");
    }
    assert_eq!(worst_severity(Transport::Sctp, 1..=u16::MAX), Severity::Medium);
}

#[test]
fn an_empty_range_opens_nothing() {
    #[expect(clippy::reversed_empty_ranges, reason = "an empty range is the point")]
    let empty = 23..=22;
    assert_eq!(worst_severity(Transport::Tcp, empty.clone()), Severity::Info);
    assert_eq!(guides_in(Transport::Tcp, empty).count(), 0);
}

proptest! {
    #[test]
    fn the_worst_in_a_range_is_that_of_a_loop(
        transport in any_transport(), first: u16, last: u16,
    ) {
        prop_assume!((first, last) != (0, u16::MAX));
        let ports = first..=last;
        prop_assert_eq!(worst_severity(transport, ports.clone()), naive_worst(transport, ports));
    }

    #[test]
    fn the_worst_in_a_narrow_range_is_that_of_a_loop(
        transport in any_transport(), first: u16, width in 0_u16..12,
    ) {
        let ports = first..=first.saturating_add(width);
        prop_assert_eq!(worst_severity(transport, ports.clone()), naive_worst(transport, ports));
    }

    #[test]
    fn a_wider_range_is_never_better(transport in any_transport(), mut ends: [u16; 4]) {
        ends.sort_unstable();
        let [a, b, c, d] = ends;
        prop_assert!(worst_severity(transport, b..=c) <= worst_severity(transport, a..=d));
    }

    #[test]
    fn the_guides_in_a_range_are_those_of_its_ports(
        transport in any_transport(), first: u16, width in 0_u16..300,
    ) {
        let ports = first..=first.saturating_add(width);
        let mut naive: Vec<&str> =
            ports.clone().map(|port| guide(transport, port).title).collect();
        naive.dedup();
        let mut found: Vec<&str> = guides_in(transport, ports).map(|guide| guide.title).collect();
        found.dedup();
        prop_assert_eq!(found, naive);
    }
}
