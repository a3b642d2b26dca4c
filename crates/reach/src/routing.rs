//! Route tables, compiled: from the destination address to where the packet goes.

use std::collections::BTreeSet;
use std::sync::Arc;

use portolan_model::{
    EgressOnlyGatewayId, EndpointId, EndpointKind, InstanceId, InternetGatewayId, Model,
    NatGatewayId, PeeringId, PrefixListId, Route, RouteDestination, RouteOrigin, RouteState,
    RouteTable, RouteTableId, RouteTarget, VpcId,
};
use portolan_net::{IpPrefix, Set as _, StepMap};

use crate::code::Code;
use crate::evidence::{Component, RuleReference, Unknown, UnknownReason};
use crate::index::Index;
use crate::line::{Spot, Spots, scope, spots};

/// Where a route leads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    /// To the VPC's own interfaces.
    Local,
    /// To the Internet, with public addresses.
    InternetGateway(InternetGatewayId),
    /// To the Internet, IPv6 and outbound only.
    EgressOnlyGateway(EgressOnlyGatewayId),
    /// To the Internet, behind a gateway's address.
    NatGateway(NatGatewayId),
    /// To another VPC of the model, by number.
    Peering(PeeringId, usize),
    /// To a service of AWS.
    GatewayEndpoint(EndpointId),
    /// Nowhere.
    Dropped(Code, Component),
    /// To something of which nobody knows what it does with packets.
    Opaque(Unknown, Identity),
    /// Nobody knows where to.
    Undecided(Unknown, Identity),
}

/// Whether security groups may recognise the sender behind a way that is not known.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Identity {
    /// They may.
    Kept,
    /// They do not.
    Lost,
}

/// A compiled route table: a way for each address.
#[derive(Clone, Debug)]
pub(crate) struct Routing {
    /// The table; `None` where the subnet's was not read.
    pub(crate) table: Option<RouteTableId>,
    ways: Vec<Routed>,
    map: StepMap<Spot, usize>,
}

/// A way and the route that it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Routed {
    pub(crate) way: Way,
    pub(crate) rule: Option<RuleReference>,
    /// Whether the state of the route is known.
    pub(crate) is_certain: bool,
}

impl Routed {
    const fn new(way: Way, rule: Option<RuleReference>) -> Self {
        Self { way, rule, is_certain: true }
    }
}

/// Which of two routes to equal prefixes wins: the greater.
///
/// Source: Amazon VPC User Guide, "Route priority".
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rank {
    Propagated,
    PrefixList,
    ImplicitLocal,
    Static,
}

/// One prefix that a route matches.
struct Candidate {
    prefix: IpPrefix,
    rank: Rank,
    /// Whether it stands for several routes of this rank to different targets.
    is_ambiguous: bool,
    hop: usize,
}

/// The number of the way of what no route matches is 0; of the local route that need not be listed:
const LOCAL: usize = 1;
/// The number of the way of the first route of a table; the others follow.
const FIRST_ROUTE: usize = 2;

impl Routing {
    /// Returns the routing of a subnet whose route table was not read.
    pub(crate) fn unread(component: Component) -> Self {
        let unknown = Unknown { reason: UnknownReason::NotRead, component };
        let way = Way::Undecided(unknown, Identity::Kept);
        Self { table: None, ways: vec![Routed::new(way, None)], map: StepMap::constant(0) }
    }

    /// Returns where a packet to `address` goes.
    pub(crate) fn at(&self, address: Spot) -> &Routed {
        self.hop(*self.map.get(address))
    }

    /// Returns the parts of `addresses` that go different ways, in the order of their first addresses.
    pub(crate) fn split(&self, addresses: &Spots) -> Vec<(Spots, &Routed)> {
        if let [interval] = addresses.intervals()
            && interval.first() == interval.last()
        {
            return vec![(addresses.clone(), self.at(interval.first()))];
        }
        self.map
            .group()
            .into_iter()
            .map(|(part, number)| (part.intersection(addresses), self.hop(number)))
            .filter(|(part, _)| !part.is_empty())
            .collect()
    }

