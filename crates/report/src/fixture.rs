//! A small account for tests: a bastion, two web servers and a cache behind a transit gateway.
//!
//! Answers are written by hand, so that these tests do not depend on the engine.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use portolan_model::{
    Belonging, BelongingKind, Coverage, Instance, InterfaceKind, InternetGateway, Model,
    NetworkInterface, Place, PrivateAddress, Reading, ResourceKind, SecurityGroup, Subnet, Tags,
    Vpc,
};
use portolan_net::{parse_ipv4_set, parse_ipv6_set, parse_traffic};
use portolan_reach::{
    Certainty, Chart, Component, ExposedAddress, Exposure, IpSet, Opening, RuleReference, Settings,
    Unknown, UnknownReason, Zone,
};

use crate::format::{Format, Style};

/// The Internet of IPv4, as the engine writes it.
pub(crate) const ANYONE: &str = "1.0.0.0-9.255.255.255, 11.0.0.0-100.63.255.255, \
                                 100.128.0.0-126.255.255.255, 128.0.0.0-169.253.255.255, \
                                 169.255.0.0-172.15.255.255, 172.32.0.0-192.167.255.255, \
                                 192.169.0.0-223.255.255.255";

pub(crate) fn place() -> Place {
    Place { account: Some("111122223333".into()), region: Some("eu-west-1".into()) }
}

fn tags(name: &str) -> Tags {
    Tags(BTreeMap::from([("Name".into(), name.into())]))
}

/// Returns the account, with a bastion of the given name.
pub(crate) fn model(bastion: &str) -> Model {
    let mut model = Model::default();
    let vpc = Vpc {
        id: "vpc-0a1".into(),
        place: place(),
        tags: tags("harbor"),
        cidrs: vec!["10.0.0.0/16".parse().unwrap()],
        is_default: false,
    };
    model.vpcs.insert(vpc.id.clone(), vpc);
    for (id, name, cidr) in
        [("subnet-0a1", "public-a", "10.0.1.0/24"), ("subnet-0b1", "private-a", "10.0.2.0/24")]
    {
        let subnet = Subnet {
            id: id.into(),
            place: place(),
            tags: tags(name),
            vpc: "vpc-0a1".into(),
            zone: None,
            ipv4: Some(cidr.parse().unwrap()),
            ipv6: Vec::new(),
            maps_public_ip_on_launch: false,
        };
        model.subnets.insert(subnet.id.clone(), subnet);
    }
    let gateway = InternetGateway {
        id: "igw-0a1".into(),
        place: place(),
        tags: tags("edge"),
        vpc: Some("vpc-0a1".into()),
    };
    model.internet_gateways.insert(gateway.id.clone(), gateway);
    for (id, name) in [("sg-0a1", "bastion"), ("sg-0b1", "web"), ("sg-0c1", "cache")] {
        let group = SecurityGroup {
            id: id.into(),
            place: place(),
            tags: Tags::default(),
            name: name.into(),
            vpc: Some("vpc-0a1".into()),
            rules: Vec::new(),
        };
        model.security_groups.insert(group.id.clone(), group);
    }
    instance(&mut model, "i-0a1", "eni-0a1", bastion, "10.0.1.10", "subnet-0a1");
    instance(&mut model, "i-0b1", "eni-0b1", "web-1", "10.0.1.21", "subnet-0a1");
    instance(&mut model, "i-0b2", "eni-0b2", "web-2", "10.0.1.22", "subnet-0a1");
    let cache = interface(&model, "eni-0c1", "10.0.2.30", "subnet-0b1");
    let belonging = Belonging { kind: BelongingKind::Cache, name: Some("sessions".into()) };
    model.interfaces.insert(cache.id.clone(), NetworkInterface { belonging, ..cache });
    model.coverage = coverage();
    model
}

/// Everything essential was read but network ACLs.
fn coverage() -> Coverage {
    let mut coverage = Coverage::default();
    for kind in ResourceKind::ESSENTIAL.into_iter().filter(|it| *it != ResourceKind::NetworkAcls) {
        coverage.add(&place(), kind, Reading { files: 1, resources: 4, broken: 0 });
    }
    coverage
}

fn instance(
    model: &mut Model,
    id: &str,
    interface_id: &str,
    name: &str,
    address: &str,
    subnet: &str,
) {
    let interface = interface(model, interface_id, address, subnet);
    let instance = Instance {
        id: id.into(),
        place: place(),
        tags: tags(name),
        is_running: true,
        interfaces: vec![interface.id.clone()],
    };
    let interface = NetworkInterface { instance: Some(instance.id.clone()), ..interface };
    model.instances.insert(instance.id.clone(), instance);
    model.interfaces.insert(interface.id.clone(), interface);
}

