//! Well-known situations and what becomes of a packet in them, each with its step in `docs/design/reachability.md`.
//!
//! Every row starts from the same town (see [`town`]), in which everything allows everything, and changes one thing.

mod town;

use portolan_model::{
    BlockPublicAccess, InterfaceKind, Model, PeeringId, RegionName, RouteState, VpcId,
};

use super::{Arrival, Fate, Outcome, Settings, send};
use town::{acl, entries, groups, interface, probe, routes, rules, town};

use Fate::{Answered, Dropped, OneWay, Unknown};

/// Asserts the fate of a packet in a town with a change.
#[track_caller]
fn check(step: &str, change: impl FnOnce(&mut Model), packet: &str, expected: Fate) {
    check_with(Settings::default(), step, change, packet, expected);
}

#[track_caller]
fn check_with(
    settings: Settings,
    step: &str,
    change: impl FnOnce(&mut Model),
    packet: &str,
    expected: Fate,
) {
    let mut model = town();
    change(&mut model);
    let outcome = send(&model, &settings, &probe(&model, packet));
    assert_eq!(outcome.fate(), expected, "step {step}: {packet}\n{:#?}", outcome.trace);
}

#[track_caller]
fn arrival(packet: &str) -> Option<Arrival> {
    let model = town();
    let Outcome { at, .. } = send(&model, &Settings::default(), &probe(&model, packet));
    at
}

fn nothing(_: &mut Model) {}

/// Entries of a network ACL that let everything pass.
const OPEN_IN: &str = "in 100 allow all 0.0.0.0/0";
const OPEN_OUT: &str = "out 100 allow all 0.0.0.0/0";

#[test]
fn an_untouched_town_answers() {
    check("3", nothing, "app > 10.0.1.20 tcp 40000 5432", Answered);
    check("6 local", nothing, "web > 10.0.1.10 tcp 40000 22", Answered);
    check("6 local", nothing, "web > 2001:db8:a:1::10 tcp 40000 22", Answered);
    check("6 peering", nothing, "app > 10.1.0.10 udp 40000 53", Answered);
    check("6 Internet gateway", nothing, "web > 192.0.2.1 tcp 40000 443", Answered);
    check("6 NAT gateway", nothing, "app > 192.0.2.1 tcp 40000 443", Answered);
    check("6 egress-only gateway", nothing, "app > 2001:db8:ffff::1 tcp 40000 443", Answered);
    check("9", nothing, "192.0.2.1 > 203.0.113.10 tcp 40000 443", Answered);
    check("9", nothing, "2001:db8:ffff::1 > 2001:db8:a::10 tcp 40000 443", Answered);
    check("6 Internet gateway", nothing, "web > 203.0.113.20 tcp 40000 443", Answered);
}

#[test]
fn arrivals_tell_who_has_the_address() {
    let at = |id: &str| Some(Arrival::Interface(id.into()));
    assert_eq!(arrival("web > 10.0.1.10 tcp 1 22"), at("app"));
    assert_eq!(arrival("web > 203.0.113.20 tcp 1 22"), at("peer"));
    assert_eq!(arrival("web > 192.0.2.1 tcp 1 22"), Some(Arrival::Internet));
    assert_eq!(arrival("web > 169.254.169.254 tcp 1 80"), Some(Arrival::Service));
    assert_eq!(arrival("web > 10.0.1.99 tcp 1 22"), None);
}

