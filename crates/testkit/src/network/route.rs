//! Route tables of subnets and of Internet gateways.

use portolan_model::{
    EndpointId, EndpointKind, InterfaceKind, Place, PrefixListId, Route, RouteDestination,
    RouteOrigin, RouteState, RouteTable, RouteTarget, Subnet, Vpc, VpcId,
};
use portolan_net::{IpPrefix, Ipv4Prefix, Ipv6Prefix};

use super::endpoint::SERVICE_LIST;
use super::prefix::{covers, halves, v4};
use super::{Draft, piece};

/// What a route may lead to; a kind that the VPC has none of gives no route.
#[derive(Clone, Copy, Debug)]
enum Kind {
    InternetGateway,
    EgressOnlyGateway,
    NatGateway,
    Peering,
    Interface,
    Instance,
    FirewallEndpoint,
    TransitGateway,
    VpnGateway,
    Other,
}

const DEFAULT_V4: [(usize, Kind); 9] = [
    (50, Kind::InternetGateway),
    (30, Kind::NatGateway),
    (3, Kind::Peering),
    (4, Kind::Interface),
    (3, Kind::Instance),
    (3, Kind::FirewallEndpoint),
    (4, Kind::TransitGateway),
    (2, Kind::VpnGateway),
    (1, Kind::Other),
];

const PUBLIC: [(usize, Kind); 1] = [(1, Kind::InternetGateway)];

const DEFAULT_V6: [(usize, Kind); 5] = [
    (45, Kind::InternetGateway),
    (40, Kind::EgressOnlyGateway),
    (6, Kind::NatGateway),
    (4, Kind::TransitGateway),
    (5, Kind::Interface),
];

/// For the CIDR of a subnet or of a VPC: the only targets that AWS takes.
const INSIDE: [(usize, Kind); 3] =
    [(35, Kind::NatGateway), (45, Kind::Interface), (20, Kind::FirewallEndpoint)];

const LISTED: [(usize, Kind); 5] = [
    (35, Kind::InternetGateway),
    (20, Kind::NatGateway),
    (20, Kind::Peering),
    (15, Kind::TransitGateway),
    (10, Kind::Interface),
];

impl Draft {
    pub(super) fn add_route_tables(&mut self) {
        let vpcs: Vec<Vpc> = self.model.vpcs.values().cloned().collect();
        for vpc in vpcs {
            self.add_tables_of_subnets(&vpc);
            if self.chance(15) {
                self.add_edge_table(&vpc);
            }
        }
    }

    fn add_tables_of_subnets(&mut self, vpc: &Vpc) {
        let has_nat = self.model.nat_gateways.values().any(|gateway| gateway.vpc == vpc.id);
        let count = self.random.within(if has_nat { 2..=3 } else { 1..=3 });
        let mut tables: Vec<RouteTable> = (0..count)
            .map(|number| {
                // The last one is for NAT gateways, if there are any.
                let is_public = has_nat && number + 1 == count;
                let id = format!("rtb-{}-{number}", vpc.id);
                let routes = self.routes(vpc, is_public);
                piece::route_table(&id, vpc.place.clone(), vpc.id.clone(), routes)
            })
            .collect();
        for subnet in self.subnets_of(&vpc.id) {
            let number = self.table_for(&subnet, count);
            let is_listed = number > 0 || self.chance(40);
            if let Some(table) = tables.get_mut(number).filter(|_| is_listed) {
                table.subnets.push(subnet.id.clone());
            }
        }
        if let Some(first) = tables.first_mut() {
            first.is_main = true;
        }
        self.model.route_tables.extend(tables.into_iter().map(|table| (table.id.clone(), table)));
    }

    /// Returns the number of a table: for a subnet with a NAT gateway mostly the last.
    fn table_for(&mut self, subnet: &Subnet, count: usize) -> usize {
        let mut gateways = self.model.nat_gateways.values();
        let has_nat = gateways.any(|gateway| gateway.subnet.as_ref() == Some(&subnet.id));
        if has_nat && self.chance(80) { count - 1 } else { self.random.below(count) }
    }

    fn routes(&mut self, vpc: &Vpc, is_public: bool) -> Vec<Route> {
        let mut routes = Vec::new();
        if !self.chance(5) {
            self.add_local_routes(&mut routes, vpc);
        }
        let public = if is_public { 90 } else { 0 };
        self.add_route(&mut routes, vpc, Ipv4Prefix::ALL.into(), &PUBLIC, public);
        self.add_route(&mut routes, vpc, Ipv4Prefix::ALL.into(), &DEFAULT_V4, 88);
        self.add_route(&mut routes, vpc, Ipv6Prefix::ALL.into(), &DEFAULT_V6, 80);
        self.add_route(&mut routes, vpc, v4([192, 0, 2, 0], 24).into(), &DEFAULT_V4, 12);
        self.add_route(&mut routes, vpc, v4([203, 0, 113, 0], 30).into(), &DEFAULT_V4, 12);
        for subnet in self.subnets_of(&vpc.id) {
            let cidrs = subnet.ipv4.map(IpPrefix::from).into_iter();
            for cidr in cidrs.chain(subnet.ipv6.iter().map(|cidr| (*cidr).into())) {
                self.add_route(&mut routes, vpc, cidr, &INSIDE, 3);
            }
        }
        self.add_peering_routes(&mut routes, vpc);
        self.add_propagated_routes(&mut routes, vpc);
        self.add_listed_routes(&mut routes, vpc);
        self.add_endpoint_route(&mut routes, vpc);
        for route in &mut routes {
            if route.target != RouteTarget::Local {
                route.state = self.state();
            }
        }
        routes
    }

