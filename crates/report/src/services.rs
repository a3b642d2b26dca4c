//! The packets of an opening in words, and the services that are expected at its ports.

use std::collections::BTreeSet;

use portolan_catalog::{Severity, Transport, guides_in, service_name};
use portolan_net::{PortSet, Ports, Protocol, ProtocolSet, Set as _, Traffic};

use crate::rating::ranges;

/// The most services that are named before the rest is counted.
const NAMED: usize = 3;

/// The most protocols without ports that are listed.
const LISTED_PROTOCOLS: usize = 4;

/// Returns the traffic in words, such as `tcp 22, 443; udp 53`.
///
/// Differs from [`Traffic`]'s own notation where that lists hundreds of protocols that nobody named.
pub(crate) fn traffic_text(traffic: &Traffic) -> String {
    let others = traffic.other_protocols();
    let count = others.protocols().count();
    if traffic.is_full() || count <= LISTED_PROTOCOLS {
        return traffic.to_string();
    }
    let named = traffic.difference(&only_others());
    let others = if only_others().other_protocols() == others {
        "all other protocols".to_owned()
    } else {
        format!("{count} other protocols")
    };
    if named.is_empty() { others } else { format!("{named}; {others}") }
}

/// Returns the items in a list, and how many more there are than `most`: `a, b and 3 more entries`.
pub(crate) fn some_of<T: ToString>(items: &[T], most: usize, one: &str, many: &str) -> String {
    let named: Vec<String> = items.iter().take(most).map(T::to_string).collect();
    match items.len().saturating_sub(most) {
        0 => named.join(", "),
        more => format!(
            "{} and {}",
            named.join(", "),
            counted(more, &format!("more {one}"), &format!("more {many}"))
        ),
    }
}

/// Returns a number with its noun.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Returns all packets of protocols that are known by number only.
fn only_others() -> Traffic {
    let detailed = [Protocol::TCP, Protocol::UDP, Protocol::ICMP, Protocol::ICMPV6];
    let detailed = detailed.into_iter().map(Traffic::protocol);
    Traffic::union_all(detailed).complement()
}

/// Returns the traffic from any source port: what a person means by open ports.
///
/// Only filters of replies look at source ports, so a set that names some is one of which only these are answered.
pub(crate) fn open_ports(traffic: &Traffic) -> Traffic {
    let from_any =
        |protocol, ports: &Ports| Traffic::with_ports(protocol, ports.firsts(), PortSet::full());
    Traffic::union_all([
        from_any(Protocol::TCP, traffic.tcp_ports()),
        from_any(Protocol::UDP, traffic.udp_ports()),
        traffic.clone(),
    ])
}

/// Returns the source ports that the traffic is limited to, in words, or `None` if it is not.
pub(crate) fn source_ports_text(traffic: &Traffic) -> Option<String> {
    let layers = traffic.tcp_ports().layers().iter().chain(traffic.udp_ports().layers());
    let limited: BTreeSet<&PortSet> =
        layers.map(|(_, sources)| sources).filter(|sources| !sources.is_full()).collect();
    match limited.into_iter().collect::<Vec<_>>().as_slice() {
        [] => None,
        [ports] => Some(format!("source ports {}", ports.to_string().replace(',', ", "))),
        _ => Some("some source ports".to_owned()),
    }
}

/// Returns the traffic cut into the pieces that a person would list: each range of ports, ICMP, the rest.
/// All traffic is one piece.
pub(crate) fn pieces(traffic: &Traffic) -> Vec<Traffic> {
    if traffic.is_full() {
        return vec![traffic.clone()];
    }
    let mut pieces = Vec::new();
    for (protocol, ports) in
        [(Protocol::TCP, traffic.tcp_ports()), (Protocol::UDP, traffic.udp_ports())]
    {
        for (destinations, sources) in ports.layers() {
            pieces.extend(
                destinations
                    .intervals()
                    .iter()
                    .map(|range| Traffic::with_ports(protocol, (*range).into(), sources.clone())),
            );
        }
    }
    let without_ports = [
        Traffic::icmp(traffic.icmp_kinds().clone()),
        Traffic::icmpv6(traffic.icmpv6_kinds().clone()),
        of_protocols(traffic.other_protocols()),
    ];
    pieces.extend(without_ports.into_iter().filter(|piece| !piece.is_empty()));
    pieces
}