#[test]
fn security_groups_allow_and_remember() {
    let inbound = |rule: &'static str| move |model: &mut Model| rules(model, "app", &[rule]);
    let packet = "web > 10.0.1.10 tcp 40000 22";
    check("8", inbound("in tcp 22 10.0.0.10/32"), packet, Answered);
    check("8", inbound("in tcp 23 0.0.0.0/0"), packet, Dropped);
    check("8", inbound("in tcp 22 10.0.0.11/32"), packet, Dropped);
    check("8", inbound("in tcp 22 ::/0"), packet, Dropped);
    check("8", inbound("out all 0.0.0.0/0"), packet, Dropped);
    check("1", |model| rules(model, "web", &["in all 0.0.0.0/0"]), packet, Dropped);
    check("1", |model| rules(model, "web", &["out tcp 22 10.0.1.0/24"]), packet, Answered);
    check("1", |model| rules(model, "web", &["out udp 22 10.0.1.0/24"]), packet, Dropped);
    let both = |model: &mut Model| {
        rules(model, "app", &[]);
        rules(model, "extra", &["in tcp 22 0.0.0.0/0"]);
        groups(model, "app", &["sg-app", "sg-extra"]);
    };
    check("8", both, packet, Answered);
    check("8", |model| groups(model, "app", &["sg-app", "sg-gone"]), packet, Answered);
    check("8", |model| groups(model, "app", &["sg-gone"]), packet, Unknown);
    check("1", |model| groups(model, "web", &["sg-gone"]), packet, Unknown);
    check("1", |model| groups(model, "web", &[]), packet, Answered);
    check("8", inbound("in tcp 22 pl-office"), packet, Answered);
    check("8", inbound("in tcp 22 pl-unread"), packet, Unknown);
    check("8", inbound("in tcp 23 pl-unread"), packet, Dropped);
}

#[test]
fn icmp_is_matched_by_type_and_code() {
    let inbound = |rule: &'static str| move |model: &mut Model| rules(model, "app", &[rule]);
    check("8", inbound("in icmp 8 0.0.0.0/0"), "web > 10.0.1.10 icmp 8 0", Answered);
    check("8", inbound("in icmp 8/1 0.0.0.0/0"), "web > 10.0.1.10 icmp 8 0", Dropped);
    check("8", inbound("in icmpv6 128 ::/0"), "web > 2001:db8:a:1::10 icmpv6 128 0", Answered);
    check("8", inbound("in 50 0.0.0.0/0"), "web > 10.0.1.10 50", Answered);
    check("8", inbound("in 51 0.0.0.0/0"), "web > 10.0.1.10 50", Dropped);
    let no_echo = |model: &mut Model| {
        entries(model, "private", &[OPEN_IN, "out 10 deny icmp 0 0.0.0.0/0", OPEN_OUT]);
    };
    check("answered", no_echo, "web > 10.0.1.10 icmp 8 0", OneWay);
    check("answered", no_echo, "web > 10.0.1.10 icmp 3 4", Answered);
    check("answered", no_echo, "web > 10.0.1.10 icmp 13 0", Answered);
}

#[test]
fn group_references_are_identities() {
    let inbound = |model: &mut Model| rules(model, "app", &["in tcp 22 sg-web"]);
    let packet = "web > 10.0.1.10 tcp 40000 22";
    check("8", inbound, packet, Answered);
    check("8", inbound, "db > 10.0.1.10 tcp 40000 22", Dropped);
    check("1", |model| rules(model, "web", &["out tcp 22 sg-app"]), packet, Answered);
    check("1", |model| rules(model, "web", &["out tcp 22 sg-db"]), packet, Dropped);
    // Its own group is not implied.
    check("8", |model| rules(model, "app", &["in all sg-app"]), packet, Dropped);
    // Over a peering connection, of one Region only.
    let peer = |model: &mut Model| rules(model, "peer", &["in tcp 22 sg-app"]);
    let over = "app > 10.1.0.10 tcp 40000 22";
    check("8", peer, over, Answered);
    let move_vpc = |region: Option<&'static str>| {
        move |model: &mut Model| {
            peer(model);
            let region = region.map(RegionName::from);
            let peering = model.peerings.get_mut(&PeeringId::from("pcx-ab")).unwrap();
            peering.accepter.region.clone_from(&region);
            model.vpcs.get_mut(&VpcId::from("b")).unwrap().place.region = region;
        }
    };
    check("8", move_vpc(Some("us-east-1")), over, Dropped);
    check("8", move_vpc(None), over, Unknown);
    // Lost at the Internet gateway, both ways.
    let from_web = |model: &mut Model| rules(model, "peer", &["in tcp 22 sg-web"]);
    check("8", from_web, "web > 203.0.113.20 tcp 40000 22", Dropped);
    let to_peer = |model: &mut Model| rules(model, "web", &["out tcp 22 sg-peer"]);
    check("1", to_peer, "web > 203.0.113.20 tcp 40000 22", Dropped);
    check("1", to_peer, "web > 10.1.0.10 tcp 40000 22", Answered);
}

