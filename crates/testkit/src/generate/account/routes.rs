//! The route tables of one VPC: main, public, data, and one per zone for the rest.

use super::super::estate::{Route, RouteTable};
use super::layout::{Layout, VpcPlan};
use super::network::{Tier, nat_zones, subnet_ids, tiers, zones};

pub(super) fn route_tables(layout: &Layout, plan: &VpcPlan) -> Vec<RouteTable> {
    let igw = plan.id("igw", "only");
    let onward = [peer_routes(layout, plan), vec![s3_route(plan)]].concat();
    let public = [world(plan, &igw, &igw), onward.clone()].concat();
    let private = zones(plan).iter().map(|zone| private_table(plan, *zone, &onward));
    let fixed = [
        RouteTable { is_main: true, ..table(plan, "main", Vec::new(), &[]) },
        table(plan, "public", subnet_ids(plan, Tier::Public), &public),
        table(plan, "data", subnet_ids(plan, Tier::Data), &onward),
    ];
    fixed.into_iter().chain(private).collect()
}

fn table(plan: &VpcPlan, name: &str, subnets: Vec<String>, routes: &[Route]) -> RouteTable {
    RouteTable {
        id: plan.id("rtb", name),
        name: format!("{}-{name}", plan.vpc.name),
        vpc: plan.vpc.id.clone(),
        is_main: false,
        subnets,
        routes: [&Route::local(&plan.vpc), routes].concat(),
    }
}

fn private_table(plan: &VpcPlan, zone: char, onward: &[Route]) -> RouteTable {
    let nat_zone = if nat_zones(plan).contains(&zone) { zone } else { 'a' };
    let nat = plan.id("nat", &nat_zone.to_string());
    let routes = [&world(plan, &nat, &plan.id("eigw", "only")), onward].concat();
    let tiers = tiers(plan).iter().filter(|tier| matches!(tier, Tier::App | Tier::Batch));
    let subnets = tiers.map(|tier| tier.subnet_id(plan, zone)).collect();
    table(plan, &format!("private-{zone}"), subnets, &routes)
}

/// Returns the default routes: that of IPv4, and that of IPv6 if the VPC has it.
fn world(plan: &VpcPlan, gateway: &str, gateway6: &str) -> Vec<Route> {
    let ipv6 = plan.vpc.ipv6.map(|_| Route::new("::/0", gateway6));
    [Route::new("0.0.0.0/0", gateway)].into_iter().chain(ipv6).collect()
}

fn peer_routes(layout: &Layout, plan: &VpcPlan) -> Vec<Route> {
    let peers = layout.peers(plan);
    peers.map(|other| Route::new(other.vpc.cidr, plan.peering(other).id)).collect()
}

fn s3_route(plan: &VpcPlan) -> Route {
    Route::new(plan.place.region.s3.id, plan.id("vpce", "s3"))
}