    /// Adds the local routes; the target of some was replaced.
    fn add_local_routes(&mut self, routes: &mut Vec<Route>, vpc: &Vpc) {
        for cidr in &vpc.cidrs {
            self.add_route(routes, vpc, *cidr, &INSIDE, 3);
            if !has(routes, &piece::destination(*cidr)) {
                routes.push(piece::route(piece::destination(*cidr), RouteTarget::Local));
            }
        }
    }

    /// Adds a static route `percent` times out of a hundred, if its destination is new and there is such a target.
    fn add_route(
        &mut self,
        routes: &mut Vec<Route>,
        vpc: &Vpc,
        cidr: IpPrefix,
        kinds: &[(usize, Kind)],
        percent: usize,
    ) {
        let destination = piece::destination(cidr);
        if !self.chance(percent) || has(routes, &destination) {
            return;
        }
        let kind = self.random.pick_weighted(kinds).copied();
        routes.extend(
            kind.and_then(|kind| self.target(kind, &vpc.id))
                .map(|target| piece::route(destination, target)),
        );
    }

    /// Adds routes to the peers' CIDRs: to all of them, to a half, or none.
    fn add_peering_routes(&mut self, routes: &mut Vec<Route>, vpc: &Vpc) {
        let peerings: Vec<_> = self.model.peerings.values().cloned().collect();
        for peering in peerings {
            let Some(side) = peering.opposite(&vpc.id) else { continue };
            let ipv4 = side.ipv4.iter().map(|cidr| IpPrefix::from(*cidr));
            for whole in ipv4.chain(side.ipv6.iter().map(|cidr| (*cidr).into())) {
                let half = self.pick(&halves(whole)).filter(|_| self.random.chance(12));
                let destination = piece::destination(half.unwrap_or(whole));
                if self.chance(82) && !has(routes, &destination) {
                    let target = RouteTarget::Peering(peering.id.clone());
                    routes.push(piece::route(destination, target));
                }
            }
        }
    }

    /// Adds what a virtual private gateway learned: also what the VPC itself has, which changes nothing.
    fn add_propagated_routes(&mut self, routes: &mut Vec<Route>, vpc: &Vpc) {
        if !self.chance(15) {
            return;
        }
        let mut learned: Vec<IpPrefix> = vec![
            Ipv4Prefix::ALL.into(),
            v4([10, 0, 0, 0], 8).into(),
            v4([192, 0, 2, 0], 24).into(),
        ];
        learned
            .extend(self.subnets_of(&vpc.id).iter().filter_map(|one| one.ipv4).map(IpPrefix::V4));
        for cidr in learned {
            if self.chance(40) {
                routes.push(Route {
                    destination: piece::destination(cidr),
                    target: RouteTarget::VpnGateway("vgw-0".into()),
                    state: RouteState::Active,
                    origin: RouteOrigin::Propagated,
                });
            }
        }
    }

    fn add_listed_routes(&mut self, routes: &mut Vec<Route>, vpc: &Vpc) {
        for _ in 0..2 {
            if !self.chance(15) {
                continue;
            }
            let kind = self.random.pick_weighted(&LISTED).copied();
            let target = kind.and_then(|kind| self.target(kind, &vpc.id));
            let list = self.list().filter(|list| !self.reaches_into(list, vpc));
            let destination = list.map(RouteDestination::PrefixList);
            if let (Some(destination), Some(target)) = (destination, target)
                && !has(routes, &destination)
            {
                routes.push(piece::route(destination, target));
            }
        }
    }

    /// Returns whether a prefix list has an entry within the VPC: AWS takes no route to parts of a subnet.
    fn reaches_into(&self, list: &PrefixListId, vpc: &Vpc) -> bool {
        let entries = self.model.prefix_lists.get(list).and_then(|list| list.entries.as_ref());
        let within = |entry: &IpPrefix| vpc.cidrs.iter().any(|cidr| covers(*cidr, *entry));
        entries.is_some_and(|entries| entries.iter().any(within))
    }

