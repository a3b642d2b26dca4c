//! The town of the situations, and a short notation for what a row changes in it.

use std::net::IpAddr;

use portolan_model::{
    Action, Direction, EgressOnlyGateway, Endpoint, EndpointKind, GroupReference, Instance,
    InterfaceId, InterfaceKind, InternetGateway, Model, NatGateway, NatGatewayAddress, NetworkAcl,
    NetworkAclEntry, NetworkAclId, NetworkInterface, Peering, PeeringSide, Place, PrefixList,
    PrivateAddress, Route, RouteDestination, RouteOrigin, RouteState, RouteTableId, RouteTarget,
    RulePeer, RuleTraffic, SecurityGroupId, SecurityGroupRule, Tags, VpcId,
};
use portolan_net::{Header, IcmpKind, IpPrefix, Protocol};

use crate::network::piece;
use crate::oracle::{End, Probe};

/// Returns a model in which everything allows everything:
///
/// | VPC | subnet | interfaces |
/// |---|---|---|
/// | a | public | web 10.0.0.10 (203.0.113.10), `nat` 10.0.0.5 (203.0.113.12) |
/// | a | private | app 10.0.1.10, db 10.0.1.20 of instance i-db |
/// | b | peers | peer 10.1.0.10 (203.0.113.20) |
/// | c | far | far 10.2.0.10 |
///
/// VPC a also has IPv6, `2001:db8:a::/56`. a and b have an Internet gateway each; b peers with a and with c. Every subnet
/// has a network ACL and a route table of its own, every interface a security group.
pub(super) fn town() -> Model {
    let mut model = Model::default();
    add_vpc(&mut model, "a", "10.0.0.0/16 2001:db8:a::/56");
    add_vpc(&mut model, "b", "10.1.0.0/16");
    add_vpc(&mut model, "c", "10.2.0.0/16");
    add_subnet(&mut model, "public", "a", "10.0.0.0/24 2001:db8:a::/64");
    add_subnet(&mut model, "private", "a", "10.0.1.0/24 2001:db8:a:1::/64");
    add_subnet(&mut model, "peers", "b", "10.1.0.0/24");
    add_subnet(&mut model, "far", "c", "10.2.0.0/24");
    add_interface(&mut model, "web", "public", "10.0.0.10=203.0.113.10 2001:db8:a::10");
    add_interface(&mut model, "nat", "public", "10.0.0.5=203.0.113.12");
    add_interface(&mut model, "app", "private", "10.0.1.10 2001:db8:a:1::10");
    add_interface(&mut model, "db", "private", "10.0.1.20");
    add_interface(&mut model, "peer", "peers", "10.1.0.10=203.0.113.20");
    add_interface(&mut model, "far", "far", "10.2.0.10");
    add_gateways(&mut model);
    add_peering(&mut model, "pcx-ab", "a", "b");
    add_peering(&mut model, "pcx-bc", "b", "c");
    add_prefix_list(&mut model, "pl-office", "10.0.0.0/24");
    add_prefix_list(&mut model, "pl-test", "192.0.2.0/24");
    add_prefix_list(&mut model, "pl-test-2", "192.0.2.0/24");
    routes(&mut model, "public", &["0.0.0.0/0 igw-a", "::/0 igw-a", "10.1.0.0/16 pcx-ab"]);
    routes(&mut model, "private", &["0.0.0.0/0 nat-a", "::/0 eigw-a", "10.1.0.0/16 pcx-ab"]);
    let peers = ["0.0.0.0/0 igw-b", "10.0.0.0/16 pcx-ab", "10.2.0.0/16 pcx-bc"];
    routes(&mut model, "peers", &peers);
    routes(&mut model, "far", &["10.1.0.0/16 pcx-bc"]);
    model
}

fn place() -> Place {
    Place { account: Some("111111111111".into()), region: Some("eu-west-1".into()) }
}

fn cidrs(text: &str) -> Vec<IpPrefix> {
    text.split_whitespace().map(|cidr| cidr.parse().unwrap()).collect()
}

