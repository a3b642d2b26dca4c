//! Internet and egress-only gateways: out to public addresses, and in from them.

use portolan_model::Direction;
use portolan_net::{PortSet, Set as _, Traffic};

use crate::answer::End;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::{Component, Unknown, UnknownReason};
use crate::index::NodeAddress;
use crate::line::{Spot, Spots};
use crate::path::{Pass, Path, Step};
use crate::routing::Way;
use crate::walk::steps::{not_modelled, pass, route_step};
use crate::walk::{Leg, Start, Walk};

impl Walk<'_> {
    /// Returns the step of routing a reply from a subnet to the Internet.
    pub(super) fn return_to_internet(&self, subnet: usize, address: Option<Spot>) -> Step {
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
    pub(super) fn enter_internet_gateway(&self, target: Start) -> Vec<Step> {
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
    pub(super) fn block_public_access(&self, vpc: usize) -> Option<Step> {
        let vpc = self.index.vpcs.get(vpc).filter(|vpc| vpc.blocks_public_access)?;
        let component = Component::BlockPublicAccess(vpc.id.clone());
        Some(not_modelled(component))
    }

    /// Returns the step of the route table of a VPC's Internet gateway, where it has one that does not
    /// lead straight to `inside`.
    pub(super) fn edge_route(&self, vpc: usize, inside: Spot) -> Option<Step> {
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
    pub(super) fn port_25(&mut self, gateway: &Component) -> Option<Step> {
        let mail = Traffic::tcp(PortSet::single(25));
        let passed = Bounds::exactly(self.pool.intern(mail.complement()));
        self.settings.port_25_is_blocked.then(|| {
            let mut step = Step::at(gateway.clone());
            step.pass = Pass::Fixed(passed, Code::Port25Blocked);
            step
        })
    }

    /// Returns the paths out through an Internet or egress-only gateway.
    pub(super) fn leave_to_internet(
        &mut self,
        start: Start,
        part: &Spots,
        gateway: &Component,
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
        steps.extend(self.port_25(gateway));
        let mut reply = Vec::new();
        if !is_egress_only {
            reply.extend(self.edge_route(node.vpc, start.address.inside));
        }
        reply.push(self.acl_reply(node.subnet, Direction::Inbound, None));
        let seen_as = start.address.outside;
        self.on_the_internet(start, part, gateway, (steps, reply), (into_public, seen_as))
    }

    /// Returns the paths beyond a gateway: to the Internet, to public addresses of the model, to nowhere.
    pub(super) fn on_the_internet(
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
            let leg = Leg { to: End::Internet, far: outside, recognised: None, steps, reply };
            paths.push(self.path(start, leg));
        }
        if !nowhere.is_empty() {
            let mut steps = steps;
            steps.push(Step::stop(Code::IgwDestinationNotInternet, gateway.clone()));
            let to = End::Beyond(gateway.clone());
            paths.push(self.dead_end(start, to, nowhere, steps));
        }
        paths
    }

    /// Returns the public addresses of the model in a set, lowest first.
    pub(super) fn public(&self, part: &Spots) -> Vec<(Spot, Start)> {
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
    pub(super) fn back_in(
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
        let far = Spots::single(address);
        self.path(start, Leg { to: end, far, recognised: None, steps, reply })
    }
}
