//! Internet, egress-only and NAT gateways.
//!
//! Source: EC2 API, `InternetGateway`, `EgressOnlyInternetGateway`, `NatGateway`.

use std::net::Ipv4Addr;

use portolan_model::{EgressOnlyGateway, InternetGateway, NatGateway, NatGatewayAddress, VpcId};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Tag, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct InternetAnswer<'a> {
    internet_gateway_id: Text<'a>,
    owner_id: Option<Text<'a>>,
    attachments: List<Attachment<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Attachment<'a> {
    state: Option<Text<'a>>,
    vpc_id: Option<Text<'a>>,
}

/// Returns the VPC of the attachment that is in force, of which there is at most one.
fn attached(builder: &mut Builder, attachments: &[Attachment<'_>]) -> Option<VpcId> {
    let is_attached = |one: &&Attachment<'_>| {
        !matches!(one.state.as_deref(), Some("detached" | "detaching" | "attaching"))
    };
    let attachment = attachments.iter().find(is_attached)?;
    builder.some_id(attachment.vpc_id.as_ref())
}

/// Reads an Internet gateway.
pub(crate) fn read_internet(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: InternetAnswer<'_> = serde_json::from_slice(bytes)?;
    let gateway = InternetGateway {
        id: builder.id(&answer.internet_gateway_id),
        place: builder.place(Clues { owner: answer.owner_id.as_ref(), ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        vpc: attached(builder, &answer.attachments),
    };
    builder.insert(gateway);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct EgressOnlyAnswer<'a> {
    egress_only_internet_gateway_id: Text<'a>,
    attachments: List<Attachment<'a>>,
    tags: List<Tag<'a>>,
}

/// Reads an egress-only Internet gateway.
pub(crate) fn read_egress_only(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: EgressOnlyAnswer<'_> = serde_json::from_slice(bytes)?;
    let gateway = EgressOnlyGateway {
        id: builder.id(&answer.egress_only_internet_gateway_id),
        place: builder.place(Clues::default()),
        tags: builder.tags(&answer.tags),
        vpc: attached(builder, &answer.attachments),
    };
    builder.insert(gateway);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct NatAnswer<'a> {
    nat_gateway_id: Text<'a>,
    vpc_id: Text<'a>,
    subnet_id: Option<Text<'a>>,
    state: Option<Text<'a>>,
    connectivity_type: Option<Text<'a>>,
    nat_gateway_addresses: List<NatAddress<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct NatAddress<'a> {
    network_interface_id: Option<Text<'a>>,
    private_ip: Option<Ipv4Addr>,
    public_ip: Option<Ipv4Addr>,
}

/// Reads a NAT gateway. One that does not tell how it is connected is older than private ones, hence public.
pub(crate) fn read_nat(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: NatAnswer<'_> = serde_json::from_slice(bytes)?;
    let address = |builder: &mut Builder, one: &NatAddress<'_>| NatGatewayAddress {
        interface: builder.some_id(one.network_interface_id.as_ref()),
        private: one.private_ip,
        public: one.public_ip,
    };
    let addresses = answer.nat_gateway_addresses.iter();
    let gateway = NatGateway {
        id: builder.id(&answer.nat_gateway_id),
        place: builder.place(Clues::default()),
        tags: builder.tags(&answer.tags),
        vpc: builder.id(&answer.vpc_id),
        subnet: builder.some_id(answer.subnet_id.as_ref()),
        is_public: answer.connectivity_type.as_deref() != Some("private"),
        is_available: answer.state.as_deref().is_none_or(|state| state == "available"),
        addresses: addresses.map(|one| address(builder, one)).collect(),
    };
    builder.insert(gateway);
    Ok(())
}
