//! Network interfaces, in their own answers and inside instances.
//!
//! Source: EC2 API, `NetworkInterface`, `InstanceNetworkInterface`.

use std::net::{Ipv4Addr, Ipv6Addr};

use portolan_model::{Belonging, InterfaceKind, NetworkInterface, PrivateAddress};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{Cidr4, Cidr6, List, Tag, Text};

/// An interface in an answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Answer<'a> {
    network_interface_id: Text<'a>,
    vpc_id: Option<Text<'a>>,
    subnet_id: Option<Text<'a>>,
    owner_id: Option<Text<'a>>,
    availability_zone: Option<Text<'a>>,
    description: Option<Text<'a>>,
    interface_type: Option<Text<'a>>,
    requester_id: Option<Text<'a>>,
    attachment: Option<Attachment<'a>>,
    groups: List<Group<'a>>,
    private_ip_address: Option<Ipv4Addr>,
    association: Option<Association>,
    private_ip_addresses: List<PrivateAnswer>,
    ipv6_addresses: List<Ipv6Answer>,
    ipv4_prefixes: List<Prefix4>,
    ipv6_prefixes: List<Prefix6>,
    source_dest_check: Option<bool>,
    tag_set: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Attachment<'a> {
    instance_id: Option<Text<'a>>,
}

/// A security group by its id, as many answers name it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Group<'a> {
    /// The id.
    pub(crate) group_id: Text<'a>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Association {
    public_ip: Option<Ipv4Addr>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PrivateAnswer {
    private_ip_address: Ipv4Addr,
    primary: Option<bool>,
    association: Option<Association>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ipv6Answer {
    ipv6_address: Ipv6Addr,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Prefix4 {
    ipv4_prefix: Cidr4,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Prefix6 {
    ipv6_prefix: Cidr6,
}

/// What an instance knows of an interface in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Host<'a> {
    /// The instance.
    pub(crate) instance: &'a Text<'a>,
    /// Its account.
    pub(crate) owner: Option<&'a Text<'a>>,
    /// Its Availability Zone.
    pub(crate) zone: Option<&'a Text<'a>>,
}

/// Reads an interface of an answer about interfaces.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let interface = interface(builder, &answer, None)?;
    builder.loose.embedded.remove(&interface.id);
    builder.insert(interface);
    Ok(())
}

/// Keeps an interface of an instance, unless an answer about interfaces has described it.
pub(crate) fn read_embedded(builder: &mut Builder, answer: &Answer<'_>, host: Host<'_>) {
    // What has no subnet is not on a network: EC2-Classic, or an instance that was terminated.
    let Ok(interface) = interface(builder, answer, Some(host)) else { return };
    if !builder.model.interfaces.contains_key(&interface.id) {
        builder.loose.embedded.insert(interface.id.clone(), interface);
    }
}

/// Returns the id of an interface.
pub(crate) fn id<'a>(answer: &'a Answer<'a>) -> &'a Text<'a> {
    &answer.network_interface_id
}

fn interface(
    builder: &mut Builder,
    answer: &Answer<'_>,
    host: Option<Host<'_>>,
) -> Result<NetworkInterface, Refusal> {
    let attached =
        answer.attachment.as_ref().and_then(|attachment| attachment.instance_id.as_ref());
    let instance = host.map(|host| host.instance).or(attached);
    let (kind, description) = (answer.interface_type.as_deref(), answer.description.as_deref());
    let requester = answer.requester_id.as_deref();
    Ok(NetworkInterface {
        id: builder.id(&answer.network_interface_id),
        place: builder.place(Clues {
            owner: answer.owner_id.as_ref().or(host.and_then(|host| host.owner)),
            zone: answer.availability_zone.as_ref().or(host.and_then(|host| host.zone)),
            ..Clues::default()
        }),
        tags: builder.tags(&answer.tag_set),
        vpc: builder.some_id(answer.vpc_id.as_ref()).ok_or(Refusal::Lacks("VpcId"))?,
        subnet: builder.some_id(answer.subnet_id.as_ref()).ok_or(Refusal::Lacks("SubnetId"))?,
        ipv4: private_addresses(answer),
        ipv6: answer.ipv6_addresses.iter().map(|one| one.ipv6_address).collect(),
        ipv4_prefixes: answer.ipv4_prefixes.iter().map(|one| one.ipv4_prefix.0).collect(),
        ipv6_prefixes: answer.ipv6_prefixes.iter().map(|one| one.ipv6_prefix.0).collect(),
        security_groups: builder.ids(answer.groups.iter().map(|group| &group.group_id)),
        source_dest_check: answer.source_dest_check.unwrap_or(true),
        kind: InterfaceKind::infer(kind, description, instance.map(|id| &**id)),
        description: builder.text_or_empty(answer.description.as_ref()),
        instance: builder.some_id(instance),
        belonging: Belonging::infer(description, kind, requester, instance.map(|id| &**id)),
    })
}

/// Returns the private addresses, primary first. Some captures have only the primary one, outside the list.
fn private_addresses(answer: &Answer<'_>) -> Vec<PrivateAddress> {
    let mut listed: Vec<PrivateAnswer> = answer.private_ip_addresses.iter().copied().collect();
    if listed.is_empty() {
        listed.extend(answer.private_ip_address.map(|private_ip_address| PrivateAnswer {
            private_ip_address,
            primary: Some(true),
            association: answer.association,
        }));
    }
    listed.sort_by_key(|one| !one.primary.unwrap_or_default());
    let address = |one: PrivateAnswer| PrivateAddress {
        address: one.private_ip_address,
        public: one.association.and_then(|association| association.public_ip),
    };
    listed.into_iter().map(address).collect()
}
