//! Network ACLs.
//!
//! Source: EC2 API, `NetworkAcl`, `NetworkAclEntry`.

use portolan_model::{Action, Direction, NetworkAcl, NetworkAclEntry, RuleTraffic};
use portolan_net::IpPrefix;
use serde::{Deserialize, Deserializer};

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{Cidr4, Cidr6, List, Tag, Text, checked};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    network_acl_id: Text<'a>,
    vpc_id: Text<'a>,
    owner_id: Option<Text<'a>>,
    is_default: Option<bool>,
    associations: List<Association<'a>>,
    entries: List<Entry>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Association<'a> {
    subnet_id: Option<Text<'a>>,
}

#[derive(Clone)]
struct Entry(NetworkAclEntry);

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<EntryFields<'de>, _, _>(deserializer)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct EntryFields<'a> {
    cidr_block: Option<Cidr4>,
    ipv6_cidr_block: Option<Cidr6>,
    egress: bool,
    protocol: Text<'a>,
    port_range: Option<PortRangeAnswer>,
    icmp_type_code: Option<IcmpTypeCode>,
    rule_action: Text<'a>,
    rule_number: u32,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PortRangeAnswer {
    from: Option<i64>,
    to: Option<i64>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IcmpTypeCode {
    r#type: Option<i64>,
    code: Option<i64>,
}

impl TryFrom<EntryFields<'_>> for Entry {
    type Error = String;

    fn try_from(fields: EntryFields<'_>) -> Result<Self, String> {
        let ipv4 = fields.cidr_block.map(|cidr| IpPrefix::V4(cidr.0));
        let cidr = ipv4.or_else(|| fields.ipv6_cidr_block.map(|cidr| IpPrefix::V6(cidr.0)));
        Ok(Self(NetworkAclEntry {
            number: fields.rule_number,
            direction: if fields.egress { Direction::Outbound } else { Direction::Inbound },
            cidr: cidr.ok_or("the entry has no CIDR")?,
            traffic: fields.traffic()?,
            action: match &*fields.rule_action {
                "allow" => Action::Allow,
                "deny" => Action::Deny,
                other => return Err(format!("`{other}` is neither `allow` nor `deny`")),
            },
        }))
    }
}

impl EntryFields<'_> {
    fn traffic(&self) -> Result<RuleTraffic, String> {
        let icmp = self.icmp_type_code.unwrap_or_default();
        let ports = self.port_range.unwrap_or_default();
        let is_icmp = matches!(&*self.protocol, "1" | "58" | "icmp" | "icmpv6");
        let (first, last) = if is_icmp { (icmp.r#type, icmp.code) } else { (ports.from, ports.to) };
        RuleTraffic::from_aws(&self.protocol, first, last).map_err(|error| error.to_string())
    }
}

/// Reads a network ACL.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let subnets = answer.associations.iter().filter_map(|one| one.subnet_id.as_ref());
    let mut entries: Vec<NetworkAclEntry> =
        answer.entries.iter().map(|entry| entry.0.clone()).collect();
    entries.sort_by_key(|entry| (entry.direction, entry.number));
    let network_acl = NetworkAcl {
        id: builder.id(&answer.network_acl_id),
        place: builder.place(Clues { owner: answer.owner_id.as_ref(), ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        vpc: builder.id(&answer.vpc_id),
        is_default: answer.is_default.unwrap_or_default(),
        subnets: builder.ids(subnets),
        entries,
    };
    builder.insert(network_acl);
    Ok(())
}
