//! Computing exposure: once for all addresses that nothing tells apart.
//!
//! Each opening is a path of the walk from outside, so that exposure and single questions cannot disagree.

use std::collections::BTreeMap;
use std::sync::Arc;

use portolan_model::InterfaceKind;
use portolan_net::Set as _;
use rustc_hash::FxHashMap;

use crate::answer::{End, Flow};
use crate::balancer::paths_behind;
use crate::chart::{Chart, Memory};
use crate::evidence::{Component, RuleReference};
use crate::exposure::{ExposedAddress, Exposure, Opening, Zone};
use crate::flow;
use crate::index::Node;
use crate::line::{Spot, Spots, from_ip_set};
use crate::note::Note;
use crate::path::{Path, Rules};
use crate::pool::{TrafficId, TrafficPool};
use crate::walk::{Start, is_opaque};

/// What is remembered of exposure between questions.
#[derive(Debug, Default)]
pub(crate) struct ExposureMemory(Option<Addresses>);

/// Every address of the account. Which there are, and which are alike, no rule changes.
#[derive(Debug)]
struct Addresses {
    /// By interface, then address; each with the number of its class.
    all: Vec<(Start, usize)>,
    classes: Vec<Class>,
}

/// Addresses that nothing tells apart.
#[derive(Debug)]
struct Class {
    group_set: usize,
    /// One of them.
    start: Start,
    /// What load balancers may pass on, which no security group changes.
    behind: Vec<Opening>,
    /// What is open; `None` until asked for.
    openings: Option<Arc<[Opening]>>,
}

impl ExposureMemory {
    /// Forgets what depends on combinations of groups that changed.
    pub(crate) fn forget(&mut self, changed: &[usize]) {
        let classes = self.0.iter_mut().flat_map(|addresses| &mut addresses.classes);
        for class in classes.filter(|class| changed.contains(&class.group_set)) {
            class.openings = None;
        }
    }
}

/// What decides the openings of an address: addresses that are alike have the same.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct Alike {
    group_set: usize,
    acl: usize,
    routing: usize,
    vpc: usize,
    kind: InterfaceKind,
    is_ipv4: bool,
    is_public: bool,
    /// Set where the answer names the interface or its subnet, or depends on the very address.
    own: Option<(usize, Spot)>,
}

impl Exposure {
    pub(crate) fn compute(chart: &Chart, memory: &mut Memory) -> Self {
        let Memory { pool, exposure } = memory;
        let addresses = exposure.0.get_or_insert_with(|| Addresses::new(chart, pool));
        for class in &mut addresses.classes {
            if class.openings.is_none() {
                class.openings = Some(class.compute(chart, pool));
            }
        }
        let exposed = addresses.all.iter().filter_map(|(start, class)| {
            let openings = addresses.classes.get(*class)?.openings.as_ref()?;
            if openings.is_empty() {
                return None;
            }
            let address = start.address;
            Some(ExposedAddress {
                interface: chart.index.interfaces.get(start.interface)?.id.clone(),
                inside: address.inside.into(),
                outside: address.outside.unwrap_or(address.inside).into(),
                openings: Arc::clone(openings),
            })
        });
        Self { addresses: exposed.collect() }
    }
}

impl Addresses {
    fn new(chart: &Chart, pool: &mut TrafficPool) -> Self {
        let mut behind = behind(chart, pool);
        let routed_at_edge = chart.vpcs_with_edge_routes();
        let mut numbers: FxHashMap<Alike, usize> = FxHashMap::default();
        let mut addresses = Self { all: Vec::new(), classes: Vec::new() };
        for (number, node) in chart.index.interfaces.iter().enumerate() {
            for start in chart.addresses(number, &Spots::full()) {
                let own = (number, start.address.inside);
                let behind = behind.remove(&own).unwrap_or_default();
                let mut alike = alike(chart, node, start, &routed_at_edge);
                if !behind.is_empty() {
                    alike.own = Some(own);
                }
                let class = *numbers.entry(alike).or_insert_with(|| {
                    let group_set = node.group_set;
                    addresses.classes.push(Class { group_set, start, behind, openings: None });
                    addresses.classes.len() - 1
                });
                addresses.all.push((start, class));
            }
        }
        addresses
    }
}

