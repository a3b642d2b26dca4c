//! The walk: from one end, hop by hop, along every way that its packets may take.
//!
//! Each function adds the steps of one kind of hop, in the order of `docs/design/reachability.md`. A new
//! kind of hop is a new arm in [`Walk::route`] and a function beside the others.

mod internet;
mod nat;
mod steps;

use portolan_model::{Direction, EndpointId, InterfaceKind, Model, PeeringId};
use portolan_net::{IcmpKind, IcmpSet, Protocol, Set as _, Traffic};

use crate::answer::End;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::{Component, Unknown};
use crate::filters::Filters;
use crate::index::{Index, Node, NodeAddress};
use crate::line::{Spot, Spots, all_ipv4};
use crate::path::{Pass, Path, Step};
use crate::pool::TrafficPool;
use crate::question::Settings;
use crate::recognition::Recognition;
use crate::routing::{Identity, Routed, Way};
use crate::walk::steps::Arrival;
use crate::world::link_local_services;

pub(crate) use crate::walk::nat::is_nowhere;

/// Everything that a walk looks at.
pub(crate) struct Walk<'c> {
    pub(crate) model: &'c Model,
    pub(crate) index: &'c Index,
    pub(crate) filters: &'c Filters,
    pub(crate) settings: Settings,
    pub(crate) pool: &'c mut TrafficPool,
}

/// One address of an interface, as an end of a walk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) interface: usize,
    pub(crate) address: NodeAddress,
}

/// What a path does after leaving its first interface.
struct Leg {
    to: End,
    far: Spots,
    /// What the groups of the first interface know of the far end.
    recognition: Recognition,
    steps: Vec<Step>,
    reply: Vec<Step>,
}

/// How a packet came to the VPC of its destination.
#[derive(Clone, Copy)]
enum Via<'a> {
    Local,
    Peering(&'a PeeringId),
}

impl<'c> Walk<'c> {
    /// Returns the paths from an interface to a set of addresses.
    ///
    /// With `into_public`, a public address that an interface of the model has is that interface's;
    /// otherwise it is part of the Internet like any other.
    pub(crate) fn paths_from_interface(
        &mut self,
        start: Start,
        destinations: &Spots,
        into_public: bool,
    ) -> Vec<Path> {
        let mut rest = destinations.intersection(&family_of(start.address.inside));
        let mut paths = self.reach_link_local(start, &mut rest);
        let node = self.node(start.interface);
        let (vpc, subnet) = (node.vpc, node.subnet);
        let filters = self.filters;
        let number = filters.routing_number(subnet);
        let routing = filters.routing(number);
        if routing.table.is_some() || self.index.subnets.get(subnet).is_some_and(|s| s.is_read) {
            let within = rest.intersection(&self.subnet_cidrs(subnet));
            rest = rest.difference(&within);
            paths.extend(self.deliver(start, vpc, Via::Local, &within, &[]));
        }
        for (part, routed) in routing.split(&rest) {
            let acl = self.acl_step(subnet, Direction::Outbound, None);
            let steps = vec![acl, self.route_step(subnet, routed, None)];
            paths.extend(self.route(start, &part, routed, steps, into_public));
        }
        paths
    }

    /// Returns the path from the Internet to an address of an interface.
    pub(crate) fn path_from_internet(&mut self, sources: &Spots, target: Start) -> Path {
        let node = self.node(target.interface);
        let far = sources.intersection(&self.index.internet);
        let far = far.intersection(&family_of(target.address.inside));
        let far = far.difference(&self.vpc_cidrs(node.vpc));
        let mut forward = vec![Step::at(Component::Internet)];
        let mut reply = Vec::new();
        forward.extend(self.enter_internet_gateway(target));
        if !is_lost(&forward) {
            forward.extend(self.arrive(target.interface, Arrival::from_far()));
            reply.push(self.return_to_internet(node.subnet, None));
            reply.push(self.acl_reply(node.subnet, Direction::Outbound, None));
        }
        Path {
            from: End::Internet,
            to: self.end(target),
            near: target.address.outside.unwrap_or(target.address.inside),
            starts_near: false,
            far,
            forward,
            reply,
        }
    }