fn add_vpc(model: &mut Model, id: &str, text: &str) {
    model.vpcs.insert(id.into(), piece::vpc(id, place(), cidrs(text)));
}

fn add_subnet(model: &mut Model, id: &str, vpc: &str, text: &str) {
    let vpc = model.vpcs[vpc].clone();
    model.subnets.insert(id.into(), piece::subnet(id, &vpc, &cidrs(text)));
    let mut acl = piece::network_acl(&format!("acl-{id}"), &vpc, false);
    acl.subnets.push(id.into());
    model.network_acls.insert(acl.id.clone(), acl);
    let anything = ["in 100 allow all", "out 100 allow all"]
        .map(|entry| [format!("{entry} 0.0.0.0/0"), format!("{entry} ::/0")]);
    let anything: Vec<&str> = anything.iter().flatten().map(String::as_str).collect();
    entries(model, id, &anything);
    let mut table = piece::route_table(&format!("rtb-{id}"), place(), vpc.id, Vec::new());
    table.subnets.push(id.into());
    model.route_tables.insert(table.id.clone(), table);
}

fn add_interface(model: &mut Model, id: &str, subnet: &str, addresses: &str) {
    let kind = if id == "nat" { InterfaceKind::NatGateway } else { InterfaceKind::Standard };
    let subnet = model.subnets[subnet].clone();
    let mut interface = piece::interface(id, &subnet, kind);
    for text in addresses.split_whitespace() {
        match text.split_once('=').map_or((text, None), |(own, public)| (own, Some(public))) {
            (ipv6, None) if ipv6.contains(':') => interface.ipv6.push(ipv6.parse().unwrap()),
            (own, public) => interface.ipv4.push(PrivateAddress {
                address: own.parse().unwrap(),
                public: public.map(|public| public.parse().unwrap()),
            }),
        }
    }
    if id == "db" {
        interface.instance = Some("i-db".into());
        let instance = Instance {
            id: "i-db".into(),
            place: place(),
            tags: Tags::default(),
            is_running: true,
            interfaces: vec![interface.id.clone()],
        };
        model.instances.insert(instance.id.clone(), instance);
    }
    model.interfaces.insert(id.into(), interface);
    if kind == InterfaceKind::Standard {
        groups(model, id, &[&format!("sg-{id}")]);
        let all = ["in all 0.0.0.0/0", "in all ::/0", "out all 0.0.0.0/0", "out all ::/0"];
        rules(model, id, &all);
    }
}

fn add_gateways(model: &mut Model) {
    for (id, vpc) in [("igw-a", "a"), ("igw-b", "b")] {
        let vpc = Some(vpc.into());
        let gateway = InternetGateway { id: id.into(), place: place(), tags: Tags::default(), vpc };
        model.internet_gateways.insert(gateway.id.clone(), gateway);
    }
    let gateway = EgressOnlyGateway {
        id: "eigw-a".into(),
        place: place(),
        tags: Tags::default(),
        vpc: Some("a".into()),
    };
    model.egress_only_gateways.insert(gateway.id.clone(), gateway);
    let nat = NatGateway {
        id: "nat-a".into(),
        place: place(),
        tags: Tags::default(),
        vpc: "a".into(),
        subnet: Some("public".into()),
        is_public: true,
        is_available: true,
        addresses: vec![NatGatewayAddress {
            interface: Some("nat".into()),
            private: Some([10, 0, 0, 5].into()),
            public: Some([203, 0, 113, 12].into()),
        }],
    };
    model.nat_gateways.insert(nat.id.clone(), nat);
    let endpoint = Endpoint {
        id: "vpce-s3".into(),
        place: place(),
        tags: Tags::default(),
        vpc: "a".into(),
        service: "com.amazonaws.eu-west-1.s3".into(),
        kind: EndpointKind::Gateway,
        is_available: true,
        route_tables: Vec::new(),
        interfaces: Vec::new(),
        security_groups: Vec::new(),
    };
    model.endpoints.insert(endpoint.id.clone(), endpoint);
}