    /// Returns a value for each address by the way that it goes.
    pub(crate) fn map<X: Eq>(&self, mut value: impl FnMut(&Routed) -> X) -> StepMap<Spot, X> {
        self.map.map(|number| value(self.hop(*number)))
    }

    /// Yields the different ways, whether any address goes there or not.
    pub(crate) fn hops(&self) -> impl Iterator<Item = &Routed> {
        self.ways.iter()
    }

    #[expect(clippy::indexing_slicing, reason = "the map holds numbers of `ways` only")]
    fn hop(&self, number: usize) -> &Routed {
        &self.ways[number]
    }

    /// Compiles a route table.
    pub(crate) fn compile(model: &Model, index: &Index, table: &RouteTable) -> Self {
        let component = Component::RouteTable(table.id.clone());
        let dropped = Way::Dropped(Code::NoRouteToDestination, component.clone());
        let mut ways = vec![Routed::new(dropped, None), Routed::new(Way::Local, None)];
        let mut candidates = implicit_local(index, table);
        let mut unread = Vec::new();
        for route in &table.routes {
            let rule = Some(reference(table, route));
            let is_certain = route.state != RouteState::Unknown;
            ways.push(Routed { way: way(model, index, table, route), rule, is_certain });
            let hop = ways.len() - 1;
            match &route.destination {
                RouteDestination::V4(prefix) => {
                    candidates.push(candidate((*prefix).into(), route, hop));
                }
                RouteDestination::V6(prefix) => {
                    candidates.push(candidate((*prefix).into(), route, hop));
                }
                RouteDestination::PrefixList(list) => {
                    match model.prefix_lists.get(list).and_then(|list| list.entries.as_ref()) {
                        Some(entries) => candidates
                            .extend(entries.iter().map(|entry| candidate(*entry, route, hop))),
                        None => unread.push((list, hop)),
                    }
                }
            }
        }
        let mut routing = Self { table: Some(table.id.clone()), ways, map: StepMap::constant(0) };
        drop_propagated_local(&mut candidates, &routing.ways);
        routing.paint(candidates, &component);
        routing.keep_own_addresses(model, index, table);
        for (list, hop) in unread {
            routing.doubt(model, index, table, list, hop);
        }
        routing.restrict_peerings(index);
        routing
    }

    /// Paints from the least to the most preferred, so that the last painted wins.
    fn paint(&mut self, mut candidates: Vec<Candidate>, component: &Component) {
        self.add_ambiguities(&mut candidates, component);
        candidates.sort_by_key(|c| (length(c.prefix), c.rank, c.is_ambiguous));
        self.map.paint_all(candidates.iter().flat_map(|c| {
            let painted = spots(c.prefix);
            painted.intervals().iter().map(|interval| (*interval, c.hop)).collect::<Vec<_>>()
        }));
    }

    /// Adds a candidate for each prefix that equally good routes lead to different targets.
    fn add_ambiguities(&mut self, candidates: &mut Vec<Candidate>, component: &Component) {
        candidates.sort_by_key(|c| (c.prefix, c.rank, c.hop));
        let mut found = Vec::new();
        for pair in candidates.windows(2) {
            let [a, b] = pair else { continue };
            let is_tie = (a.prefix, a.rank) == (b.prefix, b.rank);
            if is_tie && self.target(a.hop) != self.target(b.hop) {
                let reason = UnknownReason::AmbiguousRoute;
                let unknown = Unknown { reason, component: component.clone() };
                let way = Way::Undecided(unknown, Identity::Kept);
                self.ways.push(Routed::new(way, self.hop(a.hop).rule.clone()));
                let hop = self.ways.len() - 1;
                found.push(Candidate { hop, is_ambiguous: true, ..*a });
            }
        }
        candidates.extend(found);
    }

    /// Returns what a route says of its target, to tell targets apart.
    fn target(&self, hop: usize) -> Option<&str> {
        let text = self.hop(hop).rule.as_ref().map(|rule| rule.text.as_str());
        text.and_then(|text| text.rsplit_once(" to ")).map(|(_, target)| target)
    }

