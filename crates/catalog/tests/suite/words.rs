//! The words of the enumerations, which people type and scripts read.

use portolan_catalog::{Severity, Transport, Transports, UnknownSeverity};

#[test]
fn severities_are_ordered_and_round_trip() {
    assert!(Severity::ALL.is_sorted_by(|a, b| a < b));
    for severity in Severity::ALL {
        assert_eq!(severity.to_string().parse(), Ok(severity));
        assert_eq!(severity.name().to_uppercase().parse(), Ok(severity));
    }
}

#[test]
fn a_wrong_severity_says_what_is_right() {
    let error: UnknownSeverity = "hihg".parse::<Severity>().unwrap_err();
    assert_eq!(error.to_string(), "`hihg` is not a severity");
    assert_eq!(error.help(), "write one of info, low, medium, high, critical");
}

#[test]
fn transports_round_trip() {
    for transport in Transport::ALL {
        assert_eq!(Transport::from_name(transport.name()), Some(transport));
        assert_eq!(Transport::from_protocol_number(transport.protocol_number()), Some(transport));
    }
    assert_eq!(Transport::from_name("TCP"), Some(Transport::Tcp));
    assert_eq!(Transport::from_name("icmp"), None);
    assert_eq!(Transport::from_protocol_number(1), None);
}

#[test]
fn sets_of_transports_hold_what_was_put_in() {
    assert!(Transports::NONE.is_empty() && !Transports::TCP.is_empty());
    assert_eq!(Transports::TCP_AND_UDP.to_string(), "tcp,udp");
    for transport in Transport::ALL {
        let alone: Transports = [transport].into_iter().collect();
        assert_eq!(alone.iter().collect::<Vec<_>>(), [transport]);
        assert_eq!(alone.with(transport), alone);
    }
    let all: Transports = Transport::ALL.into_iter().collect();
    assert_eq!(all.to_string(), "tcp,udp,sctp,dccp");
}
