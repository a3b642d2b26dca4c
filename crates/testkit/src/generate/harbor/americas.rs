//! The VPC in Virginia that came with an acquired agency; same account as production.

use super::super::estate::{Estate, Route, Rule, Traffic};
use super::super::place::Place;
use super::map::{
    AMERICAS_BLOCK, EVERYWHERE, PRODUCTION_BLOCK, americas_place, americas_to_production,
    americas_vpc, id,
};
use super::network::{Lot, Machine, Network, s3_prefix_list};

static PUBLIC_A: Lot = Lot::public("americas-public-a", 'a', 0);
static PUBLIC_B: Lot = Lot::public("americas-public-b", 'b', 1);
static PRIVATE_A: Lot = Lot::private("americas-private-a", 'a', 10);
static PRIVATE_B: Lot = Lot::private("americas-private-b", 'b', 11);

static LOTS: [&Lot; 4] = [&PUBLIC_A, &PUBLIC_B, &PRIVATE_A, &PRIVATE_B];

// Mistake `default-group`: the group whose members trust each other with everything has a public member.
static MACHINES: [Machine; 5] = [
    Machine::new("yard-terminal-1", "t3.large", (&PUBLIC_A, 13, Some(130)), &["yard-terminal"])
        .on_windows(),
    Machine::new(
        "label-printer-1",
        "t3.micro",
        (&PUBLIC_A, 29, Some(131)),
        &["label-printer", "default"],
    ),
    Machine::new("americas-web-1", "t3.medium", (&PUBLIC_B, 10, Some(132)), &["americas-web"]),
    Machine::new(
        "americas-erp-1",
        "m5.xlarge",
        (&PRIVATE_A, 20, None),
        &["americas-erp", "default"],
    ),
    Machine::new("americas-batch-1", "m5.large", (&PRIVATE_B, 51, None), &["default"]),
];

pub(super) fn estate() -> (Place, Estate) {
    let place = americas_place();
    let mut network = Network::new(americas_vpc(), &LOTS);
    network.estate.peerings.push(americas_to_production());
    network.estate.prefix_lists.push(s3_prefix_list(place.region));
    routes(&mut network);
    network.s3_endpoint("americas-s3", place.region, &["americas-private"]);
    network.default_network_acl(&LOTS);
    groups(&mut network);
    network.instances(&MACHINES);
    let berths = [(&PRIVATE_B, 40, None), (&PRIVATE_A, 40, None)];
    network.database("americas-reports-db", &berths, &["default"]);
    (place, network.estate)
}

fn routes(network: &mut Network) {
    let nat = network.nat_gateway("americas-nat-a", (&PUBLIC_A, 7, Some(133)));
    let igw = network.gateway("igw").id;
    // The public subnets name no table: they are public because the main one is.
    network.main_route_table("americas-main", &[(EVERYWHERE, igw)]);
    let private = [&PRIVATE_A, &PRIVATE_B];
    network.route_table("americas-private", &private, &[(EVERYWHERE, nat)]);
    // Mistake `blackhole`: still the connection that was deleted, not its successor.
    let dead = Route { is_blackhole: true, ..Route::new(PRODUCTION_BLOCK, id("pcx", "deleted")) };
    if let Some(table) = network.estate.route_tables.last_mut() {
        table.routes.push(dead);
    }
}

fn groups(network: &mut Network) {
    let from = |traffic, block: &str, note| vec![Rule::from_block(traffic, block, note)];
    // Mistake `rdp-world`.
    let desktop = from(Traffic::tcp(3389), EVERYWHERE, "support, temporary");
    network.security_group("yard-terminal", "launch-wizard-3", desktop);
    // Mistake `smtp-by-range`: meant were 21 and 22.
    let mut printer = from(Traffic::tcp_range(20, 25), EVERYWHERE, "ftp and ssh");
    printer.extend(from(Traffic::tcp(9100), AMERICAS_BLOCK, "raw printing"));
    network.security_group("label-printer", "Label printer", printer);
    let mut web = from(Traffic::tcp(80), EVERYWHERE, "");
    web.extend(from(Traffic::tcp(443), EVERYWHERE, ""));
    network.security_group("americas-web", "Agency site", web);
    let erp = from(Traffic::tcp(8069), AMERICAS_BLOCK, "");
    network.security_group("americas-erp", "ERP in Savannah", erp);
}
