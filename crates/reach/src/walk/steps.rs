//! The steps that every path is made of: interfaces, security groups, network ACLs, route tables.

use portolan_model::{Direction, InterfaceKind};
use portolan_net::{Protocol, Set as _, StepMap, Traffic};

use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::{Component, Unknown, UnknownReason};
use crate::groups::doubts;
use crate::index::Index;
use crate::line::Spot;
use crate::path::{Pass, Rules, Step};
use crate::routing::{Routing, Way};
use crate::walk::{Via, Walk, is_opaque};

impl Walk<'_> {
    /// Returns the steps of leaving an interface. `recognised` is the interface at the far end.
    pub(super) fn leave_interface(
        &mut self,
        interface: usize,
        recognised: Option<usize>,
    ) -> Vec<Step> {
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
    pub(super) fn arrive(
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
                let traffic =
                    Traffic::protocol(Protocol::TCP).union(&Traffic::protocol(Protocol::UDP));
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
    pub(super) fn group_step(
        &mut self,
        interface: usize,
        direction: Direction,
        address: Option<Spot>,
        peer: Option<usize>,
        actual: Option<usize>,
    ) -> Step {
        let node = self.node(interface);
        let side = self.filters.group_side(node.group_set, direction);
        let has_no_rules =
            side.by_group.is_empty() && side.by_address == StepMap::constant(Bounds::NONE);
        let lost = peer.is_none()
            && actual.is_some_and(|actual| {
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
            Some(address) => {
                Pass::Fixed(side.by_address.get(address).union(by_group, self.pool), code)
            }
            None => {
                let pool = &mut *self.pool;
                Pass::ByFar(side.by_address.map(|bounds| bounds.union(by_group, pool)), code)
            }
        };
        let doubts = if self.settings.security_groups {
            doubts(self.model, self.index.groups(interface))
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
    pub(super) fn leave_subnet(&self, subnet: usize, address: Option<Spot>) -> Vec<Step> {
        let mut steps = self.unread_subnet(subnet);
        steps.push(self.acl_step(subnet, Direction::Outbound, address));
        steps
    }

    /// Returns a step for a subnet that was not read, so that nobody knows what is within it.
    pub(super) fn unread_subnet(&self, subnet: usize) -> Vec<Step> {
        let unread = self.index.subnets.get(subnet).filter(|subnet| !subnet.is_read);
        let step = unread.map(|subnet| {
            let component = Component::Subnet(subnet.id.clone());
            Step::unknown(Unknown { reason: UnknownReason::NotRead, component })
        });
        step.into_iter().collect()
    }

    /// Returns the step of a subnet's network ACL on the way there.
    pub(super) fn acl_step(
        &self,
        subnet: usize,
        direction: Direction,
        address: Option<Spot>,
    ) -> Step {
        let acl = self.filters.acl_number(subnet);
        let passes = self.filters.acl(acl).passes(direction);
        self.acl_step_of(
            subnet,
            direction,
            address,
            pass(passes, address, Code::SubnetAclRestriction),
        )
    }

    /// Returns the step of a subnet's network ACL on the way back. The direction is the reply's.
    pub(super) fn acl_reply(
        &self,
        subnet: usize,
        direction: Direction,
        address: Option<Spot>,
    ) -> Step {
        let acl = self.filters.acl_number(subnet);
        let passes = self.filters.acl(acl).passes_replies(direction);
        self.acl_step_of(
            subnet,
            direction,
            address,
            pass(passes, address, Code::SubnetAclRestriction),
        )
    }

    pub(super) fn acl_step_of(
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
    pub(super) fn return_route(&self, subnet: usize, source: Spot, via: Via<'_>) -> Step {
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
}

pub(super) fn not_modelled(component: Component) -> Step {
    Step::unknown(Unknown { reason: UnknownReason::NotModelled, component })
}

pub(super) fn pass(map: &StepMap<Spot, Bounds>, address: Option<Spot>, code: Code) -> Pass {
    match address {
        Some(address) => Pass::Fixed(*map.get(address), code),
        None => Pass::ByFar(map.clone(), code),
    }
}

pub(super) fn route_step(
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
