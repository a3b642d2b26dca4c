//! Security groups as narrow as the traffic that was seen needs, with proof.
//!
//! The order of work: who began each conversation ([`crate::request`]), what each group is needed for
//! ([`crate::need`]), what it may admit ([`crate::envelope`]), the fewest rules for that ([`crate::choose`]), and the
//! proof of the whole ([`crate::proof`]). A group whose changes fail the proof is left as it is, and the rest is
//! proved again.
//!
//! Groups are independent of each other: a request that two groups admit is admitted by both ever after. So any part of a plan
//! can be applied, in any order, and undone.

use std::collections::{BTreeMap, BTreeSet};

use portolan_model::{
    Direction, Model, ResourceKind, RulePeer, SecurityGroup, SecurityGroupId, SecurityGroupRule,
    Status,
};
use portolan_reach::{Admitted, Chart};

use crate::choose::Saying;
use crate::closing::closings;
use crate::envelope::Scope;
use crate::need::{Grounds, Need, Needs};
use crate::observe::{Observations, Totals};
use crate::plan::{Doubt, Evidence, Fate, GroupPlan, Plan, PlannedRule, Policy};
use crate::proof;
use crate::request::Requests;
use crate::vocabulary::Vocabulary;

/// Returns the plan that leaves each security group just what was seen.
pub fn tighten(chart: &Chart, observations: &Observations, policy: &Policy) -> Plan {
    let requests = Requests::of(chart, observations, policy);
    let needs = Needs::of(chart, &requests);
    let vocabulary = Vocabulary::of(chart);
    let task = Task { chart, observations, policy, needs: &needs, vocabulary: &vocabulary };
    let mut groups: BTreeMap<_, _> =
        chart.model().security_groups.values().map(|it| (it.id.clone(), task.plan(it))).collect();
    let proof = loop {
        let changed = changed_groups(chart.model(), &groups);
        match proof::prove(chart, &changed, &requests, &vocabulary) {
            Ok(proof) => break proof,
            Err(failures) => {
                for (id, doubt) in failures {
                    let Some(group) = chart.model().security_groups.get(&id) else { continue };
                    groups.insert(id, task.untouched(group, vec![doubt]));
                }
            }
        }
    };
    let evidence = Evidence {
        span: observations.span(),
        clues: requests.clues,
        unexplained: requests.unexplained,
        shared: needs.shared,
        unplaced: observations.unplaced(),
    };
    Plan { groups, proof, evidence }
}

/// Returns the groups that change, as they would be.
fn changed_groups(
    model: &Model,
    groups: &BTreeMap<SecurityGroupId, GroupPlan>,
) -> Vec<SecurityGroup> {
    let changed = groups.iter().filter(|(_, plan)| plan.is_changed());
    changed
        .filter_map(|(id, plan)| {
            let rules = plan.rules.iter().filter(|rule| rule.fate != Fate::Removed);
            let rules = rules.map(|planned| planned.rule.clone()).collect();
            Some(SecurityGroup { rules, ..model.security_groups.get(id)?.clone() })
        })
        .collect()
}

/// What plans are made from.
struct Task<'t> {
    chart: &'t Chart,
    observations: &'t Observations,
    policy: &'t Policy,
    needs: &'t Needs,
    vocabulary: &'t Vocabulary<'t>,
}

