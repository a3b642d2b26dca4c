//! VPC peering connections.
//!
//! Source: EC2 API, `VpcPeeringConnection`.

use portolan_model::{Peering, PeeringSide};
use serde::Deserialize;

use crate::builder::Builder;
use crate::refusal::Refusal;
use crate::wire::{Cidr4, Cidr6, List, Tag, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    vpc_peering_connection_id: Text<'a>,
    requester_vpc_info: Side<'a>,
    accepter_vpc_info: Side<'a>,
    status: Option<Status<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Status<'a> {
    code: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Side<'a> {
    vpc_id: Text<'a>,
    owner_id: Option<Text<'a>>,
    region: Option<Text<'a>>,
    cidr_block: Option<Cidr4>,
    cidr_block_set: List<Block4>,
    ipv6_cidr_block_set: List<Block6>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Block4 {
    cidr_block: Option<Cidr4>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Block6 {
    ipv6_cidr_block: Option<Cidr6>,
}

/// Reads a peering connection.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let peering = Peering {
        id: builder.id(&answer.vpc_peering_connection_id),
        tags: builder.tags(&answer.tags),
        is_active: answer
            .status
            .and_then(|status| status.code)
            .is_none_or(|code| &*code == "active"),
        requester: side(builder, &answer.requester_vpc_info),
        accepter: side(builder, &answer.accepter_vpc_info),
    };
    builder.insert(peering);
    Ok(())
}

fn side(builder: &mut Builder, side: &Side<'_>) -> PeeringSide {
    let others = side.cidr_block_set.iter().filter_map(|block| block.cidr_block);
    let mut ipv4: Vec<_> = side.cidr_block.into_iter().chain(others).map(|cidr| cidr.0).collect();
    ipv4.sort_unstable();
    ipv4.dedup();
    let ipv6 = side.ipv6_cidr_block_set.iter().filter_map(|block| block.ipv6_cidr_block);
    PeeringSide {
        vpc: builder.id(&side.vpc_id),
        account: builder.some_id(side.owner_id.as_ref()),
        region: builder.some_id(side.region.as_ref()),
        ipv4,
        ipv6: ipv6.map(|cidr| cidr.0).collect(),
    }
}
