//! What the formats for people say of a plan in the same words.

use portolan_model::{Direction, RulePeer, SecurityGroupId, SecurityGroupRule};
use portolan_net::{Address, Interval, IpPrefix, Prefix, Set as _};
use portolan_reach::{Component, IpSet};
use portolan_respond::{Closing, Clue, Doubt, Evidence, Fate, Peers, PlannedRule, Proof, Request};

use crate::moment::Moment;
use crate::names::Names;
use crate::services::{counted, traffic_text};

/// The most prefixes that are written out.
const PREFIXES: usize = 6;

/// Returns a rule without its direction, such as `tcp 5432 from sg-0a1 (web)`.
pub(crate) fn rule_text(names: Names<'_>, rule: &SecurityGroupRule) -> String {
    let traffic = traffic_text(&rule.traffic.to_traffic());
    format!("{traffic} {} {}", preposition(rule.direction), peer_text(names, &rule.peer))
}

fn peer_text(names: Names<'_>, peer: &RulePeer) -> String {
    match peer {
        RulePeer::V4(prefix) => prefix.to_string(),
        RulePeer::V6(prefix) => prefix.to_string(),
        RulePeer::PrefixList(id) => names.short(&Component::PrefixList(id.clone())),
        RulePeer::Group(reference) => group_text(names, &reference.group),
    }
}

pub(crate) fn group_text(names: Names<'_>, id: &SecurityGroupId) -> String {
    names.short(&Component::SecurityGroup(id.clone()))
}

pub(crate) const fn preposition(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "from",
        Direction::Outbound => "to",
    }
}

pub(crate) const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

pub(crate) const fn fate_name(fate: Fate) -> &'static str {
    match fate {
        Fate::Kept => "keep",
        Fate::Added => "add",
        Fate::Removed => "remove",
    }
}

/// Returns what was seen of a rule, such as `1,204 records, last 2026-01-14 09:30Z`.
pub(crate) fn use_text(planned: &PlannedRule) -> String {
    match (planned.last_seen(), planned.used.records) {
        (None, _) => "unused".to_owned(),
        (Some(last), 0) => format!("seen at the other end, last {}", Moment(last)),
        (Some(last), records) => {
            let records = usize::try_from(records).unwrap_or(usize::MAX);
            format!("{}, last {}", counted(records, "record", "records"), Moment(last))
        }
    }
}

/// Returns why something stays as it is.
pub(crate) fn doubt_text(names: Names<'_>, doubt: &Doubt) -> String {
    let interface = |id: &portolan_model::InterfaceId| {
        let resource = names.resource(id);
        format!("{id} ({})", resource.label())
    };
    match doubt {
        Doubt::NoInterfaces => "no interface that was read holds it".to_owned(),
        Doubt::InterfacesNotRead => "not all interfaces of its account were read".to_owned(),
        Doubt::NotLogged(id) => format!("{} has no record in the log", interface(id)),
        Doubt::WatchedBriefly(id, seconds) => {
            format!("{} was watched for {} only", interface(id), duration(*seconds))
        }
        Doubt::Skipped(id, records) => {
            let records = usize::try_from(*records).unwrap_or(usize::MAX);
            let records = counted(records, "SKIPDATA record", "SKIPDATA records");
            format!("AWS lost flows of {}: {records}", interface(id))
        }
        Doubt::PrefixListNotRead(id) => {
            format!("the entries of prefix list {id} were not read")
        }
        Doubt::Widened => "its changed rules would admit something new".to_owned(),
        Doubt::NotProved(request) => {
            format!("with changed rules this would break: {}", request_text(names, request))
        }
        _ => "it could not be judged".to_owned(),
    }
}

fn request_text(names: Names<'_>, request: &Request) -> String {
    let Request { interface, peer, direction, .. } = request;
    let traffic = request.rule_traffic().to_traffic();
    format!("{traffic} {} {peer} at {}", preposition(*direction), names.resource(interface).label())
}

/// Returns a time in the largest unit that fits, such as `3 days`.
fn duration(seconds: i64) -> String {
    let units = [(86_400, "day", "days"), (3600, "hour", "hours"), (60, "minute", "minutes")];
    let fitting = units.into_iter().find(|(unit, ..)| seconds >= *unit);
    let (unit, one, many) = fitting.unwrap_or((1, "second", "seconds"));
    counted(usize::try_from(seconds / unit).unwrap_or(0), one, many)
}

