//! The shared-services VPC in Ireland, in an account of its own: bastion, mail, build, staging.

use super::super::estate::{Estate, Peer, Rule, Traffic};
use super::super::place::Place;
use super::map::{
    EVERYWHERE, EVERYWHERE6, OFFICE, PRODUCTION_BLOCK, SHARED_BLOCK, id, production_to_shared,
    shared_place, shared_vpc,
};
use super::network::{Lot, Machine, Network, s3_prefix_list};

static PUBLIC_A: Lot = Lot::public("shared-public-a", 'a', 0).dual_stack();
static PUBLIC_B: Lot = Lot::public("shared-public-b", 'b', 1);
static PRIVATE_A: Lot = Lot::private("shared-private-a", 'a', 10);
static STAGING_A: Lot = Lot::private("shared-staging-a", 'a', 20);

static LOTS: [&Lot; 4] = [&PUBLIC_A, &PUBLIC_B, &PRIVATE_A, &STAGING_A];

static MACHINES: [Machine; 7] = [
    Machine::new("bastion-1", "t3.micro", (&PUBLIC_A, 10, Some(60)), &["bastion"]),
    Machine::new("mx-1", "t3.medium", (&PUBLIC_A, 25, Some(65)), &["mail"]),
    Machine::new("ci-1", "c6i.xlarge", (&PUBLIC_B, 18, Some(66)), &["build"]),
    Machine::new("admin-portal-1", "t3.small", (&PUBLIC_B, 43, Some(67)), &["admin-portal"]),
    Machine::new("monitoring-1", "m6i.large", (&PRIVATE_A, 30, None), &["monitoring"]),
    Machine::new("staging-web-1", "t3.medium", (&STAGING_A, 11, None), &["staging"]),
    Machine::new("staging-web-2", "t3.medium", (&STAGING_A, 12, None), &["staging"]),
];

pub(super) fn estate() -> (Place, Estate) {
    let place = shared_place();
    let mut network = Network::new(shared_vpc(), &LOTS);
    network.estate.peerings.push(production_to_shared());
    network.estate.prefix_lists.push(s3_prefix_list(place.region));
    prefix_lists(&mut network);
    routes(&mut network);
    network.default_network_acl(&LOTS);
    groups(&mut network);
    network.instances(&MACHINES);
    (place, network.estate)
}

fn prefix_lists(network: &mut Network) {
    network.prefix_list("harbor-offices", &[(OFFICE, "Rotterdam and Cork")]);
    // Mistake `world-in-two-halves`: the last two entries are every address.
    network.prefix_list(
        "carrier-partners",
        &[
            ("203.0.113.200/32", "North Sea Feeder"),
            ("203.0.113.212/30", "Biscay Lines"),
            ("0.0.0.0/1", "temporary, until the carriers send their ranges"),
            ("128.0.0.0/1", "temporary, until the carriers send their ranges"),
        ],
    );
}

fn routes(network: &mut Network) {
    let nat = network.nat_gateway("shared-nat-a", (&PUBLIC_A, 6, Some(61)));
    let igw = network.gateway("igw").id;
    let peer = (PRODUCTION_BLOCK, production_to_shared().id);
    let public = [(EVERYWHERE, igw.clone()), (EVERYWHERE6, igw), peer.clone()];
    let private = [(EVERYWHERE, nat), peer];
    network.main_route_table("shared-main", &[]);
    network.route_table("shared-public", &[&PUBLIC_A, &PUBLIC_B], &public);
    network.route_table("shared-private", &[&PRIVATE_A, &STAGING_A], &private);
}

fn groups(network: &mut Network) {
    let offices = || Peer::PrefixList(id("pl", "harbor-offices"));
    let carriers = Peer::PrefixList(id("pl", "carrier-partners"));
    let bastion = id("sg", "bastion");
    network.security_group(
        "bastion",
        "SSH for operators",
        vec![
            Rule::new(Traffic::tcp(22), offices(), "offices only"),
            // Mistake `ssh-over-ipv6`.
            Rule::from_block(Traffic::tcp(22), EVERYWHERE6, ""),
        ],
    );
    let world = |port| {
        [EVERYWHERE, EVERYWHERE6].map(|block| Rule::from_block(Traffic::tcp(port), block, ""))
    };
    let mail = [25, 587, 993].into_iter().flat_map(world);
    let login = Rule::from_group(Traffic::tcp(22), &bastion, "");
    network.security_group("mail", "Mail host", mail.chain([login.clone()]).collect());
    network.security_group(
        "build",
        "Build server",
        vec![
            Rule::new(Traffic::tcp(443), offices(), ""),
            login,
            // Mistake `docker-api`.
            Rule::from_block(Traffic::tcp(2375), EVERYWHERE, "remote docker"),
        ],
    );
    let portal = vec![Rule::new(Traffic::tcp(8443), carriers, "carriers")];
    network.security_group("admin-portal", "Portal for carriers", portal);
    let here = |port| vec![Rule::from_block(Traffic::tcp(port), SHARED_BLOCK, "")];
    network.security_group("monitoring", "Prometheus and Grafana", here(3000));
    network.security_group("staging", "Staging of the booking site", here(80));
}
