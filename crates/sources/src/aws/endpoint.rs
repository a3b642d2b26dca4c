//! VPC endpoints.
//!
//! Source: EC2 API, `VpcEndpoint`.

use portolan_model::{Endpoint, EndpointKind};
use serde::Deserialize;

use super::interface::Group;
use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Tag, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    vpc_endpoint_id: Text<'a>,
    vpc_endpoint_type: Option<Text<'a>>,
    vpc_id: Text<'a>,
    owner_id: Option<Text<'a>>,
    service_name: Option<Text<'a>>,
    state: Option<Text<'a>>,
    route_table_ids: List<Text<'a>>,
    network_interface_ids: List<Text<'a>>,
    groups: List<Group<'a>>,
    tags: List<Tag<'a>>,
}

/// Reads an endpoint. One without a type is older than interface endpoints, hence a gateway endpoint.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let endpoint = Endpoint {
        id: builder.id(&answer.vpc_endpoint_id),
        place: builder.place(Clues { owner: answer.owner_id.as_ref(), ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        vpc: builder.id(&answer.vpc_id),
        service: builder.text_or_empty(answer.service_name.as_ref()),
        kind: match answer.vpc_endpoint_type.as_deref() {
            None | Some("Gateway") => EndpointKind::Gateway,
            Some("Interface") => EndpointKind::Interface,
            Some("GatewayLoadBalancer") => EndpointKind::GatewayLoadBalancer,
            Some(_) => EndpointKind::Other,
        },
        is_available: answer
            .state
            .as_deref()
            .is_none_or(|state| state.eq_ignore_ascii_case("available")),
        route_tables: builder.ids(answer.route_table_ids.iter()),
        interfaces: builder.ids(answer.network_interface_ids.iter()),
        security_groups: builder.ids(answer.groups.iter().map(|group| &group.group_id)),
    };
    builder.insert(endpoint);
    Ok(())
}
