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
use crate::walk::steps::{not_modelled, route_step};
use crate::walk::{Start, Walk};

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
        let gateway = self.model.nat_gateways.get(id);
        let subnet = gateway.and_then(|g| g.subnet.as_ref()).and_then(|id| self.index.subnet(id));
        let (Some(gateway), Some(subnet), true) = (gateway, subnet, start.address.inside.is_ipv4())
        else {
            steps.push(not_modelled(component.clone()));
            let to = End::Beyond(component);
            return vec![self.dead_end(start, to, part.clone(), steps)];
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
            paths.extend(self.behind_nat(
                start,
                &part,
                (gateway, routed),
                (steps, &back),
                into_public,
            ));
        }
        paths
    }

    /// Returns the paths from a NAT gateway on, along one way of its subnet's route table.
    pub(super) fn behind_nat(
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
        vec![self.dead_end(start, End::Beyond(component), part.clone(), steps)]
    }

    /// Returns the step of a NAT gateway: TCP, UDP and ICMP.
    pub(super) fn nat_step(&mut self, component: Component) -> Step {
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
    pub(super) fn nat_reply(&mut self, subnet: usize) -> Step {
        let acl = self.filters.acl_number(subnet);
        let passes = self.filters.acl(acl).passes(Direction::Inbound);
        let pool = &mut *self.pool;
        let answered = passes.map(|bounds| {
            Bounds::between(
                chosen_ports(bounds.certain(), true, pool),
                chosen_ports(bounds.possible(), false, pool),
            )
        });
        let pass = Pass::ByFar(answered, Code::RemapEphemeralPort);
        let mut step = self.acl_step_of(subnet, Direction::Inbound, None, pass);
        step.rules = Rules::None;
        step
    }
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
