//! Whole entries, and the small look-ups beside them.

use portolan_catalog::{
    PortClass, Severity, Transport, describe, ephemeral_ranges_of, service_name,
};

#[test]
fn every_port_has_an_entry() {
    for port in 0..=u16::MAX {
        let entry = describe(port);
        assert_eq!(entry.port, port);
        assert!(entry.class.ports().contains(&port));
        assert!(!entry.guides.is_empty() || entry.severity() == Severity::Medium, "{port}");
    }
}

#[test]
fn classes_meet_where_rfc_6335_says() {
    let check = |port, expected| assert_eq!(PortClass::of(port), expected, "{port}");
    check(0, PortClass::System);
    check(1023, PortClass::System);
    check(1024, PortClass::User);
    check(49151, PortClass::User);
    check(49152, PortClass::Dynamic);
    check(u16::MAX, PortClass::Dynamic);
}

#[test]
fn the_world_goes_before_the_registry() {
    let check = |transport, port, expected| {
        assert_eq!(service_name(transport, port), expected, "{transport} {port}");
    };
    check(Transport::Tcp, 22, Some("ssh"));
    check(Transport::Udp, 443, Some("quic"));
    check(Transport::Tcp, 443, Some("https"));
    check(Transport::Tcp, 1521, Some("oracle"));
    check(Transport::Tcp, 3389, Some("rdp"));
    check(Transport::Tcp, 9200, Some("elasticsearch"));
    check(Transport::Udp, 9200, Some("wap-wsp"));
    check(Transport::Sctp, 22, Some("ssh"));
    check(Transport::Tcp, 4, None);
}

#[test]
fn an_entry_names_itself() {
    let check = |port, name, severity| {
        let entry = describe(port);
        assert_eq!((entry.name(), entry.severity()), (name, severity), "{port}");
    };
    check(123, Some("ntp"), Severity::Low);
    check(443, Some("https"), Severity::Info);
    check(514, Some("rsh"), Severity::Critical);
    check(1010, Some("surf"), Severity::Medium);
    check(60001, None, Severity::Medium);
}

#[test]
fn clients_choose_the_documented_ports() {
    let check = |port, expected: &[&str]| {
        let clients: Vec<&str> = ephemeral_ranges_of(port).map(|range| range.client).collect();
        assert_eq!(clients, expected, "{port}");
    };
    let everywhere = ["Elastic Load Balancing", "NAT gateway", "AWS Lambda"];
    check(1023, &[]);
    check(1024, &everywhere);
    check(
        61000,
        &[
            "Windows Server 2008 and later",
            "many Linux kernels, Amazon Linux among them",
            "Elastic Load Balancing",
            "NAT gateway",
            "AWS Lambda",
        ],
    );
    check(
        61001,
        &["Windows Server 2008 and later", "Elastic Load Balancing", "NAT gateway", "AWS Lambda"],
    );
}