#[test]
fn network_acls_are_ordered_stateless_and_at_the_border() {
    let packet = "web > 10.0.1.10 tcp 40000 22";
    let private =
        |list: &'static [&'static str]| move |model: &mut Model| entries(model, "private", list);
    check("3", private(&[]), "app > 10.0.1.20 tcp 40000 5432", Answered);
    check("7", private(&[]), packet, Dropped);
    check("4", private(&[]), "app > 10.0.0.10 tcp 40000 22", Dropped);
    check("10", private(&[OPEN_IN]), packet, OneWay);
    check("10", private(&[OPEN_IN, "out 1 allow tcp 1024-65535 10.0.0.0/24"]), packet, Answered);
    check("10", private(&[OPEN_IN, "out 1 allow tcp 1024-39999 10.0.0.0/24"]), packet, OneWay);
    check("10", private(&[OPEN_IN, "out 1 allow tcp 22 10.0.0.0/24"]), packet, OneWay);
    let shadow = ["in 90 deny tcp 22 10.0.0.0/24", OPEN_IN, OPEN_OUT];
    check("4", move |model| entries(model, "private", &shadow), packet, Dropped);
    let shadowed = ["in 110 deny tcp 22 10.0.0.0/24", OPEN_IN, OPEN_OUT];
    check("4", move |model| entries(model, "private", &shadowed), packet, Answered);
    check("4", private(&["in 1 allow all ::/0", "out 1 allow all ::/0"]), packet, Dropped);
    check(
        "7",
        |model| {
            model.network_acls.remove("acl-private");
        },
        packet,
        Unknown,
    );
    let default = |model: &mut Model| {
        acl(model, "private").subnets.clear();
        acl(model, "private").is_default = true;
    };
    check("4", default, packet, Answered);
    check(
        "subnets",
        |model| {
            model.subnets.remove("private");
        },
        packet,
        Unknown,
    );
    check(
        "subnets",
        |model| {
            model.subnets.remove("public");
        },
        packet,
        Unknown,
    );
}

#[test]
fn layers_can_be_switched_off() {
    let closed = |model: &mut Model| {
        rules(model, "app", &[]);
        entries(model, "private", &[]);
    };
    let packet = "web > 10.0.1.10 tcp 40000 22";
    let settings = |network_acls, security_groups| Settings {
        network_acls,
        security_groups,
        port_25_blocked: true,
    };
    check_with(settings(true, true), "4, 8", closed, packet, Dropped);
    check_with(settings(false, true), "8", closed, packet, Dropped);
    check_with(settings(true, false), "4", closed, packet, Dropped);
    check_with(settings(false, false), "6", closed, packet, Answered);
}

