//! Classes: interfaces that no filter and no route tells apart.

use std::collections::BTreeSet;

use portolan_model::{Direction, InterfaceKind};
use portolan_net::Set as _;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::chart::Chart;
use crate::index::Node;
use crate::line::Spot;
use crate::matrix::Class;
use crate::routing::Way;

/// A class while the matrix is computed.
pub(super) struct Group {
    pub(super) vpc: usize,
    /// The number of an interface of the class: all others behave like it.
    pub(super) example: usize,
    pub(super) members: Vec<usize>,
    /// An address of the example for each way that its addresses may be seen.
    pub(super) addresses: Vec<Spot>,
}

/// What tells interfaces apart: subnet, groups, kind, and where each address lies between the cuts.
type Signature = (usize, usize, InterfaceKind, Vec<usize>);

/// Returns for each VPC the VPCs whose interfaces its own may talk to directly, itself among them.
pub(super) fn neighbours(chart: &Chart) -> Vec<BTreeSet<usize>> {
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

/// Returns the classes, in the order of their first interfaces.
pub(super) fn classes(chart: &Chart, neighbours: &[BTreeSet<usize>]) -> Vec<Group> {
    let cuts = cuts(chart, neighbours);
    let mut numbers: FxHashMap<Signature, usize> = FxHashMap::default();
    let mut classes: Vec<Group> = Vec::new();
    for (number, node) in chart.index.interfaces.iter().enumerate() {
        let cuts = cuts.get(node.vpc).map_or(&[][..], Vec::as_slice);
        let addresses = examples(node, cuts);
        let place = |address: &Spot| cuts.partition_point(|cut| cut <= address);
        let places = addresses.iter().map(place).collect();
        let signature = (node.subnet, node.group_set, node.kind, places);
        let class = *numbers.entry(signature).or_insert_with(|| {
            let (vpc, example, members) = (node.vpc, number, Vec::new());
            classes.push(Group { vpc, example, members, addresses });
            classes.len() - 1
        });
        if let Some(class) = classes.get_mut(class) {
            class.members.push(number);
        }
    }
    classes
}

/// Returns the addresses of an interface, and of each delegated prefix one for each part between cuts.
fn examples(node: &Node, cuts: &[Spot]) -> Vec<Spot> {
    let exact = node.addresses.iter().map(|address| address.inside);
    let delegated = node.delegated.iter().flat_map(|prefix| {
        let within = cuts.iter().copied().filter(|cut| prefix.contains(*cut));
        prefix.first().into_iter().chain(within)
    });
    exact.chain(delegated).collect()
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
        let mut cuts: Vec<Spot> =
            vpcs.iter().filter_map(|v| own.get(*v)).flatten().copied().collect();
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

/// Returns the class as the matrix shows it.
pub(super) fn public_class(chart: &Chart, class: &Group) -> Class {
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
