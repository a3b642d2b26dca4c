//! The parts that JSON documents share: the published shape of domain values.
//!
//! These types are the promise to scripts. Domain types are not serialised themselves, so that they
//! can change without breaking anyone.

use std::net::IpAddr;

use portolan_model::{self as model, Direction};
use portolan_net::{self as net, Header, PortSet, Set as _};
use portolan_reach::{self as reach, Absence, Certainty, IpSet, UnknownReason, Zone};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::remedy::remedy;
use crate::names::{Names, Resource};
use crate::services::traffic_text;
use crate::why::{Beside, note_text};

/// A set of packets.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Traffic {
    /// The set in words, such as `tcp 22, 443`. For people; it may change.
    text: String,
    /// The set: a packet is in it if it is in one of these.
    terms: Vec<Term>,
}

/// Packets of one protocol.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(tag = "protocol", rename_all = "lowercase")]
enum Term {
    /// Every packet.
    All,
    /// TCP at these ports.
    Tcp(Ports),
    /// UDP at these ports.
    Udp(Ports),
    /// ICMP of these types and codes.
    Icmp(Kinds),
    /// ICMPv6 of these types and codes.
    Icmpv6(Kinds),
    /// Protocols that are known by number only.
    Other {
        /// Ranges of IP protocol numbers, each first and last.
        numbers: Vec<[u8; 2]>,
    },
}

/// Every pair of these ports.
#[derive(Debug, JsonSchema, Serialize)]
struct Ports {
    /// Ranges of destination ports, each first and last.
    destination_ports: Vec<[u16; 2]>,
    /// Ranges of source ports, each first and last.
    source_ports: Vec<[u16; 2]>,
}

/// Every pair of these types and codes.
#[derive(Debug, JsonSchema, Serialize)]
struct Kinds {
    /// The first and the last type.
    types: [u8; 2],
    /// The first and the last code.
    codes: [u8; 2],
}

impl From<&net::Traffic> for Traffic {
    fn from(traffic: &net::Traffic) -> Self {
        Self { text: traffic_text(traffic), terms: terms(traffic) }
    }
}

fn terms(traffic: &net::Traffic) -> Vec<Term> {
    if traffic.is_full() {
        return vec![Term::All];
    }
    let mut terms: Vec<Term> = Vec::new();
    terms.extend(traffic.tcp_ports().layers().iter().map(|layer| Term::Tcp(layer.into())));
    terms.extend(traffic.udp_ports().layers().iter().map(|layer| Term::Udp(layer.into())));
    terms.extend(kinds(traffic.icmp_kinds()).map(Term::Icmp));
    terms.extend(kinds(traffic.icmpv6_kinds()).map(Term::Icmpv6));
    let numbers = number_ranges(traffic.other_protocols());
    terms.extend((!numbers.is_empty()).then_some(Term::Other { numbers }));
    terms
}

impl From<&(PortSet, PortSet)> for Ports {
    fn from((destinations, sources): &(PortSet, PortSet)) -> Self {
        let pairs = |ports: &PortSet| {
            ports.intervals().iter().map(|range| [range.first(), range.last()]).collect()
        };
        Self { destination_ports: pairs(destinations), source_ports: pairs(sources) }
    }
}

/// Cuts intervals of pairs (type, code) into boxes.
fn kinds(set: &net::IcmpSet) -> impl Iterator<Item = Kinds> {
    set.intervals().iter().flat_map(|interval| {
        let (first, last) = (interval.first(), interval.last());
        if first.kind == last.kind {
            return vec![Kinds { types: [first.kind; 2], codes: [first.code, last.code] }];
        }
        let mut boxes = Vec::new();
        let (mut low, mut high) = (first.kind, last.kind);
        if first.code > 0 {
            boxes.push(Kinds { types: [low; 2], codes: [first.code, u8::MAX] });
            low += 1;
        }
        let tail =
            (last.code < u8::MAX).then_some(Kinds { types: [high; 2], codes: [0, last.code] });
        if tail.is_some() {
            high -= 1;
        }
        if low <= high {
            boxes.push(Kinds { types: [low, high], codes: [0, u8::MAX] });
        }
        boxes.into_iter().chain(tail).collect()
    })
}