#[test]
fn the_longest_prefix_wins_then_precedence() {
    let packet = "web > 192.0.2.1 tcp 40000 443";
    let public =
        |list: &'static [&'static str]| move |model: &mut Model| routes(model, "public", list);
    check("5", public(&[]), packet, Dropped);
    check("5", public(&["0.0.0.0/0 igw-a blackhole"]), packet, Dropped);
    check("5", public(&["0.0.0.0/0 igw-a unknown"]), packet, Unknown);
    check("5", public(&["0.0.0.0/0 igw-a", "192.0.2.0/24 igw-a blackhole"]), packet, Dropped);
    check("5", public(&["0.0.0.0/0 igw-a blackhole", "192.0.2.0/25 igw-a"]), packet, Answered);
    check("5", public(&["0.0.0.0/0 igw-a", "0.0.0.0/0 vgw-a propagated"]), packet, Answered);
    check("5", public(&["0.0.0.0/0 igw-a", "192.0.2.0/24 vgw-a propagated"]), packet, Unknown);
    check("5", public(&["192.0.2.0/24 igw-a", "pl-test tgw-a"]), packet, Answered);
    check("5", public(&["0.0.0.0/0 igw-a", "pl-test tgw-a"]), packet, Unknown);
    check("5", public(&["pl-test igw-a", "192.0.2.0/24 vgw-a propagated"]), packet, Answered);
    check("5", public(&["pl-test igw-a", "pl-test-2 igw-a"]), packet, Answered);
    check("5", public(&["pl-test igw-a", "pl-test-2 tgw-a"]), packet, Unknown);
    check("5", public(&["pl-test-2 tgw-a blackhole", "192.0.2.0/30 igw-a"]), packet, Answered);
    check(
        "5",
        |model| {
            model.route_tables.remove("rtb-public");
        },
        packet,
        Unknown,
    );
}

#[test]
fn the_vpc_is_local() {
    let packet = "web > 10.0.1.10 tcp 40000 22";
    let public =
        |list: &'static [&'static str]| move |model: &mut Model| routes(model, "public", list);
    check("5", public(&[]), packet, Answered);
    check("5", public(&["0.0.0.0/0 igw-a"]), packet, Answered);
    check("5", public(&["10.0.0.0/16 tgw-a"]), packet, Unknown);
    check("5", public(&["10.0.1.0/24 db"]), packet, Dropped);
    check("5", public(&["10.0.1.0/24 app"]), packet, Answered);
    check("5", public(&["10.0.0.0/16 local", "10.0.1.0/24 vgw-a propagated"]), packet, Answered);
    check("6 local", nothing, "web > 10.0.1.99 tcp 40000 22", Dropped);
    // The same the other way round: the reply has to take the way that the packet came.
    let private =
        |list: &'static [&'static str]| move |model: &mut Model| routes(model, "private", list);
    check("10", private(&["10.0.0.0/24 db"]), packet, OneWay);
    check("10", private(&["10.0.0.0/24 local blackhole"]), packet, OneWay);
    check(
        "10",
        |model| {
            model.route_tables.remove("rtb-private");
        },
        packet,
        Unknown,
    );
}

#[test]
fn unread_prefix_lists_of_routes() {
    let public =
        |list: &'static [&'static str]| move |model: &mut Model| routes(model, "public", list);
    let out = "web > 192.0.2.1 tcp 40000 443";
    let inside = "web > 10.0.1.10 tcp 40000 443";
    check("5", public(&["pl-unread vpce-s3"]), out, Unknown);
    check("5", public(&["pl-unread vpce-s3", "0.0.0.0/0 igw-a"]), out, Answered);
    check("5", public(&["pl-unread vpce-s3"]), "web > 10.1.0.10 tcp 40000 22", Dropped);
    check("5", public(&["pl-unread vpce-s3"]), inside, Answered);
    check("5", public(&["pl-unread nat-a", "0.0.0.0/0 igw-a"]), out, Unknown);
    check("5", public(&["pl-unread nat-a"]), inside, Answered);
}

