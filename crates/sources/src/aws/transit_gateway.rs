//! Transit gateways, their attachments, route tables and routes.
//!
//! Source: EC2 API, `TransitGateway`, `TransitGatewayAttachment`, `TransitGatewayVpcAttachment`,
//! `TransitGatewayRouteTable`, `TransitGatewayRoute`, `TransitGatewayRouteTablePropagation`.

use portolan_model::{
    ResourceKind, TransitGateway, TransitGatewayAttachment, TransitGatewayRoute,
    TransitGatewayRouteTable,
};
use serde::Deserialize;

use crate::builder::{Builder, Clues, Complaint};
use crate::refusal::Refusal;
use crate::wire::{AnyCidr, List, Tag, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    transit_gateway_id: Text<'a>,
    transit_gateway_arn: Option<Text<'a>>,
    owner_id: Option<Text<'a>>,
    state: Option<Text<'a>>,
    options: Option<Options<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Options<'a> {
    security_group_referencing_support: Option<Text<'a>>,
}

/// AWS goes on to list what was deleted, for some hours.
fn is_deleted(state: Option<&Text<'_>>) -> bool {
    state.is_some_and(|state| &**state == "deleted")
}

/// Reads a transit gateway.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    if is_deleted(answer.state.as_ref()) {
        return Ok(());
    }
    let options = answer.options.as_ref();
    let referencing = options.and_then(|one| one.security_group_referencing_support.as_deref());
    let gateway = TransitGateway {
        id: builder.id(&answer.transit_gateway_id),
        place: builder.place(Clues {
            owner: answer.owner_id.as_ref(),
            arn: answer.transit_gateway_arn.as_ref(),
            ..Clues::default()
        }),
        tags: builder.tags(&answer.tags),
        has_security_group_referencing: referencing == Some("enable"),
    };
    builder.insert(gateway);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct AttachmentAnswer<'a> {
    transit_gateway_attachment_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    resource_type: Option<Text<'a>>,
    resource_id: Option<Text<'a>>,
    resource_owner_id: Option<Text<'a>>,
    association: Option<Association<'a>>,
    state: Option<Text<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Association<'a> {
    state: Option<Text<'a>>,
    transit_gateway_route_table_id: Option<Text<'a>>,
}