fn add_peering(model: &mut Model, id: &str, requester: &str, accepter: &str) {
    let side = |vpc: &str| PeeringSide {
        vpc: vpc.into(),
        account: place().account,
        region: place().region,
        ipv4: Vec::new(),
        ipv6: Vec::new(),
    };
    let peering = Peering {
        id: id.into(),
        tags: Tags::default(),
        is_active: true,
        requester: side(requester),
        accepter: side(accepter),
    };
    model.peerings.insert(peering.id.clone(), peering);
}

fn add_prefix_list(model: &mut Model, id: &str, entries: &str) {
    let list = PrefixList {
        id: id.into(),
        place: place(),
        name: id.into(),
        entries: Some(cidrs(entries)),
    };
    model.prefix_lists.insert(list.id.clone(), list);
}

/// Returns an interface to change.
pub(super) fn interface<'m>(model: &'m mut Model, id: &str) -> &'m mut NetworkInterface {
    model.interfaces.get_mut(&InterfaceId::from(id)).unwrap()
}

/// Returns the network ACL of a subnet to change.
pub(super) fn acl<'m>(model: &'m mut Model, subnet: &str) -> &'m mut NetworkAcl {
    model.network_acls.get_mut(&NetworkAclId::from(format!("acl-{subnet}").as_str())).unwrap()
}

/// Gives an interface these security groups.
pub(super) fn groups(model: &mut Model, id: &str, groups: &[&str]) {
    interface(model, id).security_groups =
        groups.iter().map(|group| SecurityGroupId::from(*group)).collect();
}

/// Gives the security group of an interface these rules, such as `in tcp 22-25 10.0.0.0/8` or `out all sg-web`.
pub(super) fn rules(model: &mut Model, interface: &str, rules: &[&str]) {
    let vpc = model.vpcs.get(&VpcId::from("a")).or(model.vpcs.values().next()).unwrap().clone();
    let id = format!("sg-{interface}");
    let group = model
        .security_groups
        .entry(SecurityGroupId::from(id.as_str()))
        .or_insert_with(|| piece::security_group(&id, &vpc));
    group.rules = rules.iter().map(|text| rule(text)).collect();
}

fn rule(text: &str) -> SecurityGroupRule {
    let (direction, rest) = text.split_once(' ').unwrap();
    let (traffic, peer) = rest.rsplit_once(' ').unwrap();
    SecurityGroupRule {
        id: None,
        direction: self::direction(direction),
        traffic: self::traffic(traffic),
        peer: self::peer(peer),
        description: None,
    }
}

fn peer(text: &str) -> RulePeer {
    match text.get(..3) {
        Some("sg-") => RulePeer::Group(GroupReference {
            group: text.into(),
            account: None,
            vpc: None,
            peering: None,
        }),
        Some("pl-") => RulePeer::PrefixList(text.into()),
        _ => match text.parse().unwrap() {
            IpPrefix::V4(prefix) => RulePeer::V4(prefix),
            IpPrefix::V6(prefix) => RulePeer::V6(prefix),
        },
    }
}

/// Gives the network ACL of a subnet these entries, such as `in 100 deny tcp 22 0.0.0.0/0`.
pub(super) fn entries(model: &mut Model, subnet: &str, entries: &[&str]) {
    acl(model, subnet).entries = entries.iter().map(|text| entry(text)).collect();
}

fn entry(text: &str) -> NetworkAclEntry {
    let [direction, number, action, rest] =
        text.splitn(4, ' ').collect::<Vec<_>>().try_into().unwrap();
    let (traffic, cidr) = rest.rsplit_once(' ').unwrap();
    NetworkAclEntry {
        number: number.parse().unwrap(),
        direction: self::direction(direction),
        cidr: cidr.parse().unwrap(),
        traffic: self::traffic(traffic),
        action: if action == "allow" { Action::Allow } else { Action::Deny },
    }
}

fn direction(text: &str) -> Direction {
    if text == "in" { Direction::Inbound } else { Direction::Outbound }
}

