//! Which layer admits or refuses what: network ACLs alone, security groups alone, and both.
//!
//! Cases are what is intended and what is not: declared, or taken from a log, where what was accepted counts as intended
//! and what was rejected as not. Each case is asked of three charts of the same model. A layer is good if it admits what is
//! intended, refuses what is not, and says so in few rules.

use std::collections::BTreeMap;
use std::net::IpAddr;

use portolan_model::{Direction, InterfaceId, Model, RuleTraffic};
use portolan_net::{PortRange, PortSet, Protocol, Set as _, Traffic};
use portolan_reach::{Certainty, Chart, End, IpSet, Party, Question, Settings};

use crate::request::{Request, Requests, mirrored};
use crate::vocabulary::prefix;

/// The filters that are asked.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Layer {
    /// Network ACLs alone.
    NetworkAcls,
    /// Security groups alone.
    SecurityGroups,
    /// Both, as in AWS.
    Both,
}

impl Layer {
    /// Every layer, in the order of the enum.
    pub const ALL: [Self; 3] = [Self::NetworkAcls, Self::SecurityGroups, Self::Both];

    const fn settings(self, settings: Settings) -> Settings {
        match self {
            Self::NetworkAcls => Settings { security_groups: false, ..settings },
            Self::SecurityGroups => Settings { network_acls: false, ..settings },
            Self::Both => settings,
        }
    }
}

/// One case: packets that are meant to pass, or not to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Case {
    /// Who begins.
    pub from: Side,
    /// Who is to answer.
    pub to: Side,
    /// The packets.
    pub traffic: Traffic,
    /// Whether they are meant to pass.
    pub is_intended: bool,
}

/// One side of a case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Side {
    /// Who it is.
    pub party: Party,
    /// Where the case has it from.
    pub origin: Origin,
}

/// Where a case has one of its sides from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Somebody declared it, with these words.
    Declared(String),
    /// It is the interface that logged a flow.
    Interface(InterfaceId),
    /// It is the address at the other end of a flow, and the interface that has it, if one does that was read.
    Address(IpAddr, Option<InterfaceId>),
}

/// What a layer does with the packets of a case between two ends.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Decision {
    /// All of them pass and are answered.
    Admitted,
    /// None of them is delivered.
    Refused,
    /// Some pass, or they pass and are not answered.
    Partly,
    /// What would tell is not known.
    Unknown,
}

/// How many cases were decided how.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Score {
    /// Admitted.
    pub admitted: u64,
    /// Refused.
    pub refused: u64,
    /// Admitted in part.
    pub partly: u64,
    /// Not known.
    pub unknown: u64,
}

impl Score {
    /// Returns how many cases there are.
    pub const fn total(&self) -> u64 {
        self.admitted + self.refused + self.partly + self.unknown
    }

    const fn count(&mut self, decision: Decision) {
        match decision {
            Decision::Admitted => self.admitted += 1,
            Decision::Refused => self.refused += 1,
            Decision::Partly => self.partly += 1,
            Decision::Unknown => self.unknown += 1,
        }
    }
}

/// How much there is to read and maintain.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Complexity {
    /// Network ACLs and security groups.
    pub filters: u64,
    /// Their entries and rules, without the closing entries that AWS writes.
    pub rules: u64,
    /// Those of them that name a range of ports, more than one and fewer than all.
    pub port_ranges: u64,
}

/// What one layer does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LayerScore {
    /// The layer.
    pub layer: Layer,
    /// What it does with what is intended.
    pub intended: Score,
    /// What it does with what is not.
    pub unintended: Score,
    /// The intended cases that it refuses, in part or as a whole: false refusals.
    pub false_refusals: Vec<Case>,
    /// The other cases that it admits, in part or as a whole.
    pub false_admissions: Vec<Case>,
    /// What it costs to maintain.
    pub complexity: Complexity,
}

/// The ports that clients use: those that Linux gives by default.
///
/// Network ACLs let answers pass by the client's port. A log that adds up conversations no longer has it.
const CLIENT_PORTS: (u16, u16) = (32768, 60999);

