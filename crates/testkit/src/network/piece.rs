//! Records with the fields that a network needs; the rest is as for an ordinary resource without a name.

use std::sync::Arc;

use portolan_model::{
    Belonging, BelongingKind, InterfaceId, InterfaceKind, NetworkAcl, NetworkInterface, Place,
    Route, RouteDestination, RouteOrigin, RouteState, RouteTable, RouteTarget, SecurityGroup,
    Subnet, Tags, Vpc, VpcId,
};
use portolan_net::IpPrefix;

/// Returns a VPC.
pub(crate) fn vpc(id: &str, place: Place, cidrs: Vec<IpPrefix>) -> Vpc {
    Vpc { id: id.into(), place, tags: Tags::default(), cidrs, is_default: false }
}

/// Returns a subnet of a VPC.
pub(crate) fn subnet(id: &str, vpc: &Vpc, cidrs: &[IpPrefix]) -> Subnet {
    let mut subnet = Subnet {
        id: id.into(),
        place: vpc.place.clone(),
        tags: Tags::default(),
        vpc: vpc.id.clone(),
        zone: None,
        ipv4: None,
        ipv6: Vec::new(),
        maps_public_ip_on_launch: false,
    };
    for cidr in cidrs {
        match cidr {
            IpPrefix::V4(cidr) => subnet.ipv4 = Some(*cidr),
            IpPrefix::V6(cidr) => subnet.ipv6.push(*cidr),
        }
    }
    subnet
}

/// Returns an interface in a subnet, without addresses and groups.
pub(crate) fn interface(id: &str, subnet: &Subnet, kind: InterfaceKind) -> NetworkInterface {
    NetworkInterface {
        id: InterfaceId::from(id),
        place: subnet.place.clone(),
        tags: Tags::default(),
        vpc: subnet.vpc.clone(),
        subnet: subnet.id.clone(),
        ipv4: Vec::new(),
        ipv6: Vec::new(),
        ipv4_prefixes: Vec::new(),
        ipv6_prefixes: Vec::new(),
        security_groups: Vec::new(),
        source_dest_check: true,
        kind,
        description: Arc::from(""),
        instance: None,
        belonging: Belonging { kind: BelongingKind::Unattached, name: None },
    }
}

/// Returns a security group without rules.
pub(crate) fn security_group(id: &str, vpc: &Vpc) -> SecurityGroup {
    SecurityGroup {
        id: id.into(),
        place: vpc.place.clone(),
        tags: Tags::default(),
        name: id.into(),
        vpc: Some(vpc.id.clone()),
        rules: Vec::new(),
    }
}

/// Returns a network ACL without entries, which serves no subnet by name.
pub(crate) fn network_acl(id: &str, vpc: &Vpc, is_default: bool) -> NetworkAcl {
    NetworkAcl {
        id: id.into(),
        place: vpc.place.clone(),
        tags: Tags::default(),
        vpc: vpc.id.clone(),
        is_default,
        subnets: Vec::new(),
        entries: Vec::new(),
    }
}

/// Returns a route table with these routes, which serves no subnet by name.
pub(crate) fn route_table(id: &str, place: Place, vpc: VpcId, routes: Vec<Route>) -> RouteTable {
    RouteTable {
        id: id.into(),
        place,
        tags: Tags::default(),
        vpc,
        is_main: false,
        subnets: Vec::new(),
        gateways: Vec::new(),
        routes,
    }
}

/// Returns an active static route.
pub(crate) fn route(destination: RouteDestination, target: RouteTarget) -> Route {
    let origin = match target {
        RouteTarget::Local => RouteOrigin::CreateRouteTable,
        _ => RouteOrigin::CreateRoute,
    };
    Route { destination, target, state: RouteState::Active, origin }
}

/// Returns the destination of a route to a CIDR.
pub(crate) const fn destination(cidr: IpPrefix) -> RouteDestination {
    match cidr {
        IpPrefix::V4(cidr) => RouteDestination::V4(cidr),
        IpPrefix::V6(cidr) => RouteDestination::V6(cidr),
    }
}