/// Returns what closes, such as `inbound tcp 22 from 0.0.0.0/0`.
pub(crate) fn closing_text(names: Names<'_>, closing: &Closing) -> String {
    let peers = match &closing.peers {
        Peers::Addresses(set) => addresses_text(set),
        Peers::Group(id) => format!("holders of {}", group_text(names, id)),
    };
    let traffic = traffic_text(&closing.traffic);
    format!("{traffic} {} {peers}", preposition(closing.direction))
}

/// Returns a set of addresses, such as `10.0.0.0/8 except 10.20.10.21/32`, whichever way is shorter.
fn addresses_text(set: &IpSet) -> String {
    let prefixes: Vec<IpPrefix> = set.prefixes().collect();
    let exceptions = hull(set).and_then(|hull| {
        let whole = IpSet::from_iter([hull]);
        let rest = IpSet { v4: whole.v4.difference(&set.v4), v6: whole.v6.difference(&set.v6) };
        let rest: Vec<IpPrefix> = rest.prefixes().collect();
        (rest.len() + 1 < prefixes.len()).then_some((hull, rest))
    });
    match exceptions {
        Some((hull, rest)) => format!("{hull} except {}", prefix_list(&rest)),
        None => prefix_list(&prefixes),
    }
}

fn prefix_list(prefixes: &[IpPrefix]) -> String {
    let texts: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
    let (shown, rest) = texts.split_at(texts.len().min(PREFIXES));
    let shown = shown.join(", ");
    if rest.is_empty() { shown } else { format!("{shown} and {} more prefixes", rest.len()) }
}

/// Returns the smallest prefix that holds a set of one family.
fn hull(set: &IpSet) -> Option<IpPrefix> {
    match (set.v4.hull(), set.v6.hull()) {
        (Some(v4), None) => smallest(v4).map(IpPrefix::V4),
        (None, Some(v6)) => smallest(v6).map(IpPrefix::V6),
        _ => None,
    }
}

fn smallest<A: Address>(interval: Interval<A>) -> Option<Prefix<A>> {
    let lengths = (0..=A::BITS).rev();
    let mut prefixes = lengths.filter_map(|length| Prefix::truncating(interval.first(), length));
    prefixes.find(|prefix| prefix.interval().covers(interval))
}

/// Returns what was proved, a sentence each.
pub(crate) fn proof_lines(proof: &Proof) -> Vec<String> {
    let count = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
    let requests = counted(count(proof.requests), "request", "requests");
    let mut lines = vec![
        format!("{requests} that were seen stay admitted by the same groups"),
        format!("{} of them pass from end to end as they do today", proof.from_end_to_end),
    ];
    if proof.by_rules_only > 0 {
        lines.push(format!(
            "{} have an end or a way that was not read: only rules could be checked",
            proof.by_rules_only
        ));
    }
    lines.push("no changed group admits anything that it does not admit today".to_owned());
    lines
}

/// Returns what else one should know about the log, a sentence each.
pub(crate) fn evidence_lines(evidence: &Evidence) -> Vec<String> {
    let clue = |it: Clue| evidence.clues.get(&it).copied().unwrap_or(0);
    let guessed = clue(Clue::Ports) + clue(Clue::Partners);
    let mut lines = Vec::new();
    if let Some(span) = evidence.span {
        lines.push(format!("the log goes from {} to {}", Moment(span.first), Moment(span.last)));
    }
    let mut note = |count: u64, text: &str| {
        if count > 0 {
            lines.push(format!("{count} {text}"));
        }
    };
    let proved = clue(Clue::Flags) + clue(Clue::Rules);
    note(proved, "conversations: who began is told by TCP flags or rules");
    note(guessed, "conversations: who began is guessed from ports (`--no-guess` keeps both)");
    note(clue(Clue::Nothing), "conversations: nothing tells who began; rules for both are kept");
    note(
        evidence.unexplained,
        "accepted conversations are admitted by no rule: rules have changed since",
    );
    note(
        evidence.shared,
        "requests are admitted by several groups of one interface; each keeps them",
    );
    note(evidence.unplaced, "records could not be placed at an interface");
    lines
}
