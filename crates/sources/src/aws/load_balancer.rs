//! Load balancers of all generations.
//!
//! Sources: Elastic Load Balancing API, version 2015-12-01, `LoadBalancer`; version 2012-06-01,
//! `LoadBalancerDescription`.

use portolan_model::{Listener, LoadBalancer, LoadBalancerKind, Place};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    load_balancer_arn: Text<'a>,
    load_balancer_name: Option<Text<'a>>,
    r#type: Option<Text<'a>>,
    scheme: Option<Text<'a>>,
    vpc_id: Option<Text<'a>>,
    availability_zones: List<Zone<'a>>,
    security_groups: List<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Zone<'a> {
    subnet_id: Option<Text<'a>>,
}

/// Reads an Application, Network or Gateway Load Balancer. Its listeners come in answers of their own.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let subnets = answer.availability_zones.iter().filter_map(|zone| zone.subnet_id.as_ref());
    let load_balancer = LoadBalancer {
        id: builder.id(&answer.load_balancer_arn),
        place: builder.place(Clues { arn: Some(&answer.load_balancer_arn), ..Clues::default() }),
        tags: builder.tags(&[]),
        name: builder.text_or_empty(answer.load_balancer_name.as_ref()),
        kind: match answer.r#type.as_deref() {
            Some("application") => LoadBalancerKind::Application,
            Some("network") => LoadBalancerKind::Network,
            Some("gateway") => LoadBalancerKind::Gateway,
            _ => LoadBalancerKind::Other,
        },
        is_internet_facing: answer.scheme.as_deref() == Some("internet-facing"),
        vpc: builder.some_id(answer.vpc_id.as_ref()),
        subnets: builder.ids(subnets),
        security_groups: builder.ids(answer.security_groups.iter()),
        listeners: Vec::new(),
        instances: Vec::new(),
    };
    builder.insert(load_balancer);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct ClassicAnswer<'a> {
    load_balancer_name: Text<'a>,
    scheme: Option<Text<'a>>,
    #[serde(rename = "VPCId")]
    vpc_id: Option<Text<'a>>,
    availability_zones: List<Text<'a>>,
    subnets: List<Text<'a>>,
    security_groups: List<Text<'a>>,
    source_security_group: Option<SourceGroup<'a>>,
    listener_descriptions: List<ListenerDescription<'a>>,
    instances: List<InstanceAnswer<'a>>,
}

/// The group that a Classic Load Balancer sends from, which is its own outside EC2-Classic.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct SourceGroup<'a> {
    owner_alias: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct ListenerDescription<'a> {
    listener: ClassicListener<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct ClassicListener<'a> {
    protocol: Option<Text<'a>>,
    load_balancer_port: Option<u16>,
    instance_port: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct InstanceAnswer<'a> {
    instance_id: Text<'a>,
}

/// Reads a Classic Load Balancer.
pub(crate) fn read_classic(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: ClassicAnswer<'_> = serde_json::from_slice(bytes)?;
    let source = answer.source_security_group.as_ref();
    let owner = source.and_then(|group| group.owner_alias.as_ref());
    let place = builder.place(Clues {
        owner: owner.filter(|owner| crate::region::is_account(owner)),
        zone: answer.availability_zones.iter().next(),
        ..Clues::default()
    });
    let name = builder.text(&answer.load_balancer_name);
    let listeners = answer.listener_descriptions.iter();
    let load_balancer = LoadBalancer {
        id: builder.id(&classic_arn(&place, &name)),
        place,
        tags: builder.tags(&[]),
        name,
        kind: LoadBalancerKind::Classic,
        is_internet_facing: answer.scheme.as_deref() == Some("internet-facing"),
        vpc: builder.some_id(answer.vpc_id.as_ref()),
        subnets: builder.ids(answer.subnets.iter()),
        security_groups: builder.ids(answer.security_groups.iter()),
        listeners: listeners.map(|one| classic_listener(builder, &one.listener)).collect(),
        instances: builder.ids(answer.instances.iter().map(|one| &one.instance_id)),
    };
    builder.insert(load_balancer);
    Ok(())
}

/// Returns the ARN of a Classic Load Balancer, which its answer leaves out, or its name where its place is
/// not known: a name is unique only within an account and Region.
///
/// Source: Service Authorization Reference, "Elastic Load Balancing", resource `loadbalancer`.
fn classic_arn(place: &Place, name: &str) -> String {
    match (&place.account, &place.region) {
        (Some(account), Some(region)) => {
            let partition = partition(region.as_str());
            format!("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{name}")
        }
        _ => name.to_owned(),
    }
}

/// Returns the partition of a Region.
pub(super) fn partition(region: &str) -> &'static str {
    match region.split_once('-') {
        Some(("cn", _)) => "aws-cn",
        Some(("us", rest)) if rest.starts_with("gov-") => "aws-us-gov",
        Some(("us", rest)) if rest.starts_with("iso-") => "aws-iso",
        Some(("us", rest)) if rest.starts_with("isob-") => "aws-iso-b",
        Some(("us", rest)) if rest.starts_with("isof-") => "aws-iso-f",
        Some(("eu", rest)) if rest.starts_with("isoe-") => "aws-iso-e",
        Some(("eusc", _)) => "aws-eusc",
        _ => "aws",
    }
}

fn classic_listener(builder: &mut Builder, listener: &ClassicListener<'_>) -> Listener {
    Listener {
        port: listener.load_balancer_port,
        protocol: builder.text_or_empty(listener.protocol.as_ref()),
        target_groups: Vec::new(),
        instance_port: listener.instance_port,
    }
}
