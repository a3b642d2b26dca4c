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
use crate::evidence::Component;
use crate::filters::Filters;
use crate::index::{Index, Node, NodeAddress};
use crate::line::{Spot, Spots, all_ipv4};
use crate::path::{Pass, Path, Step};
use crate::pool::TrafficPool;
use crate::question::Settings;
use crate::routing::{Routed, Way};
use crate::walk::steps::route_step;
use crate::world::link_local_services;

/// Everything that a walk looks at.
pub(crate) struct Walk<'c> {
    pub(crate) model: &'c Model,
    pub(crate) index: &'c Index,
    pub(crate) filters: &'c Filters,
    pub(crate) settings: Settings,
    pub(crate) pool: &'c mut TrafficPool,
}

/// Where a walk starts: one address of an interface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) interface: usize,
    pub(crate) address: NodeAddress,
}

/// What a path does after leaving its first interface.
struct Leg {
    to: End,
    far: Spots,
    /// The interface at the far end, if its groups are recognised.
    recognised: Option<usize>,
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
        let family = all_ipv4();
        let family = if start.address.inside.is_ipv4() { family } else { family.complement() };
        let mut rest = destinations.intersection(&family);
        let mut paths = self.reach_link_local(start, &mut rest);
        let node = self.node(start.interface);
        let (vpc, subnet) = (node.vpc, node.subnet);
        let within = rest.intersection(&self.subnet_cidrs(subnet));
        rest = rest.difference(&within);
        paths.extend(self.deliver(start, vpc, Via::Local, &within, &Vec::new()));
        let routing = self.filters.routing_number(subnet);
        let filters = self.filters;
        for (part, routed) in filters.routing(routing).split(&rest) {
            let mut steps = self.leave_subnet(subnet, None);
            steps.push(route_step(filters.routing(routing), routing, subnet, self.index, None));
            paths.extend(self.route(start, &part, routed, steps, into_public));
        }
        paths
    }

    /// Returns the path from the Internet to an address of an interface.
    pub(crate) fn path_from_internet(&mut self, sources: &Spots, target: Start) -> Path {
        let node = self.node(target.interface);
        let vpc = node.vpc;
        let far = sources.intersection(&self.index.internet).difference(&self.vpc_cidrs(vpc));
        let mut forward = vec![Step::at(Component::Internet)];
        forward.extend(self.enter_internet_gateway(target));
        forward.extend(self.arrive(target.interface, None, None, None, false));
        let mut reply = vec![self.return_to_internet(node.subnet, None)];
        reply.push(self.acl_reply(node.subnet, Direction::Outbound, None));
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
    /// Sources are the addresses that the interface's replies would go there to.
    pub(crate) fn paths_from_beyond(&mut self, target: Start) -> Vec<Path> {
        let node = self.node(target.interface);
        let filters = self.filters;
        let number = filters.routing_number(node.subnet);
        let routing = filters.routing(number);
        if routing.table.is_none() {
            return Vec::new();
        }
        let family = all_ipv4();
        let family = if target.address.inside.is_ipv4() { family } else { family.complement() };
        let mut paths = Vec::new();
        for (far, routed) in routing.split(&family) {
            let Way::Unknown(unknown) = &routed.way else { continue };
            if matches!(unknown.component, Component::PrefixList(_) | Component::RouteTable(_)) {
                continue;
            }
            let mut forward = vec![Step::unknown(unknown.clone())];
            forward.extend(self.arrive(target.interface, None, None, None, false));
            let route = route_step(routing, number, node.subnet, self.index, None);
            let reply = vec![route, self.acl_reply(node.subnet, Direction::Outbound, None)];
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
        let mut forward = self.leave_interface(start.interface, leg.recognised);
        forward.extend(leg.steps);
        let (from, near) = (self.end(start), start.address.inside);
        let Leg { to, far, reply, .. } = leg;
        Path { from, to, near, starts_near: true, far, forward, reply }
    }

    /// Returns a path that leads nowhere that a reply could come from.
    fn dead_end(&mut self, start: Start, to: End, far: Spots, steps: Vec<Step>) -> Path {
        self.path(start, Leg { to, far, recognised: None, steps, reply: Vec::new() })
    }

    /// Takes the unfilterable services out of `rest` and returns the paths to them.
    fn reach_link_local(&mut self, start: Start, rest: &mut Spots) -> Vec<Path> {
        let node = self.node(start.interface);
        let vpc = self.index.vpcs.get(node.vpc).and_then(|vpc| self.model.vpcs.get(&vpc.id));
        let mut paths = Vec::new();
        for service in link_local_services(vpc) {
            let far = rest.intersection(&service.addresses);
            if far.is_empty() {
                continue;
            }
            *rest = rest.difference(&far);
            let passed = Bounds::exactly(self.pool.intern(service.traffic));
            let component = Component::LinkLocalService(service.name);
            let mut last = Step::at(component);
            last.pass = Pass::Fixed(passed, Code::NatProtocolRestriction);
            let first = Step::at(Component::Interface(node.id.clone()));
            paths.push(Path {
                from: self.end(start),
                to: End::LinkLocalService(service.name),
                near: start.address.inside,
                starts_near: true,
                far,
                forward: vec![first, last],
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
                steps.push(Step::stop(*code, component.clone()));
                let to = End::Beyond(component.clone());
                vec![self.dead_end(start, to, part.clone(), steps)]
            }
            Way::Unknown(unknown) => {
                steps.push(Step::unknown(unknown.clone()));
                let to = End::Beyond(unknown.component.clone());
                vec![self.dead_end(start, to, part.clone(), steps)]
            }
        }
    }

    /// Returns the paths to whatever has an address of `part` in a VPC, and one for the rest.
    fn deliver(
        &mut self,
        start: Start,
        vpc: usize,
        via: Via<'_>,
        part: &Spots,
        steps: &[Step],
    ) -> Vec<Path> {
        let owned = self.owned(vpc, part);
        let taken: Spots = owned.iter().map(|(address, _)| *address).collect();
        let mut paths: Vec<Path> = owned
            .into_iter()
            .map(|(address, target)| self.deliver_one(start, via, target, address, steps))
            .collect();
        let unowned = part.difference(&taken);
        if !unowned.is_empty() {
            let component = self.index.vpcs.get(vpc).map(|vpc| Component::Vpc(vpc.id.clone()));
            let component = component.unwrap_or(Component::Internet);
            let mut steps = steps.to_vec();
            steps.push(Step::stop(Code::NoPossibleDestination, component.clone()));
            paths.push(self.dead_end(start, End::Beyond(component), unowned, steps));
        }
        paths
    }

    /// Returns the addresses of `part` that interfaces of a VPC have, lowest first.
    fn owned(&self, vpc: usize, part: &Spots) -> Vec<(Spot, usize)> {
        let Some(vpc) = self.index.vpcs.get(vpc) else { return Vec::new() };
        if let (Some(first), true) = (part.first(), part.first() == part.last()) {
            return vpc.addresses.get(&first).map(|node| (first, *node)).into_iter().collect();
        }
        let has = |(address, node): (&Spot, &usize)| (*address, *node);
        let mut owned: Vec<_> =
            vpc.addresses.iter().map(has).filter(|(address, _)| part.contains(*address)).collect();
        owned.sort_unstable();
        owned
    }

    fn deliver_one(
        &mut self,
        start: Start,
        via: Via<'_>,
        target: usize,
        address: Spot,
        steps: &[Step],
    ) -> Path {
        let (from, to) = (self.node(start.interface), self.node(target));
        let source = start.address.inside;
        let within_subnet = steps.is_empty();
        let recognised = recognises(self.model, self.index, from, to);
        let peer = recognised.then_some(start.interface);
        let mut forward = steps.to_vec();
        forward.extend(self.arrive(
            target,
            Some(source),
            peer,
            Some(start.interface),
            within_subnet,
        ));
        let mut reply = Vec::new();
        if !within_subnet {
            reply.push(self.return_route(to.subnet, source, via));
            reply.push(self.acl_reply(to.subnet, Direction::Outbound, Some(source)));
            reply.push(self.acl_reply(from.subnet, Direction::Inbound, Some(address)));
        }
        let address = NodeAddress { inside: address, outside: None };
        let end = self.end(Start { interface: target, address });
        let far = Spots::single(address.inside);
        let recognised = recognised.then_some(target);
        self.path(start, Leg { to: end, far, recognised, steps: forward, reply })
    }

    /// Returns the path to the service behind a gateway endpoint.
    fn reach_service(
        &mut self,
        start: Start,
        part: &Spots,
        id: &EndpointId,
        mut steps: Vec<Step>,
    ) -> Path {
        let echo: IcmpSet = [IcmpKind { kind: 8, code: 0 }].into_iter().collect();
        let echo6: IcmpSet = [IcmpKind { kind: 128, code: 0 }].into_iter().collect();
        let traffic = Traffic::protocol(Protocol::TCP)
            .union(&Traffic::icmp(echo))
            .union(&Traffic::icmpv6(echo6));
        let mut step = Step::at(Component::Endpoint(id.clone()));
        let passed = Bounds::exactly(self.pool.intern(traffic));
        step.pass = Pass::Fixed(passed, Code::EndpointGatewayProtocolRestriction);
        steps.push(step);
        let home = self.node(start.interface).subnet;
        let reply = vec![self.acl_reply(home, Direction::Inbound, None)];
        let (to, far) = (End::Service(id.clone()), part.clone());
        self.path(start, Leg { to, far, recognised: None, steps, reply })
    }
}

/// Returns whether security groups of one interface are recognised at the other: within a VPC, and over
/// peering within a Region.
///
/// Source: Amazon VPC Peering Guide, "Update your security groups to reference peer security groups".
pub(crate) fn recognises(model: &Model, index: &Index, from: &Node, to: &Node) -> bool {
    let region = |node: &Node| {
        let vpc = index.vpcs.get(node.vpc)?;
        model.vpcs.get(&vpc.id)?.place.region.as_ref()
    };
    from.vpc == to.vpc || region(from) == region(to)
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