/// Returns what the requests of a log are as cases. What left one interface and was refused at another is no case of its own:
/// the refusal is.
pub fn cases_of(chart: &Chart, requests: &Requests) -> Vec<Case> {
    let is_refused_there = |request: &Request| {
        mirrored(chart, request).is_some_and(|it| requests.rejected.contains_key(&it))
    };
    let accepted = requests.accepted.keys().filter(|request| !is_refused_there(request));
    let accepted = accepted.map(|request| case(chart, request, true));
    let rejected = requests.rejected.keys().filter(|it| !requests.accepted.contains_key(*it));
    accepted.chain(rejected.map(|request| case(chart, request, false))).collect()
}

fn case(chart: &Chart, request: &Request, is_intended: bool) -> Case {
    let Request { interface, peer, direction, .. } = request;
    let here = Side {
        party: Party::Interfaces(vec![interface.clone()]),
        origin: Origin::Interface(interface.clone()),
    };
    let there = Side {
        party: Party::Addresses(IpSet::from_iter([prefix(*peer)])),
        origin: Origin::Address(*peer, chart.neighbour(interface, *peer)),
    };
    let (from, to) = match direction {
        Direction::Inbound => (there, here),
        Direction::Outbound => (here, there),
    };
    Case { from, to, traffic: request.traffic(), is_intended }
}

/// Returns what each layer does with each case.
///
/// A case between parties of several interfaces counts once for each pair of them.
pub fn evaluate(model: &Model, settings: Settings, cases: &[Case]) -> Vec<LayerScore> {
    let score = |layer: Layer| {
        let chart = Chart::new(model.clone(), layer.settings(settings));
        let mut score = LayerScore {
            layer,
            intended: Score::default(),
            unintended: Score::default(),
            false_refusals: Vec::new(),
            false_admissions: Vec::new(),
            complexity: complexity(model, layer),
        };
        for case in cases {
            score.add(&chart, case);
        }
        score
    };
    Layer::ALL.map(score).into()
}

impl LayerScore {
    fn add(&mut self, chart: &Chart, case: &Case) {
        let decisions = decisions(chart, case);
        let score = if case.is_intended { &mut self.intended } else { &mut self.unintended };
        for decision in &decisions {
            score.count(*decision);
        }
        let is =
            |wanted: Decision| decisions.contains(&wanted) || decisions.contains(&Decision::Partly);
        if case.is_intended && is(Decision::Refused) {
            self.false_refusals.push(case.clone());
        } else if !case.is_intended && is(Decision::Admitted) {
            self.false_admissions.push(case.clone());
        }
    }
}

/// Returns the decision for each pair of ends of a case.
fn decisions(chart: &Chart, case: &Case) -> Vec<Decision> {
    let (from, to) = (case.from.party.clone(), case.to.party.clone());
    let traffic = as_clients_send(&case.traffic);
    let pairs = pairs(chart, &from, &to);
    if is_beyond(chart, &from, &to) {
        return vec![Decision::Unknown];
    }
    let question = Question { from, to, traffic: traffic.clone() };
    let answer = chart.reach(&question);
    let mut passed: BTreeMap<(End, End), Passed> = BTreeMap::new();
    for flow in &answer.flows {
        let key = (whole(&flow.from), whole(&flow.to));
        passed.entry(key).or_default().add(flow);
    }
    let mut decisions: Vec<_> = passed.values().map(|it| it.decision(&traffic)).collect();
    // Pairs between which nothing passes are not in the answer.
    let missing = pairs.saturating_sub(decisions.len());
    decisions.extend(std::iter::repeat_n(Decision::Refused, missing));
    decisions
}

/// Returns those of some packets that come from the ports of clients; all of them if none does.
fn as_clients_send(traffic: &Traffic) -> Traffic {
    let Some(clients) = PortRange::new(CLIENT_PORTS.0, CLIENT_PORTS.1) else {
        return traffic.clone();
    };
    let from_clients = |protocol| Traffic::with_ports(protocol, PortSet::full(), clients.into());
    let with_ports = [Protocol::TCP, Protocol::UDP].map(Traffic::protocol);
    let others = Traffic::union_all(with_ports).complement();
    let sent =
        Traffic::union_all([others, from_clients(Protocol::TCP), from_clients(Protocol::UDP)]);
    let sent = traffic.intersection(&sent);
    if sent.is_empty() { traffic.clone() } else { sent }
}

