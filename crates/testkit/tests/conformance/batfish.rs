//! The answers that Batfish's own tests expect of its captures.
//!
//! Most of its packets have protocol 0, which no group allows: `DENIED_IN` then says that there is a path
//! and only the security groups of the destination refuse. So each answer is asked for twice, with
//! security groups and without.

use std::net::Ipv4Addr;
use std::path::Path;

use portolan_model::{Direction, Model, PrivateAddress, SubnetId};
use portolan_net::{IpPrefix, PortSet, Prefix, Protocol, Traffic};
use portolan_reach::{Answer, Chart, Code, Party, Question, Settings, Verdict, resolve};
use serde_json::Value;

use crate::{read, reference};

/// What the engine must say all the same of an answer that is out of scope.
#[derive(Clone, Copy, Debug)]
enum Instead {
    /// Nothing: the question cannot be put.
    NotAsked,
    /// That it does not know whether packets pass, and it never says that they do.
    Unknown,
}

/// The answers that are out of scope: index, reason, and what is asked of the engine instead.
const OUT_OF_SCOPE: &[(usize, &str, Instead)] = &[
    (15, "transit gateway", Instead::Unknown),
    (16, "transit gateway", Instead::Unknown),
    (17, "transit gateway without an attachment in the source's zone", Instead::Unknown),
    (18, "transit gateway", Instead::Unknown),
    (19, "transit gateway", Instead::Unknown),
    (20, "transit gateway", Instead::Unknown),
    (21, "transit gateway", Instead::Unknown),
    (22, "transit gateway", Instead::Unknown),
    (23, "transit gateway", Instead::Unknown),
    (24, "transit gateway", Instead::Unknown),
    (25, "load balancer", Instead::Unknown),
    (26, "load balancer", Instead::Unknown),
    (29, "load balancer", Instead::Unknown),
    (30, "load balancer", Instead::Unknown),
    (31, "VPN gateway", Instead::Unknown),
    (34, "depends on what a router outside AWS announces", Instead::Unknown),
    (35, "ends at the tunnel of a VPN gateway", Instead::NotAsked),
    (38, "Direct Connect", Instead::Unknown),
    (39, "Direct Connect", Instead::Unknown),
    (40, "Direct Connect", Instead::Unknown),
    (41, "Direct Connect", Instead::Unknown),
];

/// Routers outside AWS, and an address behind each; those of Direct Connect are where the answer after next goes to.
const OUTSIDE: &[(&str, &str)] = &[
    ("on-prem router", "192.168.0.1"),
    ("onprem-router", "10.10.0.1"),
    ("onprem-high", "10.20.0.1"),
];

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap_or_default()
}

/// Returns the first thing in a text that has a meaning, such as of `10.10.1.44 (i-07519d6ba3f9497e4)`.
fn party(model: &Model, text: &str) -> Party {
    let text = text.strip_prefix("internet ").unwrap_or(text);
    let outside = OUTSIDE.iter().find(|(router, _)| *router == text);
    let text = outside.map_or(text, |(_, address)| *address);
    let mut found = text.split_whitespace().filter_map(|word| resolve(model, word).ok());
    found.next().unwrap_or_else(|| panic!("`{text}` names nothing"))
}

fn traffic(entry: &Value) -> Traffic {
    match text(entry, "proto") {
        "tcp" => tcp(entry["dst_port"].as_u64().expect("a port")),
        "exists-flow" => Traffic::all(),
        _ => Traffic::protocol(Protocol(0)),
    }
}

fn tcp(port: u64) -> Traffic {
    Traffic::tcp(PortSet::single(u16::try_from(port).expect("a port")))
}

/// The id of an interface that is made up.
const ADDED: &str = "eni-added";

/// Adds the interface that a packet comes from where Batfish sends one from an address that none has, or from the
/// router of a VPC: a packet that has come so far may be from any other subnet.
fn add_source(model: &mut Model, source: &str) {
    if let Some((subnet, address)) = source.split_once(" src ") {
        add_interface(model, &subnet.into(), address.parse().expect("an address"));
    } else if let Some(vpc) = model.vpcs.get(source) {
        let Some(IpPrefix::V4(cidr)) = vpc.cidrs.first().copied() else { panic!("no IPv4") };
        let address = cidr.interval().last();
        let mut subnet = model.subnets.values().find(|it| it.vpc == vpc.id).expect("one").clone();
        subnet.id = "subnet-added".into();
        subnet.ipv4 = Prefix::truncating(address, 28);
        add_interface(model, &subnet.id, address);
        model.subnets.insert(subnet.id.clone(), subnet);
    }
}

fn add_interface(model: &mut Model, subnet: &SubnetId, address: Ipv4Addr) {
    let mut interface = model.interfaces.values().next().expect("an interface").clone();
    interface.id = ADDED.into();
    interface.instance = None;
    interface.subnet = subnet.clone();
    interface.ipv4 = vec![PrivateAddress { address, public: None }];
    model.interfaces.insert(interface.id.clone(), interface);
}

