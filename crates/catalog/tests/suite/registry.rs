//! The IANA registry: its shape, and what everybody knows of it.

use std::collections::BTreeSet;

use portolan_catalog::{
    Assignment, PortClass, Transport, assignment, registered_name, registrations, registry,
};

/// Rows of the July 2026 edition. A new edition changes the number, and should be looked at.
const ROWS: usize = 7211;
/// Ports with at least one name in that edition.
const NAMED_PORTS: usize = 6350;

#[test]
fn is_complete() {
    assert_eq!(registry().len(), ROWS);
    let named: BTreeSet<u16> = registry()
        .iter()
        .filter(|row| row.name.is_some())
        .flat_map(|row| row.ports.clone())
        .collect();
    assert_eq!(named.len(), NAMED_PORTS);
}

#[test]
fn is_sorted_and_ranges_are_equal_or_disjoint() {
    for (before, after) in registry().iter().zip(registry().iter().skip(1)) {
        assert!(before.ports.start() <= before.ports.end(), "{before:?}");
        assert!(
            before.ports == after.ports || before.ports.end() < after.ports.start(),
            "{before:?} overlaps {after:?}"
        );
    }
}

#[test]
fn no_row_comes_twice() {
    let mut seen = BTreeSet::new();
    for row in registry() {
        for transport in row.transports.iter() {
            let key = (*row.ports.start(), transport, row.name);
            assert!(seen.insert(key), "{row:?}");
        }
    }
}

#[test]
fn every_name_is_a_service_name() {
    for row in registry() {
        let Some(name) = row.name else { continue };
        assert!(name.chars().all(|letter| letter.is_ascii_graphic()), "{row:?}");
        assert!(row.description.chars().count() <= 100, "{row:?}");
    }
}

#[test]
fn nothing_is_assigned_in_the_dynamic_range() {
    let last = registry().last().unwrap();
    assert_eq!(PortClass::of(*last.ports.end()), PortClass::User);
}

#[test]
fn looking_up_agrees_with_reading_the_whole_table() {
    for port in (0..=u16::MAX).step_by(7).chain([0, 80, 6000, 6063, 6064, 49150, u16::MAX]) {
        let naive: Vec<_> = registry().iter().filter(|row| row.ports.contains(&port)).collect();
        let quick: Vec<_> = registrations(port).iter().collect();
        assert_eq!(quick, naive, "port {port}");
    }
}

#[test]
fn knows_the_names_that_everybody_knows() {
    let check = |transport, port, expected| {
        assert_eq!(registered_name(transport, port), expected, "{transport} {port}");
    };
    check(Transport::Tcp, 22, Some("ssh"));
    check(Transport::Tcp, 25, Some("smtp"));
    check(Transport::Udp, 53, Some("domain"));
    check(Transport::Tcp, 80, Some("http"));
    check(Transport::Sctp, 80, Some("http"));
    check(Transport::Tcp, 443, Some("https"));
    check(Transport::Tcp, 465, Some("submissions"));
    check(Transport::Udp, 514, Some("syslog"));
    check(Transport::Tcp, 514, Some("shell"));
    check(Transport::Tcp, 5432, Some("postgresql"));
    check(Transport::Tcp, 6010, Some("x11"));
    check(Transport::Tcp, 7301, Some("swx"));
    check(Transport::Tcp, 11434, Some("ollama"));
    check(Transport::Tcp, 24, None);
    check(Transport::Dccp, 22, None);
    check(Transport::Tcp, 50000, None);
}

#[test]
fn tells_assigned_from_reserved_from_free() {
    let check = |transport, port, expected| {
        assert_eq!(assignment(transport, port), expected, "{transport} {port}");
    };
    check(Transport::Tcp, 0, Assignment::Reserved);
    check(Transport::Tcp, 4, Assignment::Unassigned);
    check(Transport::Tcp, 22, Assignment::Assigned);
    check(Transport::Tcp, 24, Assignment::Assigned);
    check(Transport::Udp, 230, Assignment::Reserved);
    check(Transport::Tcp, 6665, Assignment::Assigned);
    check(Transport::Udp, 6665, Assignment::Reserved);
    check(Transport::Tcp, 49151, Assignment::Reserved);
    check(Transport::Tcp, 49152, Assignment::Dynamic);
    check(Transport::Udp, u16::MAX, Assignment::Dynamic);
}
