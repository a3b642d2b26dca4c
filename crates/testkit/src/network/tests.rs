//! That random networks are possible ones, that they and their probes meet everything, and that the oracle keeps the
//! laws of three values on them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use portolan_model::{InterfaceId, PrefixListId, RouteOrigin, RouteTableId, SecurityGroupId};
use portolan_net::IpPrefix;

use super::prefix::{covers, overlap};
use super::*;
use crate::oracle::{Arrival, Certainty, Fate, Outcome, Probe, Settings, send};

/// Calls back with every probe of many networks and what becomes of it.
fn for_each_probe(seeds: u64, mut visit: impl FnMut(&Model, &Probe, Outcome)) {
    for seed in 0..seeds {
        let model = random(seed);
        for probe in probes(&model, &mut SplitMix64::new(seed)) {
            let outcome = send(&model, &Settings::default(), &probe);
            visit(&model, &probe, outcome);
        }
    }
}

#[test]
fn a_seed_means_one_network() {
    assert_eq!(random(7), random(7));
    assert_ne!(random(7), random(8));
    let model = random(7);
    let twice = [7, 7].map(|seed| probes(&model, &mut SplitMix64::new(seed)));
    assert_eq!(twice[0], twice[1]);
}

#[test]
fn networks_are_possible() {
    for seed in 0..500 {
        let model = random(seed);
        check_subnets(&model, seed);
        check_interfaces(&model, seed);
        check_routes(&model, seed);
        for peering in model.peerings.values() {
            let [one, other] = [&peering.requester, &peering.accepter]
                .map(|side| model.vpcs.get(&side.vpc).map_or(&[][..], |vpc| &vpc.cidrs));
            let meets = |one: &IpPrefix| other.iter().any(|other| overlap(*one, *other));
            assert!(!one.iter().any(meets), "seed {seed}: {} joins overlapping VPCs", peering.id);
        }
    }
}

fn check_subnets(model: &Model, seed: u64) {
    let cidrs: Vec<(&VpcId, IpPrefix)> = model
        .subnets
        .values()
        .flat_map(|subnet| {
            let ipv6 = subnet.ipv6.iter().map(|cidr| IpPrefix::V6(*cidr));
            subnet.ipv4.map(IpPrefix::V4).into_iter().chain(ipv6).map(|cidr| (&subnet.vpc, cidr))
        })
        .collect();
    for (index, (vpc, cidr)) in cidrs.iter().enumerate() {
        let is_inside = model.vpcs[*vpc].cidrs.iter().any(|whole| covers(*whole, *cidr));
        assert!(is_inside, "seed {seed}: {cidr} is not in {vpc}");
        let meets = cidrs[..index].iter().any(|(of, other)| of == vpc && overlap(*cidr, *other));
        assert!(!meets, "seed {seed}: {cidr} overlaps in {vpc}");
    }
}

fn check_interfaces(model: &Model, seed: u64) {
    let mut private = BTreeSet::new();
    let mut public = BTreeSet::new();
    for interface in model.interfaces.values() {
        let id = &interface.id;
        let subnet = model.subnets.get(&interface.subnet);
        for own in &interface.ipv4 {
            let cidr = subnet.map(|subnet| subnet.ipv4.unwrap());
            assert!(cidr.is_none_or(|cidr| cidr.contains(own.address)), "seed {seed}: {id}");
            assert!(private.insert((&interface.vpc, IpAddr::V4(own.address))), "seed {seed}: {id}");
            assert!(own.public.is_none_or(|one| public.insert(one)), "seed {seed}: {id}");
        }
        for own in &interface.ipv6 {
            let is_inside =
                subnet.is_none_or(|subnet| subnet.ipv6.iter().any(|cidr| cidr.contains(*own)));
            assert!(is_inside, "seed {seed}: {id}");
            assert!(private.insert((&interface.vpc, IpAddr::V6(*own))), "seed {seed}: {id}");
        }
        for group in interface.security_groups.iter().filter_map(|id| model.security_groups.get(id))
        {
            assert_eq!(group.vpc.as_ref(), Some(&interface.vpc), "seed {seed}: {id}");
        }
    }
}

fn check_routes(model: &Model, seed: u64) {
    for table in model.route_tables.values() {
        let mut seen = BTreeSet::new();
        for route in &table.routes {
            let origin = route.origin == RouteOrigin::Propagated;
            let is_new = seen.insert((&route.destination, origin));
            assert!(is_new, "seed {seed}: {} has {:?} twice", table.id, route.destination);
        }
    }
    let served: Vec<_> = model.route_tables.values().flat_map(|table| &table.subnets).collect();
    let unique: BTreeSet<_> = served.iter().collect();
    assert_eq!(served.len(), unique.len(), "seed {seed}: a subnet has two route tables");
}

