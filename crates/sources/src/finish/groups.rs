//! Joins the rules of security groups with their ids.
//!
//! `describe-security-groups` packs rules by protocol and ports and has no ids;
//! `describe-security-group-rules` has the ids. A rule is the same in both if direction, traffic and peer are.

use std::collections::BTreeMap;

use portolan_model::{
    Model, NetworkInterface, ReadProblem, RulePeer, SecurityGroup, SecurityGroupId,
    SecurityGroupRule, Tags, VpcId,
};

use crate::aws::security_group::in_order;
use crate::builder::Builder;
use crate::loose::GroupRules;

/// Joins the rules of every group. A group that was not described is built from its rules.
pub(super) fn join_rules(builder: &mut Builder) {
    let mut unknown = Vec::new();
    for (id, waiting) in std::mem::take(&mut builder.loose.rules) {
        match builder.model.security_groups.get_mut(&id) {
            Some(group) => {
                let differing = join(group, waiting.rules);
                if differing > 0 {
                    let problem = contradiction(&id, &waiting.file, differing);
                    builder.model.coverage.add_problem(problem);
                }
            }
            None => unknown.push((id, waiting)),
        }
    }
    if unknown.is_empty() {
        return;
    }
    let vpcs = vpcs_of_groups(&builder.model);
    for (id, waiting) in unknown {
        let vpc = vpcs.get(&id).cloned();
        let group = build(builder, id, waiting, vpc);
        builder.model.security_groups.insert(group.id.clone(), group);
    }
}

fn contradiction(group: &SecurityGroupId, file: &str, differing: usize) -> ReadProblem {
    let rules = if differing == 1 { "rule differs" } else { "rules differ" };
    ReadProblem {
        path: file.to_owned(),
        position: None,
        message: format!("`{group}` is not the same as where it is described: {differing} {rules}"),
        help: Some(
            "capture both again, at one time; until then the rules of both count".to_owned(),
        ),
        loses_data: true,
    }
}

/// Gives ids to the rules of a group, and returns how many rules only one of the two answers has. They stay: an
/// account changes between two captures, and a rule too many shows more than there is, never less.
fn join(group: &mut SecurityGroup, rules: Vec<SecurityGroupRule>) -> usize {
    let mut differing = 0;
    for rule in rules {
        let known = group.rules.iter_mut().find(|known| is_same(known, &rule));
        match known {
            Some(known) => {
                known.id = rule.id;
                known.description = known.description.take().or(rule.description);
            }
            None => {
                differing += 1;
                group.rules.push(rule);
            }
        }
    }
    group.rules = in_order(std::mem::take(&mut group.rules));
    differing + group.rules.iter().filter(|rule| rule.id.is_none()).count()
}

/// Returns whether a rule without an id is the one with an id.
fn is_same(known: &SecurityGroupRule, rule: &SecurityGroupRule) -> bool {
    let is_peer = match (&known.peer, &rule.peer) {
        // One of the answers may leave out the account and VPC of the group's own.
        (RulePeer::Group(known), RulePeer::Group(rule)) => known.group == rule.group,
        (known, rule) => known == rule,
    };
    let is_free = known.id.is_none() || known.id == rule.id;
    is_free && is_peer && known.direction == rule.direction && known.traffic == rule.traffic
}

/// Builds a group that only its rules tell of.
fn build(
    builder: &mut Builder,
    id: SecurityGroupId,
    waiting: GroupRules,
    vpc: Option<VpcId>,
) -> SecurityGroup {
    let mut rules = in_order(waiting.rules);
    rules.dedup();
    SecurityGroup {
        place: waiting.place,
        tags: Tags::default(),
        name: builder.text(id.as_str()),
        vpc,
        rules,
        id,
    }
}

/// Returns the VPC of every group that an interface holds.
fn vpcs_of_groups(model: &Model) -> BTreeMap<SecurityGroupId, VpcId> {
    let of_interface = |interface: &NetworkInterface| {
        let vpc = interface.vpc.clone();
        interface.security_groups.clone().into_iter().map(move |group| (group, vpc.clone()))
    };
    model.interfaces.values().flat_map(of_interface).collect()
}
