//! NAT gateways: out to the Internet behind a gateway's address.

use portolan_model::{Direction, NatGateway, NatGatewayId};
use portolan_net::{PortRange, PortSet, Protocol, Set as _, Traffic};

use crate::answer::End;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::Component;
use crate::line::{Spot, Spots};
use crate::path::{Pass, Path, Rules, Step};
use crate::pool::{TrafficId, TrafficPool};
use crate::routing::{Routed, Way};
use crate::walk::internet::Exit;
use crate::walk::steps::not_modelled;
use crate::walk::{Start, Walk, is_lost, stop_at_route};

impl Walk<'_> {
    /// Returns the paths through a NAT gateway.
    pub(super) fn through_nat(
        &mut self,
        start: Start,
        part: &Spots,
        id: &NatGatewayId,
        mut steps: Vec<Step>,
        into_public: bool,
    ) -> Vec<Path> {
        let component = Component::NatGateway(id.clone());
        let Some(gateway) = self.model.nat_gateways.get(id) else { return Vec::new() };
        if start.address.inside.is_ipv4() {
            steps.push(self.nat_step(component.clone()));
        }
        let subnet = gateway.subnet.as_ref().and_then(|id| self.index.subnet(id));
        let Some(subnet) = subnet.filter(|_| start.address.inside.is_ipv4()) else {
            steps.push(not_modelled(component.clone()));
            return vec![self.dead_end(start, End::Beyond(component), part.clone(), steps)];
        };
        let client = start.address.inside;
        if subnet != self.node(start.interface).subnet {
            steps.push(self.acl_step(subnet, Direction::Inbound, Some(client)));
        }
        steps.push(self.acl_step(subnet, Direction::Outbound, None));
        if !gateway.is_public {
            steps.push(not_modelled(component.clone()));
            return vec![self.dead_end(start, End::Beyond(component), part.clone(), steps)];
        }
        let filters = self.filters;
        let routing = filters.routing(filters.routing_number(subnet));
        let mut paths = Vec::new();
        for (part, routed) in routing.split(part) {
            let mut steps = steps.clone();
            steps.push(self.route_step(subnet, routed, None));
            paths.extend(self.behind_nat(
                start,
                &part,
                (gateway, subnet, routed),
                steps,
                into_public,
            ));
        }
        paths
    }

    /// Returns the paths from a NAT gateway on, along one way of its subnet's route table.
    fn behind_nat(
        &mut self,
        start: Start,
        part: &Spots,
        (gateway, subnet, routed): (&NatGateway, usize, &Routed),
        mut steps: Vec<Step>,
        into_public: bool,
    ) -> Vec<Path> {
        let component = Component::NatGateway(gateway.id.clone());
        match &routed.way {
            Way::InternetGateway(id) => {
                let igw = Component::InternetGateway(id.clone());
                steps.push(Step::at(igw.clone()));
                let mut publics = gateway.addresses.iter().filter_map(|address| address.public);
                let (first, more) = (publics.next(), publics.next());
                let seen_as = first.filter(|_| more.is_none()).map(Spot::from);
                let back = self.back_through_nat(start, gateway, subnet);
                let nat = Some(subnet);
                let exit = Exit { gateway: &igw, seen_as, steps, back, nat, into_public };
                return self.on_the_internet(start, part, exit);
            }
            Way::Dropped(code, component) if is_nowhere(*code, component) => {
                stop_at_route(&mut steps, *code, component);
            }
            Way::Undecided(unknown, _) => steps.push(Step::unknown(unknown.clone())),
            _ => steps.push(not_modelled(component.clone())),
        }
        vec![self.dead_end(start, End::Beyond(component), part.clone(), steps)]
    }

    /// Returns the steps of replies from the Internet through a NAT gateway, but for the filters that see
    /// the port which the gateway chose: see [`Walk::nat_reply`].
    fn back_through_nat(&self, start: Start, gateway: &NatGateway, subnet: usize) -> Vec<Step> {
        let node = self.node(start.interface);
        let private = gateway.addresses.iter().filter_map(|address| address.private);
        let edges = private.filter_map(|private| self.edge_route(node.vpc, private.into()));
        let mut back: Vec<Step> = edges.collect();
        back.sort_by_key(|step| step.is_lost);
        if is_lost(&back) {
            return back;
        }
        if subnet != node.subnet {
            let client = Some(start.address.inside);
            back.push(self.acl_reply(subnet, Direction::Outbound, client));
            back.push(self.acl_reply(node.subnet, Direction::Inbound, None));
        }
        back
    }

    /// Returns the step of a NAT gateway: TCP, UDP and ICMP.
    fn nat_step(&mut self, component: Component) -> Step {
        let protocols = [Protocol::TCP, Protocol::UDP, Protocol::ICMP];
        let traffic = protocols
            .into_iter()
            .fold(Traffic::empty(), |sum, protocol| sum.union(&Traffic::protocol(protocol)));
        let mut step = Step::at(component);
        let passed = Bounds::exactly(self.pool.intern(traffic));
        step.pass = Pass::Fixed(passed, Code::ProtocolRestriction);
        step
    }

    /// Returns the step of replies to a port that a NAT gateway chose: they enter the gateway's subnet, and
    /// before that, if they come from an interface of the model, they leave that one's subnet towards
    /// the gateway's public address.
    pub(super) fn nat_reply(&mut self, subnet: usize, sender: Option<(usize, Spot)>) -> Step {
        let acl = |subnet| self.filters.acl(self.filters.acl_number(subnet));
        let leaving = sender.map_or(Bounds::ALL, |(subnet, public)| {
            *acl(subnet).passes(Direction::Outbound).get(public)
        });
        let entering = acl(subnet).passes(Direction::Inbound);
        let pool = &mut *self.pool;
        let answered = entering.map(|entering| {
            let both = entering.intersection(leaving, pool);
            let certain = chosen_ports(both.certain(), PortSet::contains_set, pool);
            let possible = chosen_ports(both.possible(), PortSet::intersects, pool);
            Bounds::between(certain, possible)
        });
        let pass = Pass::ByFar(answered, Code::RemapEphemeralPort);
        let mut step = self.acl_step_of(subnet, Direction::Inbound, None, pass);
        step.rules = Rules::None;
        step
    }
}

/// Returns whether a way ends at the route itself, or at an Internet gateway, and not at a target of
/// which it is not known what it does with packets from a NAT gateway.
pub(crate) const fn is_nowhere(code: Code, component: &Component) -> bool {
    matches!(
        (code, component),
        (Code::NoRouteToDestination | Code::BadStateRoute, _) | (_, Component::InternetGateway(_))
    )
}

/// Returns the requests whose replies pass a filter of replies to the ports 1024-65535 that a NAT gateway
/// chooses from: `enough` says whether the open ports are.
///
/// Source: Amazon VPC User Guide, "Custom network ACLs", ephemeral ports.
fn chosen_ports(
    passed: TrafficId,
    enough: impl Fn(&PortSet, &PortSet) -> bool,
    pool: &mut TrafficPool,
) -> TrafficId {
    let chosen: PortSet = PortRange::new(1024, u16::MAX).into_iter().collect();
    let traffic = pool.traffic(passed);
    let mut answered = Traffic::icmp(traffic.replies_within().icmp_kinds().clone());
    for (protocol, ports) in
        [(Protocol::TCP, traffic.tcp_ports()), (Protocol::UDP, traffic.udp_ports())]
    {
        if enough(&ports.firsts(), &chosen) {
            answered = answered.union(&Traffic::protocol(protocol));
        }
    }
    pool.intern(answered)
}
