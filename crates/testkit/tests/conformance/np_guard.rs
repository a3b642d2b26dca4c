//! The complete all-pairs answers of np-guard's analyser of cloud configurations.
//!
//! Its data has no route tables: to it, a subnet that maps public addresses on launch has a route to the
//! Internet. The model gets those routes before it is asked. It counts ports from 1, and knows of TCP,
//! UDP and ICMP only.

use std::collections::BTreeMap;

use portolan_model::{
    Model, Route, RouteDestination, RouteOrigin, RouteState, RouteTable, RouteTarget, VpcId,
};
use portolan_net::{
    IcmpSet, Interval, IpPrefix, Ipv4Set, PortSet, Protocol, Set as _, Traffic, parse_ipv4_set,
    parse_ports,
};
use portolan_reach::{Certainty, Chart, IpSet, Party, Question, Settings};

use crate::{read, reference};

/// The addresses that np-guard calls `Public Internet (all ranges)`.
///
/// Source: np-guard, `getPublicInternetAddressList`.
const PUBLIC_INTERNET: &str = "1.0.0.0-9.255.255.255, 11.0.0.0-100.63.255.255, \
    100.128.0.0-126.255.255.255, 128.0.0.0-169.253.255.255, 169.255.0.0-172.15.255.255, \
    172.32.0.0-191.255.255.255, 192.0.1.0/24, 192.0.3.0-192.88.98.255, \
    192.88.100.0-192.167.255.255, 192.169.0.0-198.17.255.255, 198.20.0.0-198.51.99.255, \
    198.51.101.0-203.0.112.255, 203.0.114.0-223.255.255.255";

/// What passes from one end to another, by its name, the far addresses, and whether it is answered.
type Pairs = BTreeMap<(String, String, bool), Vec<(Ipv4Set, Traffic)>>;

/// Ends: the name of an instance, or this.
const INTERNET: &str = "Public Internet";