/// Puts the question of an answer with and without security groups.
fn ask(folder: &Path, entry: &Value, traffic: &Traffic) -> [Answer; 2] {
    let mut model = read(&folder.join(text(entry, "snapshot")));
    let (source, destination) = (text(entry, "src"), text(entry, "dst"));
    add_source(&mut model, source);
    let source = if model.interfaces.contains_key(ADDED) { ADDED } else { source };
    let (from, to) = (party(&model, source), party(&model, destination));
    let question = Question { from, to, traffic: traffic.clone() };
    // Where a capture has no network ACLs, Batfish takes them to pass everything.
    let network_acls = !model.network_acls.is_empty();
    [true, false].map(|security_groups| {
        let settings = Settings { network_acls, security_groups, ..Settings::default() };
        Chart::new(model.clone(), settings).reach(&question)
    })
}

/// Returns whether only the security groups of the destination are in the way.
fn is_refused_by_groups(answer: &Answer) -> bool {
    let by_groups =
        |code| matches!(code, Code::EniSecurityGroupRulesMismatch | Code::SecurityGroupHasNoRules);
    let mut blockers = answer.blockers.iter();
    !answer.blockers.is_empty()
        && blockers.all(|it| by_groups(it.code) && it.direction == Some(Direction::Inbound))
}

fn has_blocker(answer: &Answer, code: Code) -> bool {
    answer.blockers.iter().any(|blocker| blocker.code == code)
}

fn agrees(entry: &Value, [with, without]: &[Answer; 2]) -> bool {
    let last_hop = entry["hops"].as_array().and_then(|hops| hops.last()).and_then(Value::as_str);
    match (text(entry, "disposition"), last_hop) {
        ("ACCEPTED" | "EXITS_NETWORK", _) => with.verdict == Verdict::Reachable,
        ("DENIED_IN", Some("igw")) => {
            without.verdict == Verdict::Unreachable
                && has_blocker(without, Code::IgwPublicIpAssociationForEgress)
        }
        ("DENIED_IN", _) => {
            with.verdict == Verdict::Unreachable
                && is_refused_by_groups(with)
                && without.verdict == Verdict::Reachable
        }
        ("NULL_ROUTED" | "NO_ROUTE" | "NEIGHBOR_UNREACHABLE", _) => {
            with.verdict == Verdict::Unreachable && without.verdict == Verdict::Unreachable
        }
        (other, _) => panic!("disposition {other} is new"),
    }
}

/// Returns whether the engine says that it does not know the path, and claims nothing.
fn is_unknown([with, without]: &[Answer; 2]) -> bool {
    with.verdict != Verdict::Reachable
        && without.verdict == Verdict::Unknown
        && !without.unknowns.is_empty()
}

#[test]
fn answers_of_batfish_agree() {
    let Some(folder) = reference("batfish") else { return };
    let bytes = std::fs::read(folder.join("expected.json")).expect("a file");
    let value: Value = serde_json::from_slice(&bytes).expect("JSON");
    let entries =
        value.as_array().or_else(|| value.as_object()?.values().find_map(Value::as_array));
    let (mut agreed, mut disagreed, mut outside) = (0, Vec::new(), Vec::new());
    for (index, entry) in entries.expect("a list").iter().enumerate() {
        let exception = OUT_OF_SCOPE.iter().find(|(row, ..)| *row == index);
        if let Some((_, reason, Instead::NotAsked)) = exception {
            outside.push(format!("  {index}: {reason}"));
            continue;
        }
        let answers = ask(&folder, entry, &traffic(entry));
        let is_right =
            if exception.is_some() { is_unknown(&answers) } else { agrees(entry, &answers) };
        match exception {
            _ if !is_right => disagreed.push(format!("{index}: {entry}\n{answers:#?}")),
            Some((_, reason, _)) => outside.push(format!("  {index}: {reason} (unknown)")),
            None => agreed += 1,
        }
    }
    eprintln!(
        "Batfish: {} answers checked, {agreed} agreed, {} out of scope:\n{}",
        agreed + disagreed.len(),
        outside.len(),
        outside.join("\n")
    );
    assert!(disagreed.is_empty(), "{}", disagreed.join("\n"));
    assert_eq!((agreed, outside.len()), (21, OUT_OF_SCOPE.len()));
}

/// Batfish's test of the refused port 80 rests on port 22 being open.
#[test]
fn the_port_that_the_group_allows_is_open() {
    let Some(folder) = reference("batfish") else { return };
    let entry = serde_json::json!({
        "snapshot": "test-public-subnet", "src": "internet 8.8.8.8", "dst": "18.216.80.133",
    });
    let [with, _] = ask(&folder, &entry, &tcp(22));
    assert_eq!(with.verdict, Verdict::Reachable);
}
