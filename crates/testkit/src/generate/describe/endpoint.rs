//! `describe-vpc-endpoints`.

use super::super::estate::{Endpoint, GroupName, Interface};
use super::super::identity::{Moment, capital_id, characters};
use super::super::json::{Json, object};
use super::super::place::Place;
use super::name_tag;
use super::network_interface::group_list;

/// The policy that an endpoint has until somebody writes one.
const FULL_ACCESS: &str = concat!(
    r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","#,
    r#""Principal":"*","Action":"*","Resource":"*"}]}"#,
);

pub(super) fn endpoint(place: &Place, endpoint: &Endpoint) -> Json {
    match endpoint {
        Endpoint::Gateway { id, name, vpc, service, route_tables } => {
            gateway(place, [id, name, vpc], service, route_tables)
        }
        Endpoint::Interface { id, name, vpc, service, groups, interfaces } => {
            interface(place, [id, name, vpc], service, groups, interfaces)
        }
    }
}

fn service_name(place: &Place, service: &str) -> String {
    format!("com.amazonaws.{}.{service}", place.region.name)
}

fn gateway(
    place: &Place,
    [id, name, vpc]: [&String; 3],
    service: &str,
    route_tables: &[String],
) -> Json {
    object! {
        "VpcEndpointId": id,
        "VpcEndpointType": "Gateway",
        "VpcId": vpc,
        "ServiceName": service_name(place, service),
        "State": "available",
        "PolicyDocument": FULL_ACCESS,
        "RouteTableIds": Json::list(route_tables),
        "SubnetIds": Vec::new(),
        "Groups": Vec::new(),
        "IpAddressType": "ipv4",
        "PrivateDnsEnabled": false,
        "RequesterManaged": false,
        "NetworkInterfaceIds": Vec::new(),
        "DnsEntries": Vec::new(),
        "CreationTimestamp": Moment::of(id).in_seconds(),
        "Tags": name_tag(name),
        "OwnerId": &place.account.id,
        "ServiceRegion": place.region.name,
    }
}

fn interface(
    place: &Place,
    [id, name, vpc]: [&String; 3],
    service: &str,
    groups: &[GroupName],
    interfaces: &[Interface],
) -> Json {
    object! {
        "VpcEndpointId": id,
        "VpcEndpointType": "Interface",
        "VpcId": vpc,
        "ServiceName": service_name(place, service),
        "State": "available",
        "PolicyDocument": FULL_ACCESS,
        "RouteTableIds": Vec::new(),
        "SubnetIds": Json::list(interfaces.iter().map(|interface| &interface.site.subnet)),
        "Groups": group_list(groups),
        "IpAddressType": "ipv4",
        "DnsOptions": object! { "DnsRecordIpType": "ipv4" },
        "PrivateDnsEnabled": true,
        "RequesterManaged": false,
        "NetworkInterfaceIds": Json::list(interfaces.iter().map(|interface| &interface.id)),
        "DnsEntries": dns_entries(place, id, service, interfaces),
        "CreationTimestamp": Moment::of(id).in_microseconds(),
        "Tags": name_tag(name),
        "OwnerId": &place.account.id,
        "ServiceRegion": place.region.name,
    }
}

/// Returns the endpoint's own names, for all zones and for each, and the service's name.
fn dns_entries(place: &Place, id: &str, service: &str, interfaces: &[Interface]) -> Json {
    let region = place.region.name;
    let unique = characters(8, b"abcdefghijklmnopqrstuvwxyz0123456789", &[id]);
    let zones = interfaces.iter().map(|interface| format!("-{}", place.zone(interface.site.zone)));
    let own = [String::new()].into_iter().chain(zones).map(|zone| {
        object! {
            "DnsName": format!("{id}-{unique}{zone}.{service}.{region}.vpce.amazonaws.com"),
            "HostedZoneId": place.region.endpoint_zone,
        }
    });
    let private = object! {
        "DnsName": format!("{service}.{region}.amazonaws.com"),
        "HostedZoneId": capital_id("Z0", 19, &[id]),
    };
    Json::list(own.chain([private]))
}
