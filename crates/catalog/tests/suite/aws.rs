//! What AWS runs where.

use std::collections::BTreeSet;

use portolan_catalog::{Transport, aws_services, aws_uses_of};

#[test]
fn services_are_sorted_and_come_once() {
    assert!(
        aws_services().is_sorted_by(|a, b| a.name.to_lowercase() < b.name.to_lowercase()),
        "services are sorted by name, without regard to case"
    );
}

#[test]
fn every_row_is_well_formed() {
    for service in aws_services() {
        assert!(service.source.contains(", "), "{} names guide and page", service.name);
        assert!(!service.listeners.is_empty(), "{}", service.name);
        for listener in service.listeners {
            assert!(!listener.ports.is_empty(), "{}: {listener:?}", service.name);
            assert!(!listener.transports.is_empty(), "{}: {listener:?}", service.name);
            let role = listener.role;
            assert!(!role.is_empty() && !role.ends_with('.'), "{}: {role}", service.name);
        }
    }
}

/// A wide range may hold a narrow one, as the dynamic ports of ECS hold those of its agent.
#[test]
fn no_service_lists_a_listener_twice() {
    for service in aws_services() {
        assert!(service.listeners.is_sorted_by_key(|listener| *listener.ports.start()));
        let mut seen = BTreeSet::new();
        for listener in service.listeners {
            for transport in listener.transports.iter() {
                let key = (transport, *listener.ports.start(), *listener.ports.end());
                assert!(seen.insert(key), "{}: {listener:?}", service.name);
            }
        }
    }
}

#[test]
fn knows_the_usual_services() {
    let check = |transport, port, expected: &str| {
        let found = aws_uses_of(port)
            .any(|found| found.service.name == expected && found.listener.is_at(transport, port));
        assert!(found, "{expected} at {transport} {port}");
    };
    check(Transport::Tcp, 22, "AWS Transfer Family");
    check(Transport::Udp, 53, "Amazon VPC");
    check(Transport::Udp, 123, "Amazon Time Sync Service");
    check(Transport::Tcp, 443, "Amazon EKS");
    check(Transport::Udp, 500, "AWS Site-to-Site VPN");
    check(Transport::Tcp, 1433, "Amazon RDS for SQL Server");
    check(Transport::Tcp, 1521, "Amazon RDS for Oracle");
    check(Transport::Tcp, 2049, "Amazon EFS");
    check(Transport::Tcp, 2223, "AWS CloudHSM");
    check(Transport::Tcp, 2587, "Amazon SES");
    check(Transport::Tcp, 3306, "Amazon RDS for MySQL and MariaDB, Aurora MySQL");
    check(Transport::Udp, 4172, "Amazon WorkSpaces");
    check(Transport::Udp, 4789, "Amazon VPC Traffic Mirroring");
    check(Transport::Tcp, 5432, "Amazon RDS for PostgreSQL, Aurora PostgreSQL");
    check(Transport::Tcp, 5439, "Amazon Redshift");
    check(Transport::Udp, 6081, "Elastic Load Balancing");
    check(Transport::Tcp, 6379, "Amazon ElastiCache");
    check(Transport::Tcp, 6379, "Amazon MemoryDB");
    check(Transport::Tcp, 8182, "Amazon Neptune");
    check(Transport::Tcp, 8195, "AWS Transfer Family");
    check(Transport::Tcp, 9098, "Amazon MSK");
    check(Transport::Tcp, 9111, "Amazon DynamoDB Accelerator (DAX)");
    check(Transport::Tcp, 9142, "Amazon Keyspaces");
    check(Transport::Tcp, 9389, "AWS Directory Service");
    check(Transport::Tcp, 10250, "Amazon EKS");
    check(Transport::Tcp, 27017, "Amazon DocumentDB");
    check(Transport::Tcp, 61617, "Amazon MQ for ActiveMQ");
}

#[test]
fn the_narrowest_range_comes_first() {
    let widths: Vec<usize> = aws_uses_of(51679).map(|found| found.listener.ports.len()).collect();
    assert!(widths.len() > 1 && widths.is_sorted(), "{widths:?}");
    assert_eq!(aws_uses_of(4).count(), 0);
}
