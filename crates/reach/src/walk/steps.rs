//! The steps that every path is made of: interfaces, security groups, network ACLs, route tables.

use portolan_model::{Direction, InterfaceKind};
use portolan_net::{Protocol, Set as _, StepMap, Traffic};

use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::{Component, Unknown, UnknownReason};
use crate::groups::doubts;
use crate::line::Spot;
use crate::path::{Pass, Rules, Step};
use crate::recognition::Recognition;
use crate::routing::{Routed, Way};
use crate::walk::{Via, Walk, is_opaque};

/// How a packet comes to the subnet of its destination.
#[derive(Clone, Copy)]
pub(super) struct Arrival {
    /// Its source address as seen there; `None` for the far addresses.
    pub(super) source: Option<Spot>,
    /// What the groups of the destination know of its sender.
    pub(super) recognition: Recognition,
    /// The interface that sent it, recognised or not.
    pub(super) sender: Option<usize>,
    /// Whether it comes from the same subnet.
    pub(super) within_subnet: bool,
}

impl Arrival {
    /// Returns how packets come from far addresses that are no interface's.
    pub(super) const fn from_far() -> Self {
        let recognition = Recognition::No;
        Self { source: None, recognition, sender: None, within_subnet: false }
    }
}

impl Walk<'_> {
    /// Returns the steps of leaving an interface.
    pub(super) fn leave_interface(
        &mut self,
        interface: usize,
        recognition: Recognition,
    ) -> Vec<Step> {
        let mut steps: Vec<Step> = self.initiate(interface).into_iter().collect();
        let arrival = Arrival { recognition, ..Arrival::from_far() };
        steps.push(self.group_step(interface, Direction::Outbound, arrival));
        steps
    }

    /// Returns the step of an interface that does not begin connections, or of which it is not known.
    pub(super) fn initiate(&self, interface: usize) -> Option<Step> {
        let node = self.node(interface);
        let component = Component::Interface(node.id.clone());
        match node.kind {
            InterfaceKind::Endpoint => Some(Step::stop(Code::EndpointIntraVpcTraffic, component)),
            kind if is_opaque(kind) => Some(not_modelled(component)),
            _ => None,
        }
    }

    /// Returns the steps of entering a subnet and an interface.
    pub(super) fn arrive(&mut self, target: usize, arrival: Arrival) -> Vec<Step> {
        let node = self.node(target);
        let mut steps = Vec::new();
        if !arrival.within_subnet {
            steps.push(self.acl_step(node.subnet, Direction::Inbound, arrival.source));
        }
        steps.extend(self.accept(target));
        steps.push(self.group_step(target, Direction::Inbound, arrival));
        steps
    }

    /// Returns the step of an interface that does not take every packet that its groups allow.
    fn accept(&mut self, target: usize) -> Option<Step> {
        let node = self.node(target);
        let component = Component::Interface(node.id.clone());
        match node.kind {
            InterfaceKind::NatGateway => {
                Some(Step::stop(Code::NatDestinationAddressPreservation, component))
            }
            InterfaceKind::Lambda => Some(Step::stop(Code::FunctionTakesNoConnection, component)),
            InterfaceKind::Endpoint => {
                let (tcp, udp) = (Protocol::TCP, Protocol::UDP);
                let traffic = Traffic::protocol(tcp).union(&Traffic::protocol(udp));
                let passed = Bounds::exactly(self.pool.intern(traffic));
                let mut step = Step::at(component);
                step.pass = Pass::Fixed(passed, Code::ProtocolRestriction);
                Some(step)
            }
            kind if is_opaque(kind) => Some(not_modelled(component)),
            _ => None,
        }
    }

    /// Returns the step of an interface's security groups.
    fn group_step(&mut self, interface: usize, direction: Direction, arrival: Arrival) -> Step {
        let Arrival { source, recognition, sender, .. } = arrival;
        let node = self.node(interface);
        let side = self.filters.group_side(node.group_set, direction);
        let nothing = StepMap::constant(Bounds::NONE);
        let names_sender = || {
            let groups = sender.map_or(&[][..], |sender| self.index.groups(sender));
            side.by_group.iter().any(|(group, _)| groups.binary_search(group).is_ok())
        };
        let code = if side.by_group.is_empty() && side.by_address == nothing {
            Code::SecurityGroupHasNoRules
        } else if recognition == Recognition::No && names_sender() {
            Code::SecurityGroupReferencesNotPreserved
        } else {
            Code::EniSecurityGroupRulesMismatch
        };
        let by_group = recognition.allowed(side, self.index, self.pool);
        let pool = &mut *self.pool;
        let pass = match source {
            Some(address) => Pass::Fixed(side.by_address.get(address).union(by_group, pool), code),
            None => Pass::ByFar(side.by_address.map(|bounds| bounds.union(by_group, pool)), code),
        };
        let is_on = self.settings.security_groups;
        let doubts = is_on.then(|| doubts(self.model, self.index.groups(interface)));
        Step {
            component: Component::Interface(node.id.clone()),
            direction: Some(direction),
            pass,
            rules: Rules::Groups { interface, recognition, address: source },
            doubts: doubts.unwrap_or_default(),
            is_lost: false,
        }
    }

    /// Returns the step of a subnet's network ACL on the way there; `address` is `None` for the far one.
    pub(super) fn acl_step(
        &self,
        subnet: usize,
        direction: Direction,
        address: Option<Spot>,
    ) -> Step {
        let passes = self.filters.acl(self.filters.acl_number(subnet)).passes(direction);
        let pass = pass(passes, address, Code::SubnetAclRestriction);
        self.acl_step_of(subnet, direction, address, pass)
    }

    /// Returns the step of a subnet's network ACL on the way back. The direction is the reply's.
    pub(super) fn acl_reply(
        &self,
        subnet: usize,
        direction: Direction,
        address: Option<Spot>,
    ) -> Step {
        let passes = self.filters.acl(self.filters.acl_number(subnet)).passes_replies(direction);
        let pass = pass(passes, address, Code::SubnetAclRestriction);
        self.acl_step_of(subnet, direction, address, pass)
    }

    pub(super) fn acl_step_of(
        &self,
        subnet: usize,
        direction: Direction,
        address: Option<Spot>,
        pass: Pass,
    ) -> Step {
        let acl = self.filters.acl_number(subnet);
        let subnet = self.subnet_component(subnet);
        let read = self.filters.acl_id(acl).map(|id| Component::NetworkAcl(id.clone()));
        let is_unread = read.is_none() && self.settings.network_acls;
        let reason = UnknownReason::NoNetworkAcl;
        let doubt = is_unread.then(|| Unknown { reason, component: subnet.clone() });
        Step {
            component: read.unwrap_or(subnet),
            direction: Some(direction),
            pass,
            rules: Rules::Acl { acl, address },
            doubts: doubt.into_iter().collect(),
            is_lost: false,
        }
    }

    pub(super) fn subnet_component(&self, subnet: usize) -> Component {
        let subnet = self.index.subnets.get(subnet);
        subnet.map_or(Component::Internet, |subnet| Component::Subnet(subnet.id.clone()))
    }

    /// Returns the step of the route that a subnet's packets take; `address` is `None` for the far one.
    pub(super) fn route_step(&self, subnet: usize, routed: &Routed, address: Option<Spot>) -> Step {
        let number = self.filters.routing_number(subnet);
        let table = self.filters.routing(number).table.as_ref();
        let table = table.map(|id| Component::RouteTable(id.clone()));
        let component = table.unwrap_or_else(|| self.subnet_component(subnet));
        let mut step = Step::at(component.clone());
        if !routed.is_certain {
            let reason = UnknownReason::RouteState;
            step.pass = Pass::Unknown(Unknown { reason, component });
        }
        step.rules = Rules::Route { routing: number, address };
        step
    }

    /// Returns the step of routing a reply from a subnet back to `source`.
    pub(super) fn return_route(&self, subnet: usize, source: Spot, via: Via<'_>) -> Step {
        let routing = self.filters.routing(self.filters.routing_number(subnet));
        let routed = routing.at(source);
        let mut step = self.route_step(subnet, routed, Some(source));
        match (&routed.way, via) {
            (Way::Undecided(unknown, _), _) => step.pass = Pass::Unknown(unknown.clone()),
            (Way::Local, Via::Local) => {}
            (Way::Peering(id, _), Via::Peering(came)) if id == came => {}
            _ => step.pass = Pass::Nothing(Code::NoReturnRoute),
        }
        step
    }
}

/// Returns the step of a component that is not modelled yet.
pub(super) fn not_modelled(component: Component) -> Step {
    Step::unknown(Unknown { reason: UnknownReason::NotModelled, component })
}

/// Returns what a map passes at an address, or by the far one.
pub(super) fn pass(map: &StepMap<Spot, Bounds>, address: Option<Spot>, code: Code) -> Pass {
    match address {
        Some(address) => Pass::Fixed(*map.get(address), code),
        None => Pass::ByFar(map.clone(), code),
    }
}
