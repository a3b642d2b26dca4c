//! Instances, inside reservations or on their own.
//!
//! Source: EC2 API, `Reservation`, `Instance`.

use portolan_model::Instance;
use serde::Deserialize;

use super::interface::{self, Host};
use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Tag, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Reservation<'a> {
    owner_id: Option<Text<'a>>,
    instances: List<Answer<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    instance_id: Option<Text<'a>>,
    placement: Option<Placement<'a>>,
    state: Option<State<'a>>,
    network_interfaces: List<interface::Answer<'a>>,
    tags: List<Tag<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Placement<'a> {
    availability_zone: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct State<'a> {
    name: Option<Text<'a>>,
}

/// Reads the instances of a reservation.
pub(crate) fn read_reservation(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let reservation: Reservation<'_> = serde_json::from_slice(bytes)?;
    for answer in reservation.instances.iter() {
        let id = answer.instance_id.as_ref().ok_or(Refusal::Lacks("InstanceId"))?;
        insert(builder, answer, id, reservation.owner_id.as_ref());
    }
    Ok(())
}

/// Reads an instance that stands without its reservation.
pub(crate) fn read_instance(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let id = answer.instance_id.as_ref().ok_or(Refusal::Foreign)?;
    insert(builder, &answer, id, None);
    Ok(())
}

fn insert(builder: &mut Builder, answer: &Answer<'_>, id: &Text<'_>, owner: Option<&Text<'_>>) {
    let interfaces = || answer.network_interfaces.iter();
    let zone = answer.placement.as_ref().and_then(|placement| placement.availability_zone.as_ref());
    let state = answer.state.as_ref().and_then(|state| state.name.as_deref());
    let instance = Instance {
        id: builder.id(id),
        place: builder.place(Clues { owner, zone, ..Clues::default() }),
        tags: builder.tags(&answer.tags),
        is_running: !matches!(state, Some("stopped" | "terminated")),
        interfaces: builder.ids(interfaces().map(interface::id)),
    };
    builder.insert(instance);
    for interface in interfaces() {
        interface::read_embedded(builder, interface, Host { instance: id, owner, zone });
    }
}
