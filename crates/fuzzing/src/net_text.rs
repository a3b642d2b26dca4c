//! The notations of `portolan-net`: ports, prefixes, address sets, traffic, and the rules of AWS.

use std::fmt::{Debug, Display};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use portolan_net::{
    AwsRule, IpPrefix, Parsed, Prefix, Protocol, Set, SyntaxError, Traffic, parse_ip_prefix,
    parse_ipv4_set, parse_ipv6_set, parse_ports, parse_prefix, parse_traffic,
};

/// Reads the bytes in every notation of `portolan-net`.
///
/// No notation may panic; errors must point into the text; and what was read must survive being written in the
/// same notation and read again.
pub fn net_text(bytes: &[u8]) {
    let Ok(source) = str::from_utf8(bytes) else { return };
    set_text(source, parse_ports);
    set_text(source, parse_ipv4_set);
    set_text(source, parse_ipv6_set);
    traffic_text(source);
    prefix_text(source, parse_prefix::<Ipv4Addr>);
    prefix_text(source, parse_prefix::<Ipv6Addr>);
    prefix_text(source, parse_ip_prefix);
    text_of::<Prefix<Ipv4Addr>>(source);
    text_of::<Prefix<Ipv6Addr>>(source);
    text_of::<IpPrefix>(source);
    protocol_text(source);
    aws_rule(source);
}

/// A list, whose errors concern single items and leave the others standing.
fn set_text<S: Set + Display>(source: &str, parse: fn(&str) -> Parsed<S>) {
    let Parsed { value, errors } = parse(source);
    point_into(source, &errors);
    if !value.is_empty() {
        let written = value.to_string();
        assert_eq!(parse(&written), Parsed { value, errors: Vec::new() }, "{written}");
    }
}

/// Traffic, which has two notations: that of people and the rules of AWS.
fn traffic_text(source: &str) {
    let Parsed { value, errors } = parse_traffic(source);
    point_into(source, &errors);
    assert!(!value.is_empty() || !errors.is_empty(), "nothing was read and nothing was wrong");
    let written = value.to_string();
    assert!(value.is_empty() || parse_traffic(&written).into_result() == Ok(value.clone()));
    match value.to_aws() {
        Some(rules) => assert_eq!(Traffic::union_all(rules.iter().map(allowed)), value),
        None => assert!(written.contains("source ports"), "AWS can say {written}"),
    }
}

fn allowed(rule: &AwsRule) -> Traffic {
    Traffic::from_aws(&rule.protocol, rule.from_port, rule.to_port)
        .unwrap_or_else(|_| Traffic::empty())
}

fn prefix_text<P: Display + Debug + PartialEq>(
    source: &str,
    parse: fn(&str) -> Result<P, SyntaxError>,
) {
    match parse(source) {
        Ok(prefix) => assert_eq!(parse(&prefix.to_string()), Ok(prefix)),
        Err(error) => point_into(source, &[error]),
    }
}

fn text_of<T: FromStr<Err: Debug + PartialEq> + Display + Debug + PartialEq>(source: &str) {
    if let Ok(value) = source.parse::<T>() {
        assert_eq!(value.to_string().parse(), Ok(value));
    }
}

/// A protocol without a name is written `protocol 89` and read `89`.
fn protocol_text(source: &str) {
    if let Ok(protocol) = source.parse::<Protocol>() {
        let written = protocol.to_string();
        assert_eq!(written.trim_start_matches("protocol ").parse(), Ok(protocol));
    }
}

/// Reads protocol, first and last port as AWS has them: `tcp 22 22`, `icmp -1 -1`, `-1`.
fn aws_rule(source: &str) {
    let mut words = source.split(' ');
    let protocol = words.next().unwrap_or_default();
    let mut number = || words.next().and_then(|word| word.parse().ok());
    let ports: Option<(i64, i64)> = number().zip(number());
    let (from, to) = ports.unzip();
    let traffic = Traffic::from_aws(protocol, from, to);
    assert_ne!(traffic, Ok(Traffic::empty()), "a rule that AWS accepts allows something");
    assert_eq!(Traffic::from_aws_acl(protocol, ports, ports), traffic);
}

/// Checks that errors can be shown beside the text they speak of.
fn point_into(source: &str, errors: &[SyntaxError]) {
    for error in errors {
        assert!(source.get(error.span.clone()).is_some(), "{error:?} is not within the text");
        assert!(!error.message.is_empty());
    }
}
