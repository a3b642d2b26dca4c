//! Target groups and the health of their targets.
//!
//! Source: Elastic Load Balancing API, version 2015-12-01, `TargetGroup`, `TargetHealthDescription`.

use portolan_model::{ResourceKind, Target, TargetGroup};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    target_group_arn: Text<'a>,
    target_group_name: Option<Text<'a>>,
    vpc_id: Option<Text<'a>>,
    protocol: Option<Text<'a>>,
    port: Option<u16>,
    target_type: Option<Text<'a>>,
    load_balancer_arns: List<Text<'a>>,
}

/// Reads a target group. Its targets come in answers of their own.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let group = TargetGroup {
        id: builder.id(&answer.target_group_arn),
        place: builder.place(Clues { arn: Some(&answer.target_group_arn), ..Clues::default() }),
        name: builder.text_or_empty(answer.target_group_name.as_ref()),
        vpc: builder.some_id(answer.vpc_id.as_ref()),
        protocol: builder.some_id(answer.protocol.as_ref()),
        port: answer.port,
        target_type: builder.text(answer.target_type.as_deref().unwrap_or("instance")),
        load_balancers: builder.ids(answer.load_balancer_arns.iter()),
        targets: None,
    };
    builder.insert(group);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Health<'a> {
    target: TargetAnswer<'a>,
    target_health: Option<State<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct TargetAnswer<'a> {
    id: Text<'a>,
    port: Option<u16>,
    availability_zone: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct State<'a> {
    state: Option<Text<'a>>,
}

/// Reads a target. It waits for the end of the document, which may tell whose it is.
pub(crate) fn read_health(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let health: Health<'_> = serde_json::from_slice(bytes)?;
    let place = builder.hint.clone();
    builder.count(ResourceKind::TargetHealth, &place);
    let target = target(builder, &health);
    builder.document.targets.push(target);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Grouped<'a> {
    target_group_arn: Text<'a>,
    target_health_descriptions: List<Health<'a>>,
}

/// Reads the targets of one target group, as Batfish's collector keeps them together.
pub(crate) fn read_grouped_health(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let grouped: Grouped<'_> = serde_json::from_slice(bytes)?;
    let healths = grouped.target_health_descriptions.iter();
    let targets: Vec<Target> = healths.map(|health| target(builder, health)).collect();
    let place = builder.place(Clues { arn: Some(&grouped.target_group_arn), ..Clues::default() });
    builder.count(ResourceKind::TargetHealth, &place);
    let group = builder.id(&grouped.target_group_arn);
    builder.loose.targets.entry(group).or_default().extend(targets);
    Ok(())
}

fn target(builder: &mut Builder, health: &Health<'_>) -> Target {
    let state = health.target_health.as_ref().and_then(|health| health.state.as_ref());
    Target {
        id: builder.text(&health.target.id),
        port: health.target.port,
        zone: builder.some_id(health.target.availability_zone.as_ref()),
        health: builder.some_id(state),
    }
}
