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
use crate::recognition::Recognition;
use crate::routing::Way;
use crate::walk::steps::{Arrival, not_modelled, pass};
use crate::walk::{Leg, Start, Walk, is_lost, single};

/// What happens to packets that leave to the Internet.
pub(super) struct Exit<'a> {
    /// The gateway that they leave by.
    pub(super) gateway: &'a Component,
    /// The address that others see them come from, if it is exactly one.
    pub(super) seen_as: Option<Spot>,
    /// The steps to the Internet.
    pub(super) steps: Vec<Step>,
    /// The steps of the replies, from the Internet.
    pub(super) back: Vec<Step>,
    /// The subnet of the NAT gateway that chooses the source ports, if there is one.
    pub(super) nat: Option<usize>,
    /// Whether a public address of the model is its interface's, not the Internet's.
    pub(super) into_public: bool,
}

impl Walk<'_> {
    /// Returns the step of routing a reply from a subnet to the Internet.
    pub(super) fn return_to_internet(&self, subnet: usize, address: Option<Spot>) -> Step {
        let routing = self.filters.routing(self.filters.routing_number(subnet));
        let vpc = self.index.subnets.get(subnet).and_then(|s| self.index.vpcs.get(s.vpc));
        let attached = vpc.and_then(|vpc| vpc.internet_gateway.as_ref());
        let passes = routing.map(|routed| match &routed.way {
            Way::InternetGateway(id) if Some(id) == attached && routed.is_certain => Bounds::ALL,
            Way::InternetGateway(id) if Some(id) == attached => Bounds::UNKNOWN,
            Way::Undecided(..) => Bounds::UNKNOWN,
            _ => Bounds::NONE,
        });
        let mut step = self.route_step(subnet, routing.at(Spot::from([0, 0, 0, 0])), address);
        step.pass = pass(&passes, address, Code::NoReturnRoute);
        step.doubts = routing
            .hops()
            .filter_map(|routed| match &routed.way {
                Way::Undecided(unknown, _) => Some(unknown.clone()),
                _ => None,
            })
            .collect();
        step
    }

    /// Returns the steps of coming in through the Internet gateway of an interface's VPC.
    pub(super) fn enter_internet_gateway(&self, target: Start) -> Vec<Step> {
        let node = self.node(target.interface);
        let Some(vpc) = self.index.vpcs.get(node.vpc) else { return Vec::new() };
        let home = Component::Vpc(vpc.id.clone());
        let attached = vpc.internet_gateway.as_ref().or(vpc.unread_gateway.as_ref());
        let component = attached.map(|id| Component::InternetGateway(id.clone()));
        let component = component.unwrap_or_else(|| home.clone());
        if target.address.outside.is_none() {
            return vec![Step::stop(Code::IgwPrivateIpAssociationForIngress, component)];
        }
        let reason = UnknownReason::NotRead;
        if !vpc.is_read {
            return vec![Step::lost(Unknown { reason, component: home })];
        }
        if vpc.internet_gateway.is_none() {
            return vec![match vpc.unread_gateway {
                Some(_) => Step::lost(Unknown { reason, component }),
                None => Step::stop(Code::NoInternetGateway, home),
            }];
        }
        let mut steps = vec![Step::at(component)];
        steps.extend(self.block_public_access(node.vpc));
        steps.extend(self.edge_route(node.vpc, target.address.inside));
        steps
    }

    /// Returns the step of VPC Block Public Access, where it is on.
    fn block_public_access(&self, vpc: usize) -> Option<Step> {
        let vpc = self.index.vpcs.get(vpc).filter(|vpc| vpc.blocks_public_access)?;
        Some(not_modelled(Component::BlockPublicAccess(vpc.id.clone())))
    }

    /// Returns the step of the route table of a VPC's Internet gateway, where it has one that does not
    /// certainly lead straight to `inside`.
    pub(super) fn edge_route(&self, vpc: usize, inside: Spot) -> Option<Step> {
        let gateway = self.index.vpcs.get(vpc)?.internet_gateway.as_ref()?;
        let mut tables = self.model.route_tables.values();
        let table = tables.find(|t| t.gateways.iter().any(|id| **id == *gateway.as_str()))?;
        let routed = self.filters.routing_of_table(&table.id)?.at(inside);
        let component = Component::RouteTable(table.id.clone());
        match &routed.way {
            Way::Local if routed.is_certain => None,
            Way::Local => {
                let reason = UnknownReason::RouteState;
                Some(Step::unknown(Unknown { reason, component }))
            }
            Way::Undecided(unknown, _) | Way::Opaque(unknown, _) => {
                Some(Step::lost(unknown.clone()))
            }
            _ => Some(Step::lost(Unknown { reason: UnknownReason::Appliance, component })),
        }
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
        steps.push(if is_egress_only && start.address.inside.is_ipv4() {
            Step::stop(Code::CannotRoute, gateway.clone())
        } else if start.address.outside.is_none() {
            Step::stop(Code::IgwPublicIpAssociationForEgress, gateway.clone())
        } else {
            Step::at(gateway.clone())
        });
        let mut back = Vec::new();
        if !is_egress_only {
            back.extend(self.edge_route(node.vpc, start.address.inside));
        }
        if !is_lost(&back) {
            back.push(self.acl_reply(node.subnet, Direction::Inbound, None));
        }
        let seen_as = start.address.outside;
        let exit = Exit { gateway, seen_as, steps, back, nat: None, into_public };
        self.on_the_internet(start, part, exit)
    }

    /// Returns the paths beyond a gateway: to the Internet, to public addresses of the model, to nowhere.
    pub(super) fn on_the_internet(
        &mut self,
        start: Start,
        part: &Spots,
        mut exit: Exit<'_>,
    ) -> Vec<Path> {
        let vpc = self.node(start.interface).vpc;
        exit.steps.extend(self.port_25(exit.gateway));
        exit.steps.extend(self.block_public_access(vpc));
        let internet = part.intersection(&self.index.internet).difference(&self.vpc_cidrs(vpc));
        let mut outside = internet.clone();
        let mut paths = Vec::new();
        for (far, target) in if exit.into_public { self.public(&internet) } else { Vec::new() } {
            outside = outside.difference(&far);
            paths.push(self.back_in(start, far, target, &exit));
        }
        let nowhere = part.difference(&internet);
        if !nowhere.is_empty() {
            let mut steps = exit.steps.clone();
            steps.push(Step::stop(Code::IgwDestinationNotInternet, exit.gateway.clone()));
            paths.push(self.dead_end(start, End::Beyond(exit.gateway.clone()), nowhere, steps));
        }
        if !outside.is_empty() {
            let Exit { mut steps, mut back, nat, .. } = exit;
            steps.push(Step::at(Component::Internet));
            if let Some(subnet) = nat {
                back.insert(0, self.nat_reply(subnet, None));
            }
            let (to, far, recognition) = (End::Internet, outside, Recognition::No);
            paths.push(self.path(start, Leg { to, far, recognition, steps, reply: back }));
        }
        paths
    }

    /// Returns the public addresses of the model in a set, lowest first, each with its interface.
    fn public(&self, part: &Spots) -> Vec<(Spots, Start)> {
        let start = |interface, inside, outside| Start {
            interface,
            address: NodeAddress { inside, outside: Some(outside) },
        };
        let mut found: Vec<(Spots, Start)> = match single(part) {
            Some(address) => {
                let owner = self.index.public.get(&address);
                let end = owner.map(|(interface, inside)| start(*interface, *inside, address));
                end.map(|end| (part.clone(), end)).into_iter().collect()
            }
            None => self
                .index
                .public
                .iter()
                .filter(|(address, _)| part.contains(**address))
                .map(|(address, (interface, inside))| {
                    (Spots::single(*address), start(*interface, *inside, *address))
                })
                .collect(),
        };
        for (prefix, interface) in self.index.public_prefixes() {
            let far = prefix.intersection(part);
            if let Some(first) = far.first() {
                found.push((far, start(interface, first, first)));
            }
        }
        found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        found
    }

    /// Returns the path that leaves to the Internet and comes back in to a public address of the model.
    fn back_in(&mut self, start: Start, far: Spots, target: Start, exit: &Exit<'_>) -> Path {
        let (from, to) = (self.node(start.interface), self.node(target.interface));
        let mut steps = exit.steps.clone();
        steps.push(Step::at(Component::Internet));
        let component = exit.gateway.clone();
        let end = self.end(target);
        let source = match exit.seen_as {
            _ if from.vpc == to.vpc => {
                let reason = UnknownReason::Undocumented;
                steps.push(Step::lost(Unknown { reason, component }));
                return self.dead_end(start, end, far, steps);
            }
            None => {
                let reason = UnknownReason::NotModelled;
                steps.push(Step::lost(Unknown { reason, component }));
                return self.dead_end(start, end, far, steps);
            }
            Some(source) => source,
        };
        steps.extend(self.enter_internet_gateway(target));
        if is_lost(&steps) {
            return self.dead_end(start, end, far, steps);
        }
        let arrival = Arrival {
            source: Some(source),
            recognition: Recognition::No,
            sender: Some(start.interface),
            within_subnet: false,
        };
        steps.extend(self.arrive(target.interface, arrival));
        let mut reply = vec![self.return_to_internet(to.subnet, Some(source))];
        match exit.nat {
            Some(subnet) => reply.push(self.nat_reply(subnet, Some((to.subnet, source)))),
            None => reply.push(self.acl_reply(to.subnet, Direction::Outbound, Some(source))),
        }
        reply.extend(exit.back.iter().cloned());
        self.path(start, Leg { to: end, far, recognition: Recognition::No, steps, reply })
    }
}
