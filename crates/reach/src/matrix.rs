//! The matrix: who inside can talk to whom, kept per class of interfaces that no rule tells apart.

use std::collections::BTreeSet;

use portolan_model::{Direction, InterfaceId, InterfaceKind, SecurityGroupId, SubnetId, VpcId};
use portolan_net::{Protocol, Set as _, Traffic};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bounds::Bounds;
use crate::chart::Chart;
use crate::index::{Node, NodeAddress};
use crate::line::Spot;
use crate::pool::{TrafficId, TrafficPool};
use crate::routing::Way;
use crate::walk::{is_opaque, recognises};

/// All pairs, by class.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The classes, in the order of their first interfaces.
    pub classes: Vec<Class>,
    /// The pairs of classes between which something passes or may pass, by source, then destination.
    /// A cell whose two ends are the same class speaks of two different interfaces of it.
    pub cells: Vec<Cell>,
    pub(crate) pool: TrafficPool,
}

/// Interfaces that no filter and no route tells apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Class {
    /// Its VPC.
    pub vpc: VpcId,
    /// Its subnet.
    pub subnet: SubnetId,
    /// Its security groups.
    pub security_groups: Vec<SecurityGroupId>,
    /// Its kind of interface.
    pub kind: InterfaceKind,
    /// Its members; never empty.
    pub interfaces: Vec<InterfaceId>,
}

/// What passes from one class to another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cell {
    /// The index of the source class.
    pub from: u32,
    /// The index of the destination class.
    pub to: u32,
    /// What certainly passes and is answered.
    pub certain: TrafficId,
    /// What passes or may pass: never less than `certain`.
    pub possible: TrafficId,
}

impl Matrix {
    /// Returns the packets that an id stands for.
    pub fn traffic(&self, id: TrafficId) -> &Traffic {
        self.pool.traffic(id)
    }

    /// Returns every pair of interfaces with the cell that speaks of it: the matrix written out. There
    /// can be as many as the square of the number of interfaces.
    pub fn pairs(&self) -> impl Iterator<Item = (&InterfaceId, &InterfaceId, &Cell)> {
        self.cells.iter().flat_map(|cell| {
            let members = |index: u32| {
                self.classes.get(index as usize).map_or(&[][..], |class| &class.interfaces)
            };
            let to = members(cell.to);
            members(cell.from).iter().flat_map(move |from| {
                to.iter().filter(move |to| *to != from).map(move |to| (from, to, cell))
            })
        })
    }
}

impl Matrix {
    pub(crate) fn compute(chart: &Chart, pool: &mut TrafficPool) -> Self {
        let neighbours = neighbours(chart);
        let classes = classes(chart, &neighbours);
        let mut by_vpc: Vec<Vec<usize>> = vec![Vec::new(); chart.index.vpcs.len()];
        for (number, class) in classes.iter().enumerate() {
            if let Some(members) = by_vpc.get_mut(class.vpc) {
                members.push(number);
            }
        }
        let mut cells = Vec::new();
        for (from, class) in classes.iter().enumerate() {
            let mut pairing = Pairing::new(chart, class, pool);
            for peer in neighbours.get(class.vpc).into_iter().flatten() {
                for &to in by_vpc.get(*peer).into_iter().flatten() {
                    let Some(other) = classes.get(to) else { continue };
                    if from == to && class.members.len() < 2 {
                        continue;
                    }
                    let bounds = pairing.bounds(other);
                    if !bounds.is_none() {
                        cells.push(cell(from, to, bounds));
                    }
                }
            }
        }
        cells.sort_unstable_by_key(|cell| (cell.from, cell.to));
        let classes = classes.iter().map(|class| public_class(chart, class)).collect();
        Self { classes, cells, pool: pool.clone() }
    }
}

fn cell(from: usize, to: usize, bounds: Bounds) -> Cell {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let (certain, possible) = (bounds.certain(), bounds.possible());
    Cell { from: number(from), to: number(to), certain, possible }
}

/// A class while the matrix is computed.
struct Group {
    vpc: usize,
    /// The number of an interface of the class: all others behave like it.
    example: usize,
    members: Vec<usize>,
}

/// What tells interfaces apart: subnet, groups, kind, and where each address lies between the cuts.
type Signature = (usize, usize, InterfaceKind, Vec<usize>);

/// Returns for each VPC the VPCs whose interfaces its own may talk to directly, itself among them.
fn neighbours(chart: &Chart) -> Vec<BTreeSet<usize>> {
    let mut neighbours: Vec<BTreeSet<usize>> =
        (0..chart.index.vpcs.len()).map(|vpc| BTreeSet::from([vpc])).collect();
    for (number, subnet) in chart.index.subnets.iter().enumerate() {
        let routing = chart.filters.routing(chart.filters.routing_number(number));
        for routed in routing.hops() {
            if let (Way::Peering(_, peer), Some(known)) =
                (&routed.way, neighbours.get_mut(subnet.vpc))
            {
                known.insert(*peer);
            }
        }
    }
    neighbours
}

