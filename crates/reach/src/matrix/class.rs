//! Classes: interfaces that no filter and no route tells apart.

use std::ops::Range;

use portolan_model::{Direction, InterfaceKind, SecurityGroupId};
use rustc_hash::FxHashMap;

use crate::bounds::Bounds;
use crate::chart::Chart;
use crate::matrix::Class;
use crate::matrix::grid::Numbering;
use crate::matrix::inside::Inside;
use crate::matrix::position::{Position, Positions};
use crate::pool::TrafficPool;

/// The classes of one VPC, and what they are made of.
#[derive(Debug)]
pub(super) struct District {
    pub(super) vpc: usize,
    /// The combinations of security groups of its interfaces, by their numbers in the index.
    pub(super) group_sets: Vec<usize>,
    pub(super) positions: Vec<Position>,
    /// The numbers of its classes in the matrix.
    pub(super) classes: Range<u32>,
    /// What tells each of them from the others.
    pub(super) traits: Vec<Traits>,
}

/// What the interfaces of a class have in common and all others have not.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Traits {
    /// The combination of security groups, by its place in the district.
    pub(super) group_set: usize,
    pub(super) kind: InterfaceKind,
    /// By their places in the district, sorted.
    pub(super) positions: Vec<usize>,
}

/// Which combinations of groups of a district have what to do with a group.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// Those that hold it.
    pub(super) holders: FxHashMap<SecurityGroupId, Vec<usize>>,
    /// Those that let in whoever holds it, and what.
    pub(super) welcomes: FxHashMap<SecurityGroupId, Vec<(usize, Bounds)>>,
}

/// Returns the districts in the order of the VPCs, and their classes, which are in each in the order of
/// their first interfaces.
pub(super) fn classes(chart: &Chart, inside: &Inside) -> (Vec<District>, Vec<Class>) {
    let mut classes = Vec::new();
    let districts =
        (0..chart.index.vpcs.len()).map(|vpc| district(chart, inside, vpc, &mut classes));
    let districts = districts.collect();
    (districts, classes)
}

fn district(chart: &Chart, inside: &Inside, vpc: usize, classes: &mut Vec<Class>) -> District {
    let mut group_sets = Numbering::default();
    let mut positions = Positions::new(chart, inside, vpc);
    let mut traits = Numbering::default();
    let mut members: Vec<Vec<usize>> = Vec::new();
    let interfaces = chart.index.vpcs.get(vpc).map_or(&[][..], |vpc| &vpc.interfaces);
    for &interface in interfaces {
        let Some(node) = chart.index.interfaces.get(interface) else { continue };
        let group_set = group_sets.number(node.group_set);
        let positions = positions.of(interface, node);
        let kind = node.kind;
        let class = traits.number(Traits { group_set, kind, positions });
        match members.get_mut(class) {
            Some(members) => members.push(interface),
            None => members.push(vec![interface]),
        }
    }
    let start = count(classes.len());
    classes.extend(members.iter().map(|members| class(chart, members)));
    let classes = start..count(classes.len());
    let (group_sets, positions) = (group_sets.values, positions.found);
    District { vpc, group_sets, positions, classes, traits: traits.values }
}

fn count(classes: usize) -> u32 {
    u32::try_from(classes).unwrap_or(u32::MAX)
}

/// Returns the class as the matrix shows it.
fn class(chart: &Chart, members: &[usize]) -> Class {
    let nodes = || members.iter().filter_map(|number| chart.index.interfaces.get(*number));
    let first = nodes().next();
    let vpc = first.and_then(|node| chart.index.vpcs.get(node.vpc));
    let groups = first.and_then(|node| chart.index.group_sets.get(node.group_set));
    let subnets = nodes().filter_map(|node| chart.index.subnets.get(node.subnet));
    let mut subnets: Vec<_> = subnets.map(|subnet| subnet.id.clone()).collect();
    subnets.sort_unstable();
    subnets.dedup();
    Class {
        vpc: vpc.map_or_else(|| "".into(), |vpc| vpc.id.clone()),
        subnets,
        security_groups: groups.cloned().unwrap_or_default(),
        kind: first.map_or(InterfaceKind::Standard, |node| node.kind),
        interfaces: nodes().map(|node| node.id.clone()).collect(),
    }
}

impl Mentions {
    /// Finds what the combinations of groups of a district have to do with groups.
    pub(super) fn new(chart: &Chart, district: &District) -> Self {
        let mut mentions = Self::default();
        for (number, set) in district.group_sets.iter().enumerate() {
            for group in chart.index.group_sets.get(*set).into_iter().flatten() {
                mentions.holders.entry(group.clone()).or_default().push(number);
            }
            let side = chart.filters.group_side(*set, Direction::Inbound);
            for (group, bounds) in &side.by_group {
                mentions.welcomes.entry(group.clone()).or_default().push((number, *bounds));
            }
        }
        mentions
    }

    /// Returns, by combination of this district, what one of another allows to its holders, and what it
    /// allows to the holders of the other.
    pub(super) fn held(
        &self,
        chart: &Chart,
        other: usize,
        sets: usize,
        pool: &mut TrafficPool,
    ) -> Vec<(Bounds, Bounds)> {
        let mut held = vec![(Bounds::NONE, Bounds::NONE); sets];
        let side = chart.filters.group_side(other, Direction::Outbound);
        for (group, bounds) in &side.by_group {
            for set in self.holders.get(group).into_iter().flatten() {
                if let Some((leaving, _)) = held.get_mut(*set) {
                    *leaving = leaving.union(*bounds, pool);
                }
            }
        }
        for group in chart.index.group_sets.get(other).into_iter().flatten() {
            for (set, bounds) in self.welcomes.get(group).into_iter().flatten() {
                if let Some((_, arriving)) = held.get_mut(*set) {
                    *arriving = arriving.union(*bounds, pool);
                }
            }
        }
        held
    }
}