fn number_ranges(protocols: net::ProtocolSet) -> Vec<[u8; 2]> {
    let mut ranges: Vec<[u8; 2]> = Vec::new();
    for number in protocols.protocols().map(|protocol| protocol.0) {
        match ranges.last_mut() {
            Some([_, last]) if last.checked_add(1) == Some(number) => *last = number,
            _ => ranges.push([number; 2]),
        }
    }
    ranges
}

/// Returns the prefixes of a set as text, IPv4 first.
pub(crate) fn prefixes(addresses: &IpSet) -> Vec<String> {
    addresses.prefixes().map(|prefix| prefix.to_string()).collect()
}

/// An account and a Region.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Place {
    /// The 12 digits of the account, or null if nothing that was read tells it.
    account: Option<String>,
    /// The code of the Region, such as `eu-west-1`, or null if nothing that was read tells it.
    region: Option<String>,
}

impl From<&model::Place> for Place {
    fn from(place: &model::Place) -> Self {
        Self {
            account: place.account.as_ref().map(ToString::to_string),
            region: place.region.as_ref().map(ToString::to_string),
        }
    }
}

/// A resource that has interfaces.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Owner {
    /// The `Name` tag or the name that its owner gave it, or null.
    name: Option<String>,
    /// The id; the name of a resource that has no other.
    id: String,
    /// The kind of resource in words, such as `instance`.
    kind: &'static str,
    #[serde(flatten)]
    place: Place,
}

impl From<&Resource> for Owner {
    fn from(resource: &Resource) -> Self {
        Self {
            name: resource.name.as_deref().map(ToOwned::to_owned),
            id: resource.id.as_ref().to_owned(),
            kind: resource.kind,
            place: (&resource.place).into(),
        }
    }
}

/// One thing that packets pass through or are stopped by.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Component {
    /// The kind in words, such as `network ACL`.
    kind: &'static str,
    /// The id.
    id: String,
    /// Its name, or null.
    name: Option<String>,
}

impl Component {
    pub(crate) fn new(names: Names<'_>, component: &reach::Component) -> Self {
        Self {
            kind: component.kind(),
            id: component.id().to_owned(),
            name: names.component_name(component),
        }
    }
}

/// One rule of a component.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Rule {
    /// What the rule is part of.
    component: Component,
    /// Its id, its number, or the destination of a route.
    id: String,
    /// What it says, in words.
    text: String,
    /// What it names by id: a prefix list, a security group, the target of a route.
    names: Vec<Component>,
}

impl Rule {
    pub(crate) fn new(names: Names<'_>, rule: &reach::RuleReference) -> Self {
        Self {
            component: Component::new(names, &rule.component),
            id: rule.id.clone(),
            text: rule.text.clone(),
            names: rule.names.iter().map(|named| Component::new(names, named)).collect(),
        }
    }
}

/// Something that is to be told of a rule, beside what it says.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Note {
    /// The note in words. For people; it may change.
    text: String,
    /// The rule.
    rule: Rule,
    #[serde(flatten)]
    remark: Remark,
}

/// What is to be told of a rule.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Remark {
    /// It names a prefix list, and these entries of it hold the addresses in question.
    PrefixListEntries {
        /// The prefix list.
        prefix_list: Component,
        /// The entries; none is inside another.
        entries: Vec<String>,
    },
    /// It says the opposite of the packets in question, and comes too late.
    TooLate {
        /// The rule that matches first.
        by: Rule,
    },
    /// It names something that cannot do what the rule is for.
    Missing {
        /// What it names.
        component: Component,
        /// `gone` if everything of its kind was read and it is not there, `not_read`, or `out_of_service`.
        state: &'static str,
    },
    /// Something else, of a later version.
    Other,
}

/// Returns notes.
pub(crate) fn notes(names: Names<'_>, notes: &[reach::Note], beside: Beside<'_>) -> Vec<Note> {
    let note = |note: &reach::Note| Note {
        text: note_text(names, note, beside),
        rule: Rule::new(names, &note.rule),
        remark: Remark::new(names, &note.remark),
    };
    notes.iter().map(note).collect()
}

