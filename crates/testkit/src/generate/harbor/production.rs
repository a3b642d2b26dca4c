//! The production VPC in Ireland: web tier, booking, tracking, telemetry, and two forgotten corners.

use super::super::estate::{AclEntry, Estate, Peer, PeerGroup, Rule, Traffic};
use super::super::place::Place;
use super::map::{
    AMERICAS_BLOCK, EVERYWHERE, EVERYWHERE6, OFFICE, PRODUCTION_BLOCK, SHARED_BLOCK,
    americas_to_production, id, production_place, production_to_shared, production_vpc,
    shared_place, shared_vpc,
};
use super::network::{Lot, Machine, Network, s3_prefix_list};

static PUBLIC_A: Lot = Lot::public("production-public-a", 'a', 0);
static PUBLIC_B: Lot = Lot::public("production-public-b", 'b', 1);
static APP_A: Lot = Lot::private("production-app-a", 'a', 10);
static APP_B: Lot = Lot::private("production-app-b", 'b', 11);
static DATA_A: Lot = Lot::private("production-data-a", 'a', 20);
static DATA_B: Lot = Lot::private("production-data-b", 'b', 21);
static TELEMETRY_A: Lot = Lot::private("production-telemetry-a", 'a', 30).dual_stack();
static TELEMETRY_B: Lot = Lot::private("production-telemetry-b", 'b', 31).dual_stack();
static PARTNER_A: Lot = Lot::public("production-partner-a", 'a', 40);
static LEGACY_A: Lot = Lot::public("production-legacy-a", 'a', 50);

static LOTS: [&Lot; 10] = [
    &PUBLIC_A,
    &PUBLIC_B,
    &APP_A,
    &APP_B,
    &DATA_A,
    &DATA_B,
    &TELEMETRY_A,
    &TELEMETRY_B,
    &PARTNER_A,
    &LEGACY_A,
];

static MACHINES: [Machine; 9] = [
    Machine::new("web-1", "m6i.large", (&APP_A, 11, None), &["harbor-web"]),
    Machine::new("web-2", "m6i.large", (&APP_B, 12, None), &["harbor-web"]),
    Machine::new(
        "booking-api-1",
        "m6i.large",
        (&APP_A, 21, None),
        &["booking-api", "booking-admin"],
    )
    .and_second(22, None),
    Machine::new("booking-api-2", "m6i.large", (&APP_B, 22, None), &["booking-api"]),
    Machine::new("tracking-search-1", "r6i.large", (&PUBLIC_A, 40, None), &["tracking-search"])
        .and_second(41, Some(20)),
    Machine::new("fleet-telemetry-1", "t3.medium", (&TELEMETRY_A, 14, None), &["fleet-telemetry"]),
    Machine::new("fleet-telemetry-2", "t3.medium", (&TELEMETRY_B, 15, None), &["fleet-telemetry"]),
    Machine::new("partner-edi-1", "t3.large", (&PARTNER_A, 8, Some(41)), &["partner-edi"]),
    Machine::new(
        "warehouse-gateway-1",
        "t2.small",
        (&LEGACY_A, 9, Some(40)),
        &["warehouse-legacy"],
    ),
];

pub(super) fn estate() -> (Place, Estate) {
    let place = production_place();
    let mut network = Network::new(production_vpc(), &LOTS);
    network.estate.egress_only_internet_gateways.push(network.gateway("eigw"));
    network.estate.prefix_lists.push(s3_prefix_list(place.region));
    network.estate.peerings.extend([production_to_shared(), americas_to_production()]);
    routes(&mut network);
    network.s3_endpoint("production-s3", place.region, &["production-public", "production-app"]);
    network_acls(&mut network);
    web_groups(&mut network);
    booking_groups(&mut network);
    other_groups(&mut network);
    network.instances(&MACHINES);
    services(&mut network);
    (place, network.estate)
}