fn addresses(text: &str) -> Ipv4Set {
    parse_ipv4_set(text).into_result().unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn ports(text: &str) -> PortSet {
    parse_ports(text).into_result().unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

/// Returns what np-guard knows of.
fn comparable() -> Traffic {
    let from_one = || PortSet::from(Interval::between(1, 65535));
    let with_ports = |protocol| Traffic::with_ports(protocol, from_one(), from_one());
    let parts = [Protocol::TCP, Protocol::UDP].map(with_ports);
    Traffic::union_all(parts.into_iter().chain([Traffic::icmp(IcmpSet::full())]))
}

/// Returns the addresses outside that are compared: those which no interface has, since nobody
/// outside can have them.
fn outside(model: &Model) -> Ipv4Set {
    let owned = model.interfaces.values().flat_map(|interface| &interface.ipv4);
    let owned: Ipv4Set = owned.filter_map(|address| address.public).collect();
    addresses(PUBLIC_INTERNET).difference(&owned)
}

/// Reads one end: `name[address]`, `Public Internet prefix` or `Public Internet (all ranges)`.
fn end(text: &str, outside: &Ipv4Set) -> (String, Option<Ipv4Set>) {
    match text.strip_prefix(INTERNET) {
        Some(" (all ranges)") => (INTERNET.to_owned(), Some(outside.clone())),
        Some(prefix) => (INTERNET.to_owned(), Some(addresses(prefix.trim()))),
        None => (text.split('[').next().unwrap_or_default().to_owned(), None),
    }
}

/// Reads `All Connections`, or `protocol: TCP src-ports: 1-9079,9081-65535 dst-ports: 80`.
fn traffic(text: &str) -> Traffic {
    if text == "All Connections" {
        return comparable();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let value = |key: &str| {
        words.iter().position(|word| *word == key).and_then(|at| words.get(at + 1)).copied()
    };
    assert_eq!(value("protocol:"), Some("TCP"), "{text}");
    let of = |key| value(key).map_or_else(PortSet::full, ports);
    let tcp = Traffic::with_ports(Protocol::TCP, of("dst-ports:"), of("src-ports:"));
    tcp.intersection(&comparable())
}

fn expected(text: &str, outside: &Ipv4Set) -> Pairs {
    let mut pairs = Pairs::new();
    for line in text.lines() {
        let Some((from, rest)) = line.split_once(" => ") else { continue };
        let (to, what) = rest.split_once(" : ").expect("an end and its traffic");
        let what = what.trim();
        let is_answered = !what.ends_with('*');
        let what = traffic(what.trim_end_matches('*').trim());
        let ((from, sources), (to, destinations)) = (end(from, outside), end(to, outside));
        let far = sources.or(destinations).unwrap_or_else(Ipv4Set::empty);
        pairs.entry((from, to, is_answered)).or_default().push((far, what));
    }
    pairs
}

/// Returns a route table of a VPC with its local routes.
fn table(model: &Model, vpc: &VpcId, is_main: bool) -> RouteTable {
    let cidrs = &model.vpcs[vpc].cidrs;
    let local = cidrs.iter().filter_map(|cidr| match cidr {
        IpPrefix::V4(cidr) => Some(route(RouteDestination::V4(*cidr), RouteTarget::Local)),
        IpPrefix::V6(_) => None,
    });
    RouteTable {
        id: format!("rtb-{vpc}-{is_main}").as_str().into(),
        place: model.vpcs[vpc].place.clone(),
        tags: portolan_model::Tags::default(),
        vpc: vpc.clone(),
        is_main,
        subnets: Vec::new(),
        gateways: Vec::new(),
        routes: local.collect(),
    }
}

fn route(destination: RouteDestination, target: RouteTarget) -> Route {
    Route { destination, target, state: RouteState::Active, origin: RouteOrigin::CreateRoute }
}

/// Adds the routes that np-guard takes for granted.
fn add_routes(model: &mut Model) {
    for gateway in model.internet_gateways.clone().into_values() {
        let vpc = gateway.vpc.clone().expect("a gateway of a VPC");
        let main = table(model, &vpc, true);
        let mut public = table(model, &vpc, false);
        let everywhere = "0.0.0.0/0".parse().expect("a prefix");
        let target = RouteTarget::InternetGateway(gateway.id);
        public.routes.push(route(RouteDestination::V4(everywhere), target));
        let subnets = model.subnets.values();
        let subnets = subnets.filter(|it| it.vpc == vpc && it.maps_public_ip_on_launch);
        public.subnets = subnets.map(|subnet| subnet.id.clone()).collect();
        for table in [main, public] {
            model.route_tables.insert(table.id.clone(), table);
        }
    }
}

/// Returns every end with its name.
fn ends(model: &Model) -> Vec<(String, Party)> {
    let instances = model.instances.values().filter(|it| it.is_running);
    let named = instances.map(|instance| {
        let owned = model.interfaces.values();
        let owned = owned.filter(|it| it.instance.as_ref() == Some(&instance.id));
        let ids = owned.map(|interface| interface.id.clone()).collect();
        (instance.tags.name().expect("a name").to_owned(), Party::Interfaces(ids))
    });
    named.chain([(INTERNET.to_owned(), Party::Internet)]).collect()
}

fn found(chart: &Chart, outside: &Ipv4Set) -> Pairs {
    let mut pairs = Pairs::new();
    let ends = ends(chart.model());
    for (from_name, from) in &ends {
        for (to_name, to) in ends.iter().filter(|(name, _)| name != from_name) {
            let question = Question { from: from.clone(), to: to.clone(), traffic: comparable() };
            for flow in chart.reach(&question).flows {
                assert_eq!(flow.certainty, Certainty::Certain, "{from_name} => {to_name}");
                let far = match (from, to) {
                    (Party::Internet, _) => within(&flow.sources, outside),
                    (_, Party::Internet) => within(&flow.destinations, outside),
                    _ => Ipv4Set::empty(),
                };
                let key = (from_name.clone(), to_name.clone(), flow.is_answered);
                pairs.entry(key).or_default().push((far, flow.traffic));
            }
        }
    }
    pairs
}

fn within(set: &IpSet, outside: &Ipv4Set) -> Ipv4Set {
    set.v4.intersection(outside)
}

fn check(input: &str, output: &str, expected_pairs: usize) {
    let Some(folder) = reference("np-guard") else { return };
    let mut model = read(&folder.join(input));
    add_routes(&mut model);
    let outside = outside(&model);
    let text = std::fs::read_to_string(folder.join("expected").join(output)).expect("a text");
    let expected = expected(&text, &outside);
    let settings = Settings { port_25_is_blocked: false, ..Settings::default() };
    let asked = ends(&model).len();
    let found = found(&Chart::new(model, settings), &outside);
    for (key, pair) in &found {
        assert_eq!(Some(pair), expected.get(key), "{key:?}");
    }
    assert_eq!(found.len(), expected.len(), "{:?}", expected.keys().collect::<Vec<_>>());
    assert_eq!(found.len(), expected_pairs);
    eprintln!(
        "np-guard {input}: {} ordered pairs checked, all agree; {} sets of packets pass",
        asked * (asked - 1),
        found.len()
    );
}

#[test]
fn all_pairs_behind_network_acls_agree() {
    check("input_aws_acl_1.json", "aws_acl_1_all_vpcs_.txt", 23);
}

#[test]
fn all_pairs_behind_security_groups_agree() {
    check("input_aws_sg_1.json", "aws_sg_1_all_vpcs_.txt", 13);
}
