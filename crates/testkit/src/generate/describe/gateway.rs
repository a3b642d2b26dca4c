//! Internet, egress-only and NAT gateways, and peering connections.

use super::super::estate::{Gateway, NatGateway, Peering, PeeringSide};
use super::super::identity::Moment;
use super::super::json::{Json, object};
use super::super::place::Place;
use super::name_tag;
use super::network_interface::{allocation_id, association_id};

pub(super) fn internet_gateway(place: &Place, gateway: &Gateway) -> Json {
    object! {
        "Attachments": vec![object! { "State": "available", "VpcId": &gateway.vpc }],
        "InternetGatewayId": &gateway.id,
        "OwnerId": &place.account.id,
        "Tags": name_tag(&gateway.name),
    }
}

pub(super) fn egress_only_internet_gateway(_: &Place, gateway: &Gateway) -> Json {
    object! {
        "Attachments": vec![object! { "State": "attached", "VpcId": &gateway.vpc }],
        "EgressOnlyInternetGatewayId": &gateway.id,
        "Tags": name_tag(&gateway.name),
    }
}

pub(super) fn nat_gateway(_: &Place, gateway: &NatGateway) -> Json {
    let interface = &gateway.interface;
    let addresses = interface.addresses.iter().filter_map(|private| {
        let public = private.public?;
        Some(object! {
            "AllocationId": allocation_id(interface, public),
            "NetworkInterfaceId": &interface.id,
            "PrivateIp": private.address.to_string(),
            "PublicIp": public.address.to_string(),
            "AssociationId": association_id(interface, public),
            "IsPrimary": true,
            "Status": "succeeded",
        })
    });
    object! {
        "CreateTime": Moment::of(&gateway.id).in_seconds(),
        "NatGatewayAddresses": Json::list(addresses),
        "NatGatewayId": &gateway.id,
        "State": "available",
        "SubnetId": &interface.site.subnet,
        "VpcId": &interface.site.vpc,
        "Tags": name_tag(&gateway.name),
        "ConnectivityType": "public",
        "AvailabilityMode": "zonal",
    }
}

pub(super) fn peering(_: &Place, peering: &Peering) -> Json {
    object! {
        "AccepterVpcInfo": side(&peering.accepter),
        "RequesterVpcInfo": side(&peering.requester),
        "Status": object! { "Code": "active", "Message": "Active" },
        "Tags": name_tag(&peering.name),
        "VpcPeeringConnectionId": &peering.id,
    }
}

fn side(side: &PeeringSide) -> Json {
    let ipv6 =
        side.vpc.ipv6.map(|block| Json::list([object! { "Ipv6CidrBlock": block.to_string() }]));
    object! {
        "CidrBlock": side.vpc.cidr.to_string(),
        "Ipv6CidrBlockSet": ipv6,
        "CidrBlockSet": vec![object! { "CidrBlock": side.vpc.cidr.to_string() }],
        "OwnerId": &side.account,
        "PeeringOptions": object! {
            "AllowDnsResolutionFromRemoteVpc": true,
            "AllowEgressFromLocalClassicLinkToRemoteVpc": false,
            "AllowEgressFromLocalVpcToRemoteClassicLink": false,
        },
        "VpcId": &side.vpc.id,
        "Region": side.region,
    }
}
