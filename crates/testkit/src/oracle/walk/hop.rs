//! What the target of a route turns out to be.

use std::net::IpAddr;

use portolan_model::{
    EgressOnlyGateway, Endpoint, EndpointKind, InternetGateway, Model, NatGateway,
    NetworkInterface, Peering, PeeringId, RouteState, RouteTarget, Vpc,
};

use crate::oracle::Certainty;
use crate::oracle::facts::interfaces_of;
use crate::oracle::route::{Unclear, Way, way};

/// What the target of a route turns out to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hop<'m> {
    /// The VPC of the sender, or even its subnet.
    WithinVpc {
        /// Whether neither network ACL nor route come in between.
        is_within_subnet: bool,
    },
    /// A peering connection that works, and the VPC behind it.
    Peering(&'m Peering, &'m Vpc),
    /// An Internet gateway.
    InternetGateway(&'m InternetGateway),
    /// An egress-only Internet gateway.
    EgressOnlyGateway(&'m EgressOnlyGateway),
    /// A NAT gateway.
    NatGateway(&'m NatGateway),
    /// A gateway endpoint.
    GatewayEndpoint(&'m Endpoint),
    /// The packet ends here, for this reason.
    Dropped(&'static str),
    /// Nothing is known from here on.
    Unknown {
        /// The reason.
        why: &'static str,
        /// Whether security groups may still recognise each other.
        keeps_identity: bool,
    },
}

/// Returns where the packet goes next, and whether the route there works.
pub(super) fn next_hop<'m>(
    model: &'m Model,
    from: &NetworkInterface,
    to: IpAddr,
) -> (Hop<'m>, Certainty) {
    match way(model, &from.subnet, to) {
        Way::WithinSubnet => (Hop::WithinVpc { is_within_subnet: true }, Certainty::Yes),
        Way::Nowhere => (Hop::Dropped("5 no route"), Certainty::Yes),
        Way::Unclear(unclear) => {
            let keeps_identity = unclear == Unclear::Anything;
            let why = "5 it is not known which route leads there";
            (Hop::Unknown { why, keeps_identity }, Certainty::Yes)
        }
        Way::Route(_, RouteState::Blackhole) => (Hop::Dropped("5 a blackhole"), Certainty::Yes),
        Way::Route(target, state) => (hop(model, from, target), certainty_of(state)),
    }
}

fn hop<'m>(model: &'m Model, from: &NetworkInterface, target: &'m RouteTarget) -> Hop<'m> {
    let unread = |why| Hop::Unknown { why, keeps_identity: false };
    match target {
        RouteTarget::Local => Hop::WithinVpc { is_within_subnet: false },
        RouteTarget::InternetGateway(id) => model
            .internet_gateways
            .get(id)
            .map_or(unread("6 an unread Internet gateway"), Hop::InternetGateway),
        RouteTarget::EgressOnlyGateway(id) => model
            .egress_only_gateways
            .get(id)
            .map_or(unread("6 an unread egress-only gateway"), Hop::EgressOnlyGateway),
        RouteTarget::NatGateway(id) => {
            model.nat_gateways.get(id).map_or(unread("6 an unread NAT gateway"), Hop::NatGateway)
        }
        RouteTarget::Peering(id) => peering_hop(model, from, id),
        RouteTarget::Endpoint(id) => match model.endpoints.get(id) {
            Some(endpoint) if endpoint.kind == EndpointKind::Gateway => {
                Hop::GatewayEndpoint(endpoint)
            }
            _ => unread("6 an endpoint that is not a gateway endpoint, or unread"),
        },
        RouteTarget::Interface(id) => forwarding(model.interfaces.get(id).into_iter()),
        RouteTarget::Instance(id) => forwarding(interfaces_of(model, id)),
        RouteTarget::VpnGateway(_) | RouteTarget::TransitGateway(_) | RouteTarget::Other(_) => {
            unread("6 a target that is not modelled")
        }
    }
}

fn peering_hop<'m>(model: &'m Model, from: &NetworkInterface, id: &PeeringId) -> Hop<'m> {
    let unread = |why| Hop::Unknown { why, keeps_identity: true };
    let Some(peering) = model.peerings.get(id) else {
        return unread("6 an unread peering connection");
    };
    if !peering.is_active {
        return Hop::Dropped("6 the peering connection is not active");
    }
    match peering.opposite(&from.vpc).map(|side| model.vpcs.get(&side.vpc)) {
        None => Hop::Dropped("6 the peering connection is of other VPCs"),
        Some(None) => unread("6 the peer VPC was not read"),
        Some(Some(peer)) => Hop::Peering(peering, peer),
    }
}

/// Returns what becomes of a packet that is sent to interfaces which do not have its destination address.
fn forwarding<'m>(mut interfaces: impl Iterator<Item = &'m NetworkInterface>) -> Hop<'m> {
    let first = interfaces.next();
    if first.is_some_and(|one| one.source_dest_check) && interfaces.all(|one| one.source_dest_check)
    {
        Hop::Dropped("6 the interface checks source and destination")
    } else {
        Hop::Unknown { why: "6 an appliance", keeps_identity: false }
    }
}

/// Returns how sure it is that a route works which is not a blackhole.
pub(super) fn certainty_of(state: RouteState) -> Certainty {
    match state {
        RouteState::Active => Certainty::Yes,
        RouteState::Unknown => Certainty::Maybe,
        RouteState::Blackhole => Certainty::No,
    }
}
