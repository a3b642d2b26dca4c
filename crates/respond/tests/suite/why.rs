//! Why records were rejected, in a network small enough to be understood at a glance.
//!
//! A web server takes HTTPS from everybody and SSH over IPv6; its network ACL keeps one stranger out and lets answers go to few
//! ports. A database takes PostgreSQL from the web server's group. A third interface may
//! talk to everybody, a fourth holds a rule for a prefix list that was not read.

use std::fmt::Write as _;

use portolan_flow::{Field, Layout, Record, Value};
use portolan_model::{
    Action, Belonging, BelongingKind, Coverage, Direction, GroupReference, InterfaceKind, Model,
    NetworkAcl, NetworkAclEntry, NetworkInterface, Place, PrivateAddress, Reading, ResourceKind,
    RulePeer, RuleTraffic, SecurityGroup, SecurityGroupRule, Subnet, Tags, Vpc,
};
use portolan_net::{IpPrefix, PortRange, Protocol};
use portolan_reach::{AclDecision, Chart, Settings};
use portolan_respond::{LoggedReason, Placer, Reason, Recorded, Why, why};

fn place() -> Place {
    Place { account: Some("111122223333".into()), region: Some("eu-west-1".into()) }
}

fn tcp(first: u16, last: u16) -> RuleTraffic {
    RuleTraffic::Ports(Protocol::TCP, PortRange::new(first, last).unwrap())
}

fn rule(direction: Direction, traffic: RuleTraffic, peer: RulePeer) -> SecurityGroupRule {
    SecurityGroupRule { id: None, direction, traffic, peer, description: None }
}

fn group(model: &mut Model, id: &str, rules: Vec<SecurityGroupRule>) {
    let group = SecurityGroup {
        id: id.into(),
        place: place(),
        tags: Tags::default(),
        name: id.into(),
        vpc: Some("vpc-1".into()),
        rules,
    };
    model.security_groups.insert(group.id.clone(), group);
}

fn interface(model: &mut Model, id: &str, subnet: &str, address: &str, groups: &[&str]) {
    let interface = NetworkInterface {
        id: id.into(),
        place: place(),
        tags: Tags::default(),
        vpc: "vpc-1".into(),
        subnet: subnet.into(),
        ipv4: vec![PrivateAddress { address: address.parse().unwrap(), public: None }],
        ipv6: Vec::new(),
        ipv4_prefixes: Vec::new(),
        ipv6_prefixes: Vec::new(),
        security_groups: groups.iter().map(|id| (*id).into()).collect(),
        source_dest_check: true,
        kind: InterfaceKind::Standard,
        description: "".into(),
        instance: None,
        belonging: Belonging { kind: BelongingKind::Unattached, name: None },
    };
    model.interfaces.insert(interface.id.clone(), interface);
}

fn acl(
    model: &mut Model,
    id: &str,
    subnet: &str,
    entries: &[(Direction, u32, Action, RuleTraffic, &str)],
) {
    let entry = |&(direction, number, action, traffic, cidr): &(_, _, _, _, &str)| {
        let cidr: IpPrefix = cidr.parse().unwrap();
        NetworkAclEntry { direction, number, action, traffic, cidr }
    };
    let acl = NetworkAcl {
        id: id.into(),
        place: place(),
        tags: Tags::default(),
        vpc: "vpc-1".into(),
        is_default: false,
        subnets: vec![subnet.into()],
        entries: entries.iter().map(entry).collect(),
    };
    model.network_acls.insert(acl.id.clone(), acl);
}