    /// Adds the route to the VPC's gateway endpoint, and tells the endpoint nothing: no step reads that.
    fn add_endpoint_route(&mut self, routes: &mut Vec<Route>, vpc: &Vpc) {
        let is_of_vpc = |kind| {
            let found = self
                .model
                .endpoints
                .values()
                .find(|endpoint| endpoint.vpc == vpc.id && endpoint.kind == kind);
            found.map(|endpoint| endpoint.id.clone())
        };
        if let Some(id) = is_of_vpc(EndpointKind::Gateway)
            && self.chance(70)
        {
            let destination = RouteDestination::PrefixList(SERVICE_LIST.into());
            if !has(routes, &destination) {
                routes.push(piece::route(destination, RouteTarget::Endpoint(id)));
            }
        }
    }

    fn state(&mut self) -> RouteState {
        match self.random.below(100) {
            0..5 => RouteState::Blackhole,
            5..7 => RouteState::Unknown,
            _ => RouteState::Active,
        }
    }

    /// Returns a target of a kind that a route in a VPC may have.
    fn target(&mut self, kind: Kind, vpc: &VpcId) -> Option<RouteTarget> {
        let model = &self.model;
        let targets: Vec<RouteTarget> = match kind {
            Kind::InternetGateway => model
                .internet_gateways
                .values()
                .filter(|gateway| gateway.vpc.as_ref() == Some(vpc))
                .map(|gateway| RouteTarget::InternetGateway(gateway.id.clone()))
                .collect(),
            Kind::EgressOnlyGateway => model
                .egress_only_gateways
                .values()
                .filter(|gateway| gateway.vpc.as_ref() == Some(vpc))
                .map(|gateway| RouteTarget::EgressOnlyGateway(gateway.id.clone()))
                .collect(),
            Kind::NatGateway => model
                .nat_gateways
                .values()
                .filter(|gateway| gateway.vpc == *vpc)
                .map(|gateway| RouteTarget::NatGateway(gateway.id.clone()))
                .collect(),
            Kind::Peering => model
                .peerings
                .values()
                .filter(|peering| peering.opposite(vpc).is_some())
                .map(|peering| RouteTarget::Peering(peering.id.clone()))
                .collect(),
            Kind::Interface => model
                .interfaces
                .values()
                .filter(|one| one.vpc == *vpc && one.kind == InterfaceKind::Standard)
                .map(|one| RouteTarget::Interface(one.id.clone()))
                .collect(),
            Kind::Instance => model
                .interfaces
                .values()
                .filter(|one| one.vpc == *vpc)
                .filter_map(|one| one.instance.clone().map(RouteTarget::Instance))
                .collect(),
            Kind::FirewallEndpoint => self.firewall_endpoints(vpc),
            Kind::TransitGateway => vec![RouteTarget::TransitGateway("tgw-0".into())],
            Kind::VpnGateway => vec![RouteTarget::VpnGateway("vgw-0".into())],
            Kind::Other => vec![RouteTarget::Other("cagw-0".into())],
        };
        self.pick(&targets)
    }

    fn firewall_endpoints(&self, vpc: &VpcId) -> Vec<RouteTarget> {
        let known = self.model.endpoints.values().filter(|endpoint| {
            endpoint.vpc == *vpc && endpoint.kind == EndpointKind::GatewayLoadBalancer
        });
        let mut targets: Vec<RouteTarget> =
            known.map(|endpoint| RouteTarget::Endpoint(endpoint.id.clone())).collect();
        targets.push(RouteTarget::Endpoint(EndpointId::from("vpce-unread")));
        targets
    }

    /// Adds a route table for what comes in through the Internet gateway.
    fn add_edge_table(&mut self, vpc: &Vpc) {
        let gateways = &self.model.internet_gateways;
        let found = gateways.values().find(|gateway| gateway.vpc.as_ref() == Some(&vpc.id));
        let Some(gateway) = found.map(|gateway| gateway.id.clone()) else { return };
        let mut routes = Vec::new();
        self.add_local_routes(&mut routes, vpc);
        for subnet in self.subnets_of(&vpc.id) {
            let cidrs = subnet.ipv4.map(IpPrefix::from).into_iter();
            for cidr in cidrs.chain(subnet.ipv6.iter().map(|cidr| (*cidr).into())) {
                self.add_route(&mut routes, vpc, cidr, &INSIDE[1..], 20);
            }
        }
        let place: Place = vpc.place.clone();
        let id = format!("rtb-{}-edge", vpc.id);
        let mut table = piece::route_table(&id, place, vpc.id.clone(), routes);
        table.gateways.push(gateway.as_str().into());
        self.model.route_tables.insert(table.id.clone(), table);
    }

    fn subnets_of(&self, vpc: &VpcId) -> Vec<Subnet> {
        self.model.subnets.values().filter(|subnet| subnet.vpc == *vpc).cloned().collect()
    }
}

fn has(routes: &[Route], destination: &RouteDestination) -> bool {
    routes.iter().any(|route| route.destination == *destination)
}
