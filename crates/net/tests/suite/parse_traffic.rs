//! The notation of traffic.

use portolan_net::{Set as _, parse_traffic};
use proptest::prelude::*;

use crate::parse::{check, check_spans};

#[track_caller]
fn check_traffic(source: &str, value: &str, errors: &[&str]) {
    check(parse_traffic(source), value, errors);
}

#[test]
fn reads_what_people_type() {
    for (source, expected) in [
        ("tcp/443", "tcp 443"),
        ("tcp/22,80-90", "tcp 22, 80-90"),
        ("TCP/443", "tcp 443"),
        ("tcp 443", "tcp 443"),
        ("tcp", "tcp"),
        ("tcp/22 udp/53", "tcp 22; udp 53"),
        ("tcp/22,udp/53", "tcp 22; udp 53"),
        (" udp/53 ;tcp / 22 , 80; ", "tcp 22, 80; udp 53"),
        ("tcp/22 tcp/80", "tcp 22, 80"),
        ("icmp", "icmp"),
        ("icmp/8", "icmp echo-request"),
        ("ICMP/Echo-Request", "icmp echo-request"),
        ("icmp/8/0", "icmp echo-request/0"),
        ("icmp/echo-request,3/4", "icmp destination-unreachable/4, echo-request"),
        ("icmp 3/0-4 icmpv6 echo-request", "icmp destination-unreachable/0-4; icmpv6 echo-request"),
        ("icmpv6/133-136", "icmpv6 133-136"),
        ("esp", "esp"),
        ("esp gre", "gre; esp"),
        ("protocol/89", "ospf"),
        ("protocol 6", "tcp"),
        ("protocol/200", "protocol 200"),
        ("tcp 443 (source ports 1024-65535)", "tcp 443 (source ports 1024-65535)"),
        ("tcp (source ports 53)", "tcp (source ports 53)"),
        ("all", "all traffic"),
        ("All Traffic", "all traffic"),
        ("tcp/22 all", "all traffic"),
    ] {
        check_traffic(source, expected, &[]);
    }
}

const EXAMPLES: &str = "write, for example, `tcp/443`, `udp/53`, `icmp/8`, `protocol/89` or `all`";

#[test]
fn keeps_going_after_an_error() {
    check_traffic(
        "tcp/22,x,80 tpc/443 udp/53",
        "tcp 22, 80; udp 53",
        &["7..8 expected a port number", &format!("12..15 expected a protocol; {EXAMPLES}")],
    );
    check_traffic(
        "tcp/80-22; udp",
        "udp",
        &["4..9 this range ends before it starts; write `22-80`"],
    );
    check_traffic("udp/; tcp/1", "tcp 1", &["4..5 expected a port number"]);
    check_traffic("esp/50 tcp/1", "tcp 1", &["3..4 AWS does not filter this protocol by port"]);
}

#[test]
fn points_at_what_is_wrong() {
    check_traffic("", "none", &[&format!("0..0 expected a protocol; {EXAMPLES}")]);
    check_traffic(" ; ", "none", &[&format!("2..2 expected a protocol; {EXAMPLES}")]);
    check_traffic("443", "none", &["0..3 expected a protocol; write `tcp/443` or `udp/443`"]);
    check_traffic(
        "80-90/tcp",
        "tcp",
        &["0..5 expected a protocol; write `tcp/80-90` or `udp/80-90`"],
    );
    check_traffic("tcp/", "none", &["4..4 expected a port number"]);
    check_traffic("tcp/22,", "tcp 22", &["7..7 expected a port number"]);
    check_traffic("tcp/+22", "none", &["4..7 expected a port number"]);
    check_traffic("tcp/65536", "none", &["4..9 no port is above 65535"]);
    check_traffic("protocol", "none", &["8..8 expected a protocol number"]);
    check_traffic("protocol/256", "none", &["9..12 no protocol is above 255"]);
    check_traffic("icmp/256", "none", &["5..8 no ICMP type is above 255"]);
    check_traffic("icmp/8/256", "none", &["7..10 no ICMP code is above 255"]);
    check_traffic("icmp/8/", "none", &["7..7 expected an ICMP code"]);
    check_traffic(
        "icmp/ping",
        "none",
        &["5..9 expected an ICMP type; write a number, or a name such as `echo-request`"],
    );
    check_traffic("tcp (ports 53)", "none", &["5..10 expected `source`"]);
    check_traffic("tcp (source ports 53", "none", &["20..20 expected `)`"]);
    check_traffic("-1", "none", &[&format!("0..2 expected a protocol; {EXAMPLES}")]);
}

proptest! {
    #[test]
    fn any_text_is_read(
        source in prop_oneof![
            "((tcp|udp|icmp|icmpv6|esp|all|protocol|source|ports|redirect|[0-9]{1,3})?[-/,;() ]{0,2}){0,12}",
            any::<String>(),
        ],
    ) {
        let parsed = parse_traffic(&source);
        check_spans(&source, &parsed.errors);
        prop_assert!(!parsed.value.is_empty() || !parsed.errors.is_empty());
        prop_assert!(parsed.errors.is_sorted_by_key(|error| error.span.start));
        if !parsed.value.is_empty() {
            prop_assert_eq!(parse_traffic(&parsed.value.to_string()).into_result(), Ok(parsed.value));
        }
    }
}
