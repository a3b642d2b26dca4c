//! Listeners of load balancers and their rules.
//!
//! Source: Elastic Load Balancing API, version 2015-12-01, `Listener`, `Rule`, `Action`.

use portolan_model::{Listener, ResourceKind, TargetGroupId};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    listener_arn: Option<Text<'a>>,
    load_balancer_arn: Option<Text<'a>>,
    port: Option<u16>,
    protocol: Option<Text<'a>>,
    default_actions: List<Action<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Action<'a> {
    target_group_arn: Option<Text<'a>>,
    forward_config: Option<ForwardConfig<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct ForwardConfig<'a> {
    target_groups: List<Forward<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Forward<'a> {
    target_group_arn: Option<Text<'a>>,
}

/// Reads a listener. It waits until its load balancer was read. AWS Global Accelerator has listeners too,
/// which name no load balancer.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    keep(builder, &answer)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Grouped<'a> {
    listeners: List<Answer<'a>>,
}

/// Reads the listeners of one load balancer, as Batfish's collector keeps them together.
pub(crate) fn read_grouped(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let grouped: Grouped<'_> = serde_json::from_slice(bytes)?;
    grouped.listeners.iter().try_for_each(|answer| keep(builder, answer))
}

fn keep(builder: &mut Builder, answer: &Answer<'_>) -> Result<(), Refusal> {
    let arn = answer.listener_arn.as_ref().ok_or(Refusal::Foreign)?;
    let load_balancer = answer.load_balancer_arn.as_ref().ok_or(Refusal::Foreign)?;
    let listener = Listener {
        port: answer.port,
        protocol: builder.text_or_empty(answer.protocol.as_ref()),
        target_groups: target_groups(builder, &answer.default_actions),
        instance_port: None,
    };
    let place = builder.place(Clues { arn: Some(arn), ..Clues::default() });
    builder.count(ResourceKind::Listeners, &place);
    let waiting = (builder.id(load_balancer), listener);
    let arn = builder.text(arn);
    builder.loose.listeners.entry(arn).or_insert(waiting);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct RuleAnswer<'a> {
    rule_arn: Option<Text<'a>>,
    actions: List<Action<'a>>,
}

/// Reads a rule of a listener. It waits until its listener was read. Amazon `EventBridge` has rules too, which
/// have no `RuleArn`.
pub(crate) fn read_rule(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: RuleAnswer<'_> = serde_json::from_slice(bytes)?;
    let arn =
        answer.rule_arn.filter(|arn| arn.contains(":listener-rule/")).ok_or(Refusal::Foreign)?;
    let targets = target_groups(builder, &answer.actions);
    let place = builder.place(Clues { arn: Some(&arn), ..Clues::default() });
    builder.count(ResourceKind::Listeners, &place);
    let arn = builder.text(&arn);
    builder.loose.listener_rules.insert(arn, targets);
    Ok(())
}

/// Returns the ARN of the listener that a rule with this ARN belongs to.
///
/// Source: Service Authorization Reference, "Elastic Load Balancing V2", resources `listener/app` and
/// `listener-rule/app`.
pub(crate) fn of_rule(rule: &str) -> Option<String> {
    let (listener, _) = rule.rsplit_once('/')?;
    Some(listener.replacen(":listener-rule/", ":listener/", 1))
}

fn target_groups(builder: &mut Builder, actions: &[Action<'_>]) -> Vec<TargetGroupId> {
    let arns = actions.iter().flat_map(|action| {
        let several = action.forward_config.iter().flat_map(|config| config.target_groups.iter());
        let several = several.filter_map(|forward| forward.target_group_arn.as_ref());
        action.target_group_arn.iter().chain(several)
    });
    builder.ids(arns)
}