/// Returns an end without its address: an interface counts once.
fn whole(end: &End) -> End {
    match end {
        End::Interface { interface, .. } => End::Interface {
            interface: interface.clone(),
            address: std::net::Ipv4Addr::UNSPECIFIED.into(),
        },
        other => other.clone(),
    }
}

/// What passes between two ends.
#[derive(Debug, Default)]
struct Passed {
    answered: Option<Traffic>,
    delivered: Option<Traffic>,
    possible: Option<Traffic>,
}

impl Passed {
    fn add(&mut self, flow: &portolan_reach::Flow) {
        let add = |sum: &mut Option<Traffic>| {
            let joined = sum.take().map_or(flow.traffic.clone(), |it| it.union(&flow.traffic));
            *sum = Some(joined);
        };
        add(&mut self.possible);
        if flow.delivery == Certainty::Certain {
            add(&mut self.delivered);
        }
        if flow.is_answered && flow.certainty == Certainty::Certain {
            add(&mut self.answered);
        }
    }

    fn decision(&self, asked: &Traffic) -> Decision {
        let holds = |sum: &Option<Traffic>| sum.as_ref().is_some_and(|it| it.contains_set(asked));
        let meets = |sum: &Option<Traffic>| sum.as_ref().is_some_and(|it| it.intersects(asked));
        if holds(&self.answered) {
            Decision::Admitted
        } else if meets(&self.delivered) {
            Decision::Partly
        } else if meets(&self.possible) {
            Decision::Unknown
        } else {
            Decision::Refused
        }
    }
}

/// Returns how many pairs of ends there are.
fn pairs(chart: &Chart, from: &Party, to: &Party) -> usize {
    match (from, to) {
        (Party::Interfaces(from), Party::Interfaces(to)) => {
            let same = from.iter().filter(|id| to.contains(id)).count();
            from.len().saturating_mul(to.len()).saturating_sub(same)
        }
        _ => ends(chart, from).saturating_mul(ends(chart, to)),
    }
}

fn ends(chart: &Chart, party: &Party) -> usize {
    match party {
        Party::Interfaces(ids) => ids.len(),
        Party::Addresses(set) => {
            let holds = |it: &&portolan_model::NetworkInterface| {
                let v4 = it.ipv4.iter().map(|own| own.address.into());
                let public = it.ipv4.iter().filter_map(|own| own.public).map(Into::into);
                let mut all = v4.chain(public).chain(it.ipv6.iter().map(|own| (*own).into()));
                all.any(|address| set.contains(address))
            };
            chart.model().interfaces.values().filter(holds).count().max(1)
        }
        Party::Internet | Party::Service(_) => 1,
    }
}

/// Returns whether who begins is neither of the Internet nor an interface that was read, so that nothing is known of the
/// way.
fn is_beyond(chart: &Chart, from: &Party, to: &Party) -> bool {
    let Party::Addresses(set) = from else { return false };
    let internet = chart.internet();
    let is_public = set.v4.intersects(&internet.v4) || set.v6.intersects(&internet.v6);
    let Party::Interfaces(to) = to else { return false };
    let has_holder = |address| to.iter().any(|it| chart.neighbour(it, address).is_some());
    !is_public && !set.first().is_some_and(has_holder)
}

fn complexity(model: &Model, layer: Layer) -> Complexity {
    let mut sum = Complexity::default();
    if layer != Layer::SecurityGroups {
        let entries = model.network_acls.values().flat_map(|acl| &acl.entries);
        let written = entries.filter(|entry| entry.number <= LAST_WRITTEN);
        sum.add(model.network_acls.len(), written.map(|entry| entry.traffic));
    }
    if layer != Layer::NetworkAcls {
        let rules = model.security_groups.values().flat_map(|group| &group.rules);
        sum.add(model.security_groups.len(), rules.map(|rule| rule.traffic));
    }
    sum
}

/// The highest number that a user can give an entry of a network ACL; AWS's closing entries are above.
const LAST_WRITTEN: u32 = 32766;

impl Complexity {
    fn add(&mut self, filters: usize, rules: impl Iterator<Item = RuleTraffic>) {
        self.filters += u64::try_from(filters).unwrap_or(u64::MAX);
        for traffic in rules {
            self.rules += 1;
            let is_range = matches!(traffic, RuleTraffic::Ports(_, range)
                if range != PortRange::ALL && range.first() != range.last());
            self.port_ranges += u64::from(is_range);
        }
    }
}
