//! Findings: the openings of an address, put the way a person would.
//!
//! The engine says which traffic each set of addresses can send: sets of addresses that do not overlap. A person
//! asks the other way round: who can reach this port? So the openings are turned over, into parts of the traffic
//! that the same addresses can send, and each part is cut where its severity changes.
//!
//! A part is shown without the traffic that more addresses can send, which is told already, unless it is simpler
//! with it: `all traffic from 203.0.113.0/24` beside `tcp 443 from anywhere` reads better than all but one port.
//! Either way the findings together are exactly the openings.

use std::collections::BTreeMap;
use std::net::IpAddr;

use portolan_model::Model;
use portolan_net::{Set as _, Traffic};
use portolan_reach::{Blocker, Component, IpSet, Note, Opening, RuleReference, Unknown, Zone};

use crate::rating::{Rating, Sureness};
use crate::services::{open_ports, pieces};

/// Traffic of one severity that the same addresses can or may send.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Finding {
    pub(crate) rating: Rating,
    pub(crate) way: Way,
    pub(crate) traffic: Traffic,
    pub(crate) sources: IpSet,
    /// Other addresses that can send the same and get no reply.
    pub(crate) one_way_sources: IpSet,
    /// The rules that let it pass, and no others.
    pub(crate) rules: Vec<RuleReference>,
    /// What stops the replies: all of them, or those to `one_way_sources`.
    pub(crate) reply_blockers: Vec<Blocker>,
    /// What is to be told of rules on the way, beside what they say.
    pub(crate) notes: Vec<Note>,
    pub(crate) unknowns: Vec<Unknown>,
}

/// How packets come in: openings are only joined where this is equal.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Way {
    pub(crate) zone: Zone,
    pub(crate) via: Component,
    pub(crate) sureness: Sureness,
}

/// Traffic with exactly the addresses that can send it.
#[derive(Clone, Debug)]
struct Part<'a> {
    traffic: Traffic,
    sources: IpSet,
    one_way_sources: IpSet,
    openings: Vec<&'a Opening>,
    /// Those for `one_way_sources`.
    one_way_openings: Vec<&'a Opening>,
}

impl Finding {
    /// Returns the open ports, without the source ports that are answered.
    pub(crate) fn open_ports(&self) -> Traffic {
        open_ports(&self.traffic)
    }

    /// Returns whether both say the same, perhaps for different reasons.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        (self.rating, &self.way) == (other.rating, &other.way)
            && (&self.traffic, &self.sources) == (&other.traffic, &other.sources)
            && self.one_way_sources == other.one_way_sources
    }

    /// Adds the reasons of another finding that says the same.
    pub(crate) fn join_reasons(&mut self, other: &Self) {
        if self.rules != other.rules {
            self.rules = distinct(self.rules.iter().chain(&other.rules));
        }
        if self.reply_blockers != other.reply_blockers {
            self.reply_blockers = distinct(self.reply_blockers.iter().chain(&other.reply_blockers));
        }
        if self.notes != other.notes {
            self.notes = distinct(self.notes.iter().chain(&other.notes));
        }
        if self.unknowns != other.unknowns {
            self.unknowns = distinct(self.unknowns.iter().chain(&other.unknowns));
        }
    }

    /// Returns the addresses that can send to `destination`: those of its family.
    pub(crate) fn sources_of(&self, destination: IpAddr) -> IpSet {
        match destination {
            IpAddr::V4(_) => IpSet { v4: self.sources.v4.clone(), ..IpSet::default() },
            IpAddr::V6(_) => IpSet { v6: self.sources.v6.clone(), ..IpSet::default() },
        }
    }
}

/// Returns the findings that the openings of one address make up, the worst first.
pub(crate) fn findings(model: &Model, openings: &[Opening]) -> Vec<Finding> {
    let mut ways: BTreeMap<Way, Vec<&Opening>> = BTreeMap::new();
    for opening in openings {
        ways.entry(way(opening)).or_default().push(opening);
    }
    let parts = ways.into_iter().map(|(way, openings)| (way, parts(&openings))).collect();
    let mut findings: Vec<Finding> = without_echoes(parts)
        .into_iter()
        .flat_map(|(way, parts)| on_way(model, &way, &parts))
        .collect();
    findings.sort_by(|a, b| (a.rating, &a.traffic, &a.way).cmp(&(b.rating, &b.traffic, &b.way)));
    findings
}

