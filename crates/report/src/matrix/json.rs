//! A matrix as a JSON document.

use portolan_model::InterfaceKind;
use portolan_reach as reach;
use schemars::JsonSchema;
use serde::Serialize;

use crate::coverage;
use crate::json::FORMAT_VERSION;
use crate::matrix::view::{End, MatrixView, Pair};
use crate::wire::Traffic;

/// Who inside can talk to whom: the output of `portolan matrix --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Matrix")]
pub(crate) struct Document {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// Interfaces that no rule tells apart, by class.
    classes: Vec<Class>,
    /// The pairs of classes that can or may talk. A pair of a class with itself speaks of two different
    /// interfaces of it. Empty if pairs of interfaces were asked for.
    class_pairs: Vec<ClassPair>,
    /// The pairs of interfaces that can or may talk. Empty unless they were asked for.
    interface_pairs: Vec<InterfacePair>,
    /// How many pairs were left out, because only some were asked for.
    omitted: usize,
    /// What was read and what was not.
    coverage: coverage::Document,
}

/// Interfaces that no filter and no route tells apart.
#[derive(Debug, JsonSchema, Serialize)]
struct Class {
    /// What the reports for people call it.
    name: String,
    /// Its VPC.
    vpc: String,
    /// Its subnet.
    subnet: String,
    /// Its security groups.
    security_groups: Vec<String>,
    /// Its kind of interface: `standard`, `nat_gateway`, `endpoint`,
    /// `gateway_load_balancer_endpoint`, `load_balancer`, `gateway_load_balancer`, `lambda`,
    /// `transit_gateway` or `service`.
    kind: &'static str,
    /// Its members.
    interfaces: Vec<String>,
}

/// What passes from one class to another.
#[derive(Debug, JsonSchema, Serialize)]
struct ClassPair {
    /// The index of the source in `classes`, from 0.
    from: u32,
    /// The index of the destination in `classes`, from 0.
    to: u32,
    /// The packets that pass and are answered.
    traffic: Traffic,
    /// The packets that may pass besides.
    possible: Traffic,
}

/// What passes from one interface to another.
#[derive(Debug, JsonSchema, Serialize)]
struct InterfacePair {
    /// The source.
    from: String,
    /// The destination.
    to: String,
    /// The packets that pass and are answered.
    traffic: Traffic,
    /// The packets that may pass besides.
    possible: Traffic,
}

impl Document {
    pub(crate) fn new(view: &MatrixView<'_>) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            classes: view.matrix.classes.iter().zip(0..).map(|it| class(view, it)).collect(),
            class_pairs: view.pairs().filter_map(|pair| class_pair(&pair)).collect(),
            interface_pairs: view.pairs().filter_map(|pair| interface_pair(&pair)).collect(),
            omitted: view.omitted(),
            coverage: (&view.chart.model().coverage).into(),
        }
    }
}

fn class(view: &MatrixView<'_>, (class, index): (&reach::Class, u32)) -> Class {
    Class {
        name: view.party(End::Class(index)).name,
        vpc: class.vpc.to_string(),
        subnet: class.subnet.to_string(),
        security_groups: class.security_groups.iter().map(ToString::to_string).collect(),
        kind: kind_name(class.kind),
        interfaces: class.interfaces.iter().map(ToString::to_string).collect(),
    }
}

const fn kind_name(kind: InterfaceKind) -> &'static str {
    match kind {
        InterfaceKind::Standard => "standard",
        InterfaceKind::NatGateway => "nat_gateway",
        InterfaceKind::Endpoint => "endpoint",
        InterfaceKind::GatewayLoadBalancerEndpoint => "gateway_load_balancer_endpoint",
        InterfaceKind::LoadBalancer => "load_balancer",
        InterfaceKind::GatewayLoadBalancer => "gateway_load_balancer",
        InterfaceKind::Lambda => "lambda",
        InterfaceKind::TransitGateway => "transit_gateway",
        InterfaceKind::Service => "service",
    }
}

fn class_pair(pair: &Pair<'_>) -> Option<ClassPair> {
    let (End::Class(from), End::Class(to)) = (pair.from, pair.to) else { return None };
    let (traffic, possible) = (pair.certain.into(), (&pair.possible).into());
    Some(ClassPair { from, to, traffic, possible })
}

fn interface_pair(pair: &Pair<'_>) -> Option<InterfacePair> {
    let (End::Interface(from), End::Interface(to)) = (pair.from, pair.to) else { return None };
    let (traffic, possible) = (pair.certain.into(), (&pair.possible).into());
    Some(InterfacePair { from: from.to_string(), to: to.to_string(), traffic, possible })
}
