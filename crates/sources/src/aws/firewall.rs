//! AWS Network Firewalls.
//!
//! Source: Network Firewall API, `Firewall`, `FirewallStatus`, `FirewallMetadata`.

use std::collections::BTreeMap;

use portolan_model::{Firewall, ResourceKind};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::Text;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    firewall_arn: Option<Text<'a>>,
    firewall_name: Option<Text<'a>>,
    vpc_id: Option<Text<'a>>,
}

/// Reads a firewall as the list of firewalls names it. It counts where no other answer describes it.
pub(crate) fn read_name(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let firewall = firewall(builder, bytes)?;
    builder.count(ResourceKind::Firewalls, &firewall.place);
    builder.loose.firewall_names.push(firewall);
    Ok(())
}

/// Reads a firewall as it is described one by one.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let firewall = firewall(builder, bytes)?;
    builder.document.firewall = Some(firewall.id.clone());
    builder.insert(firewall);
    Ok(())
}

fn firewall(builder: &mut Builder, bytes: &[u8]) -> Result<Firewall, Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let arn = answer.firewall_arn.as_ref().ok_or(Refusal::Lacks("FirewallArn"))?;
    Ok(Firewall {
        id: builder.id(arn),
        place: builder.place(Clues { arn: Some(arn), ..Clues::default() }),
        name: builder.text_or_empty(answer.firewall_name.as_ref()),
        vpc: builder.some_id(answer.vpc_id.as_ref()),
        endpoints: Vec::new(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Status<'a> {
    /// By Availability Zone.
    sync_states: Option<BTreeMap<Text<'a>, SyncState<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct SyncState<'a> {
    attachment: Option<Attachment<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Attachment<'a> {
    endpoint_id: Option<Text<'a>>,
}

/// Reads the status that stands beside a firewall. It waits for the end of the document.
pub(crate) fn read_status(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let status: Status<'_> = serde_json::from_slice(bytes)?;
    let states = status.sync_states.iter().flat_map(BTreeMap::values);
    let attachments = states.filter_map(|state| state.attachment.as_ref());
    let endpoints = builder.ids(attachments.filter_map(|one| one.endpoint_id.as_ref()));
    builder.document.firewall_endpoints = endpoints;
    Ok(())
}