fn way(opening: &Opening) -> Way {
    Way {
        zone: opening.zone.clone(),
        via: opening.via.clone(),
        sureness: Sureness { certainty: opening.certainty, is_answered: opening.is_answered },
    }
}

fn on_way(model: &Model, way: &Way, parts: &[Part<'_>]) -> Vec<Finding> {
    let parts = with_simplest_traffic(parts);
    parts.iter().flat_map(|part| by_rating(model, way, part)).collect()
}

/// Tells of addresses that get no reply together with those that send the same and do.
///
/// Where replies to a service of AWS leave by a gateway endpoint, all that the Internet can reach is also
/// reachable one way from that service: true, and not worth a line of its own.
fn without_echoes(mut ways: BTreeMap<Way, Vec<Part<'_>>>) -> BTreeMap<Way, Vec<Part<'_>>> {
    let unanswered: Vec<Way> =
        ways.keys().filter(|way| !way.sureness.is_answered).cloned().collect();
    for way in unanswered {
        let sureness = Sureness { is_answered: true, ..way.sureness };
        let answered = Way { sureness, ..way.clone() };
        let echoes = ways.remove(&way).unwrap_or_default();
        let Some(parts) = ways.get_mut(&answered) else {
            ways.insert(way, echoes);
            continue;
        };
        let rest: Vec<Part<'_>> = echoes.into_iter().map(|echo| echo.told_with(parts)).collect();
        let rest = rest.into_iter().map(|echo| echo.besides(parts));
        let rest = rest.filter(|echo| !echo.traffic.is_empty()).collect();
        ways.insert(way, rest);
    }
    ways
}

/// Cuts the traffic of all openings into parts that the same addresses can send.
fn parts<'a>(openings: &[&'a Opening]) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    for opening in openings {
        let mut rest = opening.traffic.clone();
        let mut refined = Vec::with_capacity(parts.len() + 1);
        for part in parts {
            let common = part.traffic.intersection(&rest);
            rest = rest.difference(&common);
            refined.extend(part.split(common, opening));
        }
        if !rest.is_empty() {
            refined.push(Part {
                traffic: rest,
                sources: opening.sources.clone(),
                one_way_sources: IpSet::default(),
                openings: vec![opening],
                one_way_openings: Vec::new(),
            });
        }
        parts = refined;
    }
    joined(parts)
}

impl<'a> Part<'a> {
    /// Returns what `opening` has not in common with the part, and what it has, as up to two parts.
    fn split(self, common: Traffic, opening: &'a Opening) -> impl Iterator<Item = Self> {
        let own = Self { traffic: self.traffic.difference(&common), ..self.clone() };
        let (one_way_sources, one_way_openings) = (self.one_way_sources, self.one_way_openings);
        let mut openings = self.openings;
        openings.push(opening);
        let sources = union(&self.sources, &opening.sources);
        let shared = Self { traffic: common, sources, one_way_sources, openings, one_way_openings };
        [own, shared].into_iter().filter(|part| !part.traffic.is_empty())
    }
}

impl Part<'_> {
    /// Returns what is left to tell beside the parts, which tell by themselves that they are only answered at some
    /// source ports.
    fn besides(mut self, parts: &[Self]) -> Self {
        for part in parts {
            if contains(&union(&part.sources, &part.one_way_sources), &self.sources) {
                self.traffic = self.traffic.difference(&open_ports(&part.traffic));
            }
        }
        self
    }

    /// Adds its addresses to the parts all of whose traffic they can send, and returns what is left to tell.
    fn told_with(mut self, parts: &mut [Self]) -> Self {
        let whole = self.traffic.clone();
        for part in parts.iter_mut().filter(|part| whole.contains_set(&part.traffic)) {
            part.one_way_sources = union(&part.one_way_sources, &self.sources);
            part.one_way_openings.extend(&self.openings);
            self.traffic = self.traffic.difference(&part.traffic);
        }
        self
    }
}

/// Joins parts that the same addresses can send.
fn joined(parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    let mut joined: Vec<Part<'_>> = Vec::new();
    for part in parts {
        match joined.iter_mut().find(|other| other.sources == part.sources) {
            Some(other) => {
                other.traffic = other.traffic.union(&part.traffic);
                other.openings.extend(part.openings);
            }
            None => joined.push(part),
        }
    }
    joined
}

