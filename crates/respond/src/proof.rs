//! The proof of a plan: nothing that was seen breaks, and nothing new opens.
//!
//! Both are computed by the engine from the changed model, not from how the plan was made, so that a mistake in the
//! making cannot hide. For each request:
//!
//! - each group at either end whose rules admit it today admits it in the changed model, and
//! - whatever of it passes from end to end today (certainly or possibly, answered or not) passes so in the changed model.
//!
//! And for each direction of each changed group: all that its new rules admit, its old ones do.

use std::collections::{BTreeMap, BTreeSet};

use portolan_model::{Direction, InterfaceId, SecurityGroup, SecurityGroupId};
use portolan_net::{Set as _, Traffic};
use portolan_reach::{Certainty, Chart, End, Flow, Party, Question};

use crate::observe::Totals;
use crate::plan::{Doubt, Proof};
use crate::request::{Request, Requests, mirrored};
use crate::vocabulary::{Vocabulary, prefix};

/// Why a group must stay as it is.
pub(crate) type Failures = Vec<(SecurityGroupId, Doubt)>;

/// Proves that these groups may take the place of those with their ids.
pub(crate) fn prove(
    chart: &Chart,
    changed: &[SecurityGroup],
    requests: &Requests,
    vocabulary: &Vocabulary<'_>,
) -> Result<Proof, Failures> {
    let mut model = chart.model().clone();
    model.security_groups.extend(changed.iter().map(|group| (group.id.clone(), group.clone())));
    let after = Chart::new(model, chart.settings());
    let changed: BTreeSet<_> = changed.iter().map(|group| &group.id).collect();
    let comparison = Comparison { before: chart, after: &after, changed };
    let mut failures = comparison.widened(vocabulary);
    failures.extend(comparison.broken_rules(&requests.accepted));
    let (broken, from_end_to_end) = comparison.broken_ways(&requests.accepted);
    failures.extend(broken);
    let count = u64::try_from(requests.accepted.len()).unwrap_or(u64::MAX);
    let narrowed = u64::try_from(comparison.changed.len() * DIRECTIONS.len()).unwrap_or(u64::MAX);
    if failures.is_empty() {
        let by_rules_only = count.saturating_sub(from_end_to_end);
        return Ok(Proof { requests: count, from_end_to_end, by_rules_only, narrowed });
    }
    Err(failures)
}

const DIRECTIONS: [Direction; 2] = [Direction::Inbound, Direction::Outbound];

/// The model as it is and as it would be.
struct Comparison<'c> {
    before: &'c Chart,
    after: &'c Chart,
    changed: BTreeSet<&'c SecurityGroupId>,
}