fn classes(chart: &Chart, neighbours: &[BTreeSet<usize>]) -> Vec<Group> {
    let cuts = cuts(chart, neighbours);
    let mut numbers: FxHashMap<Signature, usize> = FxHashMap::default();
    let mut classes: Vec<Group> = Vec::new();
    for (number, node) in chart.index.interfaces.iter().enumerate() {
        let cuts = cuts.get(node.vpc).map_or(&[][..], Vec::as_slice);
        let place = |address: &NodeAddress| cuts.partition_point(|cut| *cut <= address.inside);
        let places = node.addresses.iter().map(place).collect();
        let signature = (node.subnet, node.group_set, node.kind, places);
        let class = *numbers.entry(signature).or_insert_with(|| {
            classes.push(Group { vpc: node.vpc, example: number, members: Vec::new() });
            classes.len() - 1
        });
        if let Some(class) = classes.get_mut(class) {
            class.members.push(number);
        }
    }
    classes
}

/// Returns for each VPC the addresses at which some filter or route that sees it changes, sorted.
fn cuts(chart: &Chart, neighbours: &[BTreeSet<usize>]) -> Vec<Vec<Spot>> {
    let mut seen_by: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); neighbours.len()];
    for (vpc, peers) in neighbours.iter().enumerate() {
        for peer in peers {
            if let Some(seen_by) = seen_by.get_mut(*peer) {
                seen_by.insert(vpc);
            }
            if let Some(seen_by) = seen_by.get_mut(vpc) {
                seen_by.insert(*peer);
            }
        }
    }
    let own: Vec<Vec<Spot>> = own_cuts(chart);
    let cuts_of = |vpcs: &BTreeSet<usize>| {
        let mut cuts: Vec<Spot> = vpcs.iter().filter_map(|v| own.get(*v)).flatten().copied().collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    };
    seen_by.iter().map(cuts_of).collect()
}

/// Returns for each VPC the addresses at which its own filters and routes change, sorted.
fn own_cuts(chart: &Chart) -> Vec<Vec<Spot>> {
    let mut cuts: Vec<Vec<Spot>> = vec![Vec::new(); chart.index.vpcs.len()];
    let mut sets: FxHashSet<(usize, usize)> = FxHashSet::default();
    for node in &chart.index.interfaces {
        if sets.insert((node.vpc, node.group_set))
            && let Some(cuts) = cuts.get_mut(node.vpc)
        {
            for direction in [Direction::Inbound, Direction::Outbound] {
                let side = chart.filters.group_side(node.group_set, direction);
                cuts.extend(side.by_address.steps().map(|(step, _)| step.first()));
            }
        }
    }
    for (number, subnet) in chart.index.subnets.iter().enumerate() {
        let Some(cuts) = cuts.get_mut(subnet.vpc) else { continue };
        let acl = chart.filters.acl(chart.filters.acl_number(number));
        for direction in [Direction::Inbound, Direction::Outbound] {
            cuts.extend(acl.passes(direction).steps().map(|(step, _)| step.first()));
        }
        let routing = chart.filters.routing(chart.filters.routing_number(number));
        cuts.extend(routing.cuts());
        cuts.extend(subnet.cidrs.intervals().iter().map(|interval| interval.first()));
    }
    for cuts in &mut cuts {
        cuts.sort_unstable();
        cuts.dedup();
    }
    cuts
}

/// One class as the source of pairs.
struct Pairing<'c> {
    chart: &'c Chart,
    pool: &'c mut TrafficPool,
    source: &'c Node,
    /// What the groups of the source allow towards holders of a combination of groups, and back.
    by_groups: FxHashMap<usize, (Bounds, Bounds)>,
    endpoint_traffic: Bounds,
}

impl<'c> Pairing<'c> {
    fn new(chart: &'c Chart, class: &Group, pool: &'c mut TrafficPool) -> Self {
        #[expect(clippy::indexing_slicing, reason = "examples are numbers of the index")]
        let source = &chart.index.interfaces[class.example];
        let tcp_udp =
            Traffic::protocol(Protocol::TCP).union(&Traffic::protocol(Protocol::UDP));
        let endpoint_traffic = Bounds::exactly(pool.intern(tcp_udp));
        Self { chart, pool, source, by_groups: FxHashMap::default(), endpoint_traffic }
    }

    /// Returns what passes from the source to another class, by any of their addresses.
    fn bounds(&mut self, class: &Group) -> Bounds {
        let Some(target) = self.chart.index.interfaces.get(class.example) else {
            return Bounds::NONE;
        };
        if self.source.kind == InterfaceKind::Endpoint {
            return Bounds::NONE;
        }
        let mut sum = Bounds::NONE;
        for from in &self.source.addresses {
            for to in &target.addresses {
                if from.inside.is_ipv4() == to.inside.is_ipv4() {
                    let bounds = self.between(target, from.inside, to.inside);
                    sum = sum.union(bounds, self.pool);
                }
            }
        }
        sum
    }

