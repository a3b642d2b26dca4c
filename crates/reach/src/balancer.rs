//! What Internet-facing load balancers may pass on to their targets.
//!
//! Listeners and target groups are read and not modelled yet, so a path behind a load balancer is never
//! certain. It must be there all the same: a target that is reached through one is not closed.

use std::collections::BTreeSet;
use std::net::IpAddr;

use portolan_model::{LoadBalancer, Target, TargetGroup, TargetGroupId};
use portolan_net::{PortSet, Set as _, Traffic};
use rustc_hash::FxHashMap;

use crate::answer::End;
use crate::bounds::Bounds;
use crate::chart::Chart;
use crate::code::Code;
use crate::evidence::{Component, Unknown, UnknownReason};
use crate::index::NodeAddress;
use crate::line::{Spot, Spots};
use crate::path::{Pass, Path, Step};
use crate::pool::TrafficPool;
use crate::walk::Start;

/// The paths from the Internet to targets, by number of the interface and its address.
pub(crate) type PathsBehind = FxHashMap<(usize, Spot), Vec<Path>>;

/// Returns the paths from some addresses of the Internet to the targets of load balancers.
pub(crate) fn paths_behind(chart: &Chart, sources: &Spots, pool: &mut TrafficPool) -> PathsBehind {
    let mut behind = PathsBehind::default();
    let sources = &sources.intersection(&chart.index.internet);
    let facing = chart.model.load_balancers.values().filter(|balancer| balancer.is_internet_facing);
    for balancer in facing {
        let groups: BTreeSet<&TargetGroupId> =
            balancer.listeners.iter().flat_map(|listener| &listener.target_groups).collect();
        let groups = groups.into_iter().filter_map(|id| chart.model.target_groups.get(id));
        let targets = groups
            .flat_map(|group| group.targets.iter().flatten().map(move |target| (group, target)));
        // Each target and traffic once, however many listeners lead there.
        let mut seen = BTreeSet::new();
        for (group, target) in targets {
            let Some(port) = target.port.or(group.port) else { continue };
            let Some(place) = place(chart, group, target) else { continue };
            let traffic = traffic(group, port);
            if seen.insert((place, traffic.clone())) {
                let passed = Bounds::at_most(pool.intern(traffic));
                let path = path(chart, balancer, place, sources, passed);
                behind.entry(place).or_default().push(path);
            }
        }
    }
    behind
}

/// Returns the interface and address that a target is.
fn place(chart: &Chart, group: &TargetGroup, target: &Target) -> Option<(usize, Spot)> {
    if let Ok(address) = target.id.parse::<IpAddr>() {
        let vpc = chart.index.vpcs.get(chart.index.vpc(group.vpc.as_ref()?)?)?;
        return vpc.addresses.get(&address.into()).map(|node| (*node, address.into()));
    }
    let instance = chart.model.instances.get(target.id.as_ref())?;
    let number = chart.index.interface(instance.interfaces.first()?)?;
    let node = chart.index.interfaces.get(number)?;
    Some((number, node.addresses.first()?.inside))
}

fn traffic(group: &TargetGroup, port: u16) -> Traffic {
    let port = PortSet::single(port);
    match group.protocol.as_deref() {
        Some("UDP") => Traffic::udp(port),
        Some("TCP_UDP") => Traffic::udp(port.clone()).union(&Traffic::tcp(port)),
        _ => Traffic::tcp(port),
    }
}

fn path(
    chart: &Chart,
    balancer: &LoadBalancer,
    (interface, inside): (usize, Spot),
    sources: &Spots,
    passed: Bounds,
) -> Path {
    let component = Component::LoadBalancer(balancer.id.as_str().into());
    let reason = UnknownReason::NotModelled;
    let mut step = Step::at(component.clone());
    step.pass = Pass::Fixed(passed, Code::ListenersMismatch);
    step.doubts = vec![Unknown { reason, component }];
    let address = NodeAddress { inside, outside: None };
    let to = chart.end(Start { interface, address });
    let arrived = match &to {
        End::Interface { interface, .. } => Component::Interface(interface.clone()),
        _ => Component::Internet,
    };
    Path {
        from: End::Internet,
        to,
        near: inside,
        starts_near: false,
        far: sources.clone(),
        forward: vec![Step::at(Component::Internet), step, Step::at(arrived)],
        reply: Vec::new(),
    }
}