fn of_protocols(protocols: ProtocolSet) -> Traffic {
    Traffic::union_all(protocols.protocols().map(Traffic::protocol))
}

/// Returns the names of the services that the world expects at the ports, the worst first, and how many
/// more there are.
pub(crate) fn service_names(traffic: &Traffic) -> Vec<String> {
    if traffic.is_full() {
        return vec!["everything".to_owned()];
    }
    let mut names = names(traffic);
    names.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let mut seen: Vec<String> = Vec::new();
    for (_, name) in names {
        if !seen.iter().any(|other| other == name) {
            seen.push(name.to_owned());
        }
    }
    let more = seen.len().saturating_sub(NAMED);
    if more > 1 {
        seen.truncate(NAMED);
        seen.push(format!("{more} more"));
    }
    seen
}

/// Returns the services with their severities, in the order of ports. Of a range only the judged ones.
fn names(traffic: &Traffic) -> Vec<(Severity, &'static str)> {
    let ports = [
        (Transport::Tcp, traffic.tcp_ports().firsts()),
        (Transport::Udp, traffic.udp_ports().firsts()),
    ];
    let mut names = Vec::new();
    for (transport, ports) in &ports {
        for range in ranges(ports) {
            let listed = guides_in(*transport, range.clone()).filter(|guide| guide.is_listed());
            let before = names.len();
            names.extend(listed.map(|guide| (guide.severity, guide.name)));
            if before == names.len() && range.start() == range.end() {
                let name = service_name(*transport, *range.start());
                names.extend(name.map(|name| (Severity::Info, name)));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use portolan_net::{PortRange, parse_traffic};

    use super::*;

    fn traffic(text: &str) -> Traffic {
        parse_traffic(text).into_result().unwrap()
    }

    #[test]
    fn names_services_worst_first() {
        let check = |text, expected: &[&str]| assert_eq!(service_names(&traffic(text)), expected);
        check("tcp 443", &["https"]);
        check("tcp 443, 22", &["ssh", "https"]);
        check("icmp", &[]);
        check("all", &["everything"]);
        check("tcp 5", &["rje"]);
    }

    #[test]
    fn counts_what_it_does_not_name() {
        let names = service_names(&traffic("tcp 0-65535"));
        assert_eq!(names.len(), NAMED + 1);
        assert!(names.last().unwrap().ends_with(" more"), "{names:?}");
    }

    #[test]
    fn counts_protocols_that_nobody_named() {
        let without_web = Traffic::all().difference(&traffic("tcp 443"));
        let expected = "tcp 0-442, 444-65535; udp; icmp; icmpv6; all other protocols";
        assert_eq!(traffic_text(&without_web), expected);
        assert_eq!(traffic_text(&traffic("tcp 22; esp")), "tcp 22; esp");
    }

    #[test]
    fn tells_source_ports_apart_from_open_ports() {
        let answered = PortSet::from(PortRange::new(1024, 65535).unwrap());
        let limited = Traffic::with_ports(Protocol::TCP, PortSet::single(443), answered);
        let traffic = limited.union(&traffic("udp 53; icmp"));
        assert_eq!(traffic_text(&open_ports(&traffic)), "tcp 443; udp 53; icmp");
        assert_eq!(source_ports_text(&traffic).unwrap(), "source ports 1024-65535");
        assert_eq!(source_ports_text(&open_ports(&traffic)), None);
        assert!(open_ports(&Traffic::all()).is_full());
    }

    #[test]
    fn pieces_make_up_the_whole() {
        for text in ["tcp 22, 80-81; udp 53; icmp", "all", "tcp", "esp; gre", "icmpv6 128"] {
            let whole = traffic(text);
            assert_eq!(Traffic::union_all(pieces(&whole)), whole, "{text}");
        }
        assert_eq!(pieces(&traffic("tcp 22, 80-81; udp 53; esp; gre")).len(), 4);
    }
}
