//! The walk: from one end, hop by hop, along every way that its packets may take.
//!
//! Each function adds the steps of one kind of hop, in the order of `docs/design/reachability.md`. A new
//! kind of hop is a new arm in [`Walk::route`] and a function beside the others.

use portolan_model::{
    Direction, EndpointId, InterfaceKind, Model, NatGateway, NatGatewayId, PeeringId,
};
use portolan_net::{
    IcmpKind, IcmpSet, PortRange, PortSet, Protocol, Set as _, StepMap, Traffic,
};

use crate::answer::End;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::{Component, Unknown, UnknownReason};
use crate::filters::Filters;
use crate::index::{Index, Node, NodeAddress};
use crate::line::{Spot, Spots, all_ipv4};
use crate::path::{Pass, Path, Rules, Step};
use crate::pool::{TrafficId, TrafficPool};
use crate::question::Settings;
use crate::routing::{Routed, Routing, Way};
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
    pub(crate) fn from_interface(
        &mut self,
        start: Start,
        destinations: &Spots,
        into_public: bool,
    ) -> Vec<Path> {
        let family = all_ipv4();
        let family =
            if start.address.inside.is_ipv4() { family } else { family.complement() };
        let mut rest = destinations.intersection(&family);
        let mut paths = self.to_link_local(start, &mut rest);
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
    pub(crate) fn from_internet(&mut self, sources: &Spots, target: Start) -> Path {
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
    pub(crate) fn from_beyond(&mut self, target: Start) -> Vec<Path> {
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

    /// Returns a path that starts at an interface with the steps of leaving it.
    fn path(&mut self, start: Start, to: End, far: Spots, steps: Vec<Step>, reply: Vec<Step>) -> Path {
        let recognised = None;
        self.path_to(start, to, far, recognised, steps, reply)
    }

    /// Returns the same where the far end is an interface whose groups are recognised.
    fn path_to(
        &mut self,
        start: Start,
        to: End,
        far: Spots,
        recognised: Option<usize>,
        steps: Vec<Step>,
        reply: Vec<Step>,
    ) -> Path {
        let mut forward = self.leave_interface(start.interface, recognised);
        forward.extend(steps);
        let (from, near) = (self.end(start), start.address.inside);
        Path { from, to, near, starts_near: true, far, forward, reply }
    }

    /// Takes the unfilterable services out of `rest` and returns the paths to them.
    fn to_link_local(&mut self, start: Start, rest: &mut Spots) -> Vec<Path> {
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
                self.leave_to_internet(start, part, gateway, steps, into_public)
            }
            Way::EgressOnlyGateway(id) => {
                let gateway = Component::EgressOnlyGateway(id.clone());
                self.leave_to_internet(start, part, gateway, steps, into_public)
            }
            Way::NatGateway(id) => self.through_nat(start, part, id, steps, into_public),
            Way::GatewayEndpoint(id) => vec![self.to_service(start, part, id, steps)],
            Way::Dropped(code, component) => {
                steps.push(Step::stop(*code, component.clone()));
                let to = End::Beyond(component.clone());
                vec![self.path(start, to, part.clone(), steps, Vec::new())]
            }
            Way::Unknown(unknown) => {
                steps.push(Step::unknown(unknown.clone()));
                let to = End::Beyond(unknown.component.clone());
                vec![self.path(start, to, part.clone(), steps, Vec::new())]
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
            paths.push(self.path(start, End::Beyond(component), unowned, steps, Vec::new()));
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
        forward.extend(self.arrive(target, Some(source), peer, Some(start.interface), within_subnet));
        let mut reply = Vec::new();
        if !within_subnet {
            reply.push(self.return_route(to.subnet, source, via));
            reply.push(self.acl_reply(to.subnet, Direction::Outbound, Some(source)));
            reply.push(self.acl_reply(from.subnet, Direction::Inbound, Some(address)));
        }
        let address = NodeAddress { inside: address, outside: None };
        let end = self.end(Start { interface: target, address });
        let far = Spots::single(address.inside);
        self.path_to(start, end, far, recognised.then_some(target), forward, reply)
    }

    /// Returns the steps of leaving an interface. `recognised` is the interface at the far end.
    fn leave_interface(&mut self, interface: usize, recognised: Option<usize>) -> Vec<Step> {
        let node = self.node(interface);
        let component = Component::Interface(node.id.clone());
        let mut steps = Vec::new();
        match node.kind {
            InterfaceKind::Endpoint => {
                steps.push(Step::stop(Code::EndpointIntraVpcTraffic, component));
            }
            kind if is_opaque(kind) => steps.push(not_modelled(component)),
            _ => {}
        }
        steps.push(self.group_step(interface, Direction::Outbound, None, recognised, None));
        steps
    }

    /// Returns the steps of entering a subnet and an interface.
    ///
    /// `source` is the address at the other end, `None` for the far one; `peer` the interface at the other
    /// end if its groups are recognised, and `actual` if there is one at all.
    fn arrive(
        &mut self,
        target: usize,
        source: Option<Spot>,
        peer: Option<usize>,
        actual: Option<usize>,
        within_subnet: bool,
    ) -> Vec<Step> {
        let node = self.node(target);
        let component = Component::Interface(node.id.clone());
        let mut steps = Vec::new();
        if !within_subnet {
            steps.extend(self.unread_subnet(node.subnet));
            steps.push(self.acl_step(node.subnet, Direction::Inbound, source));
        }
        match node.kind {
            InterfaceKind::NatGateway => {
                steps.push(Step::stop(Code::NatDestinationAddressPreservation, component));
            }
            InterfaceKind::Lambda => {
                steps.push(Step::stop(Code::FunctionTakesNoConnection, component));
            }
            InterfaceKind::Endpoint => {
                let traffic = Traffic::protocol(Protocol::TCP).union(&Traffic::protocol(Protocol::UDP));
                let mut step = Step::at(component);
                let passed = Bounds::exactly(self.pool.intern(traffic));
                step.pass = Pass::Fixed(passed, Code::NatProtocolRestriction);
                steps.push(step);
            }
            kind if is_opaque(kind) => steps.push(not_modelled(component)),
            _ => {}
        }
        steps.push(self.group_step(target, Direction::Inbound, source, peer, actual));
        steps
    }

    /// Returns the step of an interface's security groups.
    fn group_step(
        &mut self,
        interface: usize,
        direction: Direction,
        address: Option<Spot>,
        peer: Option<usize>,
        actual: Option<usize>,
    ) -> Step {
        let node = self.node(interface);
        let side = self.filters.group_side(node.group_set, direction);
        let has_no_rules = side.by_group.is_empty()
            && side.by_address == StepMap::constant(Bounds::NONE);
        let lost = peer.is_none() && actual.is_some_and(|actual| {
            let groups = self.index.groups(actual);
            side.by_group.iter().any(|(group, _)| groups.binary_search(group).is_ok())
        });
        let code = match (has_no_rules, lost) {
            (true, _) => Code::SecurityGroupHasNoRules,
            (_, true) => Code::SecurityGroupReferencesNotPreserved,
            _ => Code::EniSecurityGroupRulesMismatch,
        };
        let groups = peer.map_or(&[][..], |peer| self.index.groups(peer));
        let by_group = side.held_by(groups, self.pool);
        let pass = match address {
            Some(address) => Pass::Fixed(side.by_address.get(address).union(by_group, self.pool), code),
            None => {
                let pool = &mut *self.pool;
                Pass::ByFar(side.by_address.map(|bounds| bounds.union(by_group, pool)), code)
            }
        };
        let doubts = if self.settings.security_groups {
            self.filters.doubts(self.model, self.index.groups(interface))
        } else {
            Vec::new()
        };
        Step {
            component: Component::Interface(node.id.clone()),
            direction: Some(direction),
            pass,
            rules: Rules::Groups { interface, peer, address },
            doubts,
        }
    }

    /// Returns the steps of leaving a subnet towards the far address, or a fixed one.
    fn leave_subnet(&self, subnet: usize, address: Option<Spot>) -> Vec<Step> {
        let mut steps = self.unread_subnet(subnet);
        steps.push(self.acl_step(subnet, Direction::Outbound, address));
        steps
    }

    /// Returns a step for a subnet that was not read, so that nobody knows what is within it.
    fn unread_subnet(&self, subnet: usize) -> Vec<Step> {
        let unread = self.index.subnets.get(subnet).filter(|subnet| !subnet.is_read);
        let step = unread.map(|subnet| {
            let component = Component::Subnet(subnet.id.clone());
            Step::unknown(Unknown { reason: UnknownReason::NotRead, component })
        });
        step.into_iter().collect()
    }

    /// Returns the step of a subnet's network ACL on the way there.
    fn acl_step(&self, subnet: usize, direction: Direction, address: Option<Spot>) -> Step {
        let acl = self.filters.acl_number(subnet);
        let passes = self.filters.acl(acl).passes(direction);
        self.acl_step_of(subnet, direction, address, pass(passes, address, Code::SubnetAclRestriction))
    }

    /// Returns the step of a subnet's network ACL on the way back. The direction is the reply's.
    fn acl_reply(&self, subnet: usize, direction: Direction, address: Option<Spot>) -> Step {
        let acl = self.filters.acl_number(subnet);
        let passes = self.filters.acl(acl).passes_replies(direction);
        self.acl_step_of(subnet, direction, address, pass(passes, address, Code::SubnetAclRestriction))
    }

    fn acl_step_of(
        &self,
        subnet: usize,
        direction: Direction,
        address: Option<Spot>,
        pass: Pass,
    ) -> Step {
        let acl = self.filters.acl_number(subnet);
        let subnet = self.index.subnets.get(subnet);
        let subnet = subnet.map(|subnet| Component::Subnet(subnet.id.clone()));
        let read = self.filters.acl_id(acl).map(|id| Component::NetworkAcl(id.clone()));
        let mut doubts = Vec::new();
        if read.is_none() && self.settings.network_acls {
            let component = subnet.clone().unwrap_or(Component::Internet);
            doubts.push(Unknown { reason: UnknownReason::NoNetworkAcl, component });
        }
        Step {
            component: read.or(subnet).unwrap_or(Component::Internet),
            direction: Some(direction),
            pass,
            rules: Rules::Acl { acl, address },
            doubts,
        }
    }

    /// Returns the step of routing a reply from a subnet back to `source`.
    fn return_route(&self, subnet: usize, source: Spot, via: Via<'_>) -> Step {
        let number = self.filters.routing_number(subnet);
        let routing = self.filters.routing(number);
        let mut step = route_step(routing, number, subnet, self.index, Some(source));
        step.pass = match (&routing.at(source).way, via) {
            (Way::Unknown(unknown), _) => Pass::Unknown(unknown.clone()),
            (Way::Local, Via::Local) => Pass::All,
            (Way::Peering(id, _), Via::Peering(came)) if id == came => Pass::All,
            _ => Pass::Nothing(Code::NoReturnRoute),
        };
        step
    }

    /// Returns the step of routing a reply from a subnet to the Internet.
    fn return_to_internet(&self, subnet: usize, address: Option<Spot>) -> Step {
        let number = self.filters.routing_number(subnet);
        let routing = self.filters.routing(number);
        let mut step = route_step(routing, number, subnet, self.index, address);
        let passes = routing.map(|routed| match &routed.way {
            Way::InternetGateway(_) => Bounds::ALL,
            Way::Unknown(_) => Bounds::UNKNOWN,
            _ => Bounds::NONE,
        });
        step.pass = pass(&passes, address, Code::NoReturnRoute);
        step.doubts = routing
            .hops()
            .filter_map(|routed| match &routed.way {
                Way::Unknown(unknown) => Some(unknown.clone()),
                _ => None,
            })
            .collect();
        step
    }

    /// Returns the steps of coming in through the Internet gateway of an interface's VPC.
    fn enter_internet_gateway(&self, target: Start) -> Vec<Step> {
        let node = self.node(target.interface);
        let Some(vpc) = self.index.vpcs.get(node.vpc) else { return Vec::new() };
        let Some(gateway) = &vpc.internet_gateway else {
            let component = Component::Vpc(vpc.id.clone());
            return vec![Step::stop(Code::NoInternetGateway, component)];
        };
        let component = Component::InternetGateway(gateway.clone());
        if target.address.outside.is_none() {
            return vec![Step::stop(Code::IgwPrivateIpAssociationForIngress, component)];
        }
        let mut steps = vec![Step::at(component)];
        steps.extend(self.block_public_access(node.vpc));
        steps.extend(self.edge_route(node.vpc, target.address.inside));
        steps
    }

    /// Returns the step of VPC Block Public Access, where it is on.
    fn block_public_access(&self, vpc: usize) -> Option<Step> {
        let vpc = self.index.vpcs.get(vpc).filter(|vpc| vpc.blocks_public_access)?;
        let component = Component::BlockPublicAccess(vpc.id.clone());
        Some(not_modelled(component))
    }

    /// Returns the step of the route table of a VPC's Internet gateway, where it has one that does not
    /// lead straight to `inside`.
    fn edge_route(&self, vpc: usize, inside: Spot) -> Option<Step> {
        let gateway = self.index.vpcs.get(vpc)?.internet_gateway.as_ref()?;
        let mut tables = self.model.route_tables.values();
        let table = tables.find(|t| t.gateways.iter().any(|id| **id == *gateway.as_str()))?;
        let way = &self.filters.routing_of_table(&table.id)?.at(inside).way;
        let component = match way {
            Way::Local => return None,
            Way::Unknown(unknown) => return Some(Step::unknown(unknown.clone())),
            _ => Component::RouteTable(table.id.clone()),
        };
        Some(Step::unknown(Unknown { reason: UnknownReason::Appliance, component }))
    }

    /// Returns the step of EC2's default block on outbound mail.
    fn port_25(&mut self, gateway: &Component) -> Option<Step> {
        let mail = Traffic::tcp(PortSet::single(25));
        let passed = Bounds::exactly(self.pool.intern(mail.complement()));
        self.settings.port_25_is_blocked.then(|| {
            let mut step = Step::at(gateway.clone());
            step.pass = Pass::Fixed(passed, Code::Port25Blocked);
            step
        })
    }

    /// Returns the paths out through an Internet or egress-only gateway.
    fn leave_to_internet(
        &mut self,
        start: Start,
        part: &Spots,
        gateway: Component,
        mut steps: Vec<Step>,
        into_public: bool,
    ) -> Vec<Path> {
        let node = self.node(start.interface);
        let is_egress_only = matches!(gateway, Component::EgressOnlyGateway(_));
        if is_egress_only && start.address.inside.is_ipv4() {
            steps.push(Step::stop(Code::CannotRoute, gateway.clone()));
        } else if start.address.outside.is_none() {
            steps.push(Step::stop(Code::IgwPublicIpAssociationForEgress, gateway.clone()));
        } else {
            steps.push(Step::at(gateway.clone()));
        }
        steps.extend(self.block_public_access(node.vpc));
        steps.extend(self.port_25(&gateway));
        let mut reply = Vec::new();
        if !is_egress_only {
            reply.extend(self.edge_route(node.vpc, start.address.inside));
        }
        reply.push(self.acl_reply(node.subnet, Direction::Inbound, None));
        let seen_as = start.address.outside;
        self.on_the_internet(start, part, &gateway, (steps, reply), (into_public, seen_as))
    }

    /// Returns the paths beyond a gateway: to the Internet, to public addresses of the model, to nowhere.
    fn on_the_internet(
        &mut self,
        start: Start,
        part: &Spots,
        gateway: &Component,
        (steps, reply): (Vec<Step>, Vec<Step>),
        (into_public, seen_as): (bool, Option<Spot>),
    ) -> Vec<Path> {
        let vpc = self.node(start.interface).vpc;
        let internet = part.intersection(&self.index.internet).difference(&self.vpc_cidrs(vpc));
        let mut outside = internet.clone();
        let mut paths = Vec::new();
        for (address, target) in if into_public { self.public(&internet) } else { Vec::new() } {
            outside = outside.difference(&Spots::single(address));
            let ends = (start, address, target);
            paths.push(self.back_in(ends, seen_as, gateway, steps.clone(), reply.clone()));
        }
        let nowhere = part.difference(&internet);
        if !outside.is_empty() {
            let mut steps = steps.clone();
            steps.push(Step::at(Component::Internet));
            paths.push(self.path(start, End::Internet, outside, steps, reply));
        }
        if !nowhere.is_empty() {
            let mut steps = steps;
            steps.push(Step::stop(Code::IgwDestinationNotInternet, gateway.clone()));
            let to = End::Beyond(gateway.clone());
            paths.push(self.path(start, to, nowhere, steps, Vec::new()));
        }
        paths
    }

    /// Returns the public addresses of the model in a set, lowest first.
    fn public(&self, part: &Spots) -> Vec<(Spot, Start)> {
        let start = |(interface, inside): (usize, Spot), outside| Start {
            interface,
            address: NodeAddress { inside, outside: Some(outside) },
        };
        if let (Some(first), true) = (part.first(), part.first() == part.last()) {
            let owner = self.index.public.get(&first);
            return owner.map(|owner| (first, start(*owner, first))).into_iter().collect();
        }
        let mut found: Vec<(Spot, Start)> = self
            .index
            .public
            .iter()
            .filter(|(address, _)| part.contains(**address))
            .map(|(address, owner)| (*address, start(*owner, *address)))
            .collect();
        found.sort_unstable_by_key(|(address, _)| *address);
        found
    }

    /// Returns the path that leaves to the Internet and comes back in to a public address of the model.
    fn back_in(
        &mut self,
        (start, address, target): (Start, Spot, Start),
        seen_as: Option<Spot>,
        gateway: &Component,
        mut steps: Vec<Step>,
        back: Vec<Step>,
    ) -> Path {
        let (from, to) = (self.node(start.interface), self.node(target.interface));
        steps.push(Step::at(Component::Internet));
        if from.vpc == to.vpc {
            let component = gateway.clone();
            steps.push(Step::unknown(Unknown { reason: UnknownReason::Undocumented, component }));
        }
        steps.extend(self.enter_internet_gateway(target));
        let mut reply = Vec::new();
        if let Some(source) = seen_as {
            let actual = Some(start.interface);
            steps.extend(self.arrive(target.interface, Some(source), None, actual, false));
            reply.push(self.return_to_internet(to.subnet, Some(source)));
            reply.push(self.acl_reply(to.subnet, Direction::Outbound, Some(source)));
        } else {
            let component = gateway.clone();
            steps.push(Step::unknown(Unknown { reason: UnknownReason::NotModelled, component }));
        }
        reply.extend(back);
        let end = self.end(target);
        self.path(start, end, Spots::single(address), steps, reply)
    }

    /// Returns the paths through a NAT gateway.
    fn through_nat(
        &mut self,
        start: Start,
        part: &Spots,
        id: &NatGatewayId,
        mut steps: Vec<Step>,
        into_public: bool,
    ) -> Vec<Path> {
        let component = Component::NatGateway(id.clone());
        let gateway = self.model.nat_gateways.get(id);
        let subnet = gateway.and_then(|g| g.subnet.as_ref()).and_then(|id| self.index.subnet(id));
        let (Some(gateway), Some(subnet), true) = (gateway, subnet, start.address.inside.is_ipv4())
        else {
            steps.push(not_modelled(component.clone()));
            let to = End::Beyond(component);
            return vec![self.path(start, to, part.clone(), steps, Vec::new())];
        };
        let client = start.address.inside;
        let home = self.node(start.interface).subnet;
        let mut back = vec![self.nat_reply(subnet)];
        if subnet != home {
            steps.extend(self.unread_subnet(subnet));
            steps.push(self.acl_step(subnet, Direction::Inbound, Some(client)));
            back.push(self.acl_reply(subnet, Direction::Outbound, Some(client)));
            back.push(self.acl_reply(home, Direction::Inbound, None));
        }
        steps.push(self.nat_step(component));
        steps.push(self.acl_step(subnet, Direction::Outbound, None));
        let number = self.filters.routing_number(subnet);
        let filters = self.filters;
        let routing = filters.routing(number);
        let mut paths = Vec::new();
        for (part, routed) in routing.split(part) {
            let mut steps = steps.clone();
            steps.push(route_step(routing, number, subnet, self.index, None));
            paths.extend(self.behind_nat(start, &part, (gateway, routed), (steps, &back), into_public));
        }
        paths
    }

    /// Returns the paths from a NAT gateway on, along one way of its subnet's route table.
    fn behind_nat(
        &mut self,
        start: Start,
        part: &Spots,
        (gateway, routed): (&NatGateway, &Routed),
        (mut steps, back): (Vec<Step>, &[Step]),
        into_public: bool,
    ) -> Vec<Path> {
        let component = Component::NatGateway(gateway.id.clone());
        let end = match (&routed.way, gateway.is_public) {
            (Way::InternetGateway(id), true) => {
                let igw = Component::InternetGateway(id.clone());
                steps.push(Step::at(igw.clone()));
                steps.extend(self.block_public_access(self.node(start.interface).vpc));
                steps.extend(self.port_25(&igw));
                let mut publics = gateway.addresses.iter().filter_map(|address| address.public);
                let (first, more) = (publics.next(), publics.next());
                let seen_as = first.filter(|_| more.is_none()).map(Spot::from);
                let ways = (steps, back.to_vec());
                return self.on_the_internet(start, part, &igw, ways, (into_public, seen_as));
            }
            (Way::Dropped(code, component), _) => Step::stop(*code, component.clone()),
            (Way::Unknown(unknown), _) => Step::unknown(unknown.clone()),
            _ => not_modelled(component.clone()),
        };
        steps.push(end);
        vec![self.path(start, End::Beyond(component), part.clone(), steps, Vec::new())]
    }

    /// Returns the step of a NAT gateway: TCP, UDP and ICMP.
    fn nat_step(&mut self, component: Component) -> Step {
        let protocols = [Protocol::TCP, Protocol::UDP, Protocol::ICMP];
        let traffic = protocols
            .into_iter()
            .fold(Traffic::empty(), |sum, protocol| sum.union(&Traffic::protocol(protocol)));
        let mut step = Step::at(component);
        let passed = Bounds::exactly(self.pool.intern(traffic));
        step.pass = Pass::Fixed(passed, Code::NatProtocolRestriction);
        step
    }

    /// Returns the step of replies that enter the subnet of a NAT gateway, to a port of the gateway's choice.
    fn nat_reply(&mut self, subnet: usize) -> Step {
        let acl = self.filters.acl_number(subnet);
        let passes = self.filters.acl(acl).passes(Direction::Inbound);
        let pool = &mut *self.pool;
        let answered = passes.map(|bounds| Bounds::between(
            chosen_ports(bounds.certain(), true, pool),
            chosen_ports(bounds.possible(), false, pool),
        ));
        let pass = Pass::ByFar(answered, Code::RemapEphemeralPort);
        let mut step = self.acl_step_of(subnet, Direction::Inbound, None, pass);
        step.rules = Rules::None;
        step
    }

    /// Returns the path to the service behind a gateway endpoint.
    fn to_service(&mut self, start: Start, part: &Spots, id: &EndpointId, mut steps: Vec<Step>) -> Path {
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
        self.path(start, End::Service(id.clone()), part.clone(), steps, reply)
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

fn not_modelled(component: Component) -> Step {
    Step::unknown(Unknown { reason: UnknownReason::NotModelled, component })
}

fn pass(map: &StepMap<Spot, Bounds>, address: Option<Spot>, code: Code) -> Pass {
    match address {
        Some(address) => Pass::Fixed(*map.get(address), code),
        None => Pass::ByFar(map.clone(), code),
    }
}

fn route_step(
    routing: &Routing,
    number: usize,
    subnet: usize,
    index: &Index,
    address: Option<Spot>,
) -> Step {
    let table = routing.table.as_ref().map(|id| Component::RouteTable(id.clone()));
    let subnet = index.subnets.get(subnet).map(|subnet| Component::Subnet(subnet.id.clone()));
    let mut step = Step::at(table.or(subnet).unwrap_or(Component::Internet));
    step.rules = Rules::Route { routing: number, address };
    step
}

/// Returns the requests whose replies pass a filter of replies to ports that a NAT gateway chooses: those
/// that pass at all of the ports 1024-65535, or at some.
///
/// Source: Amazon VPC User Guide, "Custom network ACLs", ephemeral ports.
fn chosen_ports(passed: TrafficId, at_all: bool, pool: &mut TrafficPool) -> TrafficId {
    let chosen: PortSet = PortRange::new(1024, u16::MAX).into_iter().collect();
    let traffic = pool.traffic(passed);
    let mut answered = Traffic::icmp(traffic.replies_within().icmp_kinds().clone());
    for (protocol, ports) in
        [(Protocol::TCP, traffic.tcp_ports()), (Protocol::UDP, traffic.udp_ports())]
    {
        let open = ports.firsts();
        if if at_all { open.contains_set(&chosen) } else { open.intersects(&chosen) } {
            answered = answered.union(&Traffic::protocol(protocol));
        }
    }
    pool.intern(answered)
}