#[test]
fn internet_gateways_need_a_public_address() {
    let packet = "web > 192.0.2.1 tcp 40000 443";
    let no_public = |model: &mut Model| interface(model, "web").ipv4[0].public = None;
    check("6 Internet gateway", no_public, packet, Dropped);
    check("6 Internet gateway", nothing, "web > 172.16.0.1 tcp 40000 443", Dropped);
    check("6 Internet gateway", nothing, "web > 10.9.0.1 tcp 40000 443", Dropped);
    check(
        "6",
        |model| {
            model.internet_gateways.remove("igw-a");
        },
        packet,
        Unknown,
    );
    check("6 reflection", nothing, "web > 203.0.113.10 tcp 40000 443", Unknown);
    let blocked = |mode| {
        move |model: &mut Model| {
            let place = model.vpcs["a"].place.clone();
            model.block_public_access.insert(place, mode);
        }
    };
    check("6", blocked(BlockPublicAccess::Off), packet, Answered);
    check("6", blocked(BlockPublicAccess::Ingress), packet, Unknown);
    check("9", blocked(BlockPublicAccess::Bidirectional), "192.0.2.1 > 203.0.113.10 50", Unknown);
    let no_reply = |model: &mut Model| {
        entries(model, "public", &["in 1 deny all 192.0.2.0/24", OPEN_IN, OPEN_OUT]);
    };
    check("10", no_reply, packet, OneWay);
}

#[test]
fn the_internet_reaches_public_addresses_only() {
    let packet = "192.0.2.1 > 203.0.113.10 tcp 40000 443";
    check("9", nothing, "192.0.2.1 > 10.0.0.10 tcp 40000 443", Dropped);
    check("9", nothing, "10.9.0.1 > 203.0.113.10 tcp 40000 443", Dropped);
    check("9", nothing, "192.0.2.1 > 203.0.113.11 tcp 40000 443", Dropped);
    check("8", nothing, "192.0.2.1 > 203.0.113.12 tcp 40000 443", Dropped);
    check("8", |model| rules(model, "web", &["in all 192.0.2.1/32"]), packet, Answered);
    check("8", |model| rules(model, "web", &["in all 10.0.0.0/8"]), packet, Dropped);
    check("10", |model| routes(model, "public", &[]), packet, OneWay);
    check("10", |model| routes(model, "public", &["0.0.0.0/0 nat-a"]), packet, OneWay);
    let gone = |model: &mut Model| {
        model.internet_gateways.remove("igw-a");
    };
    check("9", gone, packet, Unknown);
    let detached = |model: &mut Model| {
        model.internet_gateways.get_mut("igw-a").unwrap().vpc = None;
    };
    check("9", detached, packet, Dropped);
    let edge = |list: &'static [&'static str]| {
        move |model: &mut Model| {
            routes(model, "private", list);
            let table = model.route_tables.get_mut("rtb-private").unwrap();
            table.gateways.push("igw-a".into());
        }
    };
    check("9", edge(&["10.0.0.0/16 local"]), packet, Answered);
    check("9", edge(&["10.0.0.0/24 db"]), packet, Unknown);
    check("10", edge(&["10.0.0.0/24 db"]), "web > 192.0.2.1 tcp 40000 443", Unknown);
    // An IPv6 address behind an egress-only gateway is reached all the same, and does not answer that way.
    check("10", nothing, "2001:db8:ffff::1 > 2001:db8:a:1::10 tcp 40000 443", OneWay);
}