pub(crate) fn model() -> Model {
    use Direction::{Inbound, Outbound};
    let mut model = Model::default();
    let vpc = Vpc {
        id: "vpc-1".into(),
        place: place(),
        tags: Tags::default(),
        cidrs: vec!["10.0.0.0/16".parse().unwrap(), "2001:db8:1::/56".parse().unwrap()],
        is_default: false,
    };
    model.vpcs.insert(vpc.id.clone(), vpc);
    for (id, ipv4, ipv6) in [
        ("subnet-a", "10.0.1.0/24", "2001:db8:1:1::/64"),
        ("subnet-b", "10.0.2.0/24", "2001:db8:1:2::/64"),
    ] {
        let subnet = Subnet {
            id: id.into(),
            place: place(),
            tags: Tags::default(),
            vpc: "vpc-1".into(),
            zone: None,
            ipv4: Some(ipv4.parse().unwrap()),
            ipv6: vec![ipv6.parse().unwrap()],
            maps_public_ip_on_launch: false,
        };
        model.subnets.insert(subnet.id.clone(), subnet);
    }
    let (anybody, anybody6) =
        (RulePeer::V4("0.0.0.0/0".parse().unwrap()), RulePeer::V6("::/0".parse().unwrap()));
    let echo = RuleTraffic::Icmp { protocol: Protocol::ICMP, kind: Some(8), code: None };
    group(
        &mut model,
        "sg-web",
        vec![
            rule(Inbound, tcp(443, 443), anybody.clone()),
            rule(Inbound, tcp(22, 22), anybody6),
            rule(Inbound, echo, RulePeer::V4("10.0.0.0/8".parse().unwrap())),
            rule(Outbound, tcp(5432, 5432), anybody),
        ],
    );
    let anything = rule(Outbound, RuleTraffic::All, RulePeer::V4("0.0.0.0/0".parse().unwrap()));
    group(&mut model, "sg-any", vec![anything]);
    let web = GroupReference { group: "sg-web".into(), account: None, vpc: None, peering: None };
    group(&mut model, "sg-db", vec![rule(Inbound, tcp(5432, 5432), RulePeer::Group(web))]);
    group(&mut model, "sg-empty", Vec::new());
    group(
        &mut model,
        "sg-list",
        vec![rule(Inbound, tcp(22, 22), RulePeer::PrefixList("pl-1".into()))],
    );
    interface(&mut model, "eni-web", "subnet-a", "10.0.1.10", &["sg-web", "sg-empty"]);
    interface(&mut model, "eni-db", "subnet-b", "10.0.2.20", &["sg-db"]);
    interface(&mut model, "eni-any", "subnet-b", "10.0.2.40", &["sg-any"]);
    interface(&mut model, "eni-list", "subnet-b", "10.0.2.30", &["sg-list"]);
    model.interfaces.get_mut("eni-web").unwrap().ipv6 = vec!["2001:db8:1:1::10".parse().unwrap()];
    acl(
        &mut model,
        "acl-a",
        "subnet-a",
        &[
            (Inbound, 90, Action::Deny, RuleTraffic::All, "192.0.2.66/32"),
            (Inbound, 100, Action::Allow, RuleTraffic::All, "0.0.0.0/0"),
            (Inbound, 101, Action::Allow, RuleTraffic::All, "::/0"),
            (Outbound, 100, Action::Allow, tcp(50_000, 65_535), "0.0.0.0/0"),
            (Outbound, 110, Action::Allow, tcp(5432, 5432), "10.0.0.0/8"),
        ],
    );
    acl(
        &mut model,
        "acl-b",
        "subnet-b",
        &[
            (Inbound, 100, Action::Allow, RuleTraffic::All, "0.0.0.0/0"),
            (Outbound, 100, Action::Allow, RuleTraffic::All, "0.0.0.0/0"),
        ],
    );
    model.coverage = coverage();
    model
}

fn coverage() -> Coverage {
    let mut coverage = Coverage::default();
    for kind in ResourceKind::ESSENTIAL {
        coverage.add(&place(), kind, Reading { files: 1, resources: 1, broken: 0 });
    }
    coverage
}

const LAYOUT: &str = "interface-id srcaddr srcport dstaddr dstport protocol action flow-direction tcp-flags reject-reason start";

/// Checks what is said of a record, whose last fields may be left out.
#[track_caller]
fn check(line: &str, expected: &str) {
    let layout = Layout::parse(LAYOUT).unwrap();
    let rest = ["-", "-", "-", "1767225600"];
    let given = line.split(' ').count() + rest.len() - layout.columns().len();
    let values: Vec<_> = line.split(' ').chain(rest.into_iter().skip(given)).collect();
    let line = values.join(" ");
    let mut record = Record::default();
    record.read(&layout, &line).unwrap();
    let model = model();
    let flow = match Placer::new(&model).place(&(&layout, &record)) {
        Recorded::Flow(flow) => Some(flow),
        _ => None,
    };
    let flow = flow.unwrap();
    let logged = match record.value(&layout, Field::RejectReason) {
        Value::Text(text) => LoggedReason::from_field(text),
        _ => None,
    };
    let chart = Chart::new(model, Settings::default());
    assert_eq!(in_words(&why(&chart, &flow, logged)), expected, "{line}");
}

fn in_words(why: &Why) -> String {
    let mut text = match &why.reason {
        Reason::Logged(reason) => format!("logged: {reason:?}"),
        Reason::NetworkAcl(entry) => format!("{} {}", entry.component.id(), entry.id),
        Reason::NoRule(groups) => {
            let groups: Vec<_> = groups.iter().map(ToString::to_string).collect();
            format!("no rule of {}", groups.join(", "))
        }
        Reason::AdmittedToday => "admitted today".to_owned(),
        Reason::NotKnown(unknowns) => {
            let places: Vec<_> = unknowns.iter().map(|it| it.component.id()).collect();
            format!("not known {places:?}")
        }
    };
    for (group, place) in &why.groups.rules {
        write!(text, ", by {group} rule {place}").unwrap();
    }
    let said = [
        (why.network_acl == AclDecision::NotPassed, "within the subnet"),
        (why.may_be_answer, "may be an answer"),
        (why.is_header_guessed, "guessed"),
        (why.today.is_none(), "from nowhere known"),
    ];
    for (_, words) in said.iter().filter(|(is_so, _)| *is_so) {
        write!(text, ", {words}").unwrap();
    }
    text
}