    /// Routes locally what an interface that is a target has itself: it does not forward that.
    fn keep_own_addresses(&mut self, model: &Model, index: &Index, table: &RouteTable) {
        for (place, route) in table.routes.iter().enumerate() {
            let own: Spots = match &route.target {
                RouteTarget::Interface(id) => index.own_addresses(index.interface(id)),
                RouteTarget::Instance(id) => index.own_addresses(interfaces_of(model, index, id)),
                _ => continue,
            };
            let hop = FIRST_ROUTE + place;
            if route.state == RouteState::Blackhole {
                continue;
            }
            self.ways.push(Routed { way: Way::Local, ..self.hop(hop).clone() });
            let local = self.ways.len() - 1;
            let inside = scope(&own);
            self.map =
                self.map.zip_with(
                    &inside,
                    |number, inside| {
                        if *number == hop && *inside { local } else { *number }
                    },
                );
        }
    }

    /// Takes in a route to a prefix list that was not read.
    fn doubt(
        &mut self,
        model: &Model,
        index: &Index,
        table: &RouteTable,
        list: &PrefixListId,
        hop: usize,
    ) {
        let to_endpoint = table.routes.get(hop - FIRST_ROUTE).is_some_and(|route| {
            let RouteTarget::Endpoint(id) = &route.target else { return false };
            model.endpoints.get(id).is_some_and(|endpoint| endpoint.kind == EndpointKind::Gateway)
        });
        let component = Component::PrefixList(list.clone());
        let unknown = Unknown { reason: UnknownReason::NotRead, component };
        let identity = if to_endpoint { Identity::Lost } else { Identity::Kept };
        let way = Way::Undecided(unknown, identity);
        self.ways.push(Routed::new(way, self.hop(hop).rule.clone()));
        let undecided = self.ways.len() - 1;
        let vpc = index.vpc(&table.vpc).and_then(|vpc| index.vpcs.get(vpc));
        let internet = vpc.map(|vpc| index.internet.difference(&vpc.cidrs));
        let internet = scope(&internet.unwrap_or_else(|| index.internet.clone()));
        let ways = &self.ways;
        let is_touched = |hop: usize, in_internet: bool| match ways.get(hop).map(|hop| &hop.way) {
            Some(Way::Local) => false,
            Some(Way::Dropped(Code::NoRouteToDestination | Code::BadStateRoute, _)) => {
                in_internet || !to_endpoint
            }
            _ => !to_endpoint,
        };
        self.map = self.map.zip_with(&internet, |hop, in_internet| {
            if is_touched(*hop, *in_internet) { undecided } else { *hop }
        });
    }

    /// Drops what a peering connection is given and the peer VPC does not have.
    fn restrict_peerings(&mut self, index: &Index) {
        for hop in 0..self.ways.len() {
            let Some(Routed { way: Way::Peering(id, vpc), rule, .. }) = self.ways.get(hop) else {
                continue;
            };
            let component = Component::Peering(id.clone());
            let way = Way::Dropped(Code::PeeringRequiresAddressInVpc, component);
            let (rule, vpc) = (rule.clone(), *vpc);
            self.ways.push(Routed::new(way, rule));
            let dropped = self.ways.len() - 1;
            let inside = index.vpcs.get(vpc).map(|node| scope(&node.cidrs));
            let inside = inside.unwrap_or_else(|| StepMap::constant(false));
            self.map = self.map.zip_with(&inside, |number, inside| {
                if *number == hop && !inside { dropped } else { *number }
            });
        }
    }
}

/// Returns the local routes that every table has, listed or not.
fn implicit_local(index: &Index, table: &RouteTable) -> Vec<Candidate> {
    let cidrs = index.vpc(&table.vpc).and_then(|vpc| index.vpcs.get(vpc));
    let cidrs = cidrs.map_or(&[][..], |vpc| vpc.prefixes.as_slice());
    let local = |prefix: &IpPrefix| Candidate {
        prefix: *prefix,
        rank: Rank::ImplicitLocal,
        is_ambiguous: false,
        hop: LOCAL,
    };
    cidrs.iter().map(local).collect()
}

