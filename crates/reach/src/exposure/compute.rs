//! Computing exposure: once for all addresses that nothing tells apart.
//!
//! Each opening is a path of the walk from outside, so that exposure and single questions cannot disagree.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use portolan_model::{InterfaceKind, LoadBalancer, Target, TargetGroup, TargetGroupId};
use portolan_net::{PortSet, Set as _, Traffic};
use rustc_hash::FxHashMap;

use crate::answer::{Certainty, End};
use crate::chart::{Chart, Memory};
use crate::evidence::{Component, Unknown, UnknownReason};
use crate::exposure::{ExposedAddress, Exposure, Opening, Zone};
use crate::flow;
use crate::index::Node;
use crate::line::{Spot, Spots, to_ip_set};
use crate::path::Path;
use crate::pool::{TrafficId, TrafficPool};
use crate::walk::{Start, is_opaque};

/// What is remembered of exposure between questions.
#[derive(Debug, Default)]
pub(crate) struct ExposureMemory {
    openings: FxHashMap<Alike, Arc<[Opening]>>,
}

impl ExposureMemory {
    /// Forgets what depends on combinations of groups that changed.
    pub(crate) fn forget(&mut self, changed: &[usize]) {
        self.openings.retain(|alike, _| !changed.contains(&alike.group_set));
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
        let behind = behind_load_balancers(chart);
        let routed_at_edge: Vec<bool> = chart.vpcs_with_edge_routes();
        let mut addresses = Vec::new();
        for (number, node) in chart.index.interfaces.iter().enumerate() {
            for start in chart.addresses(number, &Spots::full()) {
                let address = start.address;
                let alike = alike(chart, node, start, &routed_at_edge);
                let Memory { pool, exposure } = memory;
                let openings = exposure
                    .openings
                    .entry(alike)
                    .or_insert_with(|| openings(chart, start, pool).into());
                let mut openings = Arc::clone(openings);
                if let Some(more) = behind.get(&(number, address.inside)) {
                    openings = openings.iter().chain(more).cloned().collect();
                }
                if !openings.is_empty() {
                    addresses.push(ExposedAddress {
                        interface: node.id.clone(),
                        inside: address.inside.into(),
                        outside: address.outside.unwrap_or(address.inside).into(),
                        openings,
                    });
                }
            }
        }
        Self { addresses }
    }
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
    let beyond = chart.walk(pool).paths_from_beyond(start);
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
            rules: flow.hops.iter().chain(&flow.reply_hops).flat_map(|h| h.rules.clone()).collect(),
            sources: flow.sources,
            traffic: flow.traffic,
            certainty: flow.certainty,
            is_answered: flow.is_answered,
            unknowns: flow.unknowns,
        })
        .collect()
}

/// Returns what Internet-facing load balancers may pass on to interfaces that are their targets.
fn behind_load_balancers(chart: &Chart) -> FxHashMap<(usize, Spot), Vec<Opening>> {
    let mut behind: FxHashMap<(usize, Spot), Vec<Opening>> = FxHashMap::default();
    let facing = chart.model.load_balancers.values().filter(|balancer| balancer.is_internet_facing);
    for balancer in facing {
        let groups: BTreeSet<&TargetGroupId> =
            balancer.listeners.iter().flat_map(|listener| &listener.target_groups).collect();
        for group in groups.into_iter().filter_map(|id| chart.model.target_groups.get(id)) {
            for target in group.targets.iter().flatten() {
                let port = target.port.or(group.port);
                let Some((place, port)) = target_place(chart, group, target).zip(port) else {
                    continue;
                };
                let opening = behind_load_balancer(chart, balancer, group, port);
                let openings = behind.entry(place).or_default();
                if !openings.contains(&opening) {
                    openings.push(opening);
                }
            }
        }
    }
    behind
}

/// Returns the interface and address that a target is.
fn target_place(chart: &Chart, group: &TargetGroup, target: &Target) -> Option<(usize, Spot)> {
    if let Ok(address) = target.id.parse::<IpAddr>() {
        let vpc = chart.index.vpcs.get(chart.index.vpc(group.vpc.as_ref()?)?)?;
        return vpc.addresses.get(&address.into()).map(|node| (*node, address.into()));
    }
    let instance = chart.model.instances.get(target.id.as_ref())?;
    let number = chart.index.interface(instance.interfaces.first()?)?;
    let node = chart.index.interfaces.get(number)?;
    Some((number, node.addresses.first()?.inside))
}

fn behind_load_balancer(
    chart: &Chart,
    balancer: &LoadBalancer,
    group: &TargetGroup,
    port: u16,
) -> Opening {
    let component = Component::LoadBalancer(balancer.id.as_str().into());
    let port = PortSet::single(port);
    let traffic = match group.protocol.as_deref() {
        Some("UDP") => Traffic::udp(port),
        Some("TCP_UDP") => Traffic::udp(port.clone()).union(&Traffic::tcp(port)),
        _ => Traffic::tcp(port),
    };
    Opening {
        zone: Zone::Internet,
        via: component.clone(),
        sources: to_ip_set(&chart.index.internet),
        traffic,
        certainty: Certainty::Possible,
        is_answered: true,
        rules: Vec::new(),
        unknowns: vec![Unknown { reason: UnknownReason::NotModelled, component }],
    }
}
