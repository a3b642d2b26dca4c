//! Route tables, compiled: from the destination address to where the packet goes.

use std::sync::Arc;

use portolan_model::{
    EgressOnlyGatewayId, EndpointId, EndpointKind, InternetGatewayId, Model, NatGatewayId,
    PeeringId, PrefixListId, Route, RouteDestination, RouteOrigin, RouteState, RouteTable,
    RouteTableId, RouteTarget,
};
use portolan_net::{IpPrefix, Set as _, StepMap};

use crate::code::Code;
use crate::evidence::{Component, RuleReference, Unknown, UnknownReason};
use crate::index::Index;
use crate::line::{Spot, Spots, spots};

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
    /// Nobody knows.
    Unknown(Unknown),
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
}

/// Which of two routes to equal prefixes wins: the greater.
///
/// Source: Amazon VPC User Guide, "Route priority".
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rank {
    Propagated,
    PrefixList,
    Ambiguous,
    ImplicitLocal,
    Static,
}

/// One prefix that a route matches.
struct Candidate {
    prefix: IpPrefix,
    rank: Rank,
    hop: usize,
}

const NO_ROUTE: usize = 0;
const LOCAL: usize = 1;

impl Routing {
    /// Returns the routing of a subnet whose route table was not read.
    pub(crate) fn unread(component: Component) -> Self {
        let way = Way::Unknown(Unknown { reason: UnknownReason::NotRead, component });
        Self { table: None, ways: vec![Routed { way, rule: None }], map: StepMap::constant(0) }
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

    /// Yields the addresses at which the way changes.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = Spot> {
        self.map.steps().map(|(step, _)| step.first())
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
        let mut ways =
            vec![Routed { way: dropped, rule: None }, Routed { way: Way::Local, rule: None }];
        let mut candidates = implicit_local(index, table);
        let mut unread = Vec::new();
        for route in &table.routes {
            let rule = Some(reference(table, route));
            ways.push(Routed { way: way(model, index, table, route), rule });
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
        routing.paint(candidates, &component);
        for (list, hop) in unread {
            routing.doubt(index, list, hop);
        }
        routing.restrict_peerings(index);
        routing
    }

    /// Paints from the least to the most preferred, so that the last painted wins.
    fn paint(&mut self, mut candidates: Vec<Candidate>, component: &Component) {
        self.add_ambiguities(&mut candidates, component);
        candidates.sort_by_key(|c| (length(c.prefix), c.rank));
        self.map.paint_all(candidates.iter().flat_map(|c| {
            let painted = spots(c.prefix);
            painted.intervals().iter().map(|interval| (*interval, c.hop)).collect::<Vec<_>>()
        }));
    }

    /// Adds a candidate for each prefix that two prefix lists of the table lead to different targets.
    fn add_ambiguities(&mut self, candidates: &mut Vec<Candidate>, component: &Component) {
        let mut listed: Vec<(IpPrefix, usize)> = candidates
            .iter()
            .filter(|c| c.rank == Rank::PrefixList)
            .map(|c| (c.prefix, c.hop))
            .collect();
        listed.sort_unstable();
        for pair in listed.windows(2) {
            let [(first, a), (second, b)] = pair else { continue };
            if first == second && self.hop(*a).way != self.hop(*b).way {
                let reason = UnknownReason::AmbiguousRoute;
                let way = Way::Unknown(Unknown { reason, component: component.clone() });
                self.ways.push(Routed { way, rule: self.hop(*a).rule.clone() });
                let hop = self.ways.len() - 1;
                candidates.push(Candidate { prefix: *first, rank: Rank::Ambiguous, hop });
            }
        }
    }

    /// Takes in a route to a prefix list that was not read.
    fn doubt(&mut self, index: &Index, list: &PrefixListId, hop: usize) {
        let component = Component::PrefixList(list.clone());
        let way = Way::Unknown(Unknown { reason: UnknownReason::NotRead, component });
        let to_endpoint = matches!(self.hop(hop).way, Way::GatewayEndpoint(_));
        self.ways.push(Routed { way, rule: self.hop(hop).rule.clone() });
        let unknown = self.ways.len() - 1;
        let mut in_internet = StepMap::constant(false);
        in_internet.paint_all(index.internet.intervals().iter().map(|i| (*i, true)));
        let local: Vec<bool> = self.ways.iter().map(|hop| hop.way == Way::Local).collect();
        self.map = self.map.zip_with(&in_internet, |hop, in_internet| {
            let is_local = local.get(*hop).copied().unwrap_or(false);
            let touched = if to_endpoint { *in_internet && *hop == NO_ROUTE } else { !is_local };
            if touched { unknown } else { *hop }
        });
    }

    /// Drops what a peering connection is given and the peer VPC does not have.
    fn restrict_peerings(&mut self, index: &Index) {
        for hop in 0..self.ways.len() {
            let Some(Routed { way: Way::Peering(id, vpc), rule }) = self.ways.get(hop) else {
                continue;
            };
            let component = Component::Peering(id.clone());
            let way = Way::Dropped(Code::PeeringRequiresAddressInVpc, component);
            let (rule, vpc) = (rule.clone(), *vpc);
            self.ways.push(Routed { way, rule });
            let dropped = self.ways.len() - 1;
            let mut inside = StepMap::constant(false);
            let cidrs = index.vpcs.get(vpc).map_or_else(Spots::empty, |node| node.cidrs.clone());
            inside.paint_all(cidrs.intervals().iter().map(|interval| (*interval, true)));
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
    let local =
        |prefix: &IpPrefix| Candidate { prefix: *prefix, rank: Rank::ImplicitLocal, hop: LOCAL };
    cidrs.iter().map(local).collect()
}

fn candidate(prefix: IpPrefix, route: &Route, hop: usize) -> Candidate {
    let rank = match (&route.destination, route.origin) {
        (_, RouteOrigin::Propagated | RouteOrigin::Other) => Rank::Propagated,
        (RouteDestination::PrefixList(_), _) => Rank::PrefixList,
        _ => Rank::Static,
    };
    Candidate { prefix, rank, hop }
}

fn length(prefix: IpPrefix) -> u8 {
    match prefix {
        IpPrefix::V4(prefix) => prefix.length(),
        IpPrefix::V6(prefix) => prefix.length(),
    }
}

fn way(model: &Model, index: &Index, table: &RouteTable, route: &Route) -> Way {
    let unknown = |reason, component| Way::Unknown(Unknown { reason, component });
    if route.state == RouteState::Blackhole {
        return Way::Dropped(Code::BadStateRoute, Component::RouteTable(table.id.clone()));
    }
    match &route.target {
        RouteTarget::Local => Way::Local,
        RouteTarget::InternetGateway(id) => Way::InternetGateway(id.clone()),
        RouteTarget::EgressOnlyGateway(id) => Way::EgressOnlyGateway(id.clone()),
        RouteTarget::NatGateway(id) => match model.nat_gateways.get(id) {
            None => unknown(UnknownReason::NotRead, Component::NatGateway(id.clone())),
            Some(gateway) if !gateway.is_available => {
                Way::Dropped(Code::BadState, Component::NatGateway(id.clone()))
            }
            Some(_) => Way::NatGateway(id.clone()),
        },
        RouteTarget::Peering(id) => peering(model, index, table, id),
        RouteTarget::Endpoint(id) => match model.endpoints.get(id) {
            None => unknown(UnknownReason::NotRead, Component::Endpoint(id.clone())),
            Some(endpoint) if endpoint.kind == EndpointKind::Gateway && endpoint.is_available => {
                Way::GatewayEndpoint(id.clone())
            }
            Some(endpoint) if endpoint.kind == EndpointKind::Gateway => {
                Way::Dropped(Code::BadState, Component::Endpoint(id.clone()))
            }
            Some(_) => unknown(UnknownReason::NotModelled, Component::Endpoint(id.clone())),
        },
        RouteTarget::Interface(id) => appliance(index, index.interface(id), id.as_str()),
        RouteTarget::Instance(id) => {
            let instance = model.instances.get(id);
            let interface = instance.and_then(|instance| instance.interfaces.first());
            appliance(index, interface.and_then(|id| index.interface(id)), id.as_str())
        }
        RouteTarget::TransitGateway(id) => {
            unknown(UnknownReason::NotModelled, Component::TransitGateway(id.clone()))
        }
        RouteTarget::VpnGateway(id) => {
            unknown(UnknownReason::NotModelled, Component::VpnGateway(id.clone()))
        }
        RouteTarget::Other(id) => {
            unknown(UnknownReason::NotModelled, Component::Other(Arc::clone(id)))
        }
    }
}

fn peering(model: &Model, index: &Index, table: &RouteTable, id: &PeeringId) -> Way {
    let component = Component::Peering(id.clone());
    let unknown = |reason, component| Way::Unknown(Unknown { reason, component });
    let Some(peering) = model.peerings.get(id) else {
        return unknown(UnknownReason::NotRead, component);
    };
    if !peering.is_active {
        return Way::Dropped(Code::BadState, component);
    }
    let Some(opposite) = peering.opposite(&table.vpc) else {
        return Way::Dropped(Code::CannotRoute, component);
    };
    match index.vpc(&opposite.vpc).filter(|_| model.vpcs.contains_key(&opposite.vpc)) {
        Some(vpc) => Way::Peering(id.clone(), vpc),
        None => unknown(UnknownReason::OutsideModel, Component::Vpc(opposite.vpc.clone())),
    }
}

/// Returns the way through an interface that forwards: nobody knows, unless it checks addresses.
fn appliance(index: &Index, interface: Option<usize>, id: &str) -> Way {
    let node = interface.and_then(|number| index.interfaces.get(number));
    match node {
        Some(node) if node.source_dest_check => {
            let component = Component::Interface(node.id.clone());
            Way::Dropped(Code::EniSourceDestCheckRestriction, component)
        }
        Some(node) => Way::Unknown(Unknown {
            reason: UnknownReason::Appliance,
            component: Component::Interface(node.id.clone()),
        }),
        None => Way::Unknown(Unknown {
            reason: UnknownReason::NotRead,
            component: Component::Other(id.into()),
        }),
    }
}

fn reference(table: &RouteTable, route: &Route) -> RuleReference {
    let destination = match &route.destination {
        RouteDestination::V4(prefix) => prefix.to_string(),
        RouteDestination::V6(prefix) => prefix.to_string(),
        RouteDestination::PrefixList(list) => list.to_string(),
    };
    let text = format!("{destination} to {}", target(&route.target));
    RuleReference { component: Component::RouteTable(table.id.clone()), id: destination, text }
}

fn target(target: &RouteTarget) -> &str {
    match target {
        RouteTarget::Local => "local",
        RouteTarget::InternetGateway(id) => id.as_str(),
        RouteTarget::EgressOnlyGateway(id) => id.as_str(),
        RouteTarget::NatGateway(id) => id.as_str(),
        RouteTarget::VpnGateway(id) => id.as_str(),
        RouteTarget::TransitGateway(id) => id.as_str(),
        RouteTarget::Peering(id) => id.as_str(),
        RouteTarget::Endpoint(id) => id.as_str(),
        RouteTarget::Interface(id) => id.as_str(),
        RouteTarget::Instance(id) => id.as_str(),
        RouteTarget::Other(id) => id,
    }
}
