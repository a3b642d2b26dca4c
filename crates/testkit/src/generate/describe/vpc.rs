//! `describe-vpcs`, `describe-subnets`, `describe-route-tables`.

use super::super::estate::{Route, RouteTable, Subnet, Vpc};
use super::super::identity::resource_id;
use super::super::json::{Json, object};
use super::super::place::Place;
use super::name_tag;

pub(super) fn vpc(place: &Place, vpc: &Vpc) -> Json {
    let ipv6 = vpc.ipv6.map(|block| {
        Json::list([object! {
            "AssociationId": resource_id("vpc-cidr-assoc", &[&vpc.id, "ipv6"]),
            "Ipv6CidrBlock": block.to_string(),
            "Ipv6CidrBlockState": object! { "State": "associated" },
            "NetworkBorderGroup": place.region.name,
            "Ipv6Pool": "Amazon",
            "Ipv6AddressAttribute": "public",
            "IpSource": "amazon",
        }])
    });
    object! {
        "OwnerId": &place.account.id,
        "InstanceTenancy": "default",
        "Ipv6CidrBlockAssociationSet": ipv6,
        "CidrBlockAssociationSet": vec![object! {
            "AssociationId": resource_id("vpc-cidr-assoc", &[&vpc.id]),
            "CidrBlock": vpc.cidr.to_string(),
            "CidrBlockState": object! { "State": "associated" },
        }],
        "IsDefault": false,
        "Tags": name_tag(&vpc.name),
        "BlockPublicAccessStates": object! { "InternetGatewayBlockMode": "off" },
        "VpcId": &vpc.id,
        "State": "available",
        "CidrBlock": vpc.cidr.to_string(),
        "DhcpOptionsId": resource_id("dopt", &[&place.folder()]),
    }
}

pub(super) fn subnet(place: &Place, subnet: &Subnet) -> Json {
    let ipv6 = subnet.ipv6.map(|block| {
        object! {
            "AssociationId": resource_id("subnet-cidr-assoc", &[&subnet.id]),
            "Ipv6CidrBlock": block.to_string(),
            "Ipv6CidrBlockState": object! { "State": "associated" },
            "Ipv6AddressAttribute": "public",
            "IpSource": "amazon",
        }
    });
    object! {
        "AvailabilityZoneId": place.zone_id(subnet.zone),
        "MapCustomerOwnedIpOnLaunch": false,
        "OwnerId": &place.account.id,
        "AssignIpv6AddressOnCreation": subnet.ipv6.is_some(),
        "Ipv6CidrBlockAssociationSet": Json::list(ipv6),
        "Tags": name_tag(&subnet.name),
        "SubnetArn": place.arn("ec2", &format!("subnet/{}", subnet.id)),
        "EnableDns64": false,
        "Ipv6Native": false,
        "PrivateDnsNameOptionsOnLaunch": object! {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": false,
            "EnableResourceNameDnsAAAARecord": false,
        },
        "BlockPublicAccessStates": object! { "InternetGatewayBlockMode": "off" },
        "SubnetId": &subnet.id,
        "State": "available",
        "VpcId": &subnet.vpc,
        "CidrBlock": subnet.cidr.to_string(),
        "AvailableIpAddressCount": subnet.cidr.usable().saturating_sub(subnet.taken),
        "AvailabilityZone": place.zone(subnet.zone),
        "DefaultForAz": false,
        "MapPublicIpOnLaunch": subnet.is_public,
    }
}

pub(super) fn route_table(place: &Place, table: &RouteTable) -> Json {
    let main = table.is_main.then(|| association(table, None));
    let explicit = table.subnets.iter().map(|subnet| association(table, Some(subnet)));
    object! {
        "Associations": Json::list(main.into_iter().chain(explicit)),
        "PropagatingVgws": Vec::new(),
        "RouteTableId": &table.id,
        "Routes": Json::list(table.routes.iter().map(route)),
        "Tags": name_tag(&table.name),
        "VpcId": &table.vpc,
        "OwnerId": &place.account.id,
    }
}

fn association(table: &RouteTable, subnet: Option<&String>) -> Json {
    let of = subnet.map_or("main", String::as_str);
    object! {
        "Main": subnet.is_none(),
        "RouteTableAssociationId": resource_id("rtbassoc", &[&table.id, of]),
        "RouteTableId": &table.id,
        "SubnetId": subnet,
        "AssociationState": object! { "State": "associated" },
    }
}

fn route(route: &Route) -> Json {
    let is_local = route.target == "local";
    // The order of the API model; a route has one member of each of the first two groups.
    let target = |key| (target_member(&route.target) == key).then_some(&route.target);
    let destination =
        |key| (destination_member(&route.destination) == key).then_some(&route.destination);
    object! {
        "DestinationCidrBlock": destination("DestinationCidrBlock"),
        "DestinationIpv6CidrBlock": destination("DestinationIpv6CidrBlock"),
        "DestinationPrefixListId": destination("DestinationPrefixListId"),
        "EgressOnlyInternetGatewayId": target("EgressOnlyInternetGatewayId"),
        "GatewayId": target("GatewayId"),
        "NatGatewayId": target("NatGatewayId"),
        "Origin": if is_local { "CreateRouteTable" } else { "CreateRoute" },
        "State": if route.is_blackhole { "blackhole" } else { "active" },
        "VpcPeeringConnectionId": target("VpcPeeringConnectionId"),
    }
}

fn destination_member(destination: &str) -> &'static str {
    if destination.starts_with("pl-") {
        "DestinationPrefixListId"
    } else if destination.contains(':') {
        "DestinationIpv6CidrBlock"
    } else {
        "DestinationCidrBlock"
    }
}

fn target_member(target: &str) -> &'static str {
    match target.split_once('-').map(|(prefix, _)| prefix) {
        Some("eigw") => "EgressOnlyInternetGatewayId",
        Some("nat") => "NatGatewayId",
        Some("pcx") => "VpcPeeringConnectionId",
        // `local`, Internet gateways, and gateway endpoints.
        _ => "GatewayId",
    }
}