fn interface(model: &Model, id: &str, address: &str, subnet: &str) -> NetworkInterface {
    let address: Ipv4Addr = address.parse().unwrap();
    let public = model.interfaces.len() < 3;
    let public = public.then(|| Ipv4Addr::new(198, 51, 100, address.octets()[3]));
    NetworkInterface {
        id: id.into(),
        place: place(),
        tags: Tags::default(),
        vpc: "vpc-0a1".into(),
        subnet: subnet.into(),
        ipv4: vec![PrivateAddress { address, public }],
        ipv6: Vec::new(),
        ipv4_prefixes: Vec::new(),
        ipv6_prefixes: Vec::new(),
        security_groups: vec!["sg-0a1".into()],
        source_dest_check: true,
        kind: InterfaceKind::Standard,
        description: "".into(),
        instance: None,
        belonging: Belonging { kind: BelongingKind::Unattached, name: None },
    }
}

/// Returns the account, compiled.
pub(crate) fn chart(bastion: &str) -> Chart {
    Chart::new(model(bastion), Settings::default())
}

pub(crate) fn rule(component: Component, id: &str, text: &str) -> RuleReference {
    RuleReference { component, id: id.into(), text: text.into() }
}

pub(crate) fn sources(text: &str) -> IpSet {
    if text.contains(':') {
        return IpSet { v6: parse_ipv6_set(text).into_result().unwrap(), ..IpSet::default() };
    }
    IpSet { v4: parse_ipv4_set(text).into_result().unwrap(), ..IpSet::default() }
}

fn opening(from: &str, traffic: &str, group: &str, text: &str) -> Opening {
    let group = Component::SecurityGroup(group.into());
    Opening {
        zone: Zone::Internet,
        via: Component::InternetGateway("igw-0a1".into()),
        sources: sources(from),
        traffic: parse_traffic(traffic).into_result().unwrap(),
        certainty: Certainty::Certain,
        is_answered: true,
        rules: vec![
            rule(group, "inbound 1", text),
            rule(Component::RouteTable("rtb-0a1".into()), "0.0.0.0/0", "to igw-0a1"),
        ],
        unknowns: Vec::new(),
    }
}

/// Returns what outside can reach of the account.
pub(crate) fn exposure() -> Exposure {
    let gateway = Component::TransitGateway("tgw-0e1".into());
    let bastion = vec![
        opening(ANYONE, "tcp 22", "sg-0a1", "tcp 22 from 0.0.0.0/0"),
        opening("203.0.113.0/24", "icmp", "sg-0a1", "icmp from 203.0.113.0/24"),
    ];
    let web = vec![opening(ANYONE, "tcp 80, 443", "sg-0b1", "tcp 443 from 0.0.0.0/0")];
    let cache = vec![Opening {
        zone: Zone::Beyond(gateway.clone()),
        via: gateway.clone(),
        certainty: Certainty::Possible,
        unknowns: vec![Unknown { reason: UnknownReason::NotModelled, component: gateway }],
        ..opening("10.8.0.0/16", "tcp 6379", "sg-0c1", "tcp 6379 from 10.0.0.0/8")
    }];
    let (bastion, web, cache) = (Arc::from(bastion), Arc::from(web), Arc::from(cache));
    let address = |interface: &str, inside: &str, outside: &str, openings: &Arc<[Opening]>| {
        let parse = |text: &str| text.parse::<IpAddr>().unwrap();
        ExposedAddress {
            interface: interface.into(),
            inside: parse(inside),
            outside: parse(outside),
            openings: Arc::clone(openings),
        }
    };
    Exposure {
        addresses: vec![
            address("eni-0a1", "10.0.1.10", "198.51.100.10", &bastion),
            address("eni-0b1", "10.0.1.21", "198.51.100.21", &web),
            address("eni-0b2", "10.0.1.22", "198.51.100.22", &web),
            address("eni-0c1", "10.0.2.30", "10.0.2.30", &cache),
        ],
    }
}

/// A terminal without colour.
pub(crate) const fn terminal(width: usize) -> Style {
    Style { color: false, width: Some(width) }
}

/// Returns what `write` writes, as text.
pub(crate) fn written(
    write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Returns the exposure of the account in a format.
pub(crate) fn exposure_as(format: Format, style: &Style, bastion: &str) -> String {
    let (chart, exposure) = (chart(bastion), exposure());
    let options = crate::exposure::ExposureOptions::default();
    written(|out| crate::exposure::exposure(&chart, &exposure, &options, format, style, out))
}
