//! The notation of ports, prefixes and sets of addresses.

use std::fmt::Display;

use portolan_net::{
    Ipv4Prefix, Ipv6Prefix, Parsed, SyntaxError, parse_ip_prefix, parse_ipv4_set, parse_ipv6_set,
    parse_ports, parse_prefix,
};
use proptest::prelude::*;

/// Writes an error as `4..13 what is wrong; what to do`.
pub(crate) fn describe(error: &SyntaxError) -> String {
    let SyntaxError { span, message, help } = error;
    let help = help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{}..{} {message}{help}", span.start, span.end)
}

/// Checks what could be read, and every error with its place.
#[track_caller]
pub(crate) fn check<T: Display>(parsed: Parsed<T>, value: &str, errors: &[&str]) {
    assert_eq!(parsed.value.to_string(), value);
    assert_eq!(parsed.errors.iter().map(describe).collect::<Vec<_>>(), errors);
    assert_eq!(parsed.into_result().is_ok(), errors.is_empty());
}

/// Checks that every error points into the source.
pub(crate) fn check_spans(source: &str, errors: &[SyntaxError]) {
    for error in errors {
        assert!(source.get(error.span.clone()).is_some(), "{error:?} in {source:?}");
    }
}

#[test]
fn reads_ports() {
    check(parse_ports("22"), "22", &[]);
    check(parse_ports("443, 22,80-81,82"), "22,80-82,443", &[]);
    check(parse_ports("0-65535"), "0-65535", &[]);
    check(parse_ports(" 80 - 90 "), "80-90", &[]);
}

#[test]
fn keeps_going_after_a_wrong_port() {
    check(
        parse_ports("22,8080-8000,70000,443"),
        "22,443",
        &[
            "3..12 this range ends before it starts; write `8000-8080`",
            "13..18 no port is above 65535",
        ],
    );
    check(parse_ports(""), "none", &["0..0 expected a port number"]);
    check(parse_ports("22,"), "22", &["3..3 expected a port number"]);
    check(parse_ports("22,,80"), "22,80", &["3..3 expected a port number"]);
    check(parse_ports("+22"), "none", &["0..3 expected a port number"]);
    check(parse_ports("-1"), "none", &["0..0 expected a port number"]);
    check(parse_ports("80-"), "none", &["3..3 expected a port number"]);
    check(parse_ports("80-90-100"), "none", &["3..9 expected a port number"]);
    check(parse_ports("https"), "none", &["0..5 expected a port number"]);
    check(parse_ports("22;80"), "none", &["0..5 expected a port number"]);
    check(parse_ports("٢٢"), "none", &["0..4 expected a port number"]);
}

#[test]
fn reads_addresses() {
    check(
        parse_ipv4_set("10.0.0.0/8,192.0.2.1-192.0.2.2"),
        "10.0.0.0/8,192.0.2.1/32,192.0.2.2/32",
        &[],
    );
    check(parse_ipv4_set("0.0.0.0 - 255.255.255.255"), "0.0.0.0/0", &[]);
    check(parse_ipv6_set("2001:db8::/32, ::1"), "::1/128,2001:db8::/32", &[]);
}

#[test]
fn keeps_going_after_a_wrong_address() {
    check(
        parse_ipv4_set("10.0.0.1/8, 192.0.2.9-192.0.2.1, ::1, 10.0.0.0/8"),
        "10.0.0.0/8",
        &[
            "0..10 `10.0.0.1/8` has bits set after its prefix length; write `10.0.0.0/8`",
            "12..31 this range ends before it starts; write `192.0.2.1-192.0.2.9`",
            "33..36 expected an IPv4 address",
        ],
    );
    check(parse_ipv6_set("fe80::1%eth0"), "none", &["0..12 expected an IPv6 address"]);
    check(
        parse_ipv4_set("10.0.0.0/8-10.1.0.0"),
        "none",
        &["0..19 `8-10.1.0.0` is not a prefix length of IPv4; use a length of 0 to 32"],
    );
}

#[test]
fn prefixes_come_with_a_remedy() {
    let error = parse_prefix::<std::net::Ipv4Addr>("  10.0.0.1/8 ").unwrap_err();
    assert_eq!(
        describe(&error),
        "2..12 `10.0.0.1/8` has bits set after its prefix length; write `10.0.0.0/8`"
    );
    let prefix = parse_prefix::<std::net::Ipv6Addr>(" 2001:db8::/32");
    assert_eq!(prefix.ok(), "2001:db8::/32".parse::<Ipv6Prefix>().ok());
    assert_eq!(
        parse_ip_prefix("10.0.0.0/8").ok(),
        "10.0.0.0/8".parse::<Ipv4Prefix>().ok().map(Into::into)
    );
    assert_eq!(describe(&parse_ip_prefix("").unwrap_err()), "0..0 `` has no prefix length");
}

proptest! {
    #[test]
    fn any_text_is_read(source in prop_oneof!["[-0-9a-f:./, ]{0,24}", any::<String>()]) {
        let ports = parse_ports(&source);
        check_spans(&source, &ports.errors);
        prop_assert!(!ports.errors.is_empty() || parse_ports(&ports.value.to_string()) == ports);
        let v4 = parse_ipv4_set(&source);
        check_spans(&source, &v4.errors);
        prop_assert!(!v4.errors.is_empty() || parse_ipv4_set(&v4.value.to_string()) == v4);
        let v6 = parse_ipv6_set(&source);
        check_spans(&source, &v6.errors);
        prop_assert!(!v6.errors.is_empty() || parse_ipv6_set(&v6.value.to_string()) == v6);
        check_spans(&source, parse_ip_prefix(&source).err().as_slice());
    }
}
