//! Which way a packet takes out of a subnet: longest prefix, then precedence.

use std::net::IpAddr;

use portolan_model::{
    EndpointKind, Model, PrefixListId, Route, RouteDestination, RouteOrigin, RouteState,
    RouteTable, RouteTarget, SubnetId, Vpc,
};

use super::address::{holds, is_internet, length};
use super::facts::{has_address, interfaces_of, route_table_of};

/// The way of a packet out of where it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'m> {
    /// The destination is in the same subnet.
    WithinSubnet,
    /// A route leads there.
    Route(&'m RouteTarget, RouteState),
    /// No route leads there.
    Nowhere,
    /// It is not known which route leads there.
    Unclear(Unclear),
}

/// Why a way is not known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unclear {
    /// The subnet, the VPC, the route table or a prefix list was not read, or routes contradict each other.
    Anything,
    /// A gateway endpoint may lead there, or nothing does.
    GatewayEndpoint,
}

/// How strong a route is among those of the same length.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rank {
    Propagated,
    PrefixList,
    ImplicitLocal,
    Static,
}

#[derive(Clone, Copy, Debug)]
struct Candidate<'m> {
    length: u8,
    rank: Rank,
    target: &'m RouteTarget,
    state: RouteState,
}

/// Returns the way of a packet that an interface in a subnet sends (steps 3 and 5).
pub(super) fn way<'m>(model: &'m Model, subnet: &SubnetId, to: IpAddr) -> Way<'m> {
    let Some(subnet) = model.subnets.get(subnet) else { return Way::Unclear(Unclear::Anything) };
    let is_within = subnet.ipv4.is_some_and(|cidr| holds(cidr.into(), to))
        || subnet.ipv6.iter().any(|cidr| holds((*cidr).into(), to));
    if is_within { Way::WithinSubnet } else { routed_way(model, &subnet.id, to) }
}

/// Returns the way that the route table of a subnet gives to a packet (step 5).
pub(super) fn routed_way<'m>(model: &'m Model, subnet: &SubnetId, to: IpAddr) -> Way<'m> {
    let known = || {
        let subnet = model.subnets.get(subnet)?;
        Some((model.vpcs.get(&subnet.vpc)?, route_table_of(model, subnet)?))
    };
    match known() {
        Some((vpc, table)) => lookup(model, table, vpc, to),
        None => Way::Unclear(Unclear::Anything),
    }
}

/// Returns the way that a route table gives to a packet.
pub(super) fn lookup<'m>(
    model: &'m Model,
    table: &'m RouteTable,
    vpc: &Vpc,
    to: IpAddr,
) -> Way<'m> {
    let best = match best_route(model, table, vpc, to) {
        Way::Route(target, state) if forwards_to_itself(model, target, to) => {
            Way::Route(&RouteTarget::Local, state)
        }
        best => best,
    };
    if matches!(best, Way::Route(RouteTarget::Local, _)) {
        return best;
    }
    let unread = || table.routes.iter().filter(|route| has_unread_destination(model, route));
    let has_other_way = !matches!(best, Way::Nowhere | Way::Route(_, RouteState::Blackhole));
    if unread().any(|route| !is_gateway_endpoint(model, &route.target)) {
        Way::Unclear(Unclear::Anything)
    } else if unread().next().is_some() && !has_other_way && is_internet(to, vpc) {
        Way::Unclear(Unclear::GatewayEndpoint)
    } else {
        best
    }
}

/// Returns the best of the routes whose destinations are known.
fn best_route<'m>(model: &'m Model, table: &'m RouteTable, vpc: &Vpc, to: IpAddr) -> Way<'m> {
    let mut candidates: Vec<Candidate<'m>> =
        table.routes.iter().filter_map(|route| candidate(model, route, to)).collect();
    candidates.extend(implicit_local(vpc, to));
    if candidates.iter().any(|route| *route.target == RouteTarget::Local) {
        candidates.retain(|route| route.rank != Rank::Propagated);
    }
    let Some(best) = candidates.iter().max_by_key(|route| (route.length, route.rank)) else {
        return Way::Nowhere;
    };
    let is_contradicted = candidates.iter().any(|route| {
        (route.length, route.rank) == (best.length, best.rank) && route.target != best.target
    });
    if is_contradicted {
        Way::Unclear(Unclear::Anything)
    } else {
        Way::Route(best.target, best.state)
    }
}

fn candidate<'m>(model: &Model, route: &'m Route, to: IpAddr) -> Option<Candidate<'m>> {
    let (length, rank) = match &route.destination {
        RouteDestination::V4(cidr) => {
            (holds((*cidr).into(), to).then_some(cidr.length())?, rank_of(route.origin))
        }
        RouteDestination::V6(cidr) => {
            (holds((*cidr).into(), to).then_some(cidr.length())?, rank_of(route.origin))
        }
        RouteDestination::PrefixList(list) => (longest_entry(model, list, to)?, Rank::PrefixList),
    };
    Some(Candidate { length, rank, target: &route.target, state: route.state })
}

const fn rank_of(origin: RouteOrigin) -> Rank {
    match origin {
        RouteOrigin::CreateRouteTable | RouteOrigin::CreateRoute => Rank::Static,
        RouteOrigin::Propagated | RouteOrigin::Other => Rank::Propagated,
    }
}

fn longest_entry(model: &Model, list: &PrefixListId, to: IpAddr) -> Option<u8> {
    let entries = model.prefix_lists.get(list)?.entries.as_ref()?;
    entries.iter().filter(|entry| holds(**entry, to)).map(|entry| length(*entry)).max()
}

/// Returns the local route that a VPC has for each of its CIDRs, whether its tables list it or not.
fn implicit_local<'m>(vpc: &Vpc, to: IpAddr) -> Option<Candidate<'m>> {
    let length =
        vpc.cidrs.iter().filter(|cidr| holds(**cidr, to)).map(|cidr| length(*cidr)).max()?;
    Some(Candidate {
        length,
        rank: Rank::ImplicitLocal,
        target: &RouteTarget::Local,
        state: RouteState::Active,
    })
}

/// Returns whether a route sends a packet to the very interface that has its destination address.
fn forwards_to_itself(model: &Model, target: &RouteTarget, to: IpAddr) -> bool {
    match target {
        RouteTarget::Interface(id) => {
            model.interfaces.get(id).is_some_and(|interface| has_address(interface, to))
        }
        RouteTarget::Instance(id) => {
            interfaces_of(model, id).any(|interface| has_address(interface, to))
        }
        _ => false,
    }
}

fn has_unread_destination(model: &Model, route: &Route) -> bool {
    match &route.destination {
        RouteDestination::PrefixList(list) => {
            model.prefix_lists.get(list).is_none_or(|list| list.entries.is_none())
        }
        RouteDestination::V4(_) | RouteDestination::V6(_) => false,
    }
}

fn is_gateway_endpoint(model: &Model, target: &RouteTarget) -> bool {
    match target {
        RouteTarget::Endpoint(id) => {
            model.endpoints.get(id).is_some_and(|endpoint| endpoint.kind == EndpointKind::Gateway)
        }
        _ => false,
    }
}
