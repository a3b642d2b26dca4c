//! The notation of AWS.

use portolan_net::{Traffic, parse_traffic};
use proptest::prelude::*;

fn describe(result: Result<Traffic, portolan_net::AwsRuleError>) -> String {
    result.map_or_else(|error| format!("error: {error}"), |traffic| traffic.to_string())
}

#[track_caller]
fn check_rule(protocol: &str, from: Option<i64>, to: Option<i64>, expected: &str) {
    assert_eq!(describe(Traffic::from_aws(protocol, from, to)), expected);
}

#[test]
fn reads_rules_of_security_groups() {
    check_rule("tcp", Some(22), Some(22), "tcp 22");
    check_rule("6", Some(80), Some(90), "tcp 80-90");
    check_rule("udp", Some(0), Some(65535), "udp");
    check_rule("tcp", None, None, "tcp");
    check_rule("tcp", Some(-1), Some(-1), "tcp");
    check_rule("-1", None, None, "all traffic");
    check_rule("-1", Some(-1), Some(-1), "all traffic");
    check_rule("-1", Some(0), Some(0), "all traffic");
    check_rule("all", Some(111), Some(111), "all traffic");
    check_rule("icmp", Some(8), Some(0), "icmp echo-request/0");
    check_rule("icmp", Some(8), Some(-1), "icmp echo-request");
    check_rule("icmp", Some(-1), Some(-1), "icmp");
    check_rule("1", Some(3), Some(4), "icmp destination-unreachable/4");
    check_rule("icmpv6", None, None, "icmpv6");
    check_rule("58", Some(128), Some(-1), "icmpv6 echo-request");
    check_rule("50", Some(22), Some(22), "esp");
    check_rule("132", None, None, "sctp");
}

#[test]
fn refuses_what_is_no_rule() {
    check_rule("tpc", None, None, "error: `tpc` is not a protocol");
    check_rule("256", None, None, "error: `256` is not a protocol");
    check_rule("-2", None, None, "error: `-2` is not a protocol");
    check_rule("tcp", Some(90), Some(80), "error: `90` to `80` is not a range of ports");
    check_rule("tcp", Some(-1), Some(80), "error: `-1` to `80` is not a range of ports");
    check_rule("tcp", Some(0), Some(65536), "error: `0` to `65536` is not a range of ports");
    check_rule("udp", Some(53), None, "error: `53` to `absent` is not a range of ports");
    check_rule("icmp", Some(256), Some(0), "error: `256` and `0` are not an ICMP type and code");
    check_rule("icmp", Some(8), Some(-2), "error: `8` and `-2` are not an ICMP type and code");
    check_rule("icmp", Some(-1), Some(0), "error: `-1` and `0` are not an ICMP type and code");
}

#[test]
fn reads_entries_of_network_acls() {
    #[track_caller]
    fn check(protocol: &str, ports: Option<(i64, i64)>, icmp: Option<(i64, i64)>, expected: &str) {
        assert_eq!(describe(Traffic::from_aws_acl(protocol, ports, icmp)), expected);
    }
    check("-1", None, None, "all traffic");
    check("6", Some((1024, 65535)), None, "tcp 1024-65535");
    check("6", Some((22, 22)), Some((8, 0)), "tcp 22");
    check("1", Some((22, 22)), Some((8, -1)), "icmp echo-request");
    check("58", None, Some((-1, -1)), "icmpv6");
    check("50", Some((22, 22)), None, "esp");
}

#[test]
fn writes_rules() {
    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let traffic = parse_traffic(source).into_result().unwrap();
        let number =
            |number: Option<i64>| number.map_or_else(|| "absent".to_owned(), |n| n.to_string());
        let rules = traffic.to_aws().unwrap().into_iter().map(|rule| {
            format!("{} {} {}", rule.protocol, number(rule.from_port), number(rule.to_port))
        });
        assert_eq!(rules.collect::<Vec<_>>(), expected);
    }
    check("all", &["-1 absent absent"]);
    check("tcp/22,80-90 udp", &["tcp 22 22", "tcp 80 90", "udp 0 65535"]);
    check("icmp", &["icmp -1 -1"]);
    check("icmp/8,3/0-1 icmpv6/1", &["icmp 3 0", "icmp 3 1", "icmp 8 -1", "icmpv6 1 -1"]);
    check("esp protocol/200", &["50 absent absent", "200 absent absent"]);
}

#[test]
fn writes_entries() {
    let traffic = parse_traffic("tcp/22 icmp/8 esp").into_result().unwrap();
    let entries = traffic.to_aws_acl().unwrap().into_iter();
    let entries: Vec<_> =
        entries.map(|entry| (entry.protocol, entry.port_range, entry.icmp_type_code)).collect();
    assert_eq!(
        entries,
        [
            ("6".to_owned(), Some((22, 22)), None),
            ("1".to_owned(), None, Some((8, -1))),
            ("50".to_owned(), None, None),
        ]
    );
    assert_eq!(Traffic::all().to_aws_acl().unwrap()[0].protocol, "-1");
}

#[test]
fn source_ports_are_nothing_that_aws_can_filter() {
    let traffic = parse_traffic("tcp/443 (source ports 1024-65535)").into_result().unwrap();
    assert_eq!((traffic.to_aws(), traffic.to_aws_acl()), (None, None));
}

proptest! {
    #[test]
    fn any_rule_is_read(protocol in "-?[a-z0-9]{0,6}", from in any::<Option<i64>>(), to in any::<Option<i64>>()) {
        let known = protocol == "-1" || protocol == "all" || protocol.parse::<portolan_net::Protocol>().is_ok();
        let read = Traffic::from_aws(&protocol, from, to);
        prop_assert!(known || read.is_err());
        prop_assert_ne!(read, Ok(portolan_net::Set::empty()));
    }
}