impl Class {
    fn compute(&self, chart: &Chart, pool: &mut TrafficPool) -> Arc<[Opening]> {
        openings(chart, self.start, pool).into_iter().chain(self.behind.iter().cloned()).collect()
    }
}

/// Returns what load balancers may pass on, by interface and address.
fn behind(chart: &Chart, pool: &mut TrafficPool) -> FxHashMap<(usize, Spot), Vec<Opening>> {
    let mut openings: FxHashMap<(usize, Spot), Vec<Opening>> = FxHashMap::default();
    let paths: BTreeMap<_, _> =
        paths_behind(chart, &chart.index.internet, pool).into_iter().collect();
    for (place, paths) in paths {
        let of = |path| openings_of(chart, &Zone::Internet, path, pool);
        openings.insert(place, paths.iter().flat_map(of).collect());
    }
    openings
}

fn alike(chart: &Chart, node: &Node, start: Start, routed_at_edge: &[bool]) -> Alike {
    let acl = chart.filters.acl_number(node.subnet);
    let unread_acl = chart.settings.network_acls && chart.filters.acl_id(acl).is_none();
    let at_edge = routed_at_edge.get(node.vpc).copied().unwrap_or(false);
    let is_own = unread_acl || at_edge || is_opaque(node.kind);
    Alike {
        group_set: node.group_set,
        acl,
        routing: chart.filters.routing_number(node.subnet),
        vpc: node.vpc,
        kind: node.kind,
        is_ipv4: start.address.inside.is_ipv4(),
        is_public: start.address.outside.is_some(),
        own: is_own.then_some((start.interface, start.address.inside)),
    }
}

/// Returns the openings of one address: from the Internet, and from behind each way out of the model.
fn openings(chart: &Chart, start: Start, pool: &mut TrafficPool) -> Vec<Opening> {
    let mut paths = Vec::new();
    if start.address.outside.is_some() {
        let internet = &chart.index.internet;
        paths.push((Zone::Internet, chart.walk(pool).path_from_internet(internet, start)));
    }
    let beyond = chart.walk(pool).paths_from_beyond(start, &Spots::full());
    paths.extend(beyond.into_iter().map(|path| match &path.from {
        End::Beyond(component) => (Zone::Beyond(component.clone()), path),
        _ => (Zone::Internet, path),
    }));
    paths.iter().flat_map(|(zone, path)| openings_of(chart, zone, path, pool)).collect()
}

fn openings_of(chart: &Chart, zone: &Zone, path: &Path, pool: &mut TrafficPool) -> Vec<Opening> {
    let via = path.forward.iter().map(|step| &step.component).find(|c| **c != Component::Internet);
    let via = via.cloned().unwrap_or(Component::Internet);
    let asked = TrafficId::ALL;
    flow::flows(chart.rulebook(), path, asked, pool)
        .into_iter()
        .map(|flow| Opening {
            zone: zone.clone(),
            via: via.clone(),
            rules: rules(chart, path, &flow),
            notes: notes(&flow),
            reply_blockers: flow.reply_blockers,
            sources: flow.sources,
            traffic: flow.traffic,
            certainty: flow.certainty,
            is_answered: flow.is_answered,
            unknowns: flow.unknowns,
        })
        .collect()
}

/// Returns the rules that let a flow pass: every security group rule that lets some of it, and of network
/// ACLs and route tables those that decide about the witness.
fn rules(chart: &Chart, path: &Path, flow: &Flow) -> Vec<RuleReference> {
    let sources = from_ip_set(&flow.sources);
    let mut rules = Vec::new();
    for (step, hop) in path.forward.iter().zip(&flow.hops) {
        match &step.rules {
            Rules::Groups { interface, .. } => {
                rules.extend(chart.rulebook().overlapping(*interface, &sources, &flow.traffic));
            }
            _ => rules.extend(hop.rules.iter().cloned()),
        }
    }
    rules.extend(flow.reply_hops.iter().flat_map(|hop| hop.rules.iter().cloned()));
    rules
}

/// Returns what is to be told of the rules on the way of a flow, each once.
fn notes(flow: &Flow) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for note in flow.hops.iter().chain(&flow.reply_hops).flat_map(|hop| &hop.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    notes
}