fn candidate(prefix: IpPrefix, route: &Route, hop: usize) -> Candidate {
    let rank = match (&route.destination, route.origin) {
        (_, RouteOrigin::Propagated | RouteOrigin::Other) => Rank::Propagated,
        (RouteDestination::PrefixList(_), _) => Rank::PrefixList,
        _ => Rank::Static,
    };
    Candidate { prefix, rank, is_ambiguous: false, hop }
}

fn length(prefix: IpPrefix) -> u8 {
    match prefix {
        IpPrefix::V4(prefix) => prefix.length(),
        IpPrefix::V6(prefix) => prefix.length(),
    }
}

/// Drops propagated routes to addresses that a local route has: they never win.
///
/// Source: AWS Site-to-Site VPN User Guide, "Route tables and route priority".
fn drop_propagated_local(candidates: &mut Vec<Candidate>, ways: &[Routed]) {
    let is_local = |c: &&Candidate| ways.get(c.hop).is_some_and(|hop| hop.way == Way::Local);
    let local: Vec<Spots> = candidates.iter().filter(is_local).map(|c| spots(c.prefix)).collect();
    candidates.retain(|c| {
        let own = spots(c.prefix);
        c.rank != Rank::Propagated || !local.iter().any(|local| local.contains_set(&own))
    });
}

fn way(model: &Model, index: &Index, table: &RouteTable, route: &Route) -> Way {
    if route.state == RouteState::Blackhole {
        return Way::Dropped(Code::BadStateRoute, Component::RouteTable(table.id.clone()));
    }
    let is_elsewhere = |vpc: Option<&VpcId>| vpc != Some(&table.vpc);
    match &route.target {
        RouteTarget::Local => Way::Local,
        RouteTarget::InternetGateway(id) => match model.internet_gateways.get(id) {
            None => unread(Component::InternetGateway(id.clone())),
            Some(gateway) if is_elsewhere(gateway.vpc.as_ref()) => {
                Way::Dropped(Code::BadStateAttachment, Component::InternetGateway(id.clone()))
            }
            Some(_) => Way::InternetGateway(id.clone()),
        },
        RouteTarget::EgressOnlyGateway(id) => match model.egress_only_gateways.get(id) {
            None => unread(Component::EgressOnlyGateway(id.clone())),
            Some(gateway) if is_elsewhere(gateway.vpc.as_ref()) => {
                Way::Dropped(Code::BadStateAttachment, Component::EgressOnlyGateway(id.clone()))
            }
            Some(_) => Way::EgressOnlyGateway(id.clone()),
        },
        RouteTarget::NatGateway(id) => match model.nat_gateways.get(id) {
            None => unread(Component::NatGateway(id.clone())),
            Some(gateway) if !gateway.is_available => {
                Way::Dropped(Code::BadState, Component::NatGateway(id.clone()))
            }
            Some(_) => Way::NatGateway(id.clone()),
        },
        RouteTarget::Peering(id) => peering(model, index, table, id),
        RouteTarget::Endpoint(id) => endpoint(model, id),
        RouteTarget::Interface(id) => appliance(index, &index.interface(id), id.as_str()),
        RouteTarget::Instance(id) => {
            appliance(index, &interfaces_of(model, index, id), id.as_str())
        }
        RouteTarget::TransitGateway(id) => not_modelled(Component::TransitGateway(id.clone())),
        RouteTarget::VpnGateway(id) => not_modelled(Component::VpnGateway(id.clone())),
        RouteTarget::Other(id) => not_modelled(Component::Other(Arc::clone(id))),
    }
}

fn unread(component: Component) -> Way {
    Way::Opaque(Unknown { reason: UnknownReason::NotRead, component }, Identity::Lost)
}

fn not_modelled(component: Component) -> Way {
    Way::Opaque(Unknown { reason: UnknownReason::NotModelled, component }, Identity::Lost)
}

fn endpoint(model: &Model, id: &EndpointId) -> Way {
    let component = Component::Endpoint(id.clone());
    match model.endpoints.get(id) {
        None => unread(component),
        Some(endpoint) if endpoint.kind != EndpointKind::Gateway => not_modelled(component),
        Some(endpoint) if endpoint.is_available => Way::GatewayEndpoint(id.clone()),
        Some(_) => Way::Dropped(Code::BadState, component),
    }
}