#[test]
fn nat_gateways_translate_addresses_and_ports() {
    let packet = "app > 192.0.2.1 tcp 40000 443";
    let public =
        |list: &'static [&'static str]| move |model: &mut Model| entries(model, "public", list);
    check("6 NAT gateway", nothing, "app > 192.0.2.1 50", Dropped);
    check("6 NAT gateway", nothing, "app > 192.0.2.1 icmp 8 0", Answered);
    check("6 NAT gateway", public(&["in 1 allow all 10.0.0.0/16", OPEN_OUT]), packet, OneWay);
    check("6 NAT gateway", public(&["in 1 allow all 192.0.2.0/24", OPEN_OUT]), packet, Dropped);
    check("6 NAT gateway", public(&[OPEN_IN, "out 1 allow all 10.0.0.0/16"]), packet, Dropped);
    let ports = |ports: &'static str| {
        move |model: &mut Model| {
            let entry = format!("in 1 deny tcp {ports} 192.0.2.0/24");
            entries(model, "public", &[&entry, OPEN_IN, OPEN_OUT]);
        }
    };
    check("6 NAT ports", ports("0-1023"), packet, Answered);
    check("6 NAT ports", ports("0-1024"), packet, Unknown);
    check("6 NAT ports", ports("65535"), packet, Unknown);
    check("6 NAT ports", ports("1024-65535"), packet, OneWay);
    check("6 NAT ports", ports("1024-65535"), "app > 192.0.2.1 icmp 8 0", Answered);
    let client = |model: &mut Model| {
        entries(model, "private", &["in 1 allow tcp 40000 192.0.2.1/32", OPEN_OUT]);
    };
    check("6 NAT gateway", client, packet, Answered);
    check("6 NAT gateway", client, "app > 192.0.2.1 tcp 40001 443", OneWay);
    let nat = |change: fn(&mut portolan_model::NatGateway)| {
        move |model: &mut Model| change(model.nat_gateways.get_mut("nat-a").unwrap())
    };
    check("6 NAT gateway", nat(|nat| nat.is_available = false), packet, Dropped);
    check("6 NAT gateway", nat(|nat| nat.is_public = false), packet, Unknown);
    check("6 NAT gateway", nat(|nat| nat.subnet = None), packet, Unknown);
    check(
        "6",
        |model| {
            model.nat_gateways.remove("nat-a");
        },
        packet,
        Unknown,
    );
    check("6 NAT gateway", |model| routes(model, "public", &[]), packet, Dropped);
    check("6 NAT gateway", |model| routes(model, "public", &["0.0.0.0/0 tgw-a"]), packet, Unknown);
    check(
        "6 NAT64",
        |model| routes(model, "private", &["64:ff9b::/96 nat-a"]),
        "app > 64:ff9b::1 tcp 1 443",
        Unknown,
    );
    check("6 reflection", nothing, "app > 203.0.113.10 tcp 40000 443", Unknown);
    // To a public address of another VPC: from the gateway's, with any of its ports.
    check(
        "6 NAT gateway",
        |model| rules(model, "peer", &["in tcp 443 203.0.113.12/32"]),
        "app > 203.0.113.20 tcp 40000 443",
        Answered,
    );
    let some_ports = |model: &mut Model| {
        entries(model, "peers", &[OPEN_IN, "out 1 allow tcp 32768-65535 0.0.0.0/0"]);
    };
    check("6 NAT ports", some_ports, "app > 203.0.113.20 tcp 40000 443", Unknown);
}

#[test]
fn egress_only_gateways_let_out_and_their_answers_in() {
    let packet = "app > 2001:db8:ffff::1 tcp 40000 443";
    check(
        "6",
        |model| {
            model.egress_only_gateways.remove("eigw-a");
        },
        packet,
        Unknown,
    );
    let ipv4 = |model: &mut Model| routes(model, "private", &["0.0.0.0/0 eigw-a"]);
    check("6 egress-only gateway", ipv4, "app > 192.0.2.1 tcp 40000 443", Dropped);
    let no_reply = |model: &mut Model| {
        entries(model, "private", &["in 1 allow tcp 1024-39999 ::/0", "out 1 allow all ::/0"]);
    };
    check("10", no_reply, packet, OneWay);
    check("6 egress-only gateway", nothing, "app > fd00:9::1 tcp 40000 443", Dropped);
}

