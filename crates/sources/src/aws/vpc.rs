//! VPCs and subnets.
//!
//! Source: EC2 API, `Vpc`, `Subnet`.

use portolan_model::{Subnet, Vpc};
use portolan_net::IpPrefix;
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{Cidr4, Cidr6, List, Tag, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct VpcAnswer<'a> {
    vpc_id: Text<'a>,
    owner_id: Option<Text<'a>>,
    /// Not in answers of AWS; collectors that merge Regions add it.
    region: Option<Text<'a>>,
    cidr_block: Option<Cidr4>,
    cidr_block_association_set: List<Association4<'a>>,
    ipv6_cidr_block_association_set: List<Association6<'a>>,
    is_default: Option<bool>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Association4<'a> {
    cidr_block: Option<Cidr4>,
    cidr_block_state: Option<State<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Association6<'a> {
    ipv6_cidr_block: Option<Cidr6>,
    ipv6_cidr_block_state: Option<State<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct State<'a> {
    state: Option<Text<'a>>,
}

impl State<'_> {
    /// Returns whether a CIDR is in use: it is not disassociated, and did not fail to be associated.
    fn is_associated(state: Option<&Self>) -> bool {
        let state = state.and_then(|state| state.state.as_deref());
        !matches!(state, Some("disassociated" | "failed"))
    }
}

/// Reads a VPC.
pub(crate) fn read_vpc(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: VpcAnswer<'_> = serde_json::from_slice(bytes)?;
    let vpc = Vpc {
        id: builder.id(&answer.vpc_id),
        place: builder.place(Clues {
            owner: answer.owner_id.as_ref(),
            zone: answer.region.as_ref(),
            ..Clues::default()
        }),
        tags: builder.tags(&answer.tags),
        cidrs: cidrs(&answer),
        is_default: answer.is_default.unwrap_or_default(),
    };
    builder.insert(vpc);
    Ok(())
}

/// Returns every associated CIDR: the primary one, other IPv4 ones, then IPv6.
fn cidrs(answer: &VpcAnswer<'_>) -> Vec<IpPrefix> {
    let others = answer.cidr_block_association_set.iter();
    let ipv4 = others
        .filter(|one| State::is_associated(one.cidr_block_state.as_ref()))
        .filter_map(|one| one.cidr_block);
    let mut cidrs: Vec<IpPrefix> = Vec::new();
    for cidr in answer.cidr_block.into_iter().chain(ipv4) {
        if !cidrs.contains(&cidr.0.into()) {
            cidrs.push(cidr.0.into());
        }
    }
    cidrs.extend(ipv6(&answer.ipv6_cidr_block_association_set).map(IpPrefix::from));
    cidrs
}

fn ipv6(set: &[Association6<'_>]) -> impl Iterator<Item = portolan_net::Ipv6Prefix> {
    set.iter()
        .filter(|one| State::is_associated(one.ipv6_cidr_block_state.as_ref()))
        .filter_map(|one| Some(one.ipv6_cidr_block?.0))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct SubnetAnswer<'a> {
    subnet_id: Text<'a>,
    subnet_arn: Option<Text<'a>>,
    vpc_id: Text<'a>,
    owner_id: Option<Text<'a>>,
    availability_zone: Option<Text<'a>>,
    cidr_block: Option<Cidr4>,
    ipv6_cidr_block_association_set: List<Association6<'a>>,
    map_public_ip_on_launch: Option<bool>,
    tags: List<Tag<'a>>,
}

/// Reads a subnet.
pub(crate) fn read_subnet(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: SubnetAnswer<'_> = serde_json::from_slice(bytes)?;
    let subnet = Subnet {
        id: builder.id(&answer.subnet_id),
        place: builder.place(Clues {
            owner: answer.owner_id.as_ref(),
            arn: answer.subnet_arn.as_ref(),
            zone: answer.availability_zone.as_ref(),
        }),
        tags: builder.tags(&answer.tags),
        vpc: builder.id(&answer.vpc_id),
        zone: builder.some_id(answer.availability_zone.as_ref()),
        ipv4: answer.cidr_block.map(Into::into),
        ipv6: ipv6(&answer.ipv6_cidr_block_association_set).collect(),
        maps_public_ip_on_launch: answer.map_public_ip_on_launch.unwrap_or_default(),
    };
    builder.insert(subnet);
    Ok(())
}
