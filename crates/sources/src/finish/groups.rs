//! Joins the rules of security groups with their ids.
//!
//! `describe-security-groups` packs rules by protocol and ports and has no ids;
//! `describe-security-group-rules` has the ids. A rule is the same in both if direction, traffic and peer are.

use portolan_model::{
    Model, RulePeer, SecurityGroup, SecurityGroupId, SecurityGroupRule, Tags, VpcId,
};

use crate::aws::security_group::in_order;
use crate::builder::Builder;
use crate::loose::GroupRules;

/// Joins the rules of every group.
pub(super) fn join_rules(builder: &mut Builder) {
    for (id, waiting) in std::mem::take(&mut builder.loose.rules) {
        if let Some(group) = builder.model.security_groups.get_mut(&id) {
            join(group, waiting.rules);
        } else {
            let group = build(builder, id, waiting);
            builder.model.security_groups.insert(group.id.clone(), group);
        }
    }
}

/// Gives ids to the rules of a group. A rule that only one of the two answers has stays: an account changes
/// between two captures, and a rule too many shows more than there is, never less.
fn join(group: &mut SecurityGroup, rules: Vec<SecurityGroupRule>) {
    for rule in rules {
        let known = group.rules.iter_mut().find(|known| is_same(known, &rule));
        match known {
            Some(known) => {
                known.id = rule.id;
                known.description = known.description.take().or(rule.description);
            }
            None => group.rules.push(rule),
        }
    }
    group.rules = in_order(std::mem::take(&mut group.rules));
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
fn build(builder: &mut Builder, id: SecurityGroupId, mut waiting: GroupRules) -> SecurityGroup {
    waiting.rules.dedup_by(|a, b| a.id == b.id);
    SecurityGroup {
        place: waiting.place,
        tags: Tags::default(),
        name: builder.text(id.as_str()),
        vpc: vpc_of(&builder.model, &id),
        rules: in_order(waiting.rules),
        id,
    }
}

/// Returns the VPC of the interfaces that hold a group.
fn vpc_of(model: &Model, id: &SecurityGroupId) -> Option<VpcId> {
    let holds = |groups: &[SecurityGroupId]| groups.contains(id);
    let mut interfaces = model.interfaces.values();
    interfaces.find(|one| holds(&one.security_groups)).map(|one| one.vpc.clone())
}