impl Remark {
    fn new(names: Names<'_>, remark: &reach::Remark) -> Self {
        match remark {
            reach::Remark::Entries(list, entries) => Self::PrefixListEntries {
                prefix_list: Component::new(names, &reach::Component::PrefixList(list.clone())),
                entries: entries.iter().map(ToString::to_string).collect(),
            },
            reach::Remark::TooLate(by) => Self::TooLate { by: Rule::new(names, by) },
            reach::Remark::Missing(component, absence) => Self::Missing {
                component: Component::new(names, component),
                state: match absence {
                    Absence::Gone(_) => "gone",
                    Absence::NotRead => "not_read",
                    _ => "out_of_service",
                },
            },
            _ => Self::Other,
        }
    }
}

/// A reason why something is not known.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Unknown {
    /// The reason: `not_read`, `not_modelled`, `appliance`, `ambiguous_route`, `undocumented`,
    /// `some_ephemeral_ports`, `outside_model`, `no_network_acl`, `route_state`, or one of a later version.
    reason: &'static str,
    /// What the reason means, as a phrase that follows the component.
    meaning: &'static str,
    /// Where.
    component: Component,
}

impl Unknown {
    pub(crate) fn new(names: Names<'_>, unknown: &reach::Unknown) -> Self {
        Self {
            reason: reason_name(unknown.reason),
            meaning: unknown.reason.meaning(),
            component: Component::new(names, &unknown.component),
        }
    }
}

const fn reason_name(reason: UnknownReason) -> &'static str {
    match reason {
        UnknownReason::NotRead => "not_read",
        UnknownReason::NotModelled => "not_modelled",
        UnknownReason::Appliance => "appliance",
        UnknownReason::AmbiguousRoute => "ambiguous_route",
        UnknownReason::Undocumented => "undocumented",
        UnknownReason::SomeEphemeralPorts => "some_ephemeral_ports",
        UnknownReason::OutsideModel => "outside_model",
        UnknownReason::NoNetworkAcl => "no_network_acl",
        UnknownReason::RouteState => "route_state",
        _ => "other",
    }
}

/// One step of a path.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Hop {
    /// What the packet meets.
    component: Component,
    /// `inbound` or `outbound` for a filter, or null.
    direction: Option<&'static str>,
    /// The rules that let it pass.
    rules: Vec<Rule>,
    /// What is to be told of rules here, beside what they say.
    notes: Vec<Note>,
}

impl Hop {
    pub(crate) fn new(names: Names<'_>, hop: &reach::Hop) -> Self {
        Self {
            component: Component::new(names, &hop.component),
            direction: hop.direction.map(direction_name),
            rules: hop.rules.iter().map(|rule| Rule::new(names, rule)).collect(),
            notes: notes(
                names,
                &hop.notes,
                Beside { rules: &hop.rules, place: Some(&hop.component) },
            ),
        }
    }
}

/// A reason why packets do not pass.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Blocker {
    /// The code, in the vocabulary of VPC Reachability Analyzer.
    code: &'static str,
    /// What the code means. For people; it may change.
    meaning: &'static str,
    /// What to change so that they pass. For people; it may change.
    remedy: &'static str,
    /// What stops them.
    component: Component,
    /// `inbound` or `outbound` for a filter, or null.
    direction: Option<&'static str>,
    /// The rule that stops them, or null where it is the lack of a rule.
    rule: Option<Rule>,
    /// Whether it stops the replies, not the requests.
    on_reply: bool,
    /// What is to be told of rules here, beside what they say.
    notes: Vec<Note>,
}

impl Blocker {
    pub(crate) fn new(names: Names<'_>, blocker: &reach::Blocker) -> Self {
        Self {
            code: blocker.code.as_str(),
            meaning: blocker.code.meaning(),
            remedy: remedy(blocker.code),
            component: Component::new(names, &blocker.component),
            direction: blocker.direction.map(direction_name),
            rule: blocker.rule.as_ref().map(|rule| Rule::new(names, rule)),
            on_reply: blocker.on_reply,
            notes: notes(
                names,
                &blocker.notes,
                Beside { rules: blocker.rule.as_slice(), place: Some(&blocker.component) },
            ),
        }
    }
}

/// Returns the direction in one word.
pub(crate) const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

/// Returns the certainty in one word.
pub(crate) const fn certainty_name(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
    }
}

