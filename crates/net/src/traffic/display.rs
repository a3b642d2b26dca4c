//! Traffic in people's notation. [`parse_traffic`](crate::parse_traffic) reads it back.

use std::fmt::{self, Display};

use super::{Ports, Traffic};
use crate::address::Family;
use crate::algebra::Set as _;
use crate::icmp::{IcmpKind, IcmpSet};
use crate::interval::Interval;
use crate::interval_set::PortSet;
use crate::list::write_list;
use crate::protocol::Protocol;

impl Display for Traffic {
    /// Writes `tcp 22, 80-443; udp 53; icmp echo-request; esp`, or `all traffic`, or `none`.
    ///
    /// Source ports stand in parentheses where they matter: `tcp 443 (source ports 1024-65535)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_full() {
            return f.write_str("all traffic");
        }
        let mut terms: Vec<String> = Vec::new();
        terms.extend(port_terms(Protocol::TCP, &self.tcp));
        terms.extend(port_terms(Protocol::UDP, &self.udp));
        terms.extend(icmp_term(Protocol::ICMP, &self.icmp, Family::V4));
        terms.extend(icmp_term(Protocol::ICMPV6, &self.icmpv6, Family::V6));
        terms.extend(self.other.protocols().map(|protocol| protocol.to_string()));
        write_list(f, "; ", terms)
    }
}

/// Returns a term for each layer, such as `tcp 443 (source ports 1024-65535)`.
fn port_terms(protocol: Protocol, ports: &Ports) -> impl Iterator<Item = String> {
    ports.layers().iter().map(move |(destinations, sources)| {
        let destinations = unless_full(destinations, |list| format!(" {list}"));
        let sources = unless_full(sources, |list| format!(" (source ports {list})"));
        format!("{protocol}{destinations}{sources}")
    })
}

fn unless_full(ports: &PortSet, text: impl Fn(String) -> String) -> String {
    if ports.is_full() { String::new() } else { text(ports.to_string().replace(',', ", ")) }
}

/// Returns a term such as `icmp echo-request, destination-unreachable/4`.
fn icmp_term(protocol: Protocol, kinds: &IcmpSet, family: Family) -> Option<String> {
    if kinds.is_empty() || kinds.is_full() {
        return kinds.is_full().then(|| protocol.to_string());
    }
    let parts = kinds.intervals().iter().flat_map(|interval| by_type(*interval));
    let items: Vec<String> = parts.map(|part| icmp_item(part, family)).collect();
    Some(format!("{protocol} {}", items.join(", ")))
}

/// Cuts an interval into a part of its first type, a run of whole types, and a part of its last.
fn by_type(interval: Interval<IcmpKind>) -> impl Iterator<Item = Interval<IcmpKind>> {
    let (first, last) = (interval.first(), interval.last());
    let whole_from = if first.code == 0 { Some(first.kind) } else { first.kind.checked_add(1) };
    let whole_to = if last.code == u8::MAX { Some(last.kind) } else { last.kind.checked_sub(1) };
    let whole = whole_from
        .zip(whole_to)
        .and_then(|(from, to)| Interval::new(IcmpKind::new(from, 0), IcmpKind::new(to, u8::MAX)));
    let of_type = move |kind| interval.intersection(IcmpKind::all_codes(kind));
    let head = of_type(first.kind).filter(|_| first.code != 0);
    let tail = of_type(last.kind).filter(|_| last.code != u8::MAX);
    let tail = tail.filter(|tail| head != Some(*tail));
    [head, whole, tail].into_iter().flatten()
}

/// Writes a part of one type or a run of whole types: `echo-request`, `40-255`, `3/0-4`.
fn icmp_item(part: Interval<IcmpKind>, family: Family) -> String {
    let (first, last) = (part.first(), part.last());
    if first.kind != last.kind {
        return format!("{}-{}", first.kind, last.kind);
    }
    let name = first.name(family).map_or_else(|| first.kind.to_string(), str::to_owned);
    if part == IcmpKind::all_codes(first.kind) {
        name
    } else {
        format!("{name}/{}", Interval::between(first.code, last.code))
    }
}