impl Task<'_> {
    fn plan(&self, group: &SecurityGroup) -> GroupPlan {
        let doubts = self.doubts(group);
        if !doubts.is_empty() {
            return self.untouched(group, doubts);
        }
        let mut plan = self.untouched(group, Vec::new());
        for direction in [Direction::Inbound, Direction::Outbound] {
            if let Some(admitted) = self.chart.admitted(&group.id, direction) {
                self.tighten_side(group, direction, &admitted, &mut plan);
            }
        }
        plan
    }

    /// Returns why a group cannot be judged.
    fn doubts(&self, group: &SecurityGroup) -> Vec<Doubt> {
        let model = self.chart.model();
        let status = model.coverage.status(&group.place, ResourceKind::NetworkInterfaces);
        if status != Status::Present {
            return vec![Doubt::InterfacesNotRead];
        }
        let holds = model.interfaces.values().filter(|it| it.security_groups.contains(&group.id));
        let interfaces: Vec<_> = holds.map(|interface| &interface.id).collect();
        if interfaces.is_empty() {
            return vec![Doubt::NoInterfaces];
        }
        let doubt = |id: &&portolan_model::InterfaceId| {
            let Some(watch) = self.observations.watch(id) else {
                return Some(Doubt::NotLogged((*id).clone()));
            };
            let seconds = watch.span.map_or(0, crate::observe::Span::seconds);
            if watch.skipped > 0 {
                Some(Doubt::Skipped((*id).clone(), watch.skipped))
            } else if seconds < self.policy.least_watch {
                Some(Doubt::WatchedBriefly((*id).clone(), seconds))
            } else {
                None
            }
        };
        interfaces.iter().filter_map(doubt).collect()
    }

    /// Returns the plan that changes nothing.
    fn untouched(&self, group: &SecurityGroup, doubts: Vec<Doubt>) -> GroupPlan {
        let rules = group.rules.iter().enumerate().map(|(place, rule)| PlannedRule {
            rule: rule.clone(),
            fate: Fate::Kept,
            used: self.used(group, |_, grounds| grounds.rules.contains(&place)),
            doubt: self.unread_list(rule),
        });
        GroupPlan { doubts, rules: rules.collect(), closes: Vec::new(), is_minimal: true }
    }

    fn unread_list(&self, rule: &SecurityGroupRule) -> Option<Doubt> {
        match &rule.peer {
            RulePeer::PrefixList(id) if self.vocabulary.addresses(&rule.peer).is_none() => {
                Some(Doubt::PrefixListNotRead(id.clone()))
            }
            _ => None,
        }
    }

    fn needs_of(&self, group: &SecurityGroup) -> impl Iterator<Item = (&Need, &Grounds)> {
        self.needs.by_group.get(&group.id).into_iter().flatten()
    }

    /// Returns what was seen of the needs that `wanted` picks.
    fn used(&self, group: &SecurityGroup, wanted: impl Fn(&Need, &Grounds) -> bool) -> Totals {
        let mut used = Totals::default();
        for (_, grounds) in self.needs_of(group).filter(|(need, grounds)| wanted(need, grounds)) {
            used.add(grounds.totals);
        }
        used
    }

    /// Puts the fewest rules in the place of those of one direction.
    fn tighten_side(
        &self,
        group: &SecurityGroup,
        direction: Direction,
        admitted: &Admitted,
        plan: &mut GroupPlan,
    ) {
        let scope = Scope { vocabulary: self.vocabulary, policy: self.policy, group, admitted };
        let needs: Vec<_> =
            self.needs_of(group).filter(|(need, _)| need.direction == direction).collect();
        let old: Vec<&SecurityGroupRule> =
            group.rules.iter().filter(|rule| rule.direction == direction).collect();
        let envelope = scope.envelope(&needs);
        let chosen = scope.fewest_rules(&envelope, &needs, &old);
        plan.is_minimal &= chosen.is_minimal;
        let mut wanted: BTreeSet<Saying> = chosen.rules.into_iter().collect();
        for planned in plan.rules.iter_mut().filter(|it| it.rule.direction == direction) {
            let is_wanted = wanted.remove(&(planned.rule.peer.clone(), planned.rule.traffic));
            if !is_wanted && planned.doubt.is_none() {
                planned.fate = Fate::Removed;
            }
        }
        let added: Vec<_> =
            wanted.into_iter().map(|it| self.added(&scope, direction, it)).collect();
        plan.rules.extend(added);
        let new: Vec<&SecurityGroupRule> = plan
            .rules
            .iter()
            .filter(|it| it.fate != Fate::Removed && it.rule.direction == direction)
            .map(|planned| &planned.rule)
            .collect();
        plan.closes.extend(closings(self.vocabulary, direction, admitted, &new));
        plan.closes.sort_by_key(crate::closing::rank);
    }

    /// Returns a new rule.
    fn added(&self, scope: &Scope<'_>, direction: Direction, saying: Saying) -> PlannedRule {
        let (peer, traffic) = saying;
        let headers = traffic.to_traffic();
        let used = self.used(scope.group, |need, grounds| {
            use portolan_net::Set as _;
            need.direction == direction
                && headers.contains_set(&need.traffic.to_traffic())
                && scope.is_named(&peer, need, grounds)
        });
        let rule = SecurityGroupRule { id: None, direction, traffic, peer, description: None };
        PlannedRule { rule, fate: Fate::Added, used, doubt: None }
    }
}
