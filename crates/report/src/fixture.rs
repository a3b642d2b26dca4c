//! A small account for tests: a bastion, two web servers and a cache behind a transit gateway.
//!
//! Exposures and answers are written by hand, so that these tests do not depend on the engine. Only a matrix
//! cannot be made by anything else.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use portolan_model::{
    Action, Belonging, BelongingKind, Coverage, Direction, GroupReference, Instance, InterfaceKind,
    InternetGateway, Model, NetworkAcl, NetworkAclEntry, NetworkInterface, Place, PrivateAddress,
    Reading, ResourceKind, Route, RouteDestination, RouteOrigin, RouteState, RouteTable,
    RouteTarget, RulePeer, RuleTraffic, SecurityGroup, SecurityGroupRule, Subnet, Tags, Vpc,
};
use portolan_net::{
    Header, Ipv4Prefix, PortRange, Protocol, Traffic, parse_ipv4_set, parse_ipv6_set, parse_traffic,
};
use portolan_reach::{
    Answer, Blocker, Certainty, Chart, Code, Component, End, ExposedAddress, Exposure, Flow, Hop,
    IpSet, Opening, RuleReference, Settings, Unknown, UnknownReason, Verdict, Witness, Zone,
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
            rules: group_rules(),
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

/// Returns the account with a second VPC, an office, behind the transit gateway, and network ACLs that pass everything.
pub(crate) fn joined() -> Model {
    let mut model = model("bastion");
    let office = Vpc {
        id: "vpc-0b1".into(),
        tags: tags("office"),
        cidrs: vec!["10.1.0.0/16".parse().unwrap()],
        ..model.vpcs["vpc-0a1"].clone()
    };
    let subnet = Subnet {
        id: "subnet-0e1".into(),
        tags: tags("desks"),
        vpc: office.id.clone(),
        ipv4: Some("10.1.1.0/24".parse().unwrap()),
        ..model.subnets["subnet-0a1"].clone()
    };
    model.vpcs.insert(office.id.clone(), office);
    model.subnets.insert(subnet.id.clone(), subnet);
    for (id, name, address) in
        [("1", "printer", "10.1.1.9"), ("2", "door", "10.1.1.10"), ("3", "clock", "10.1.1.11")]
    {
        let (instance_id, interface) = (format!("i-0e{id}"), format!("eni-0e{id}"));
        instance(&mut model, &instance_id, &interface, name, address, "subnet-0e1");
        let interface = model.interfaces.get_mut(interface.as_str()).unwrap();
        interface.vpc = "vpc-0b1".into();
    }
    for (vpc, to) in [("vpc-0a1", "10.1.0.0/16"), ("vpc-0b1", "10.0.2.0/24")] {
        let everything = |direction| NetworkAclEntry {
            direction,
            number: 100,
            action: Action::Allow,
            traffic: RuleTraffic::All,
            cidr: Ipv4Prefix::ALL.into(),
        };
        let acl = NetworkAcl {
            id: format!("acl-{vpc}").as_str().into(),
            place: place(),
            tags: Tags::default(),
            vpc: vpc.into(),
            is_default: true,
            subnets: Vec::new(),
            entries: vec![everything(Direction::Inbound), everything(Direction::Outbound)],
        };
        let table = RouteTable {
            id: format!("rtb-{vpc}").as_str().into(),
            place: place(),
            tags: Tags::default(),
            vpc: vpc.into(),
            is_main: true,
            subnets: Vec::new(),
            gateways: Vec::new(),
            routes: vec![Route {
                destination: RouteDestination::V4(to.parse().unwrap()),
                target: RouteTarget::TransitGateway("tgw-0e1".into()),
                state: RouteState::Active,
                origin: RouteOrigin::CreateRoute,
            }],
        };
        model.network_acls.insert(acl.id.clone(), acl);
        model.route_tables.insert(table.id.clone(), table);
    }
    model
}

/// Everything out, and SSH from the bastion in.
fn group_rules() -> Vec<SecurityGroupRule> {
    let bastion =
        GroupReference { group: "sg-0a1".into(), account: None, vpc: None, peering: None };
    let ssh = RuleTraffic::Ports(Protocol::TCP, PortRange::single(22));
    let rule = |direction, traffic, peer| SecurityGroupRule {
        id: None,
        direction,
        traffic,
        peer,
        description: None,
    };
    vec![
        rule(Direction::Outbound, RuleTraffic::All, RulePeer::V4(Ipv4Prefix::ALL)),
        rule(Direction::Inbound, ssh, RulePeer::Group(bastion)),
    ]
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
    let groups = vec![if name.starts_with("web") { "sg-0b1" } else { "sg-0a1" }.into()];
    let interface = NetworkInterface { security_groups: groups, ..interface };
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
        security_groups: vec!["sg-0c1".into()],
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
    RuleReference { component, id: id.into(), text: text.into(), names: Vec::new() }
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
        reply_blockers: Vec::new(),
        notes: Vec::new(),
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

fn hop(component: Component, direction: Option<Direction>, rules: &[(&str, &str)]) -> Hop {
    let rules = rules.iter().map(|(id, text)| rule(component.clone(), id, text)).collect();
    Hop { component, direction, rules, notes: Vec::new() }
}

/// Returns the answer that SSH from the Internet to the bastion passes.
pub(crate) fn reachable() -> Answer {
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    let (inbound, outbound) = (Some(Direction::Inbound), Some(Direction::Outbound));
    let acl = Component::NetworkAcl("acl-0a1".into());
    let routes = Component::RouteTable("rtb-0a1".into());
    let group = Component::SecurityGroup("sg-0a1".into());
    let interface = Hop {
        rules: vec![rule(group, "inbound 1", "tcp 22 from 0.0.0.0/0")],
        ..hop(Component::Interface("eni-0a1".into()), inbound, &[])
    };
    let flow = Flow {
        from: End::Internet,
        to: End::Interface { interface: "eni-0a1".into(), address: address("10.0.1.10") },
        sources: sources(ANYONE),
        destinations: sources("198.51.100.10"),
        traffic: Traffic::tcp(PortRange::single(22).into()),
        certainty: Certainty::Certain,
        delivery: Certainty::Certain,
        is_answered: true,
        witness: Witness {
            source: address("203.0.113.7"),
            destination: address("198.51.100.10"),
            header: Header::Ports { protocol: Protocol::TCP, source: 32768, destination: 22 },
        },
        hops: vec![
            hop(Component::Internet, None, &[]),
            hop(Component::InternetGateway("igw-0a1".into()), None, &[]),
            hop(acl.clone(), inbound, &[("100", "inbound allow all traffic from 0.0.0.0/0")]),
            interface,
        ],
        reply_hops: vec![
            hop(routes, None, &[("0.0.0.0/0", "0.0.0.0/0 to igw-0a1")]),
            hop(acl, outbound, &[("100", "outbound allow all traffic to 0.0.0.0/0")]),
        ],
        reply_blockers: Vec::new(),
        unknowns: Vec::new(),
    };
    Answer {
        verdict: Verdict::Reachable,
        flows: vec![flow],
        blockers: Vec::new(),
        blocked_path: Vec::new(),
        unknowns: Vec::new(),
    }
}

/// Returns the answer that nothing passes, because of a network ACL and a security group.
pub(crate) fn unreachable() -> Answer {
    let acl = Component::NetworkAcl("acl-0a1".into());
    let interface = Component::Interface("eni-0a1".into());
    let inbound = Some(Direction::Inbound);
    let blocker = |code, component: &Component| Blocker {
        code,
        component: component.clone(),
        direction: inbound,
        rule: None,
        on_reply: false,
        notes: Vec::new(),
    };
    let deny = rule(acl.clone(), "*", "inbound deny all traffic from 0.0.0.0/0");
    Answer {
        verdict: Verdict::Unreachable,
        flows: Vec::new(),
        blockers: vec![
            Blocker { rule: Some(deny), ..blocker(Code::SubnetAclRestriction, &acl) },
            blocker(Code::EniSecurityGroupRulesMismatch, &interface),
        ],
        blocked_path: vec![
            hop(Component::Internet, None, &[]),
            hop(acl, inbound, &[]),
            hop(interface, inbound, &[]),
        ],
        unknowns: Vec::new(),
    }
}

/// Returns the answer that SSH may pass, behind a transit gateway.
pub(crate) fn unknown() -> Answer {
    let component = Component::TransitGateway("tgw-0e1".into());
    let unknowns = vec![Unknown { reason: UnknownReason::NotModelled, component }];
    let Answer { mut flows, .. } = reachable();
    for flow in &mut flows {
        flow.certainty = Certainty::Possible;
        flow.delivery = Certainty::Possible;
        flow.unknowns.clone_from(&unknowns);
    }
    let (blockers, blocked_path) = (Vec::new(), Vec::new());
    Answer { verdict: Verdict::Unknown, flows, blockers, blocked_path, unknowns }
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

/// Returns the matrix of the account in a format.
pub(crate) fn matrix_as(
    format: Format,
    style: &Style,
    options: crate::matrix::MatrixOptions,
    bastion: &str,
) -> String {
    matrix_of(model(bastion), format, style, options)
}

/// Returns the matrix of a model in a format.
pub(crate) fn matrix_of(
    model: Model,
    format: Format,
    style: &Style,
    options: crate::matrix::MatrixOptions,
) -> String {
    let chart = Chart::new(model, Settings::default());
    let matrix = chart.matrix();
    let report = crate::matrix::MatrixReport::new(&chart, &matrix, options);
    written(|out| report.write(format, style, out))
}

/// Returns an answer about the account in a format.
pub(crate) fn answer_as(
    format: Format,
    style: &Style,
    answers: crate::answer::AnswerSet<'_>,
    bastion: &str,
) -> String {
    let question = crate::answer::QuestionText {
        from: "internet".to_owned(),
        to: bastion.to_owned(),
        traffic: Some("tcp 22".to_owned()),
    };
    let chart = chart(bastion);
    written(|out| crate::answer::answer(&chart, &question, answers, format, style, out))
}