/// What 2,000 networks have to meet, and how often at least: the beginning of a line of the trace.
const STEPS: [(&str, usize); 66] = [
    ("1 Standard initiates: Yes", 10_000),
    ("1 Endpoint initiates: No", 1000),
    ("1 LoadBalancer initiates: Maybe", 1000),
    ("1 GatewayLoadBalancer initiates: Maybe", 300),
    ("1 GatewayLoadBalancerEndpoint initiates: Maybe", 300),
    ("1 TransitGateway initiates: Maybe", 300),
    ("1 groups Outbound: Yes", 10_000),
    ("1 groups Outbound: Maybe", 300),
    ("1 groups Outbound: No", 5000),
    ("2 a service that nothing filters: Yes", 1000),
    ("4 network ACL Outbound: Yes", 10_000),
    ("4 network ACL Outbound: Maybe", 300),
    ("4 network ACL Outbound: No", 3000),
    ("5 the route: Maybe", 300),
    ("5 no route: No", 3000),
    ("5 a blackhole: No", 300),
    ("5 it is not known which route leads there: Maybe", 1000),
    ("6 no interface of the VPC has that address: No", 1000),
    ("6 no interface of the peer VPC has that address: No", 100),
    ("6 the peer VPC has no such address: No", 100),
    ("6 the peer VPC was not read: Maybe", 20),
    ("6 the peering connection is not active: No", 100),
    ("6 an unread peering connection: Maybe", 20),
    ("6 the source has no public address: No", 300),
    ("6 the source has no global IPv6 address: No", 20),
    ("6 the destination is not in the Internet: No", 300),
    ("6 EC2 blocks port 25 towards the Internet: No", 50),
    ("6 public access of the sender's VPC: Maybe", 100),
    ("6 IGW_NAT_REFLECTION: Maybe", 300),
    ("6 an unread Internet gateway: Maybe", 50),
    ("6 an unread Internet gateway behind the NAT gateway: Maybe", 3),
    ("6 an unread egress-only gateway: Maybe", 5),
    ("6 an unread NAT gateway: Maybe", 10),
    ("6 a NAT gateway takes TCP, UDP and ICMP only: No", 50),
    ("6 the NAT gateway is not available: No", 50),
    ("6 a private NAT gateway: Maybe", 50),
    ("6 a regional NAT gateway: Maybe", 20),
    ("6 NAT64: Maybe", 50),
    ("6 the route behind the NAT gateway: Yes", 500),
    ("6 the route behind the NAT gateway: Maybe", 10),
    ("6 no route behind the NAT gateway: No", 10),
    ("6 a blackhole behind the NAT gateway: No", 3),
    ("6 another target behind the NAT gateway: Maybe", 100),
    ("6 it is not known which route leads on behind the NAT gateway: Maybe", 5),
    ("6 network ACL Inbound: No", 50),
    ("6 network ACL Outbound: No", 50),
    ("6 a gateway endpoint carries TCP and echo requests: Yes", 50),
    ("6 a gateway endpoint carries TCP and echo requests: No", 50),
    ("6 the interface checks source and destination: No", 100),
    ("6 an appliance: Maybe", 30),
    ("6 a target that is not modelled: Maybe", 300),
    ("7 network ACL Inbound: No", 1000),
    ("7 network ACL Inbound: Maybe", 100),
    ("8 groups Inbound: Yes", 3000),
    ("8 groups Inbound: Maybe", 300),
    ("8 Lambda accepts: No", 300),
    ("8 NatGateway accepts: No", 300),
    ("8 Endpoint accepts: No", 100),
    ("9 the source is not in the Internet: No", 300),
    ("9 the VPC has no Internet gateway: No", 300),
    ("9 the Internet gateway was not read: Maybe", 30),
    ("9 the route table of the gateway leads elsewhere: Maybe", 50),
    ("reply: 10 the route: No", 1000),
    ("reply: 10 the route: Maybe", 300),
    ("reply: 10 the route table of the gateway leads elsewhere: Maybe", 20),
    ("reply so far: 10 network ACL Inbound: No", 300),
];

/// Returns a line of the trace without what differs from network to network.
fn kind_of(line: &str) -> String {
    if let Some((step, _)) = line.split_once(" the route to ") {
        return format!("{step} the route{}", &line[line.rfind(": ").unwrap_or(0)..]);
    }
    for filter in [" network ACL of ", " groups of "] {
        if let Some((step, rest)) = line.split_once(filter) {
            let direction = if rest.contains("Inbound") { "Inbound" } else { "Outbound" };
            let name = filter.trim_end_matches(" of ");
            return format!("{step}{name} {direction}{}", &rest[rest.rfind(": ").unwrap_or(0)..]);
        }
    }
    line.to_owned()
}