/// Gives each part the traffic that more addresses can send too, where that makes it simpler.
fn with_simplest_traffic<'a>(parts: &[Part<'a>]) -> Vec<Part<'a>> {
    let simplest = |part: &Part<'a>| {
        let wider = parts.iter().filter(|other| contains(&other.sources, &part.sources));
        let whole = wider.fold(Traffic::empty(), |whole, other| whole.union(&other.traffic));
        let is_simpler = pieces(&whole).len() < pieces(&part.traffic).len();
        Part { traffic: if is_simpler { whole } else { part.traffic.clone() }, ..part.clone() }
    };
    parts.iter().map(simplest).collect()
}

/// Cuts a part where its severity changes.
fn by_rating(model: &Model, way: &Way, part: &Part<'_>) -> Vec<Finding> {
    let mut rated: BTreeMap<Rating, Traffic> = BTreeMap::new();
    for piece in pieces(&part.traffic) {
        let rating = Rating::of(&piece, &part.sources, way.sureness);
        let traffic = rated.entry(rating).or_insert_with(Traffic::empty);
        *traffic = traffic.union(&piece);
    }
    let one_way = part.openings.iter().chain(&part.one_way_openings);
    let reply_blockers = distinct(one_way.flat_map(|opening| &opening.reply_blockers));
    let finding = |(rating, traffic): (Rating, Traffic)| Finding {
        rating,
        way: way.clone(),
        sources: part.sources.clone(),
        one_way_sources: part.one_way_sources.clone(),
        rules: distinct(part.openings.iter().flat_map(|opening| &opening.rules))
            .into_iter()
            .filter(|rule| concerns(model, rule, &traffic))
            .collect(),
        reply_blockers: reply_blockers.clone(),
        notes: distinct(part.openings.iter().flat_map(|opening| &opening.notes))
            .into_iter()
            .filter(|note| is_noted_on(model, note, &traffic))
            .collect(),
        unknowns: distinct(part.openings.iter().flat_map(|opening| &opening.unknowns)),
        traffic,
    };
    rated.into_iter().map(finding).collect()
}

/// Returns the items without repetition, in the order of their first appearance.
pub(crate) fn distinct<'a, T: Clone + PartialEq + 'a>(
    items: impl IntoIterator<Item = &'a T>,
) -> Vec<T> {
    let mut seen: Vec<T> = Vec::new();
    for item in items {
        if !seen.contains(item) {
            seen.push(item.clone());
        }
    }
    seen
}

/// Returns whether a rule has to do with the traffic. Of what is not a rule of a security group we take it.
fn concerns(model: &Model, reference: &RuleReference, traffic: &Traffic) -> bool {
    let Component::SecurityGroup(id) = &reference.component else { return true };
    let rules = model.security_groups.get(id).map_or(&[][..], |group| &group.rules);
    let named =
        rules.iter().filter(|rule| rule.id.as_ref().is_some_and(|id| id.as_str() == reference.id));
    named.map(|rule| rule.traffic.to_traffic()).all(|allowed| allowed.intersects(traffic))
}

/// Returns whether a note has to do with the traffic: its rule matches some of it, or of the replies.
fn is_noted_on(model: &Model, note: &Note, traffic: &Traffic) -> bool {
    let Component::NetworkAcl(id) = &note.rule.component else {
        return concerns(model, &note.rule, traffic);
    };
    let entries = model.network_acls.get(id).map_or(&[][..], |acl| &acl.entries);
    let named = entries.iter().filter(|entry| entry.number.to_string() == note.rule.id);
    named
        .map(|entry| entry.traffic.to_traffic())
        .any(|matched| matched.intersects(traffic) || matched.replies_within().intersects(traffic))
}

/// Returns the addresses of both sets.
pub(crate) fn union(a: &IpSet, b: &IpSet) -> IpSet {
    IpSet { v4: a.v4.union(&b.v4), v6: a.v6.union(&b.v6) }
}

fn contains(a: &IpSet, b: &IpSet) -> bool {
    a.v4.contains_set(&b.v4) && a.v6.contains_set(&b.v6)
}

#[cfg(test)]
mod tests {
    use portolan_net::{parse_ipv4_set, parse_traffic};
    use portolan_reach::Certainty;
    use proptest::prelude::*;

    use super::*;
    use crate::services::traffic_text;

    fn opening(sources: &str, traffic: &str) -> Opening {
        Opening {
            zone: Zone::Internet,
            via: Component::InternetGateway("igw-1".into()),
            sources: IpSet {
                v4: parse_ipv4_set(sources).into_result().unwrap(),
                ..IpSet::default()
            },
            traffic: parse_traffic(traffic).into_result().unwrap(),
            certainty: Certainty::Certain,
            is_answered: true,
            rules: Vec::new(),
            reply_blockers: Vec::new(),
            notes: Vec::new(),
            unknowns: Vec::new(),
        }
    }

