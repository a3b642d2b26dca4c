//! A matrix as a JSON document.

use portolan_model::InterfaceKind;
use portolan_reach as reach;
use schemars::JsonSchema;
use serde::Serialize;

use crate::coverage;
use crate::json::FORMAT_VERSION;
use crate::matrix::party::Party;
use crate::matrix::view::{End, MatrixView, Pair};
use crate::names::Names;
use crate::wire::{Traffic, Unknown};

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
    /// What may pass between classes of VPCs that only a way which is not known joins: a transit gateway, an
    /// appliance, a route table that was not read. Empty if pairs of interfaces were asked for.
    bridges: Vec<Bridge>,
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
    /// Its subnets: several where it makes no difference in which of them a member is.
    subnets: Vec<String>,
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
    /// Why they only may.
    unknowns: Vec<Unknown>,
}

/// What may pass from each of some classes to each of others.
#[derive(Debug, JsonSchema, Serialize)]
struct Bridge {
    /// The indices of the sources in `classes`, from 0.
    from: Vec<u32>,
    /// The indices of the destinations in `classes`, from 0.
    to: Vec<u32>,
    /// The packets that may pass.
    possible: Traffic,
    /// Why they only may.
    unknowns: Vec<Unknown>,
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
    /// Why they only may.
    unknowns: Vec<Unknown>,
}

impl Document {
    pub(crate) fn new(view: &MatrixView<'_>) -> Self {
        let mut document = Self {
            format_version: FORMAT_VERSION,
            classes: view.matrix.classes.iter().zip(&view.parties).map(class).collect(),
            class_pairs: Vec::new(),
            bridges: Vec::new(),
            interface_pairs: Vec::new(),
            omitted: view.omitted().unwrap_or_default(),
            coverage: (&view.chart.model().coverage).into(),
        };
        for pair in view.pairs() {
            document.add(view.names, pair);
        }
        document
    }

    fn add(&mut self, names: Names<'_>, pair: Pair<'_>) {
        let (traffic, possible) = ((&*pair.certain).into(), (&pair.possible).into());
        let unknowns = pair.unknowns.iter().map(|it| Unknown::new(names, it)).collect();
        match (pair.from, pair.to) {
            (End::Class(from), End::Class(to)) => {
                self.class_pairs.push(ClassPair { from, to, traffic, possible, unknowns });
            }
            (End::Interface(_, from), End::Interface(_, to)) => {
                let (from, to) = (from.to_string(), to.to_string());
                self.interface_pairs.push(InterfacePair { from, to, traffic, possible, unknowns });
            }
            (End::Classes(from), End::Classes(to)) => {
                self.bridges.push(Bridge { from, to, possible, unknowns });
            }
            _ => {}
        }
    }
}

fn class((class, party): (&reach::Class, &Party)) -> Class {
    Class {
        name: party.name.clone(),
        vpc: class.vpc.to_string(),
        subnets: class.subnets.iter().map(ToString::to_string).collect(),
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