#[test]
fn networks_and_probes_meet_every_step() {
    let mut steps: BTreeMap<String, usize> = BTreeMap::new();
    for_each_probe(2000, |_, _, outcome| {
        for line in &outcome.trace {
            *steps.entry(kind_of(line)).or_default() += 1;
        }
    });
    let rare: Vec<_> = STEPS
        .iter()
        .map(|(step, least)| (*step, steps.get(*step).copied().unwrap_or(0), *least))
        .filter(|(_, count, least)| count < least)
        .collect();
    assert!(rare.is_empty(), "step, count, least: {rare:#?}\nof {steps:#?}");
}

#[test]
fn networks_and_probes_meet_every_fate_everywhere() {
    let mut counts: BTreeMap<(Option<&str>, Fate), usize> = BTreeMap::new();
    for_each_probe(2000, |_, _, outcome| {
        let at = outcome.at.as_ref().map(|at| match at {
            Arrival::Interface(_) => "interface",
            Arrival::Internet => "Internet",
            Arrival::Service => "service",
        });
        *counts.entry((at, outcome.fate())).or_default() += 1;
    });
    for at in ["interface", "Internet", "service"] {
        for fate in [Fate::Answered, Fate::OneWay, Fate::Dropped, Fate::Unknown] {
            let count = counts.get(&(Some(at), fate)).copied().unwrap_or(0);
            assert!(count >= 20, "{fate:?} at {at}: {count} of {counts:?}");
        }
    }
    let somewhere = counts.keys().filter(|(at, _)| at.is_none()).map(|(_, fate)| *fate);
    assert_eq!(somewhere.collect::<Vec<_>>(), [Fate::Dropped, Fate::Unknown]);
}

#[test]
fn switching_a_filter_off_never_closes_anything() {
    let settings = [
        Settings { network_acls: false, ..Settings::default() },
        Settings { security_groups: false, ..Settings::default() },
        Settings { port_25_blocked: false, ..Settings::default() },
    ];
    for_each_probe(300, |model, probe, outcome| {
        assert!(outcome.answered <= outcome.delivered, "{probe:?}\n{}", describe(model));
        for settings in settings {
            let other = send(model, &settings, probe);
            let is_wider =
                outcome.delivered <= other.delivered && outcome.answered <= other.answered;
            assert!(is_wider, "{settings:?} {probe:?}\n{}", describe(model));
        }
    });
}

/// Returns a network and the same without one piece whose absence shows, because others name it.
///
/// The prefix list of the gateway endpoints is never the one: step 5 takes it, unread, to change nothing for addresses
/// that have another way, although an endpoint carries less than that way does.
fn with_a_gap(seed: u64) -> (Model, Model) {
    let whole = random(seed);
    let mut draft = Draft::new(seed);
    draft.model = whole.clone();
    let model = &mut draft.model;
    match seed % 7 {
        0 => model.security_groups.pop_first().is_some(),
        1 => model.subnets.pop_last().is_some(),
        2 => model.prefix_lists.remove("pl-a").is_some(),
        3 => model.nat_gateways.pop_first().is_some(),
        4 => model.egress_only_gateways.pop_first().is_some(),
        5 => model.peerings.pop_first().is_some(),
        _ => model.endpoints.pop_last().is_some(),
    };
    (whole, draft.model)
}

#[test]
fn what_is_certain_stays_so_when_a_missing_piece_is_found() {
    let agrees =
        |with_gap: Certainty, whole: Certainty| with_gap == Certainty::Maybe || with_gap == whole;
    for seed in 0..1500 {
        let (whole, gap) = with_a_gap(seed);
        for probe in probes(&whole, &mut SplitMix64::new(seed)) {
            let [whole, gap] =
                [&whole, &gap].map(|model| send(model, &Settings::default(), &probe));
            let agrees =
                agrees(gap.delivered, whole.delivered) && agrees(gap.answered, whole.answered);
            assert!(agrees, "seed {seed}: {probe:?}\n{whole:#?}\n{gap:#?}");
        }
    }
}

#[test]
fn a_description_names_every_piece() {
    for seed in 0..100 {
        let model = random(seed);
        let text = describe(&model);
        let interfaces = model.interfaces.keys().map(InterfaceId::as_str);
        let groups = model.security_groups.keys().map(SecurityGroupId::as_str);
        let tables = model.route_tables.keys().map(RouteTableId::as_str);
        let lists = model.prefix_lists.keys().map(PrefixListId::as_str);
        for id in interfaces.chain(groups).chain(tables).chain(lists) {
            assert!(text.lines().any(|line| line.starts_with(id)), "{id} is not in\n{text}");
        }
    }
}