    /// Returns the paths from the networks behind each way out of the model to an address of an interface.
    ///
    /// The sources of each are those that the interface's replies would go there to.
    pub(crate) fn paths_from_beyond(&mut self, target: Start, sources: &Spots) -> Vec<Path> {
        let node = self.node(target.interface);
        let filters = self.filters;
        let routing = filters.routing(filters.routing_number(node.subnet));
        let mut paths = Vec::new();
        let sources = sources.intersection(&family_of(target.address.inside));
        for (far, routed) in routing.split(&sources) {
            let Way::Opaque(unknown, _) = &routed.way else { continue };
            let mut forward = vec![Step::unknown(unknown.clone())];
            forward.extend(self.arrive(target.interface, Arrival::from_far()));
            let reply = vec![
                self.route_step(node.subnet, routed, None),
                self.acl_reply(node.subnet, Direction::Outbound, None),
            ];
            paths.push(Path {
                from: End::Beyond(unknown.component.clone()),
                to: self.end(target),
                near: target.address.inside,
                starts_near: false,
                far,
                forward,
                reply,
            });
        }
        paths
    }

    fn node(&self, interface: usize) -> &'c Node {
        #[expect(clippy::indexing_slicing, reason = "numbers of interfaces come from the index")]
        &self.index.interfaces[interface]
    }

    fn subnet_cidrs(&self, subnet: usize) -> Spots {
        self.index.subnets.get(subnet).map_or_else(Spots::empty, |subnet| subnet.cidrs.clone())
    }

    fn vpc_cidrs(&self, vpc: usize) -> Spots {
        self.index.vpcs.get(vpc).map_or_else(Spots::empty, |vpc| vpc.cidrs.clone())
    }

    pub(crate) fn end(&self, start: Start) -> End {
        let interface = self.node(start.interface).id.clone();
        End::Interface { interface, address: start.address.inside.into() }
    }

    /// Returns a path that starts at an interface.
    fn path(&mut self, start: Start, leg: Leg) -> Path {
        let mut forward = self.leave_interface(start.interface, leg.recognition);
        forward.extend(leg.steps);
        let (from, near) = (self.end(start), start.address.inside);
        let Leg { to, far, reply, .. } = leg;
        Path { from, to, near, starts_near: true, far, forward, reply }
    }

    /// Returns a path that leads nowhere that is known.
    fn dead_end(&mut self, start: Start, to: End, far: Spots, steps: Vec<Step>) -> Path {
        let recognition = Recognition::No;
        self.path(start, Leg { to, far, recognition, steps, reply: Vec::new() })
    }

    /// Takes the unfilterable services out of `rest` and returns the paths to them.
    fn reach_link_local(&self, start: Start, rest: &mut Spots) -> Vec<Path> {
        let node = self.node(start.interface);
        let vpc = self.index.vpcs.get(node.vpc).and_then(|vpc| self.model.vpcs.get(&vpc.id));
        let mut paths = Vec::new();
        for service in link_local_services(vpc) {
            let far = rest.intersection(&service.addresses);
            if far.is_empty() {
                continue;
            }
            *rest = rest.difference(&far);
            let mut forward = vec![Step::at(Component::Interface(node.id.clone()))];
            forward.extend(self.initiate(start.interface));
            forward.push(Step::at(Component::LinkLocalService(service.name)));
            paths.push(Path {
                from: self.end(start),
                to: End::LinkLocalService(service.name),
                near: start.address.inside,
                starts_near: true,
                far,
                forward,
                reply: Vec::new(),
            });
        }
        paths
    }

    /// Returns the paths along one way of a route table.
    fn route(
        &mut self,
        start: Start,
        part: &Spots,
        routed: &Routed,
        mut steps: Vec<Step>,
        into_public: bool,
    ) -> Vec<Path> {
        let vpc = self.node(start.interface).vpc;
        match &routed.way {
            Way::Local => self.deliver(start, vpc, Via::Local, part, &steps),
            Way::Peering(id, peer) => {
                steps.push(Step::at(Component::Peering(id.clone())));
                self.deliver(start, *peer, Via::Peering(id), part, &steps)
            }
            Way::InternetGateway(id) => {
                let gateway = Component::InternetGateway(id.clone());
                self.leave_to_internet(start, part, &gateway, steps, into_public)
            }
            Way::EgressOnlyGateway(id) => {
                let gateway = Component::EgressOnlyGateway(id.clone());
                self.leave_to_internet(start, part, &gateway, steps, into_public)
            }
            Way::NatGateway(id) => self.through_nat(start, part, id, steps, into_public),
            Way::GatewayEndpoint(id) => vec![self.reach_service(start, part, id, steps)],
            Way::Dropped(code, component) => {
                stop_at_route(&mut steps, *code, component);
                vec![self.dead_end(start, End::Beyond(component.clone()), part.clone(), steps)]
            }
            Way::Opaque(unknown, identity) | Way::Undecided(unknown, identity) => {
                vec![self.lose(start, part, unknown, *identity, steps)]
            }
        }
    }

    /// Returns the path into what is not known.
    fn lose(
        &mut self,
        start: Start,
        part: &Spots,
        unknown: &Unknown,
        identity: Identity,
        mut steps: Vec<Step>,
    ) -> Path {
        steps.push(Step::unknown(unknown.clone()));
        let recognition = match identity {
            Identity::Kept => Recognition::Anyone,
            Identity::Lost => Recognition::No,
        };
        let (to, far) = (End::Beyond(unknown.component.clone()), part.clone());
        self.path(start, Leg { to, far, recognition, steps, reply: Vec::new() })
    }

    /// Returns the paths to whatever has an address of `part` in a VPC, and one for the rest. Without
    /// steps, the packets do not leave their subnet.
    fn deliver(
        &mut self,
        start: Start,
        vpc: usize,
        via: Via<'_>,
        part: &Spots,
        steps: &[Step],
    ) -> Vec<Path> {
        let mut unowned = part.clone();
        let mut paths = Vec::new();
        for (far, target) in self.owned(vpc, part) {
            unowned = unowned.difference(&far);
            paths.push(self.deliver_one(start, via, target, far, steps));
        }
        if !unowned.is_empty() {
            let component = self.index.vpcs.get(vpc).map(|vpc| Component::Vpc(vpc.id.clone()));
            let component = component.unwrap_or(Component::Internet);
            let mut steps = steps.to_vec();
            steps.push(Step::stop(Code::NoPossibleDestination, component.clone()));
            paths.push(self.dead_end(start, End::Beyond(component), unowned, steps));
        }
        paths
    }

    /// Returns the addresses of `part` that interfaces of a VPC have, in the order of the interfaces. Where
    /// two claim an address, which AWS does not allow, the first has it.
    fn owned(&self, vpc: usize, part: &Spots) -> Vec<(Spots, usize)> {
        let Some(vpc) = self.index.vpcs.get(vpc) else { return Vec::new() };
        let mut owned: Vec<(Spots, usize)> = match single(part) {
            Some(address) => {
                let owner = vpc.addresses.get(&address);
                owner.map(|node| (part.clone(), *node)).into_iter().collect()
            }
            None => {
                let within = vpc.addresses.iter().filter(|(address, _)| part.contains(**address));
                within.map(|(address, node)| (Spots::single(*address), *node)).collect()
            }
        };
        let delegated = vpc.delegated.iter();
        owned.extend(delegated.map(|(prefix, node)| (prefix.intersection(part), *node)));
        owned.sort_unstable_by(|(a, i), (b, j)| (i, a).cmp(&(j, b)));
        let mut taken = Spots::empty();
        for (far, _) in &mut owned {
            *far = far.difference(&taken);
            taken = taken.union(far);
        }
        owned.retain(|(far, _)| !far.is_empty());
        owned
    }

    fn deliver_one(
        &mut self,
        start: Start,
        via: Via<'_>,
        target: usize,
        far: Spots,
        steps: &[Step],
    ) -> Path {
        let (from, to) = (self.node(start.interface), self.node(target));
        let source = start.address.inside;
        let within_subnet = steps.is_empty();
        let recognise = |interface| match via {
            Via::Local => Recognition::Yes(interface),
            Via::Peering(id) => Recognition::over_peering(self.model, id, interface),
        };
        let (recognition, seen_as) = (recognise(target), recognise(start.interface));
        let arrival = Arrival {
            source: Some(source),
            recognition: seen_as,
            sender: Some(start.interface),
            within_subnet,
        };
        let mut steps = steps.to_vec();
        steps.extend(self.arrive(target, arrival));
        let mut reply = Vec::new();
        if !within_subnet {
            reply.push(self.return_route(to.subnet, source, via));
            reply.push(self.acl_reply(to.subnet, Direction::Outbound, Some(source)));
            reply.push(self.acl_reply(from.subnet, Direction::Inbound, None));
        }
        let address = NodeAddress { inside: far.first().unwrap_or(source), outside: None };
        let to = self.end(Start { interface: target, address });
        self.path(start, Leg { to, far, recognition, steps, reply })
    }

    /// Returns the path to the service behind a gateway endpoint.
    fn reach_service(
        &mut self,
        start: Start,
        part: &Spots,
        id: &EndpointId,
        mut steps: Vec<Step>,
    ) -> Path {
        let echo = |kind| IcmpSet::from(IcmpKind::all_codes(kind));
        let traffic = Traffic::protocol(Protocol::TCP)
            .union(&Traffic::icmp(echo(8)))
            .union(&Traffic::icmpv6(echo(128)));
        let mut step = Step::at(Component::Endpoint(id.clone()));
        let passed = Bounds::exactly(self.pool.intern(traffic));
        step.pass = Pass::Fixed(passed, Code::EndpointGatewayProtocolRestriction);
        steps.push(step);
        let home = self.node(start.interface).subnet;
        let reply = vec![self.acl_reply(home, Direction::Inbound, None)];
        let (to, far) = (End::Service(id.clone()), part.clone());
        self.path(start, Leg { to, far, recognition: Recognition::No, steps, reply })
    }
}

