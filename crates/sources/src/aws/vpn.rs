//! Virtual private gateways, customer gateways and Site-to-Site VPN connections.
//!
//! Source: EC2 API, `VpnGateway`, `CustomerGateway`, `VpnConnection`.

use std::net::Ipv4Addr;

use portolan_model::{CustomerGateway, VpnConnection, VpnGateway};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{AnyCidr, List, Tag, Text};

/// AWS goes on to list what was deleted, for some hours.
fn is_deleted(state: Option<&Text<'_>>) -> bool {
    state.is_some_and(|state| &**state == "deleted")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct GatewayAnswer<'a> {
    vpn_gateway_id: Text<'a>,
    state: Option<Text<'a>>,
    availability_zone: Option<Text<'a>>,
    vpc_attachments: List<Attachment<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Attachment<'a> {
    state: Option<Text<'a>>,
    vpc_id: Option<Text<'a>>,
}

/// Reads a virtual private gateway.
pub(crate) fn read_gateway(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: GatewayAnswer<'_> = serde_json::from_slice(bytes)?;
    if is_deleted(answer.state.as_ref()) {
        return Ok(());
    }
    let attached = answer.vpc_attachments.iter();
    let attached = attached.filter(|one| one.state.as_deref() != Some("detached"));
    let gateway = VpnGateway {
        id: builder.id(&answer.vpn_gateway_id),
        place: builder.place(Clues { zone: answer.availability_zone.as_ref(), ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        vpcs: builder.ids(attached.filter_map(|one| one.vpc_id.as_ref())),
    };
    builder.insert(gateway);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct CustomerAnswer<'a> {
    customer_gateway_id: Text<'a>,
    state: Option<Text<'a>>,
    /// Absent or empty for a connection that authenticates by certificate.
    ip_address: Option<Text<'a>>,
    tags: List<Tag<'a>>,
}

/// Reads a customer gateway.
pub(crate) fn read_customer_gateway(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: CustomerAnswer<'_> = serde_json::from_slice(bytes)?;
    if is_deleted(answer.state.as_ref()) {
        return Ok(());
    }
    let gateway = CustomerGateway {
        id: builder.id(&answer.customer_gateway_id),
        place: builder.place(Clues::default()),
        tags: builder.tags(&answer.tags),
        address: answer.ip_address.and_then(|text| text.parse::<Ipv4Addr>().ok()),
    };
    builder.insert(gateway);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct ConnectionAnswer<'a> {
    vpn_connection_id: Text<'a>,
    state: Option<Text<'a>>,
    customer_gateway_id: Option<Text<'a>>,
    vpn_gateway_id: Option<Text<'a>>,
    transit_gateway_id: Option<Text<'a>>,
    routes: List<StaticRoute<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct StaticRoute<'a> {
    destination_cidr_block: Option<AnyCidr>,
    state: Option<Text<'a>>,
}

/// Reads a VPN connection.
pub(crate) fn read_connection(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: ConnectionAnswer<'_> = serde_json::from_slice(bytes)?;
    if is_deleted(answer.state.as_ref()) {
        return Ok(());
    }
    let gateway = answer.vpn_gateway_id.as_ref().filter(|id| !id.is_empty());
    let routes = answer.routes.iter().filter(|route| !is_deleted(route.state.as_ref()));
    let connection = VpnConnection {
        id: builder.id(&answer.vpn_connection_id),
        place: builder.place(Clues::default()),
        tags: builder.tags(&answer.tags),
        customer_gateway: builder.some_id(answer.customer_gateway_id.as_ref()),
        gateway: builder.some_id(gateway.or(answer.transit_gateway_id.as_ref())),
        routes: routes.filter_map(StaticRoute::ipv4).collect(),
    };
    builder.insert(connection);
    Ok(())
}

impl StaticRoute<'_> {
    /// Returns the destination; static routes of VPN connections are IPv4 only.
    fn ipv4(&self) -> Option<portolan_net::Ipv4Prefix> {
        match self.destination_cidr_block?.0 {
            portolan_net::IpPrefix::V4(prefix) => Some(prefix),
            portolan_net::IpPrefix::V6(_) => None,
        }
    }
}