/// Reads an attachment of any kind.
pub(crate) fn read_attachment(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: AttachmentAnswer<'_> = serde_json::from_slice(bytes)?;
    let association = answer.association.as_ref();
    let association = association.filter(|one| one.state.as_deref() != Some("disassociated"));
    let table = association.and_then(|one| one.transit_gateway_route_table_id.as_ref());
    let attachment = TransitGatewayAttachment {
        id: builder.id(&answer.transit_gateway_attachment_id),
        place: builder
            .place(Clues { owner: answer.resource_owner_id.as_ref(), ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        transit_gateway: builder.id(&answer.transit_gateway_id),
        resource_type: builder.text_or_empty(answer.resource_type.as_ref()),
        resource: builder.some_id(answer.resource_id.as_ref()),
        subnets: Vec::new(),
        is_available: answer.state.as_deref().is_none_or(|state| state == "available"),
        route_table: builder.some_id(table),
    };
    builder.insert(attachment);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct VpcAttachmentAnswer<'a> {
    transit_gateway_attachment_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    vpc_id: Option<Text<'a>>,
    vpc_owner_id: Option<Text<'a>>,
    subnet_ids: List<Text<'a>>,
    state: Option<Text<'a>>,
    tags: List<Tag<'a>>,
}

/// Reads an attachment of a VPC, of which only this answer tells the subnets.
pub(crate) fn read_vpc_attachment(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: VpcAttachmentAnswer<'_> = serde_json::from_slice(bytes)?;
    let attachment = TransitGatewayAttachment {
        id: builder.id(&answer.transit_gateway_attachment_id),
        place: builder.place(Clues { owner: answer.vpc_owner_id.as_ref(), ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        transit_gateway: builder.id(&answer.transit_gateway_id),
        resource_type: builder.text("vpc"),
        resource: builder.some_id(answer.vpc_id.as_ref()),
        subnets: builder.ids(answer.subnet_ids.iter()),
        is_available: answer.state.as_deref().is_none_or(|state| state == "available"),
        route_table: None,
    };
    builder.insert(attachment);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct RouteTableAnswer<'a> {
    transit_gateway_route_table_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    state: Option<Text<'a>>,
    tags: List<Tag<'a>>,
}

/// Reads a route table. Its routes and propagations come in answers of their own.
pub(crate) fn read_route_table(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: RouteTableAnswer<'_> = serde_json::from_slice(bytes)?;
    if is_deleted(answer.state.as_ref()) {
        return Ok(());
    }
    let table = TransitGatewayRouteTable {
        id: builder.id(&answer.transit_gateway_route_table_id),
        place: builder.place(Clues::default()),
        tags: builder.tags(&answer.tags),
        transit_gateway: builder.id(&answer.transit_gateway_id),
        routes: None,
        propagations: Vec::new(),
    };
    builder.insert(table);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct RouteAnswer<'a> {
    destination_cidr_block: Option<AnyCidr>,
    prefix_list_id: Option<Text<'a>>,
    transit_gateway_attachments: List<RouteAttachment<'a>>,
    r#type: Option<Text<'a>>,
    state: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct RouteAttachment<'a> {
    transit_gateway_attachment_id: Option<Text<'a>>,
}

/// Reads a route. It waits for the end of the document, which may tell whose it is. Amazon API Gateway has
/// routes too, which have no destination.
pub(crate) fn read_route(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: RouteAnswer<'_> = serde_json::from_slice(bytes)?;
    if answer.destination_cidr_block.is_none() && answer.prefix_list_id.is_none() {
        return Err(Refusal::Foreign);
    }
    let place = builder.hint.clone();
    builder.count(ResourceKind::TransitGatewayRoutes, &place);
    let route = route(builder, &answer);
    builder.document.routes.push(route);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct GroupedRoutes<'a> {
    transit_gateway_route_table_id: Text<'a>,
    routes: List<RouteAnswer<'a>>,
    additional_routes_available: Option<bool>,
}

/// Reads the routes of one table, as Batfish's collector keeps them together.
pub(crate) fn read_grouped_routes(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let grouped: GroupedRoutes<'_> = serde_json::from_slice(bytes)?;
    let routes: Vec<TransitGatewayRoute> =
        grouped.routes.iter().map(|answer| route(builder, answer)).collect();
    let place = builder.hint.clone();
    builder.count(ResourceKind::TransitGatewayRoutes, &place);
    let table = builder.id(&grouped.transit_gateway_route_table_id);
    builder.loose.routes.entry(table).or_default().extend(routes);
    if grouped.additional_routes_available == Some(true) {
        builder.complaints.push(Complaint {
            message: "there are more `Routes` than are here".to_owned(),
            help: "search again with filters that find fewer routes at a time",
        });
    }
    Ok(())
}

fn route(builder: &mut Builder, answer: &RouteAnswer<'_>) -> TransitGatewayRoute {
    let attachments = answer.transit_gateway_attachments.iter();
    TransitGatewayRoute {
        destination: answer.destination_cidr_block.map(|cidr| cidr.0),
        prefix_list: builder.some_id(answer.prefix_list_id.as_ref()),
        attachments: builder
            .ids(attachments.filter_map(|one| one.transit_gateway_attachment_id.as_ref())),
        is_static: answer.r#type.as_deref() == Some("static"),
        is_active: answer.state.as_deref().is_none_or(|state| state == "active"),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Propagation<'a> {
    transit_gateway_attachment_id: Option<Text<'a>>,
    state: Option<Text<'a>>,
}

impl<'a> Propagation<'a> {
    /// Returns the attachment that propagates, if it does.
    fn attachment(&'a self) -> Option<&'a Text<'a>> {
        let is_off = matches!(self.state.as_deref(), Some("disabled" | "disabling"));
        self.transit_gateway_attachment_id.as_ref().filter(|_| !is_off)
    }
}

/// Reads a propagation. It waits for the end of the document, which may tell whose it is.
pub(crate) fn read_propagation(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let propagation: Propagation<'_> = serde_json::from_slice(bytes)?;
    let attachments = builder.ids(propagation.attachment());
    builder.document.propagations.extend(attachments);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct GroupedPropagations<'a> {
    transit_gateway_route_table_id: Text<'a>,
    transit_gateway_route_table_propagations: List<Propagation<'a>>,
}

/// Reads the propagations to one table, as Batfish's collector keeps them together.
pub(crate) fn read_grouped_propagations(
    builder: &mut Builder,
    bytes: &[u8],
) -> Result<(), Refusal> {
    let grouped: GroupedPropagations<'_> = serde_json::from_slice(bytes)?;
    let propagations = grouped.transit_gateway_route_table_propagations.iter();
    let attachments: Vec<_> = builder.ids(propagations.filter_map(Propagation::attachment));
    let table = builder.id(&grouped.transit_gateway_route_table_id);
    builder.loose.propagations.entry(table).or_default().extend(attachments);
    Ok(())
}