/// Stops packets at the target of the route that they take by the last step, or at the route itself.
fn stop_at_route(steps: &mut Vec<Step>, code: Code, component: &Component) {
    let Some(route) = steps.last_mut() else { return };
    if route.component == *component && matches!(route.pass, Pass::All) {
        route.pass = Pass::Nothing(code);
    } else {
        let rules = route.rules.clone();
        steps.push(Step { rules, ..Step::stop(code, component.clone()) });
    }
}

/// Returns the addresses of the family that an address is of.
fn family_of(address: Spot) -> Spots {
    let ipv4 = all_ipv4();
    if address.is_ipv4() { ipv4 } else { ipv4.complement() }
}

/// Returns the only member of a set, if it has one member.
fn single(set: &Spots) -> Option<Spot> {
    set.first().filter(|first| Some(*first) == set.last())
}

/// Returns whether the last step leads into what is not known, so that nothing can be said of later ones.
fn is_lost(steps: &[Step]) -> bool {
    steps.last().is_some_and(|step| step.is_lost)
}

/// Returns whether what an interface of this kind does with a packet is not modelled yet.
pub(crate) const fn is_opaque(kind: InterfaceKind) -> bool {
    matches!(
        kind,
        InterfaceKind::LoadBalancer
            | InterfaceKind::GatewayLoadBalancer
            | InterfaceKind::GatewayLoadBalancerEndpoint
            | InterfaceKind::TransitGateway
    )
}