fn peering(model: &Model, index: &Index, table: &RouteTable, id: &PeeringId) -> Way {
    let component = Component::Peering(id.clone());
    let outside = |reason, component| Way::Opaque(Unknown { reason, component }, Identity::Kept);
    let Some(peering) = model.peerings.get(id) else {
        return outside(UnknownReason::NotRead, component);
    };
    if !peering.is_active {
        return Way::Dropped(Code::BadState, component);
    }
    let Some(opposite) = peering.opposite(&table.vpc) else {
        return Way::Dropped(Code::CannotRoute, component);
    };
    match index.vpc(&opposite.vpc).filter(|_| model.vpcs.contains_key(&opposite.vpc)) {
        Some(vpc) => Way::Peering(id.clone(), vpc),
        None => outside(UnknownReason::OutsideModel, Component::Vpc(opposite.vpc.clone())),
    }
}

/// Returns the interfaces of an instance, as far as they are in the model.
fn interfaces_of(model: &Model, index: &Index, id: &InstanceId) -> Vec<usize> {
    let listed = model.instances.get(id).map_or(&[][..], |instance| &instance.interfaces);
    let attached = model.interfaces.values().filter(|i| i.instance.as_ref() == Some(id));
    let ids = listed.iter().chain(attached.map(|interface| &interface.id));
    let numbers: BTreeSet<usize> = ids.filter_map(|id| index.interface(id)).collect();
    numbers.into_iter().collect()
}

/// Returns the way through interfaces that forward: nobody knows, unless all check addresses.
fn appliance<'a>(index: &Index, interfaces: impl IntoIterator<Item = &'a usize>, id: &str) -> Way {
    let mut nodes = interfaces.into_iter().filter_map(|number| index.interfaces.get(*number));
    let Some(first) = nodes.next() else { return unread(Component::Other(id.into())) };
    let component = Component::Interface(first.id.clone());
    if first.source_dest_check && nodes.all(|node| node.source_dest_check) {
        return Way::Dropped(Code::EniSourceDestCheckRestriction, component);
    }
    Way::Opaque(Unknown { reason: UnknownReason::Appliance, component }, Identity::Lost)
}

fn reference(table: &RouteTable, route: &Route) -> RuleReference {
    let destination = match &route.destination {
        RouteDestination::V4(prefix) => prefix.to_string(),
        RouteDestination::V6(prefix) => prefix.to_string(),
        RouteDestination::PrefixList(list) => list.to_string(),
    };
    let target = target(&route.target);
    let text = format!("{destination} to {}", target.as_ref().map_or("local", Component::id));
    let list = match &route.destination {
        RouteDestination::PrefixList(list) => Some(Component::PrefixList(list.clone())),
        RouteDestination::V4(_) | RouteDestination::V6(_) => None,
    };
    let names = list.into_iter().chain(target).collect();
    RuleReference {
        component: Component::RouteTable(table.id.clone()),
        id: destination,
        text,
        names,
    }
}

fn target(target: &RouteTarget) -> Option<Component> {
    Some(match target {
        RouteTarget::Local => return None,
        RouteTarget::InternetGateway(id) => Component::InternetGateway(id.clone()),
        RouteTarget::EgressOnlyGateway(id) => Component::EgressOnlyGateway(id.clone()),
        RouteTarget::NatGateway(id) => Component::NatGateway(id.clone()),
        RouteTarget::VpnGateway(id) => Component::VpnGateway(id.clone()),
        RouteTarget::TransitGateway(id) => Component::TransitGateway(id.clone()),
        RouteTarget::Peering(id) => Component::Peering(id.clone()),
        RouteTarget::Endpoint(id) => Component::Endpoint(id.clone()),
        RouteTarget::Interface(id) => Component::Interface(id.clone()),
        RouteTarget::Instance(id) => Component::Other(id.as_str().into()),
        RouteTarget::Other(id) => Component::Other(Arc::clone(id)),
    })
}