#[test]
fn security_groups_refuse_what_no_rule_admits() {
    check("eni-web 10.0.2.30 40000 10.0.1.10 22 6 REJECT", "no rule of sg-web, sg-empty");
    // The packet leaves the database, whose group has no outbound rule.
    check("eni-db 10.0.2.20 40000 10.0.1.10 8080 6 REJECT", "no rule of sg-db");
    // The group of the peer is not the one that the rule names.
    check("eni-db 10.0.2.30 40000 10.0.2.20 5432 6 REJECT", "no rule of sg-db, within the subnet");
}

#[test]
fn network_acls_refuse_by_an_entry_or_by_none() {
    check("eni-web 192.0.2.66 40000 10.0.1.10 443 6 REJECT ingress", "acl-a 90, by sg-web rule 0");
    // An answer to a port that the network ACL does not let it go to.
    check("eni-web 10.0.1.10 443 10.0.2.30 40000 6 REJECT egress 18", "acl-a *, may be an answer");
}

#[test]
fn what_the_rules_admit_was_refused_by_older_ones() {
    check("eni-db 10.0.1.10 50000 10.0.2.20 5432 6 REJECT", "admitted today, by sg-db rule 0");
}

#[test]
fn accepted_records_say_what_admits_them() {
    check("eni-db 10.0.1.10 50000 10.0.2.20 5432 6 ACCEPT", "admitted today, by sg-db rule 0");
    check("eni-db 10.0.2.20 5432 10.0.1.10 50000 6 ACCEPT", "no rule of sg-db, may be an answer");
    // A first packet is no answer, whatever the ports.
    check("eni-db 10.0.2.20 5432 10.0.1.10 50000 6 ACCEPT egress 2", "no rule of sg-db");
}

#[test]
fn families_have_rules_of_their_own() {
    check(
        "eni-web 2001:db8:1:2::30 40000 2001:db8:1:1::10 22 6 REJECT",
        "admitted today, by sg-web rule 1",
    );
    check(
        "eni-web 2001:db8:1:2::30 40000 2001:db8:1:1::10 443 6 REJECT",
        "no rule of sg-web, sg-empty",
    );
    check("eni-web 2001:db8:1:1::10 443 2001:db8:1:2::30 50000 6 REJECT", "acl-a *");
}

#[test]
fn icmp_is_taken_for_an_echo_request() {
    check("eni-web 10.0.2.30 0 10.0.1.10 0 1 REJECT", "admitted today, by sg-web rule 2, guessed");
    check("eni-web 192.0.2.7 0 10.0.1.10 0 1 REJECT", "no rule of sg-web, sg-empty, guessed");
    check(
        "eni-web 2001:db8:1:2::30 0 2001:db8:1:1::10 0 58 REJECT",
        "no rule of sg-web, sg-empty, guessed",
    );
}

#[test]
fn protocols_without_ports_have_rules_too() {
    check("eni-db 10.0.1.10 0 10.0.2.20 0 47 REJECT", "no rule of sg-db");
}

#[test]
fn what_the_log_says_needs_no_search() {
    check(
        "eni-web 192.0.2.7 40000 10.0.1.10 443 6 REJECT ingress 2 BPA",
        "logged: BlockPublicAccess, by sg-web rule 0",
    );
    check(
        "eni-db 10.0.1.10 50000 10.0.2.20 5432 6 REJECT ingress 2 EC",
        "logged: EncryptionControl, by sg-db rule 0",
    );
    check("eni-db 10.0.1.10 50000 10.0.2.20 22 6 REJECT ingress 2 XX", "no rule of sg-db");
}

#[test]
fn ports_tell_answers_from_first_packets() {
    check(
        "eni-web 10.0.2.20 5432 10.0.1.10 50000 6 REJECT",
        "no rule of sg-web, sg-empty, may be an answer",
    );
    // The same the other way: a client that talks to PostgreSQL does not answer.
    check(
        "eni-any 10.0.2.20 5432 10.0.2.40 50000 6 REJECT",
        "no rule of sg-any, within the subnet, may be an answer",
    );
    check(
        "eni-any 10.0.2.20 50000 10.0.2.40 5432 6 REJECT",
        "no rule of sg-any, within the subnet",
    );
}

#[test]
fn what_was_not_read_is_not_known() {
    check(
        "eni-web 172.16.0.9 40000 10.0.1.10 22 6 REJECT",
        "no rule of sg-web, sg-empty, from nowhere known",
    );
    check(
        "eni-gone 192.0.2.7 40000 10.0.9.9 443 6 REJECT ingress",
        "not known [\"eni-gone\"], from nowhere known",
    );
    check("eni-list 10.0.1.10 40000 10.0.2.30 22 6 REJECT", "not known []");
    // Of a port that the unread list does not matter for, enough is known.
    check("eni-list 10.0.1.10 40000 10.0.2.30 80 6 REJECT", "no rule of sg-list");
}