#[test]
fn port_25_is_blocked_towards_the_internet() {
    for packet in [
        "web > 192.0.2.1 tcp 40000 25",
        "app > 192.0.2.1 tcp 40000 25",
        "app > 2001:db8:ffff::1 tcp 40000 25",
        "web > 203.0.113.20 tcp 40000 25",
    ] {
        check("6 port 25", nothing, packet, Dropped);
        let lifted = Settings { port_25_blocked: false, ..Settings::default() };
        check_with(lifted, "6 port 25", nothing, packet, Answered);
    }
    check("6 port 25", nothing, "web > 192.0.2.1 udp 40000 25", Answered);
    check("6 port 25", nothing, "web > 10.0.1.10 tcp 40000 25", Answered);
    check("6 port 25", nothing, "app > 10.1.0.10 tcp 40000 25", Answered);
    check("6 port 25", nothing, "192.0.2.1 > 203.0.113.10 tcp 40000 25", Answered);
    check("6 port 25", nothing, "192.0.2.1 > 203.0.113.10 tcp 25 443", Answered);
}

#[test]
fn peering_is_not_transitive() {
    let packet = "app > 10.1.0.10 tcp 40000 22";
    let through = |model: &mut Model| routes(model, "private", &["10.2.0.0/16 pcx-ab"]);
    check("6 peering", through, "app > 10.2.0.10 tcp 40000 22", Dropped);
    let internet = |model: &mut Model| routes(model, "private", &["0.0.0.0/0 pcx-ab"]);
    check("6 peering", internet, "app > 192.0.2.1 tcp 40000 443", Dropped);
    check("6 peering", nothing, "peer > 10.2.0.10 tcp 40000 22", Answered);
    check("6 peering", nothing, "app > 10.1.0.99 tcp 40000 22", Dropped);
    check("10", |model| routes(model, "peers", &[]), packet, OneWay);
    check("10", |model| routes(model, "peers", &["10.0.1.0/24 tgw-a"]), packet, OneWay);
    let inactive = |model: &mut Model| model.peerings.get_mut("pcx-ab").unwrap().is_active = false;
    check("6 peering", inactive, packet, Dropped);
    check(
        "6 peering",
        |model| {
            model.peerings.remove("pcx-ab");
        },
        packet,
        Unknown,
    );
    check(
        "6 peering",
        |model| {
            model.vpcs.remove("b");
        },
        packet,
        Unknown,
    );
    // Whoever is there may hold the group; but not what the rule does not even allow.
    let unread = |rule: &'static str| {
        move |model: &mut Model| {
            model.vpcs.remove("b");
            rules(model, "app", &[rule]);
        }
    };
    check("1", unread("out tcp 22 sg-far-away"), packet, Unknown);
    check("1", unread("out tcp 23 sg-far-away"), packet, Dropped);
}

#[test]
fn endpoints_and_services() {
    let s3 = |model: &mut Model| routes(model, "private", &["pl-test vpce-s3"]);
    check("6 gateway endpoint", s3, "app > 192.0.2.1 tcp 40000 443", Answered);
    check("6 gateway endpoint", s3, "app > 192.0.2.1 icmp 8 0", Answered);
    check("6 gateway endpoint", s3, "app > 192.0.2.1 udp 40000 443", Dropped);
    check("6 gateway endpoint", s3, "app > 192.0.2.1 icmp 13 0", Dropped);
    let filtered = |model: &mut Model| {
        s3(model);
        entries(model, "private", &["in 1 allow all 10.0.0.0/8", OPEN_OUT]);
    };
    check("6 gateway endpoint", filtered, "app > 192.0.2.1 tcp 40000 443", OneWay);
    let endpoint = |model: &mut Model| interface(model, "app").kind = InterfaceKind::Endpoint;
    check("1", endpoint, "app > 10.0.0.10 tcp 40000 22", Dropped);
    check("8", endpoint, "web > 10.0.1.10 tcp 40000 22", Answered);
    check("8", endpoint, "web > 10.0.1.10 udp 40000 22", Answered);
    check("8", endpoint, "web > 10.0.1.10 icmp 8 0", Dropped);
    let closed = |model: &mut Model| {
        rules(model, "app", &[]);
        entries(model, "private", &[]);
        routes(model, "private", &[]);
    };
    check("2", closed, "app > 169.254.169.254 tcp 40000 80", Answered);
    check("2", closed, "app > 10.0.0.2 udp 40000 53", Answered);
    check("2", closed, "app > 169.254.169.1 tcp 40000 80", Dropped);
    check("2", nothing, "192.0.2.1 > 169.254.169.254 tcp 40000 80", Dropped);
}

