//! The guides: the shape of every row, and what must be in them.

use std::collections::{BTreeMap, BTreeSet};

use portolan_catalog::{
    AllowedSource, Guide, Kind, Severity, Transport, guide, guides, registered_name,
};

fn is_short_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_sentence(text: &str) -> bool {
    text.starts_with(|first: char| first.is_uppercase())
        && text.ends_with('.')
        && !text.contains("  ")
        && !text.contains('\n')
}

#[test]
fn every_row_is_well_formed() {
    for guide in guides() {
        let name = guide.name;
        assert!(is_short_name(name), "{name}");
        assert!(guide.aliases.iter().all(|alias| is_short_name(alias)), "{name}");
        assert!(!guide.title.is_empty() && !guide.title.ends_with('.'), "{name}");
        assert!(is_sentence(guide.why), "{name}: {}", guide.why);
        assert!(is_sentence(guide.recommended), "{name}: {}", guide.recommended);
        assert!(guide.sources.iter().all(|source| !source.is_empty()), "{name}");
        assert!(guide.is_listed(), "{name}");
    }
}

#[test]
fn every_row_has_sorted_ports_and_a_transport_with_port_rules() {
    for guide in guides() {
        assert!(!guide.ports.is_empty(), "{}", guide.name);
        assert!(guide.ports.iter().all(|ports| !ports.is_empty()), "{}", guide.name);
        assert!(guide.ports.is_sorted_by(|a, b| a.end() < b.start()), "{}", guide.name);
        assert!(!guide.transports.is_empty(), "{}", guide.name);
    }
}

#[test]
fn no_port_has_two_guides() {
    let mut holder: BTreeMap<(Transport, u16), &str> = BTreeMap::new();
    for guide in guides() {
        for transport in guide.transports.iter() {
            for port in guide.ports.iter().cloned().flatten() {
                let before = holder.insert((transport, port), guide.name);
                assert_eq!(before, None, "{transport} {port} is in {} as well", guide.name);
            }
        }
    }
}

#[test]
fn no_name_means_two_services() {
    let mut seen = BTreeSet::new();
    for guide in guides() {
        assert!(seen.insert(guide.name), "{}", guide.name);
        for alias in guide.aliases {
            assert!(seen.insert(alias), "{alias}");
        }
    }
}

#[test]
fn what_is_open_on_purpose_is_not_high() {
    for guide in guides().filter(|guide| guide.allow == AllowedSource::Internet) {
        assert!(guide.severity <= Severity::Medium, "{}", guide.name);
    }
    for guide in guides().filter(|guide| guide.severity >= Severity::High) {
        assert_ne!(guide.allow, AllowedSource::Internet, "{}", guide.name);
    }
}

#[test]
fn names_agree_with_the_registry_where_it_is_not_dead() {
    let check = |port, name| {
        assert_eq!(guide(Transport::Tcp, port).name, name);
        assert_eq!(registered_name(Transport::Tcp, port), Some(name));
    };
    check(21, "ftp");
    check(22, "ssh");
    check(23, "telnet");
    check(25, "smtp");
    check(80, "http");
    check(443, "https");
    check(587, "submission");
    check(3306, "mysql");
    check(5432, "postgresql");
    check(6379, "redis");
    check(27017, "mongodb");
}

fn check(transport: Transport, port: u16, severity: Severity, kind: Kind) {
    let Guide { name, severity: given, kind: sort, .. } = guide(transport, port);
    assert_eq!((*given, *sort), (severity, kind), "{transport} {port} is {name}");
}

#[test]
fn remote_administration_is_critical() {
    for port in [22, 3389, 5900, 5985, 5986, 135] {
        check(Transport::Tcp, port, Severity::Critical, Kind::RemoteAdministration);
    }
    for port in [23, 512, 513, 514] {
        check(Transport::Tcp, port, Severity::Critical, Kind::LegacyCleartext);
    }
}

#[test]
fn data_stores_are_critical() {
    for port in [1433, 1521, 3306, 5432, 5439, 8182, 9042, 27017, 50000] {
        check(Transport::Tcp, port, Severity::Critical, Kind::Database);
    }
    check(Transport::Tcp, 6379, Severity::Critical, Kind::Cache);
    check(Transport::Udp, 11211, Severity::Critical, Kind::Cache);
    check(Transport::Tcp, 9200, Severity::Critical, Kind::Search);
    check(Transport::Tcp, 9092, Severity::Critical, Kind::MessageQueue);
    check(Transport::Tcp, 2375, Severity::Critical, Kind::ContainerControl);
    check(Transport::Tcp, 10250, Severity::Critical, Kind::ContainerControl);
    check(Transport::Tcp, 2379, Severity::Critical, Kind::ClusterCoordination);
}

#[test]
fn what_serves_the_public_is_low_or_less() {
    check(Transport::Tcp, 443, Severity::Info, Kind::Web);
    check(Transport::Udp, 443, Severity::Info, Kind::Web);
    check(Transport::Tcp, 80, Severity::Low, Kind::Web);
    check(Transport::Udp, 53, Severity::Low, Kind::NameService);
    check(Transport::Udp, 123, Severity::Low, Kind::TimeService);
    check(Transport::Tcp, 465, Severity::Low, Kind::Mail);
    check(Transport::Tcp, 587, Severity::Low, Kind::Mail);
    check(Transport::Udp, 500, Severity::Low, Kind::PrivateNetwork);
    check(Transport::Udp, 4500, Severity::Low, Kind::PrivateNetwork);
}

#[test]
fn port_25_tells_both_directions_and_the_ways_around() {
    let smtp = guide(Transport::Tcp, 25);
    assert_eq!((smtp.name, smtp.severity), ("smtp", Severity::Medium));
    assert_eq!(smtp.allow, AllowedSource::Internet);
    for word in ["relay", "EC2 blocks"] {
        assert!(smtp.why.contains(word), "{word}");
    }
    for word in ["MX", "SES", "587", "465", "2587", "2465"] {
        assert!(smtp.recommended.contains(word), "{word}");
    }
    assert!(smtp.sources.iter().any(|source| source.contains("port 25")));
}