    fn between(&mut self, target: &Node, from: Spot, to: Spot) -> Bounds {
        let filters = &self.chart.filters;
        let (out_by_group, in_by_group) = self.by_groups(target);
        let side = filters.group_side(self.source.group_set, Direction::Outbound);
        let mut leaving = side.by_address.get(to).union(out_by_group, self.pool);
        if is_opaque(self.source.kind) {
            leaving = Bounds::at_most(leaving.possible());
        }
        if leaving.is_none() {
            return leaving;
        }
        let home = self.chart.index.subnets.get(self.source.subnet);
        let is_within = home.is_some_and(|subnet| subnet.cidrs.contains(to));
        if is_within {
            return self.arriving(leaving, target, from, in_by_group);
        }
        let here = filters.acl(filters.acl_number(self.source.subnet));
        leaving = leaving.intersection(*here.passes(Direction::Outbound).get(to), self.pool);
        if home.is_none_or(|subnet| !subnet.is_read) {
            leaving = Bounds::at_most(leaving.possible());
        }
        let routing = filters.routing(filters.routing_number(self.source.subnet));
        let back = filters.routing(filters.routing_number(target.subnet));
        let returns = match (&routing.at(to).way, &back.at(from).way) {
            (Way::Unknown(_), _) => return Bounds::at_most(leaving.possible()),
            (Way::Local, _) if self.source.vpc != target.vpc => return Bounds::NONE,
            (Way::Peering(_, vpc), _) if *vpc != target.vpc => return Bounds::NONE,
            (Way::Local | Way::Peering(..), Way::Unknown(_)) => Bounds::UNKNOWN,
            (Way::Local, Way::Local) => Bounds::ALL,
            (Way::Peering(there, _), Way::Peering(back, _)) if there == back => Bounds::ALL,
            _ => return Bounds::NONE,
        };
        let there = filters.acl(filters.acl_number(target.subnet));
        let mut sum = leaving.intersection(returns, self.pool);
        for passed in [
            there.passes(Direction::Inbound).get(from),
            there.passes_replies(Direction::Outbound).get(from),
            here.passes_replies(Direction::Inbound).get(to),
        ] {
            sum = sum.intersection(*passed, self.pool);
        }
        let is_read = self.chart.index.subnets.get(target.subnet).is_some_and(|s| s.is_read);
        if !is_read {
            sum = Bounds::at_most(sum.possible());
        }
        self.arriving(sum, target, from, in_by_group)
    }

    /// Narrows what leaves to what the target interface takes.
    fn arriving(&mut self, sum: Bounds, target: &Node, from: Spot, by_group: Bounds) -> Bounds {
        let side = self.chart.filters.group_side(target.group_set, Direction::Inbound);
        let allowed = side.by_address.get(from).union(by_group, self.pool);
        let sum = sum.intersection(allowed, self.pool);
        match target.kind {
            InterfaceKind::NatGateway | InterfaceKind::Lambda => Bounds::NONE,
            InterfaceKind::Endpoint => sum.intersection(self.endpoint_traffic, self.pool),
            kind if is_opaque(kind) => Bounds::at_most(sum.possible()),
            _ => sum,
        }
    }

    /// Returns what holding groups allows: the target's for leaving, the source's for arriving.
    fn by_groups(&mut self, target: &Node) -> (Bounds, Bounds) {
        if let Some(known) = self.by_groups.get(&target.group_set)
            && self.source.vpc == target.vpc
        {
            return *known;
        }
        if !recognises(&self.chart.model, &self.chart.index, self.source, target) {
            return (Bounds::NONE, Bounds::NONE);
        }
        let filters = &self.chart.filters;
        let out = filters.group_side(self.source.group_set, Direction::Outbound);
        let inn = filters.group_side(target.group_set, Direction::Inbound);
        let sets = &self.chart.index.group_sets;
        let groups = |set: usize| sets.get(set).map_or(&[][..], Vec::as_slice);
        let bounds = (
            out.held_by(groups(target.group_set), self.pool),
            inn.held_by(groups(self.source.group_set), self.pool),
        );
        if self.source.vpc == target.vpc {
            self.by_groups.insert(target.group_set, bounds);
        }
        bounds
    }
}

fn public_class(chart: &Chart, class: &Group) -> Class {
    #[expect(clippy::indexing_slicing, reason = "examples are numbers of the index")]
    let node = &chart.index.interfaces[class.example];
    let ids = class.members.iter().filter_map(|number| chart.index.interfaces.get(*number));
    let subnet = chart.index.subnets.get(node.subnet).map(|subnet| subnet.id.clone());
    let vpc = chart.index.vpcs.get(node.vpc).map(|vpc| vpc.id.clone());
    Class {
        vpc: vpc.unwrap_or_else(|| "".into()),
        subnet: subnet.unwrap_or_else(|| "".into()),
        security_groups: chart.index.groups(class.example).to_vec(),
        kind: node.kind,
        interfaces: ids.map(|node| node.id.clone()).collect(),
    }
}
