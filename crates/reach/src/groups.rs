//! Security groups, compiled: from the address at the other end to the traffic that passes.

use portolan_model::{Direction, Model, RulePeer, SecurityGroup, SecurityGroupId};
use rustc_hash::FxHashMap;

use portolan_net::{IntervalSet, Set as _, StepMap};

use crate::bounds::Bounds;
use crate::evidence::{Component, Unknown, UnknownReason};
use crate::line::{Spot, Spots, spots};
use crate::pool::TrafficPool;

/// What one or several security groups allow in one direction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct GroupSide {
    /// What the address at the other end allows.
    pub(crate) by_address: StepMap<Spot, Bounds>,
    /// What holding a group allows at the other end, whatever the address; sorted by group.
    pub(crate) by_group: Vec<(SecurityGroupId, Bounds)>,
}

/// What one or several security groups allow.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct GroupFilter {
    pub(crate) inbound: GroupSide,
    pub(crate) outbound: GroupSide,
}

impl GroupFilter {
    /// Returns the filter that passes the same whoever is at the other end.
    pub(crate) fn constant(bounds: Bounds) -> Self {
        let side = GroupSide { by_address: StepMap::constant(bounds), by_group: Vec::new() };
        Self { inbound: side.clone(), outbound: side }
    }

    pub(crate) fn side(&self, direction: Direction) -> &GroupSide {
        match direction {
            Direction::Inbound => &self.inbound,
            Direction::Outbound => &self.outbound,
        }
    }

    /// Compiles one security group.
    pub(crate) fn compile(model: &Model, group: &SecurityGroup, pool: &mut TrafficPool) -> Self {
        Self {
            inbound: compile_side(model, group, Direction::Inbound, pool),
            outbound: compile_side(model, group, Direction::Outbound, pool),
        }
    }

    /// Returns what several groups allow together.
    pub(crate) fn union(&self, other: &Self, pool: &mut TrafficPool) -> Self {
        Self {
            inbound: self.inbound.union(&other.inbound, pool),
            outbound: self.outbound.union(&other.outbound, pool),
        }
    }
}

impl GroupSide {
    fn union(&self, other: &Self, pool: &mut TrafficPool) -> Self {
        let by_address = self.by_address.zip_with(&other.by_address, |a, b| a.union(*b, pool));
        let mut sums: FxHashMap<&SecurityGroupId, Bounds> = FxHashMap::default();
        for (group, bounds) in self.by_group.iter().chain(&other.by_group) {
            let sum = sums.entry(group).or_insert(Bounds::NONE);
            *sum = sum.union(*bounds, pool);
        }
        let mut by_group: Vec<_> = sums.into_iter().map(|(group, b)| (group.clone(), b)).collect();
        by_group.sort_unstable();
        Self { by_address, by_group }
    }

    /// Returns what holding `groups` allows at the other end. They must be sorted.
    pub(crate) fn held_by(&self, groups: &[SecurityGroupId], pool: &mut TrafficPool) -> Bounds {
        let held = self.by_group.iter().filter(|(group, _)| groups.binary_search(group).is_ok());
        held.fold(Bounds::NONE, |sum, (_, bounds)| sum.union(*bounds, pool))
    }
}

fn compile_side(
    model: &Model,
    group: &SecurityGroup,
    direction: Direction,
    pool: &mut TrafficPool,
) -> GroupSide {
    let mut by_peer: FxHashMap<&RulePeer, Bounds> = FxHashMap::default();
    let mut order: Vec<&RulePeer> = Vec::new();
    for rule in group.rules.iter().filter(|rule| rule.direction == direction) {
        let traffic = Bounds::exactly(pool.intern(rule.traffic.to_traffic()));
        let sum = by_peer.entry(&rule.peer).or_insert_with(|| {
            order.push(&rule.peer);
            Bounds::NONE
        });
        *sum = sum.union(traffic, pool);
    }
    let mut side = GroupSide { by_address: StepMap::constant(Bounds::NONE), by_group: Vec::new() };
    for peer in order {
        let bounds = by_peer.get(peer).copied().unwrap_or(Bounds::NONE);
        match peer {
            RulePeer::Group(reference) => side.by_group.push((reference.group.clone(), bounds)),
            RulePeer::V4(prefix) => side.allow(&spots((*prefix).into()), bounds, pool),
            RulePeer::V6(prefix) => side.allow(&spots((*prefix).into()), bounds, pool),
            RulePeer::PrefixList(id) => match prefix_list_spots(model, id) {
                Some(addresses) => side.allow(&addresses, bounds, pool),
                None => side.allow(&Spots::full(), Bounds::at_most(bounds.possible()), pool),
            },
        }
    }
    side.by_group.sort_unstable();
    merge_references(&mut side.by_group, pool);
    side
}

/// Joins references to one group that came by different rules (other account, other peering).
fn merge_references(by_group: &mut Vec<(SecurityGroupId, Bounds)>, pool: &mut TrafficPool) {
    by_group.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.union(next.1, pool);
        }
        same
    });
}

impl GroupSide {
    fn allow(&mut self, addresses: &Spots, bounds: Bounds, pool: &mut TrafficPool) {
        let mut rule = StepMap::constant(Bounds::NONE);
        rule.paint_all(addresses.intervals().iter().map(|interval| (*interval, bounds)));
        self.by_address = self.by_address.zip_with(&rule, |a, b| a.union(*b, pool));
    }
}

/// Returns the addresses of a prefix list, or `None` if its entries were not read.
pub(crate) fn prefix_list_spots(model: &Model, id: &portolan_model::PrefixListId) -> Option<Spots> {
    let entries = model.prefix_lists.get(id)?.entries.as_ref()?;
    let intervals = entries.iter().flat_map(|entry| spots(*entry).intervals().to_vec());
    Some(intervals.collect::<IntervalSet<Spot>>())
}

/// Returns what of a combination of groups was not read.
pub(crate) fn doubts(model: &Model, set: &[SecurityGroupId]) -> Vec<Unknown> {
    let unread = |component| Unknown { reason: UnknownReason::NotRead, component };
    let mut doubts = Vec::new();
    for group in set {
        let Some(group) = model.security_groups.get(group) else {
            doubts.push(unread(Component::SecurityGroup(group.clone())));
            continue;
        };
        let lists = group.rules.iter().filter_map(|rule| match &rule.peer {
            RulePeer::PrefixList(list) if prefix_list_spots(model, list).is_none() => Some(list),
            _ => None,
        });
        doubts.extend(lists.map(|list| unread(Component::PrefixList(list.clone()))));
    }
    doubts.dedup();
    doubts
}
