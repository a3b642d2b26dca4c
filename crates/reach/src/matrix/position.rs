//! Positions: addresses that no filter and no route tells apart.
//!
//! Rules cut the line of addresses into many intervals, and most of them are alike: whether an address is below
//! or above a host that some rule names makes no difference, only whether it is that host. So an address is
//! known by what every filter and route that sees it does there, not by the interval that it lies in.

use std::hash::Hash;

use portolan_model::{Direction, SecurityGroupId};
use portolan_net::{Set as _, StepMap};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bounds::Bounds;
use crate::chart::Chart;
use crate::index::Node;
use crate::line::{Spot, scope};
use crate::matrix::grid::Numbering;
use crate::matrix::inside::Inside;

/// Addresses of interfaces of one VPC that are alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    /// A subnet whose filters and routes they have: see [`Inside::representative`].
    pub(super) subnet: usize,
    /// An interface that has one of them.
    pub(super) interface: usize,
    /// The address.
    pub(super) spot: Spot,
}

/// What makes a position.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct Key {
    subnet: usize,
    is_ipv4: bool,
    /// The number of what all that sees the address does there.
    signature: usize,
}

/// Numbers the positions of one VPC.
pub(super) struct Positions<'c> {
    inside: &'c Inside,
    view: View<'c>,
    /// By number of the interval between cuts.
    signatures: FxHashMap<usize, usize>,
    known: Numbering<Vec<(Bounds, usize)>>,
    keys: FxHashMap<Key, usize>,
    pub(super) found: Vec<Position>,
}

impl<'c> Positions<'c> {
    pub(super) fn new(chart: &'c Chart, inside: &'c Inside, vpc: usize) -> Self {
        Self {
            inside,
            view: View::new(chart, inside, vpc),
            signatures: FxHashMap::default(),
            known: Numbering::default(),
            keys: FxHashMap::default(),
            found: Vec::new(),
        }
    }

    /// Returns the numbers of the positions of an interface, sorted.
    pub(super) fn of(&mut self, interface: usize, node: &Node) -> Vec<usize> {
        let subnet = self.inside.representative.get(node.subnet).copied();
        let subnet = subnet.unwrap_or(node.subnet);
        let exact = node.addresses.iter().map(|address| address.inside);
        let delegated = node.delegated.iter().flat_map(|prefix| {
            let first = prefix.first().into_iter();
            first.chain(self.view.cuts.iter().copied().filter(|cut| prefix.contains(*cut)))
        });
        let spots: Vec<Spot> = exact.chain(delegated).collect();
        let mut numbers: Vec<usize> = spots
            .into_iter()
            .map(|spot| self.number(Position { subnet, interface, spot }))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn number(&mut self, position: Position) -> usize {
        let interval = self.view.cuts.partition_point(|cut| *cut <= position.spot);
        let (view, known) = (&self.view, &mut self.known);
        let signature = self.signatures.entry(interval);
        let signature = *signature.or_insert_with(|| known.number(view.at(position.spot)));
        let is_ipv4 = position.spot.is_ipv4();
        let key = Key { subnet: position.subnet, is_ipv4, signature };
        *self.keys.entry(key).or_insert_with(|| {
            self.found.push(position);
            self.found.len() - 1
        })
    }
}

/// Everything that sees the addresses of a VPC: its own filters and routes, and those of the VPCs that
/// its packets come from and go to.
struct View<'c> {
    filters: Vec<&'c StepMap<Spot, Bounds>>,
    routings: Vec<&'c StepMap<Spot, usize>>,
    /// The subnets within which an address is met otherwise than from outside.
    subnets: Vec<StepMap<Spot, bool>>,
    /// The addresses at which any of them changes, sorted.
    cuts: Vec<Spot>,
}

impl<'c> View<'c> {
    fn new(chart: &'c Chart, inside: &'c Inside, vpc: usize) -> Self {
        let mut view = Self {
            filters: Vec::new(),
            routings: Vec::new(),
            subnets: Vec::new(),
            cuts: Vec::new(),
        };
        for by in inside.seen_by.get(vpc).into_iter().flatten() {
            view.add_groups(chart, *by);
            view.add_subnets(chart, inside, *by);
        }
        retain_different(&mut view.filters);
        retain_different(&mut view.routings);
        view.cut();
        view
    }

    fn add_groups(&mut self, chart: &'c Chart, vpc: usize) {
        let interfaces = chart.index.vpcs.get(vpc).map_or(&[][..], |vpc| &vpc.interfaces);
        let nodes = interfaces.iter().filter_map(|number| chart.index.interfaces.get(*number));
        let sets: FxHashSet<usize> = nodes.map(|node| node.group_set).collect();
        let mut sets: Vec<usize> = sets.into_iter().collect();
        sets.sort_unstable();
        let mut seen: FxHashSet<&SecurityGroupId> = FxHashSet::default();
        for id in sets.iter().filter_map(|set| chart.index.group_sets.get(*set)).flatten() {
            if seen.insert(id)
                && let Some(group) = chart.filters.group(id)
            {
                let directions = [Direction::Inbound, Direction::Outbound];
                self.filters.extend(directions.map(|direction| &group.side(direction).by_address));
            }
        }
    }

    fn add_subnets(&mut self, chart: &'c Chart, inside: &'c Inside, vpc: usize) {
        for &subnet in inside.subnets.get(vpc).into_iter().flatten() {
            let acl = chart.filters.acl(chart.filters.acl_number(subnet));
            for direction in [Direction::Inbound, Direction::Outbound] {
                self.filters.extend([acl.passes(direction), acl.passes_replies(direction)]);
            }
            self.routings.extend(inside.routing(subnet));
            let node = chart.index.subnets.get(subnet);
            let is_plain = inside.is_plain.get(subnet).is_some_and(|is_plain| *is_plain);
            self.subnets.extend(node.filter(|_| !is_plain).map(|node| scope(&node.cidrs)));
        }
    }

    fn cut(&mut self) {
        let filters = self.filters.iter().flat_map(|map| map.steps().map(|(step, _)| step.first()));
        let routings =
            self.routings.iter().flat_map(|map| map.steps().map(|(step, _)| step.first()));
        let subnets = self.subnets.iter().flat_map(|map| map.steps().map(|(step, _)| step.first()));
        self.cuts = filters.chain(routings).chain(subnets).collect();
        self.cuts.sort_unstable();
        self.cuts.dedup();
    }

    /// Returns what everything does at an address.
    fn at(&self, spot: Spot) -> Vec<(Bounds, usize)> {
        let filters = self.filters.iter().map(|map| (*map.get(spot), 0));
        let routings = self.routings.iter().map(|map| (Bounds::NONE, *map.get(spot)));
        let subnets = self.subnets.iter().map(|map| (Bounds::NONE, usize::from(*map.get(spot))));
        filters.chain(routings).chain(subnets).collect()
    }
}

/// Drops what is the same as something before it, or the same everywhere.
fn retain_different<V: Eq + Hash>(maps: &mut Vec<&StepMap<Spot, V>>) {
    let mut seen = FxHashSet::default();
    maps.retain(|map| map.values().len() > 1 && seen.insert(*map));
}