#[test]
fn kinds_of_interface() {
    let is = |kind| move |model: &mut Model| interface(model, "app").kind = kind;
    let (to, from) = ("web > 10.0.1.10 tcp 40000 22", "app > 10.0.0.10 tcp 40000 22");
    check("8", is(InterfaceKind::Lambda), to, Dropped);
    check("1", is(InterfaceKind::Lambda), from, Answered);
    check("8", is(InterfaceKind::NatGateway), to, Dropped);
    check("8", is(InterfaceKind::Service), to, Answered);
    for kind in [
        InterfaceKind::LoadBalancer,
        InterfaceKind::GatewayLoadBalancer,
        InterfaceKind::GatewayLoadBalancerEndpoint,
        InterfaceKind::TransitGateway,
    ] {
        check("8", is(kind), to, Unknown);
        check("1", is(kind), from, Unknown);
        let closed = |model: &mut Model| {
            is(kind)(model);
            rules(model, "app", &[]);
        };
        check("8", closed, to, Dropped);
        check("1", closed, from, Dropped);
        let behind = |model: &mut Model| {
            is(kind)(model);
            entries(model, "private", &[]);
        };
        check("7", behind, to, Dropped);
        check("4", behind, from, Dropped);
    }
}

#[test]
fn appliances_and_unmodelled_targets_are_unknown() {
    let private = |target: &'static str| {
        move |model: &mut Model| routes(model, "private", &[&format!("10.9.0.0/16 {target}")])
    };
    let packet = "app > 10.9.0.1 tcp 40000 22";
    for target in ["tgw-a", "vgw-a", "vpce-gone", "other-a", "eni-gone", "i-gone"] {
        check("6", private(target), packet, Unknown);
    }
    check("6 an interface", private("db"), packet, Dropped);
    check("6 an instance", private("i-db"), packet, Dropped);
    let forwards = |model: &mut Model| {
        private("i-db")(model);
        interface(model, "db").source_dest_check = false;
    };
    check("6 an instance", forwards, packet, Unknown);
    // A group is not recognised through them.
    let closed = |model: &mut Model| {
        private("tgw-a")(model);
        rules(model, "app", &["out all sg-web"]);
    };
    check("1", closed, packet, Dropped);
    // Beyond them, nothing is known: not even that a closed group stays closed.
    let beyond = |model: &mut Model| {
        routes(model, "private", &["10.0.0.0/24 tgw-a"]);
        rules(model, "web", &[]);
    };
    check("6", beyond, "app > 10.0.0.10 tcp 40000 22", Unknown);
}

#[test]
fn a_route_of_unknown_state_still_leads_to_the_next_filter() {
    let closed = |model: &mut Model| {
        let table = model.route_tables.get_mut("rtb-private").unwrap();
        table.routes.iter_mut().for_each(|route| route.state = RouteState::Unknown);
        rules(model, "peer", &[]);
    };
    check("5", closed, "app > 10.1.0.10 tcp 40000 22", Dropped);
}

#[test]
fn nonsense_is_dropped() {
    check("sender", nothing, "nobody@10.0.0.10 > 10.0.1.10 50", Dropped);
    check("sender", nothing, "web@10.0.0.11 > 10.0.1.10 50", Dropped);
    check("family", nothing, "web@10.0.0.10 > 2001:db8:a:1::10 50", Dropped);
}