/// Returns a zone in words: `internet`, or the id of what it lies behind.
pub(crate) fn zone_name(zone: &Zone) -> &str {
    match zone {
        Zone::Internet => "internet",
        Zone::Beyond(component) => component.id(),
    }
}

/// One end of a flow.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct End {
    /// `internet`, `interface`, `service`, `link_local_service`, or `beyond` for networks behind a component.
    kind: &'static str,
    /// The id of the interface, endpoint or component, or the name of the service; null for the Internet.
    id: Option<String>,
    /// The address on the interface, or null.
    address: Option<IpAddr>,
    /// The end in words. For people; it may change.
    text: String,
}

impl End {
    pub(crate) fn new(names: Names<'_>, end: &reach::End) -> Self {
        let (kind, id, address) = match end {
            reach::End::Internet => ("internet", None, None),
            reach::End::Interface { interface, address } => {
                ("interface", Some(interface.as_str()), Some(*address))
            }
            reach::End::Service(endpoint) => ("service", Some(endpoint.as_str()), None),
            reach::End::LinkLocalService(name) => ("link_local_service", Some(*name), None),
            reach::End::Beyond(component) => ("beyond", Some(component.id()), None),
        };
        Self { kind, id: id.map(ToOwned::to_owned), address, text: names.end(end) }
    }
}

/// One concrete packet.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Witness {
    /// The source address as the sender writes it.
    source: IpAddr,
    /// The destination address as the sender writes it.
    destination: IpAddr,
    /// The number of the protocol above IP.
    protocol: u8,
    /// The source port, or null for a protocol without ports.
    source_port: Option<u16>,
    /// The destination port, or null for a protocol without ports.
    destination_port: Option<u16>,
    /// The ICMP type, or null for another protocol.
    icmp_type: Option<u8>,
    /// The ICMP code, or null for another protocol.
    icmp_code: Option<u8>,
}

impl From<&reach::Witness> for Witness {
    fn from(witness: &reach::Witness) -> Self {
        let (source_port, destination_port) = match witness.header {
            Header::Ports { source, destination, .. } => (Some(source), Some(destination)),
            _ => (None, None),
        };
        let (icmp_type, icmp_code) = match witness.header {
            Header::Icmp { kind, .. } => (Some(kind.kind), Some(kind.code)),
            _ => (None, None),
        };
        Self {
            source: witness.source,
            destination: witness.destination,
            protocol: witness.header.protocol().0,
            source_port,
            destination_port,
            icmp_type,
            icmp_code,
        }
    }
}

#[cfg(test)]
mod tests {
    use portolan_net::parse_traffic;

    use super::*;

    fn check(text: &str, expected: &str) {
        let traffic = parse_traffic(text).into_result().unwrap();
        assert_eq!(serde_json::to_string(&terms(&traffic)).unwrap(), expected);
    }

    #[test]
    fn writes_packets_as_ranges() {
        check("all", r#"[{"protocol":"all"}]"#);
        check(
            "tcp 22, 80-81",
            r#"[{"protocol":"tcp","destination_ports":[[22,22],[80,81]],"source_ports":[[0,65535]]}]"#,
        );
        check("icmp", r#"[{"protocol":"icmp","types":[0,255],"codes":[0,255]}]"#);
        check("esp; ah", r#"[{"protocol":"other","numbers":[[50,51]]}]"#);
    }

    #[test]
    fn cuts_icmp_into_boxes_without_loss() {
        let kind = net::IcmpKind::new;
        for (first, last) in
            [((3, 4), (3, 9)), ((3, 4), (5, 6)), ((3, 0), (4, 255)), ((3, 1), (4, 0))]
        {
            let interval =
                net::Interval::new(kind(first.0, first.1), kind(last.0, last.1)).unwrap();
            let set = net::IcmpSet::from(interval);
            let covered: Vec<(u8, u8)> = kinds(&set)
                .flat_map(|it| (it.types[0]..=it.types[1]).map(move |kind| (kind, it.codes)))
                .flat_map(|(kind, codes)| (codes[0]..=codes[1]).map(move |code| (kind, code)))
                .collect();
            let expected: Vec<(u8, u8)> = (0..=255)
                .flat_map(|kind| (0..=255).map(move |code| (kind, code)))
                .filter(|pair| *pair >= first && *pair <= last)
                .collect();
            assert_eq!(covered, expected);
        }
    }
}