/// Reads `all`, `tcp 22`, `tcp 22-25`, `icmp 8`, `icmp 8/0` or `50`.
fn traffic(text: &str) -> RuleTraffic {
    let (protocol, bounds) = text.split_once(' ').unwrap_or((text, ""));
    let is_icmp = protocol.starts_with("icmp");
    let (first, last) = match bounds.split_once(['-', '/']) {
        Some((first, last)) => (first.parse().ok(), last.parse().ok()),
        None if is_icmp => (bounds.parse().ok(), Some(-1)),
        None => (bounds.parse().ok(), bounds.parse().ok()),
    };
    RuleTraffic::from_aws(protocol, first, last).unwrap()
}

/// Gives the route table of a subnet these routes, such as `0.0.0.0/0 igw-a`, with `blackhole`, `unknown` or
/// `propagated` behind.
pub(super) fn routes(model: &mut Model, subnet: &str, routes: &[&str]) {
    let id = RouteTableId::from(format!("rtb-{subnet}").as_str());
    model.route_tables.get_mut(&id).unwrap().routes =
        routes.iter().map(|text| route(text)).collect();
}

fn route(text: &str) -> Route {
    let mut words = text.split(' ');
    let destination = words.next().unwrap();
    let destination = if destination.starts_with("pl-") {
        RouteDestination::PrefixList(destination.into())
    } else {
        piece::destination(destination.parse().unwrap())
    };
    let mut route = piece::route(destination, target(words.next().unwrap()));
    match words.next() {
        Some("blackhole") => route.state = RouteState::Blackhole,
        Some("unknown") => route.state = RouteState::Unknown,
        Some("propagated") => route.origin = RouteOrigin::Propagated,
        _ => {}
    }
    route
}

fn target(id: &str) -> RouteTarget {
    match id.split_once('-').map_or(id, |(kind, _)| kind) {
        "local" => RouteTarget::Local,
        "igw" => RouteTarget::InternetGateway(id.into()),
        "eigw" => RouteTarget::EgressOnlyGateway(id.into()),
        "nat" => RouteTarget::NatGateway(id.into()),
        "vgw" => RouteTarget::VpnGateway(id.into()),
        "tgw" => RouteTarget::TransitGateway(id.into()),
        "pcx" => RouteTarget::Peering(id.into()),
        "vpce" => RouteTarget::Endpoint(id.into()),
        "i" => RouteTarget::Instance(id.into()),
        "other" => RouteTarget::Other(id.into()),
        _ => RouteTarget::Interface(id.into()),
    }
}

/// Reads a packet: `web > 10.0.1.10 tcp 40000 22`, from an interface at its first address of the family, from
/// `interface@address`, or from a bare address of the Internet.
pub(super) fn probe(model: &Model, text: &str) -> Probe {
    let (from, rest) = text.split_once(" > ").unwrap();
    let (to, header) = rest.split_once(' ').unwrap();
    let to: IpAddr = to.parse().unwrap();
    let from = match (from.parse(), from.split_once('@')) {
        (Ok(outside), _) => End::Internet(outside),
        (_, Some((interface, address))) => {
            End::Interface { interface: interface.into(), address: address.parse().unwrap() }
        }
        (_, None) => {
            let sender = &model.interfaces[from];
            let address =
                if to.is_ipv4() { sender.ipv4[0].address.into() } else { sender.ipv6[0].into() };
            End::Interface { interface: sender.id.clone(), address }
        }
    };
    Probe { from, to, header: self::header(header) }
}

/// Reads `tcp 40000 22` (source and destination port), `icmp 8 0` (type and code) or `50`.
fn header(text: &str) -> Header {
    let mut words = text.split(' ');
    let protocol: Protocol = words.next().unwrap().parse().unwrap();
    let numbers: Vec<u16> = words.map(|word| word.parse().unwrap()).collect();
    match *numbers {
        [source, destination] if protocol.has_ports() => {
            Header::Ports { protocol, source, destination }
        }
        [kind, code] => Header::Icmp {
            protocol,
            kind: IcmpKind::new(kind.try_into().unwrap(), code.try_into().unwrap()),
        },
        _ => Header::Other(protocol),
    }
}