fn routes(network: &mut Network) {
    let nat = network.nat_gateway("production-nat-a", (&PUBLIC_A, 5, Some(12)));
    let (igw, eigw) = (network.gateway("igw").id, network.gateway("eigw").id);
    let peers =
        [(SHARED_BLOCK, production_to_shared().id), (AMERICAS_BLOCK, americas_to_production().id)];
    let through = |first: &[(&'static str, &String)]| {
        let first = first.iter().map(|(destination, target)| (*destination, (*target).clone()));
        first.chain(peers.clone()).collect::<Vec<_>>()
    };
    let public = through(&[(EVERYWHERE, &igw), (EVERYWHERE6, &igw)]);
    let public_lots = [&PUBLIC_A, &PUBLIC_B, &PARTNER_A, &LEGACY_A];
    network.main_route_table("production-main", &[]);
    network.route_table("production-public", &public_lots, &public);
    network.route_table("production-app", &[&APP_A, &APP_B], &through(&[(EVERYWHERE, &nat)]));
    network.route_table("production-data", &[&DATA_A, &DATA_B], &peers);
    let outward = [(EVERYWHERE, nat.clone()), (EVERYWHERE6, eigw)];
    network.route_table("production-telemetry-a", &[&TELEMETRY_A], &outward);
    // Mistake `ipv6-private-host`: the Internet gateway where its neighbour has the egress-only one.
    let both_ways = [(EVERYWHERE, nat), (EVERYWHERE6, igw)];
    network.route_table("production-telemetry-b", &[&TELEMETRY_B], &both_ways);
}

fn network_acls(network: &mut Network) {
    let open = [&PUBLIC_A, &PUBLIC_B, &APP_A, &APP_B, &TELEMETRY_A, &TELEMETRY_B];
    network.default_network_acl(&open);
    network.network_acl(
        "production-data",
        &[&DATA_A, &DATA_B],
        vec![
            AclEntry::allow(100, Traffic::tcp(5432), "10.0.0.0/8"),
            AclEntry::allow(110, Traffic::tcp(6379), "10.0.0.0/8"),
            // Mistake `shadowed-deny`: staging is already allowed by the entries above.
            AclEntry::deny(200, Traffic::ALL, "10.40.20.0/24"),
        ],
        vec![AclEntry::allow(100, Traffic::EPHEMERAL, "10.0.0.0/8")],
    );
    network.network_acl(
        "production-partner",
        &[&PARTNER_A],
        vec![
            AclEntry::allow(100, Traffic::tcp(443), EVERYWHERE),
            AclEntry::allow(110, Traffic::EPHEMERAL, "10.0.0.0/8"),
        ],
        // Mistake `no-ephemeral-return`: partners' clients never see an answer.
        vec![
            AclEntry::allow(100, Traffic::tcp(443), "10.0.0.0/8"),
            AclEntry::allow(110, Traffic::tcp(8443), "10.0.0.0/8"),
            AclEntry::allow(120, Traffic::udp(123), EVERYWHERE),
        ],
    );
    network.network_acl(
        "production-legacy",
        &[&LEGACY_A],
        vec![
            AclEntry::allow(100, Traffic::ALL, OFFICE),
            AclEntry::allow(110, Traffic::ALL, PRODUCTION_BLOCK),
        ],
        vec![AclEntry::allow(100, Traffic::ALL, EVERYWHERE)],
    );
}

fn web_groups(network: &mut Network) {
    let web = id("sg", "harbor-web");
    network.strict_security_group(
        "harbor-web-alb",
        "Public entrance of the booking site",
        vec![
            Rule::from_block(Traffic::tcp(80), EVERYWHERE, "redirected to https"),
            Rule::from_block(Traffic::tcp(443), EVERYWHERE, ""),
        ],
        vec![Rule::from_group(Traffic::tcp(8080), &web, "")],
    );
    let monitoring = PeerGroup {
        id: id("sg", "monitoring"),
        account: Some(shared_place().account.id),
        vpc: shared_vpc().id,
        peering: production_to_shared().id,
    };
    network.security_group(
        "harbor-web",
        "Web servers",
        vec![
            Rule::from_group(Traffic::tcp(8080), &id("sg", "harbor-web-alb"), "from the balancer"),
            Rule::new(Traffic::tcp(9100), Peer::PeerGroup(monitoring), "node exporter"),
        ],
    );
}

fn booking_groups(network: &mut Network) {
    // Mistake `stale-reference`: the group that this names was deleted with the old bastion.
    let old_bastion = PeerGroup {
        id: id("sg", "old-bastion"),
        account: None,
        vpc: shared_vpc().id,
        peering: production_to_shared().id,
    };
    network.security_group(
        "booking-api",
        "Booking API",
        vec![
            Rule::from_group(Traffic::tcp(8443), &id("sg", "harbor-web"), "from the web servers"),
            Rule::new(Traffic::tcp(22), Peer::PeerGroup(old_bastion), "ssh from the bastion"),
        ],
    );
    network.security_group(
        "booking-admin",
        "Admin interface of the booking API",
        vec![Rule::from_block(Traffic::tcp(9000), "10.40.10.0/24", "operators")],
    );
    network.strict_security_group(
        "booking-db",
        "Booking database",
        vec![
            Rule::from_group(Traffic::tcp(5432), &id("sg", "booking-api"), ""),
            Rule::from_group(Traffic::tcp(5432), &id("sg", "invoice-function"), ""),
            Rule::from_block(Traffic::tcp(5432), SHARED_BLOCK, "reporting"),
            Rule::from_block(Traffic::tcp(5432), AMERICAS_BLOCK, "ERP in Savannah"),
        ],
        vec![],
    );
    network.strict_security_group(
        "session-cache",
        "Sessions",
        // Mistake `wide-cache`: meant for the application subnets.
        vec![Rule::from_block(Traffic::tcp(6379), "10.0.0.0/8", "internal")],
        vec![],
    );
    network.security_group("invoice-function", "Monthly invoices", vec![]);
}

fn other_groups(network: &mut Network) {
    let from = |traffic, block: &str, note| vec![Rule::from_block(traffic, block, note)];
    // Mistake `public-database`, together with the public address.
    let world = from(Traffic::tcp(5432), EVERYWHERE, "contractor, May");
    network.strict_security_group("tracking-db", "Tracking database", world, vec![]);
    // Mistake `search-on-second-address`.
    let mut search = from(Traffic::tcp(9200), EVERYWHERE, "");
    search.push(Rule::from_group(Traffic::tcp(9300), &id("sg", "tracking-search"), "cluster"));
    network.security_group("tracking-search", "Elasticsearch", search);
    let mut telemetry = from(Traffic::tcp(22), EVERYWHERE6, "IPv6 has no NAT, so it must be open");
    telemetry.push(Rule::from_block(Traffic::tcp(8883), PRODUCTION_BLOCK, "MQTT"));
    network.security_group("fleet-telemetry", "Positions of the vessels", telemetry);
    let partners = from(Traffic::tcp(443), EVERYWHERE, "AS2 partners");
    network.security_group("partner-edi", "Electronic data interchange", partners);
    // Mistake `one-layer`: the network ACL is all that protects it.
    let anything = from(Traffic::ALL, EVERYWHERE, "");
    network.security_group("warehouse-legacy", "Migrated from the warehouse", anything);
    let endpoints = from(Traffic::tcp(443), PRODUCTION_BLOCK, "");
    network.security_group("production-endpoints", "VPC endpoints", endpoints);
    // Attached to nothing.
    let test = vec![
        Rule::from_block(Traffic::udp(1194), EVERYWHERE, ""),
        Rule::from_block(Traffic::tcp(3389), EVERYWHERE, "test"),
    ];
    network.security_group("old-vpn-test", "delete after 1 March", test);
}

fn services(network: &mut Network) {
    network.load_balancer(
        "harbor-web",
        &[(&PUBLIC_A, 21, Some(10)), (&PUBLIC_B, 34, Some(11))],
        "harbor-web-alb",
        (8080, &["web-1", "web-2"]),
    );
    let data = [(&DATA_A, 15, None), (&DATA_B, 15, None)];
    network.database("booking-db", &data, &["booking-db"]);
    let public = [(&PUBLIC_B, 77, Some(31)), (&PUBLIC_A, 77, None)];
    network.database("tracking-db", &public, &["tracking-db"]);
    let nodes = [(&DATA_A, 33, None), (&DATA_B, 34, None)];
    network.cache("session-cache", &nodes, "session-cache");
    let homes = [(&APP_A, 61, None), (&APP_B, 62, None)];
    network.function("invoice-function", &homes, "invoice-function");
    let doors = [(&APP_A, 90, None), (&APP_B, 91, None)];
    network.interface_endpoint("secretsmanager", &doors, "production-endpoints");
}
