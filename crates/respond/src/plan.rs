//! The plan of changes: a value that can be read, proved, rendered and undone. Nothing here applies it.

use std::collections::BTreeMap;

use portolan_model::{Direction, InterfaceId, PrefixListId, SecurityGroupId, SecurityGroupRule};
use portolan_net::Traffic;
use portolan_reach::IpSet;

use crate::observe::{Moment, Span, Totals};
use crate::request::{Clue, Request};

/// What is taken for enough.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Policy {
    /// How long an interface must have been watched before anything is closed, in seconds.
    pub least_watch: i64,
    /// How many private addresses without a better name are named one by one.
    pub max_hosts: usize,
    /// How many port ranges one peer may have before they become one.
    pub max_ranges: usize,
    /// Whether ports may tell who began a conversation ([`Clue::Ports`], [`Clue::Partners`]). They are no proof: where
    /// servers listen on ephemeral ports, or clients use low ones, rules for the wrong direction are kept.
    pub trusts_ports: bool,
}

impl Policy {
    /// Two weeks: what happens once a week is seen twice.
    pub const DEFAULT_DAYS: i64 = 14;

    /// The seconds of a day.
    pub const DAY: i64 = 24 * 60 * 60;

    /// Returns how long an interface was watched, at the least, of which there are records of so many days.
    ///
    /// An hour is missing: a record covers up to ten minutes and comes some minutes late, so that the first of the days begins
    /// with one that is left out, and the last ends with one that is not there yet.
    ///
    /// Source: EC2 API, `CreateFlowLogs`, parameter `MaxAggregationInterval`.
    pub const fn watch_of_days(days: i64) -> i64 {
        days.saturating_mul(Self::DAY).saturating_sub(60 * 60)
    }
}

impl Default for Policy {
    fn default() -> Self {
        let least_watch = Self::watch_of_days(Self::DEFAULT_DAYS);
        Self { least_watch, max_hosts: 16, max_ranges: 8, trusts_ports: true }
    }
}

/// What to change in which security group, and what is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// Every security group that was read.
    pub groups: BTreeMap<SecurityGroupId, GroupPlan>,
    /// What was proved.
    pub proof: Proof,
    /// What of the log was used.
    pub evidence: Evidence,
}

impl Plan {
    /// Yields the groups that change.
    pub fn changed(&self) -> impl Iterator<Item = (&SecurityGroupId, &GroupPlan)> {
        self.groups.iter().filter(|(_, group)| group.is_changed())
    }
}

/// What to do with one security group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GroupPlan {
    /// Why the group is left as it is; empty for a group that could be judged.
    pub doubts: Vec<Doubt>,
    /// Every rule that it has, would get or would lose; old ones first, in their order.
    pub rules: Vec<PlannedRule>,
    /// What closes, the worst first.
    pub closes: Vec<Closing>,
    /// Whether it is proved that no fewer rules within the same bounds admit what was seen.
    pub is_minimal: bool,
}

impl GroupPlan {
    /// Returns whether any rule is added or removed.
    pub fn is_changed(&self) -> bool {
        self.rules.iter().any(|rule| rule.fate != Fate::Kept)
    }

    /// Yields the rules with a fate.
    pub fn with(&self, fate: Fate) -> impl Iterator<Item = &PlannedRule> {
        self.rules.iter().filter(move |rule| rule.fate == fate)
    }
}

/// One rule, and what becomes of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlannedRule {
    /// The rule.
    pub rule: SecurityGroupRule,
    /// What becomes of it.
    pub fate: Fate,
    /// What was seen that it admits. An old rule without a span is unused.
    pub used: Totals,
    /// Why it is kept although nothing was seen that it admits.
    pub doubt: Option<Doubt>,
}

/// What becomes of a rule.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Fate {
    /// It stays.
    Kept,
    /// It is new.
    Added,
    /// It goes.
    Removed,
}

/// Why something could not be judged, and is left as it is.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Doubt {
    /// No interface that was read holds the group.
    NoInterfaces,
    /// Not all interfaces were read in the group's account and Region.
    InterfacesNotRead,
    /// An interface that holds the group has no record in the log, not even one without data.
    NotLogged(InterfaceId),
    /// An interface that holds the group was watched for this many seconds only.
    WatchedBriefly(InterfaceId, i64),
    /// AWS lost flows of an interface that holds the group, in this many records.
    Skipped(InterfaceId, u64),
    /// The rule names a prefix list whose entries were not read.
    PrefixListNotRead(PrefixListId),
    /// The changed rules did not pass the proof: they admit something that the old ones do not.
    Widened,
    /// The changed rules did not pass the proof: a request that passes today would not.
    NotProved(Request),
}

/// Traffic that a group no longer admits, from or to one set of addresses or the holders of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Closing {
    /// Which way first packets went.
    pub direction: Direction,
    /// With whom.
    pub peers: Peers,
    /// What no longer passes.
    pub traffic: Traffic,
    /// Whether some of the addresses are of the Internet.
    pub is_public: bool,
}

/// The other ends of what closes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Peers {
    /// Addresses.
    Addresses(IpSet),
    /// Whoever holds a group.
    Group(SecurityGroupId),
}

/// What was proved of a plan. Changes that fail are not in it: see [`Doubt::NotProved`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Proof {
    /// Requests that were seen, and that the rules of the groups of their interfaces go on admitting.
    pub requests: u64,
    /// Those of them that pass from end to end in the changed model as they do today.
    pub from_end_to_end: u64,
    /// Those whose other end is outside what was read, or the way to it unknown, so that only rules could be checked.
    pub by_rules_only: u64,
    /// Directions of groups whose new rules admit nothing that the old ones did not: all that change.
    pub narrowed: u64,
}

/// What of the log was used, and what was not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Evidence {
    /// From the first record to the last.
    pub span: Option<Span>,
    /// How many conversations each clue about who began decided.
    pub clues: BTreeMap<Clue, u64>,
    /// Accepted conversations that today's rules do not admit: the rules have changed since.
    pub unexplained: u64,
    /// Requests that more than one group of their interface admits; each of them goes on doing so.
    pub shared: u64,
    /// Records that cannot be said to go towards or away from their interface.
    pub unplaced: u64,
}

impl PlannedRule {
    /// Returns when something was last seen that the rule admits.
    pub fn last_seen(&self) -> Option<Moment> {
        self.used.span.map(|span| span.last)
    }
}