    fn check(openings: &[(&str, &str)], expected: &[(&str, &str, Rating)]) {
        let openings: Vec<Opening> =
            openings.iter().map(|(sources, traffic)| opening(sources, traffic)).collect();
        let found = findings(&Model::default(), &openings);
        let found: Vec<(String, String, Rating)> = found
            .iter()
            .map(|it| (it.sources.to_string(), traffic_text(&it.traffic), it.rating))
            .collect();
        let expected: Vec<(String, String, Rating)> = expected
            .iter()
            .map(|(sources, traffic, rating)| (sources.to_string(), traffic.to_string(), *rating))
            .collect();
        assert_eq!(found, expected);
    }

    const OFFICE: &str = "203.0.113.0/24";
    const REST: &str = "0.0.0.0-203.0.112.255, 203.0.114.0-255.255.255.255";
    const EVERYONE: &str = "0.0.0.0/0";

    #[test]
    fn asks_who_can_reach_a_port() {
        check(
            &[(OFFICE, "tcp 22, 443"), (REST, "tcp 443")],
            &[(OFFICE, "tcp 22", Rating::Medium), (EVERYONE, "tcp 443", Rating::Info)],
        );
    }

    #[test]
    fn cuts_where_the_severity_changes() {
        check(
            &[(EVERYONE, "tcp 22, 443, 3389")],
            &[(EVERYONE, "tcp 22, 3389", Rating::Critical), (EVERYONE, "tcp 443", Rating::Info)],
        );
    }

    #[test]
    fn prefers_the_simpler_of_two_truths() {
        check(
            &[(OFFICE, "all"), (REST, "tcp 443")],
            &[(OFFICE, "all traffic", Rating::Medium), (EVERYONE, "tcp 443", Rating::Info)],
        );
    }

    #[test]
    fn keeps_certain_and_possible_apart() {
        let mut maybe = opening(EVERYONE, "tcp 22");
        maybe.certainty = Certainty::Possible;
        let found = findings(&Model::default(), &[opening(EVERYONE, "tcp 443"), maybe]);
        let ratings: Vec<Rating> = found.iter().map(|finding| finding.rating).collect();
        assert_eq!(ratings, [Rating::Unknown, Rating::Info]);
    }

    #[test]
    fn tells_who_gets_no_reply_with_those_who_do() {
        let mut one_way = opening(OFFICE, "tcp 22");
        one_way.is_answered = false;
        let mut other = opening(OFFICE, "tcp 443");
        other.is_answered = false;
        let found = findings(&Model::default(), &[opening(REST, "tcp 22"), one_way, other]);
        let told: Vec<(String, bool, String)> = found
            .iter()
            .map(|it| {
                let is_answered = it.way.sureness.is_answered;
                (traffic_text(&it.traffic), is_answered, it.one_way_sources.to_string())
            })
            .collect();
        let expected = [("tcp 22", true, OFFICE), ("tcp 443", false, "")];
        assert_eq!(told, expected.map(|(a, b, c)| (a.to_owned(), b, c.to_owned())));
    }

    const BLOCKS: [&str; 3] = ["10.0.0.0/8", "20.0.0.0/8", "30.0.0.0/24"];
    const TRAFFICS: [&str; 6] = ["all", "tcp", "tcp 1-100", "tcp 22, 80", "udp 53", "icmp; esp"];

    proptest! {
        #[test]
        fn findings_are_exactly_the_openings(
            choices in prop::collection::vec((0..BLOCKS.len(), 0..TRAFFICS.len()), 1..6)
        ) {
            let openings: Vec<Opening> =
                choices.iter().map(|(block, traffic)| opening(BLOCKS[*block], TRAFFICS[*traffic])).collect();
            let found = findings(&Model::default(), &openings);
            for block in BLOCKS {
                let address = block.split('/').next().unwrap().parse().unwrap();
                let opened = openings.iter().filter(|it| it.sources.contains(address));
                let told = found.iter().filter(|it| {
                    it.sources.contains(address) || it.one_way_sources.contains(address)
                });
                prop_assert_eq!(
                    Traffic::union_all(opened.map(|it| it.traffic.clone())),
                    Traffic::union_all(told.map(|it| it.traffic.clone()))
                );
            }
        }
    }
}
