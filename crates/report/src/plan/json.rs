//! A plan as a JSON document.

use portolan_model::{Model, SecurityGroupId};
use portolan_respond as respond;
use portolan_respond::{Fate, Peers};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::FORMAT_VERSION;
use crate::names::Names;
use crate::plan::rule::{PeerParts, RuleParts};
use crate::plan::words::{direction_name, doubt_text, group_text, rule_text};
use crate::wire::{Traffic, prefixes};

/// What to change so that security groups admit what was seen and no more: the output of `portolan tighten --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Tighten")]
pub(crate) struct Document {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// Every security group that was read.
    groups: Vec<Group>,
    /// What was proved of the plan as a whole.
    proof: Proof,
    /// What of the log was used.
    evidence: Evidence,
}

/// One security group.
#[derive(Debug, JsonSchema, Serialize)]
struct Group {
    /// Its id.
    id: String,
    /// Its id and name.
    name: String,
    /// Whether a rule is added or removed.
    is_changed: bool,
    /// Whether it is proved that no fewer rules within the same bounds admit what was seen.
    is_minimal: bool,
    /// Why it is left as it is; empty if it could be judged.
    doubts: Vec<String>,
    /// Its rules, and those that it would get.
    rules: Vec<Rule>,
    /// What no longer passes, the worst first.
    closes: Vec<Closing>,
}

/// A rule and what becomes of it.
#[derive(Debug, JsonSchema, Serialize)]
struct Rule {
    /// `keep`, `add` or `remove`.
    fate: &'static str,
    /// Its id, or null where none was read.
    id: Option<String>,
    /// `inbound` or `outbound`.
    direction: &'static str,
    /// The rule in words. For people; it may change.
    text: String,
    /// The protocol as EC2 writes it: a name, a number, or `-1` for all.
    protocol: String,
    /// The first port, or the ICMP type; null where there is none.
    from_port: Option<i64>,
    /// The last port, or the ICMP code; null where there is none.
    to_port: Option<i64>,
    /// The CIDR, or the id of the security group or prefix list at the other end.
    peer: String,
    /// What was counted that it admits.
    records: u64,
    /// How many bytes that was.
    bytes: u64,
    /// When something was last seen that it admits, in seconds since 1970 in UTC; null for never.
    last_seen: Option<i64>,
    /// Why it is kept although nothing was seen that it admits, or null.
    doubt: Option<String>,
}

/// What no longer passes.
#[derive(Debug, JsonSchema, Serialize)]
struct Closing {
    /// `inbound` or `outbound`.
    direction: &'static str,
    /// The addresses at the other end, as prefixes; null for the holders of a group.
    prefixes: Option<Vec<String>>,
    /// The group whose holders are at the other end, or null.
    group: Option<String>,
    /// The packets.
    traffic: Traffic,
    /// Whether some of the addresses are of the Internet.
    is_public: bool,
}

/// What was proved.
#[derive(Debug, JsonSchema, Serialize)]
struct Proof {
    /// Requests that were seen, all of which stay admitted by the groups that admit them today.
    requests: u64,
    /// Those that pass from end to end as they do today.
    from_end_to_end: u64,
    /// Those of which only rules could be checked, because an end or the way was not read.
    by_rules_only: u64,
    /// Directions of changed groups, none of which admits anything new.
    narrowed: u64,
}

/// What of the log was used.
#[derive(Debug, JsonSchema, Serialize)]
struct Evidence {
    /// The start of the first record, in seconds since 1970 in UTC; null without records.
    first: Option<i64>,
    /// The end of the last record.
    last: Option<i64>,
    /// Conversations by what told who began.
    clues: Clues,
    /// Accepted conversations that today's rules do not admit.
    unexplained: u64,
    /// Requests that more than one group of an interface admits.
    shared: u64,
    /// Records that could not be placed at an interface.
    unplaced: u64,
}

/// How many conversations each clue about who began decided.
#[derive(Debug, JsonSchema, Serialize)]
struct Clues {
    /// TCP flags.
    flags: u64,
    /// Only one direction is admitted by rules.
    rules: u64,
    /// One port looks like a client's, the other like a service's.
    ports: u64,
    /// One port has several partners.
    partners: u64,
    /// Nothing told: rules for both directions are kept.
    nothing: u64,
}

impl Document {
    pub(crate) fn new(model: &Model, plan: &respond::Plan) -> Self {
        let names = Names::new(model);
        let groups = plan.groups.iter().map(|(id, group)| self::group(names, id, group));
        Self {
            format_version: FORMAT_VERSION,
            groups: groups.collect(),
            proof: proof(&plan.proof),
            evidence: evidence(&plan.evidence),
        }
    }
}

fn group(names: Names<'_>, id: &SecurityGroupId, group: &respond::GroupPlan) -> Group {
    Group {
        id: id.to_string(),
        name: group_text(names, id),
        is_changed: group.is_changed(),
        is_minimal: group.is_minimal,
        doubts: group.doubts.iter().map(|doubt| doubt_text(names, doubt)).collect(),
        rules: group.rules.iter().map(|planned| rule(names, planned)).collect(),
        closes: group.closes.iter().map(closing).collect(),
    }
}

fn rule(names: Names<'_>, planned: &respond::PlannedRule) -> Rule {
    let parts = RuleParts::new(&planned.rule);
    Rule {
        fate: match planned.fate {
            Fate::Kept => "keep",
            Fate::Added => "add",
            Fate::Removed => "remove",
        },
        id: planned.rule.id.as_ref().map(ToString::to_string),
        direction: direction_name(planned.rule.direction),
        text: rule_text(names, &planned.rule),
        protocol: parts.traffic.protocol,
        from_port: parts.traffic.from_port,
        to_port: parts.traffic.to_port,
        peer: match parts.peer {
            PeerParts::Cidr(prefix) => prefix.to_string(),
            PeerParts::PrefixList(id) => id.to_string(),
            PeerParts::Group { group, .. } => group.to_string(),
        },
        records: planned.used.records,
        bytes: planned.used.bytes,
        last_seen: planned.last_seen(),
        doubt: planned.doubt.as_ref().map(|doubt| doubt_text(names, doubt)),
    }
}

fn closing(closing: &respond::Closing) -> Closing {
    let (addresses, group) = match &closing.peers {
        Peers::Addresses(set) => (Some(prefixes(set)), None),
        Peers::Group(id) => (None, Some(id.to_string())),
    };
    Closing {
        direction: direction_name(closing.direction),
        prefixes: addresses,
        group,
        traffic: (&closing.traffic).into(),
        is_public: closing.is_public,
    }
}

const fn proof(proof: &respond::Proof) -> Proof {
    let respond::Proof { requests, from_end_to_end, by_rules_only, narrowed } = *proof;
    Proof { requests, from_end_to_end, by_rules_only, narrowed }
}

fn evidence(evidence: &respond::Evidence) -> Evidence {
    let clue = |clue| evidence.clues.get(&clue).copied().unwrap_or(0);
    Evidence {
        first: evidence.span.map(|span| span.first),
        last: evidence.span.map(|span| span.last),
        clues: Clues {
            flags: clue(respond::Clue::Flags),
            rules: clue(respond::Clue::Rules),
            ports: clue(respond::Clue::Ports),
            partners: clue(respond::Clue::Partners),
            nothing: clue(respond::Clue::Nothing),
        },
        unexplained: evidence.unexplained,
        shared: evidence.shared,
        unplaced: evidence.unplaced,
    }
}
