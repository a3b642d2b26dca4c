//! Route tables.
//!
//! Source: EC2 API, `RouteTable`, `Route`, `RouteTableAssociation`.

use portolan_model::{Route, RouteDestination, RouteOrigin, RouteState, RouteTable, RouteTarget};
use serde::{Deserialize, Deserializer};

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{Cidr4, Cidr6, List, Tag, Text, checked};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    route_table_id: Text<'a>,
    vpc_id: Text<'a>,
    owner_id: Option<Text<'a>>,
    associations: List<Association<'a>>,
    routes: List<RouteAnswer<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Association<'a> {
    main: Option<bool>,
    subnet_id: Option<Text<'a>>,
    gateway_id: Option<Text<'a>>,
    #[serde(rename = "AssociationState")]
    state: Option<AssociationState<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct AssociationState<'a> {
    state: Option<Text<'a>>,
}

impl Association<'_> {
    fn is_in_force(&self) -> bool {
        let state = self.state.as_ref().and_then(|state| state.state.as_deref());
        !matches!(state, Some("disassociated" | "failed"))
    }
}

struct RouteAnswer<'a> {
    destination: Destination<'a>,
    fields: RouteFields<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for RouteAnswer<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<RouteFields<'a>, _, _>(deserializer)
    }
}

enum Destination<'a> {
    V4(Cidr4),
    V6(Cidr6),
    PrefixList(Text<'a>),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct RouteFields<'a> {
    destination_cidr_block: Option<Cidr4>,
    destination_ipv6_cidr_block: Option<Cidr6>,
    destination_prefix_list_id: Option<Text<'a>>,
    gateway_id: Option<Text<'a>>,
    egress_only_internet_gateway_id: Option<Text<'a>>,
    nat_gateway_id: Option<Text<'a>>,
    transit_gateway_id: Option<Text<'a>>,
    vpc_peering_connection_id: Option<Text<'a>>,
    network_interface_id: Option<Text<'a>>,
    instance_id: Option<Text<'a>>,
    local_gateway_id: Option<Text<'a>>,
    carrier_gateway_id: Option<Text<'a>>,
    core_network_arn: Option<Text<'a>>,
    odb_network_arn: Option<Text<'a>>,
    state: Option<Text<'a>>,
    origin: Option<Text<'a>>,
}

impl<'a> TryFrom<RouteFields<'a>> for RouteAnswer<'a> {
    type Error = &'static str;

    /// Refuses a route whose destination is none that we know, because a table without it would lie.
    fn try_from(fields: RouteFields<'a>) -> Result<Self, &'static str> {
        let ipv4 = fields.destination_cidr_block.map(Destination::V4);
        let ipv6 = || fields.destination_ipv6_cidr_block.map(Destination::V6);
        let list = || fields.destination_prefix_list_id.clone().map(Destination::PrefixList);
        let destination = ipv4.or_else(ipv6).or_else(list).ok_or("the route has no destination")?;
        Ok(Self { destination, fields })
    }
}

/// Reads a route table.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let associations = || answer.associations.iter().filter(|one| one.is_in_force());
    let route_table = RouteTable {
        id: builder.id(&answer.route_table_id),
        place: builder.place(Clues { owner: answer.owner_id.as_ref(), ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        vpc: builder.id(&answer.vpc_id),
        is_main: associations().any(|one| one.main.unwrap_or_default()),
        subnets: builder.ids(associations().filter_map(|one| one.subnet_id.as_ref())),
        gateways: builder.ids(associations().filter_map(|one| one.gateway_id.as_ref())),
        routes: answer.routes.iter().map(|one| route(builder, one)).collect(),
    };
    builder.insert(route_table);
    Ok(())
}

fn route(builder: &mut Builder, answer: &RouteAnswer<'_>) -> Route {
    Route {
        destination: match &answer.destination {
            Destination::V4(cidr) => RouteDestination::V4(cidr.0),
            Destination::V6(cidr) => RouteDestination::V6(cidr.0),
            Destination::PrefixList(id) => RouteDestination::PrefixList(builder.id(id)),
        },
        target: target(builder, &answer.fields),
        state: match answer.fields.state.as_deref() {
            Some("active") => RouteState::Active,
            Some("blackhole") => RouteState::Blackhole,
            _ => RouteState::Unknown,
        },
        origin: match answer.fields.origin.as_deref() {
            Some("CreateRouteTable") => RouteOrigin::CreateRouteTable,
            Some("CreateRoute") => RouteOrigin::CreateRoute,
            Some("EnableVgwRoutePropagation") => RouteOrigin::Propagated,
            _ => RouteOrigin::Other,
        },
    }
}

/// Returns the target. A route to an instance names both the instance and its interface, and a packet goes
/// to the interface.
fn target(builder: &mut Builder, fields: &RouteFields<'_>) -> RouteTarget {
    if let Some(id) = &fields.gateway_id {
        return gateway(builder, id);
    }
    if let Some(id) = &fields.egress_only_internet_gateway_id {
        RouteTarget::EgressOnlyGateway(builder.id(id))
    } else if let Some(id) = &fields.nat_gateway_id {
        RouteTarget::NatGateway(builder.id(id))
    } else if let Some(id) = &fields.transit_gateway_id {
        RouteTarget::TransitGateway(builder.id(id))
    } else if let Some(id) = &fields.vpc_peering_connection_id {
        RouteTarget::Peering(builder.id(id))
    } else if let Some(id) = &fields.network_interface_id {
        RouteTarget::Interface(builder.id(id))
    } else if let Some(id) = &fields.instance_id {
        RouteTarget::Instance(builder.id(id))
    } else {
        let other = fields.local_gateway_id.as_ref().or(fields.carrier_gateway_id.as_ref());
        let other = other.or(fields.core_network_arn.as_ref()).or(fields.odb_network_arn.as_ref());
        RouteTarget::Other(builder.text_or_empty(other))
    }
}

/// Returns what `GatewayId` names: gateways of several kinds, endpoints, or the word `local`.
fn gateway(builder: &mut Builder, id: &str) -> RouteTarget {
    match id.split('-').next() {
        Some("local") => RouteTarget::Local,
        Some("igw") => RouteTarget::InternetGateway(builder.id(id)),
        Some("eigw") => RouteTarget::EgressOnlyGateway(builder.id(id)),
        Some("vgw") => RouteTarget::VpnGateway(builder.id(id)),
        Some("vpce") => RouteTarget::Endpoint(builder.id(id)),
        Some("nat") => RouteTarget::NatGateway(builder.id(id)),
        Some("tgw") => RouteTarget::TransitGateway(builder.id(id)),
        _ => RouteTarget::Other(builder.text(id)),
    }
}
