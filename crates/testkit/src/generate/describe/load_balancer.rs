//! Application Load Balancers: `aws elbv2 describe-*`.

use super::super::estate::{LoadBalancer, TargetGroup};
use super::super::identity::{Moment, short_hash, ten_digits, uuid};
use super::super::json::{Json, object};
use super::super::place::Place;

const SERVICE: &str = "elasticloadbalancing";

/// Returns what ARNs and interface descriptions call a load balancer: `app/NAME/HASH`.
pub(in super::super) fn full_name(vpc: &str, name: &str) -> String {
    format!("app/{name}/{}", short_hash(&[vpc, name]))
}

fn arn(place: &Place, balancer: &LoadBalancer) -> String {
    let name = full_name(&balancer.vpc, &balancer.name);
    place.arn(SERVICE, &format!("loadbalancer/{name}"))
}

pub(super) fn target_group_arn(place: &Place, balancer: &LoadBalancer) -> String {
    let name = &balancer.target_group.name;
    let hash = short_hash(&[&balancer.vpc, name, "targets"]);
    place.arn(SERVICE, &format!("targetgroup/{name}/{hash}"))
}

pub(super) fn load_balancer(place: &Place, balancer: &LoadBalancer) -> Json {
    let LoadBalancer { name, vpc, is_internet_facing, groups, interfaces, .. } = balancer;
    let (scheme, prefix) =
        if *is_internet_facing { ("internet-facing", "") } else { ("internal", "internal-") };
    let digits = ten_digits(&[vpc, name]);
    let zones = interfaces.iter().map(|interface| {
        object! {
            "ZoneName": place.zone(interface.site.zone),
            "SubnetId": &interface.site.subnet,
            "LoadBalancerAddresses": Vec::new(),
        }
    });
    object! {
        "LoadBalancerArn": arn(place, balancer),
        "DNSName": format!("{prefix}{name}-{digits}.{}.elb.amazonaws.com", place.region.name),
        "CanonicalHostedZoneId": place.region.load_balancer_zone,
        "CreatedTime": Moment::of(name).in_microseconds(),
        "LoadBalancerName": name,
        "Scheme": scheme,
        "VpcId": vpc,
        "State": object! { "Code": "active" },
        "Type": "application",
        "AvailabilityZones": Json::list(zones),
        "SecurityGroups": Json::list(groups.iter().map(|group| &group.id)),
        "IpAddressType": "ipv4",
    }
}

pub(super) fn listeners(place: &Place, balancer: &LoadBalancer) -> Vec<Json> {
    vec![
        listener(place, balancer, 80, "HTTP", None, redirect()),
        listener(place, balancer, 443, "HTTPS", Some(certificate(place, balancer)), {
            forward(target_group_arn(place, balancer))
        }),
    ]
}

fn listener(
    place: &Place,
    balancer: &LoadBalancer,
    port: u16,
    protocol: &'static str,
    certificate: Option<Json>,
    action: Json,
) -> Json {
    let name = full_name(&balancer.vpc, &balancer.name);
    let hash = short_hash(&[&balancer.vpc, &balancer.name, protocol]);
    let policy = certificate.is_some().then_some("ELBSecurityPolicy-TLS13-1-2-2021-06");
    object! {
        "ListenerArn": place.arn(SERVICE, &format!("listener/{name}/{hash}")),
        "LoadBalancerArn": arn(place, balancer),
        "Port": port,
        "Protocol": protocol,
        "Certificates": certificate.map(|certificate| Json::list([certificate])),
        "SslPolicy": policy,
        "DefaultActions": vec![action],
    }
}

fn certificate(place: &Place, balancer: &LoadBalancer) -> Json {
    let id = uuid(&[&balancer.vpc, &balancer.name]);
    object! { "CertificateArn": place.arn("acm", &format!("certificate/{id}")) }
}

fn redirect() -> Json {
    object! {
        "Type": "redirect",
        "Order": 1,
        "RedirectConfig": object! {
            "Protocol": "HTTPS",
            "Port": "443",
            "Host": "#{host}",
            "Path": "/#{path}",
            "Query": "#{query}",
            "StatusCode": "HTTP_301",
        },
    }
}

fn forward(target_group: String) -> Json {
    object! {
        "Type": "forward",
        "TargetGroupArn": target_group.clone(),
        "Order": 1,
        "ForwardConfig": object! {
            "TargetGroups": vec![object! { "TargetGroupArn": target_group, "Weight": 1 }],
            "TargetGroupStickinessConfig": object! { "Enabled": false },
        },
    }
}

pub(super) fn target_group(place: &Place, balancer: &LoadBalancer) -> Json {
    let group = &balancer.target_group;
    object! {
        "TargetGroupArn": target_group_arn(place, balancer),
        "TargetGroupName": &group.name,
        "Protocol": "HTTP",
        "Port": group.port,
        "VpcId": &balancer.vpc,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": true,
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
        "HealthCheckPath": "/healthz",
        "Matcher": object! { "HttpCode": "200" },
        "LoadBalancerArns": vec![Json::from(arn(place, balancer))],
        "TargetType": "instance",
        "ProtocolVersion": "HTTP1",
        "IpAddressType": "ipv4",
    }
}

pub(super) fn target_health(group: &TargetGroup) -> Vec<Json> {
    let health = |instance| {
        object! {
            "Target": object! { "Id": instance, "Port": group.port },
            "HealthCheckPort": group.port.to_string(),
            "TargetHealth": object! { "State": "healthy" },
            "AdministrativeOverride": object! {
                "State": "no_override",
                "Reason": "AdministrativeOverride.NoOverride",
                "Description": "No override is currently active on target",
            },
        }
    };
    group.targets.iter().map(health).collect()
}