impl Comparison<'_> {
    /// Returns the changed groups that admit something new.
    fn widened(&self, vocabulary: &Vocabulary<'_>) -> Failures {
        let is_wider = |group: &SecurityGroupId, direction| {
            let old = self.before.admitted(group, direction);
            let new = self.after.admitted(group, direction);
            let Some((old, new)) = old.zip(new) else { return true };
            !old.v4.contains_set(&new.v4)
                || !old.v6.contains_set(&new.v6)
                || !new
                    .groups
                    .iter()
                    .all(|(id, traffic)| vocabulary.permits_group(&old, id, traffic))
        };
        let wider = self.changed.iter().filter(|id| DIRECTIONS.iter().any(|it| is_wider(id, *it)));
        wider.map(|id| ((*id).clone(), Doubt::Widened)).collect()
    }

    /// Returns the changed groups that no longer admit a request that they admit today, at either end.
    fn broken_rules(&self, requests: &BTreeMap<Request, Totals>) -> Failures {
        let mut failures = Failures::new();
        for request in requests.keys() {
            let mirrored = mirrored(self.before, request);
            for end in std::iter::once(request).chain(&mirrored) {
                let after = admitting(self.after, end);
                let lost = admitting(self.before, end).into_iter().filter(|it| !after.contains(it));
                failures.extend(lost.map(|id| (id, Doubt::NotProved(request.clone()))));
            }
        }
        failures
    }

    /// Returns the changed groups at the ends of requests that no longer pass as they do today, and how many requests
    /// pass at all.
    fn broken_ways(&self, requests: &BTreeMap<Request, Totals>) -> (Failures, u64) {
        let mut by_interface: BTreeMap<(&InterfaceId, Direction), Vec<&Request>> = BTreeMap::new();
        for request in requests.keys() {
            by_interface.entry((&request.interface, request.direction)).or_default().push(request);
        }
        let (mut failures, mut passing) = (Failures::new(), 0);
        for requests in by_interface.values() {
            let (before, after) = (ways(self.before, requests), ways(self.after, requests));
            for request in requests {
                let (old, new) = (passed(&before, request), passed(&after, request));
                passing += u64::from(old.iter().any(|traffic| !traffic.is_empty()));
                if !old.iter().zip(&new).all(|(old, new)| new.contains_set(old)) {
                    failures.extend(self.at_the_ends(request));
                }
            }
        }
        (failures, passing)
    }

    /// Blames the changed groups at the ends of a request, or all if none is there.
    fn at_the_ends(&self, request: &Request) -> Failures {
        let model = self.before.model();
        let other = self.before.neighbour(&request.interface, request.peer);
        let interfaces = std::iter::once(&request.interface).chain(&other);
        let groups = interfaces.filter_map(|id| model.interfaces.get(id));
        let mut blamed: BTreeSet<&SecurityGroupId> = groups
            .flat_map(|it| &it.security_groups)
            .filter(|id| self.changed.contains(id))
            .collect();
        if blamed.is_empty() {
            blamed.clone_from(&self.changed);
        }
        let doubt = || Doubt::NotProved(request.clone());
        blamed.into_iter().map(|id| (id.clone(), doubt())).collect()
    }
}

/// Returns the groups whose rules admit a request at its interface.
fn admitting(chart: &Chart, request: &Request) -> BTreeSet<SecurityGroupId> {
    let Request { interface, direction, peer, .. } = request;
    let admission = chart.admission(interface, *direction, *peer, &request.traffic());
    admission.rules.into_iter().map(|(group, _)| group).collect()
}

/// Returns what passes between an interface and the other ends of requests that it saw in one direction.
fn ways(chart: &Chart, requests: &[&Request]) -> Vec<Flow> {
    let Some(first) = requests.first() else { return Vec::new() };
    let here = Party::Interfaces(vec![first.interface.clone()]);
    let peers = requests.iter().map(|request| prefix(request.peer)).collect();
    let peers = Party::Addresses(peers);
    let traffic = Traffic::union_all(requests.iter().map(|request| request.traffic()));
    let (from, to) = match first.direction {
        Direction::Inbound => (peers, here),
        Direction::Outbound => (here, peers),
    };
    chart.reach(&Question { from, to, traffic }).flows
}

/// Returns what of a request passes: delivered perhaps, delivered, answered perhaps, answered.
fn passed(flows: &[Flow], request: &Request) -> [Traffic; 4] {
    let here = End::Interface { interface: request.interface.clone(), address: request.local };
    let is_of = |flow: &&Flow| match request.direction {
        Direction::Inbound => flow.to == here && flow.sources.contains(request.peer),
        Direction::Outbound => flow.from == here && flow.destinations.contains(request.peer),
    };
    let asked = request.traffic();
    let flows: Vec<&Flow> = flows.iter().filter(is_of).collect();
    let sum = |wanted: &dyn Fn(&Flow) -> bool| {
        let wanted = flows.iter().filter(|flow| wanted(flow));
        Traffic::union_all(wanted.map(|flow| flow.traffic.intersection(&asked)))
    };
    [
        sum(&|_| true),
        sum(&|flow| flow.delivery == Certainty::Certain),
        sum(&|flow| flow.is_answered),
        sum(&|flow| flow.is_answered && flow.certainty == Certainty::Certain),
    ]
}
