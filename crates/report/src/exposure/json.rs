//! The exposure as a JSON document.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::Serialize;

use crate::coverage;
use crate::exposure::shadows;
use crate::exposure::view::{ExposedResource, ExposureView, OpenAddress, PlacedFinding, Reached};
use crate::exposure::words::beside;
use crate::json::FORMAT_VERSION;
use crate::names::Names;
use crate::rating::Rating;
use crate::services::service_names;
use crate::wire::{
    Blocker, Component, Note, Owner, Rule, Traffic, Unknown, certainty_name, notes, prefixes,
    zone_name,
};

/// What outside can reach: the output of `portolan exposure --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Exposure")]
pub(crate) struct Document {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// How many resources can be reached, and how many findings there are.
    summary: Summary,
    /// The resources that can or may be reached, the worst first.
    resources: Vec<ResourceDocument>,
    /// Entries of network ACLs that come too late: those that decide about no packet, and those that deny packets
    /// which an earlier one allows. Empty if only some resources, ports or severities were asked for.
    shadowed_entries: Vec<shadows::Document>,
    /// What the findings take for granted because it was not read. For people; it may change.
    assumptions: Vec<String>,
    /// What was read and what was not.
    coverage: coverage::Document,
}

/// How many resources and findings there are.
#[derive(Debug, JsonSchema, Serialize)]
struct Summary {
    /// Resources that are listed: those that follow, together.
    resources: usize,
    /// Resources that can be reached and answer.
    reachable: usize,
    /// Resources that may be reached, and no more is known.
    possible: usize,
    /// Resources that get packets, or may, and never answer.
    one_way: usize,
    /// Findings by rating.
    findings: Counts,
}

/// How many findings there are of each rating.
#[derive(Debug, Default, JsonSchema, Serialize)]
struct Counts {
    critical: usize,
    high: usize,
    /// Findings that are only possible, so that nothing can be said of how bad they are.
    unknown: usize,
    medium: usize,
    low: usize,
    info: usize,
}

/// A resource and what of it can be reached.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ExposedResource")]
struct ResourceDocument {
    #[serde(flatten)]
    owner: Owner,
    /// The worst severity of the findings, or `unknown`.
    severity: &'static str,
    /// The addresses that can be reached.
    addresses: Vec<Address>,
    /// What can be reached, the worst first.
    findings: Vec<FindingDocument>,
}

/// An address and where it is.
#[derive(Debug, JsonSchema, Serialize)]
struct Address {
    /// The interface.
    interface: String,
    /// The address on the interface.
    inside: IpAddr,
    /// The address by which it is reached.
    outside: IpAddr,
    /// The subnet, or null if the interface was not read.
    subnet: Option<String>,
    /// The VPC, or null if the interface was not read.
    vpc: Option<String>,
}

/// Traffic of one severity that the same addresses can or may send.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Finding")]
struct FindingDocument {
    /// `critical`, `high`, `medium`, `low`, `info`, or `unknown` where the finding is only possible.
    severity: &'static str,
    /// `certain`, or `possible` where something that would decide is not known.
    certainty: &'static str,
    /// Whether replies go back. Packets that are not answered are delivered all the same.
    is_answered: bool,
    /// The addresses of the resource that it holds for, by which they are reached.
    addresses: Vec<IpAddr>,
    /// Where the packets come from: `internet`, or the id of the component that they are behind.
    zone: String,
    /// The component that they come in by.
    via: Component,
    /// The packets.
    traffic: Traffic,
    /// The services that are expected at the ports, the worst first.
    services: Vec<String>,
    /// The addresses that can send them, as prefixes.
    sources: Vec<String>,
    /// Other addresses that can send them and get no reply, as prefixes.
    one_way_sources: Vec<String>,
    /// The addresses in words. For people; it may change.
    sources_text: String,
    /// The rules that let the packets pass.
    rules: Vec<Rule>,
    /// What stops the replies: all of them, or those to `one_way_sources`.
    reply_blockers: Vec<Blocker>,
    /// What is to be told of rules on the way, beside what they say.
    notes: Vec<Note>,
    /// What is not known, for a finding that is only possible.
    unknowns: Vec<Unknown>,
}

impl Document {
    pub(crate) fn new(view: &ExposureView<'_>) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            summary: summary(view),
            resources: view.resources.iter().map(|it| resource(view, it)).collect(),
            shadowed_entries: view
                .shadowed
                .iter()
                .map(|entry| shadows::Document::new(view.names, entry))
                .collect(),
            assumptions: view.assumptions(),
            coverage: (&view.chart.model().coverage).into(),
        }
    }
}

fn summary(view: &ExposureView<'_>) -> Summary {
    let count = |how| view.resources.iter().filter(|it| it.how_reached() == how).count();
    Summary {
        resources: view.resources.len(),
        reachable: count(Reached::Certainly),
        possible: count(Reached::Possibly),
        one_way: count(Reached::OneWay),
        findings: counts(view),
    }
}

fn counts(view: &ExposureView<'_>) -> Counts {
    let mut counts = Counts::default();
    for (rating, count) in view.counts() {
        *match rating {
            Rating::Critical => &mut counts.critical,
            Rating::High => &mut counts.high,
            Rating::Unknown => &mut counts.unknown,
            Rating::Medium => &mut counts.medium,
            Rating::Low => &mut counts.low,
            Rating::Info => &mut counts.info,
        } = count;
    }
    counts
}

fn resource(view: &ExposureView<'_>, exposed: &ExposedResource) -> ResourceDocument {
    ResourceDocument {
        owner: (&exposed.resource).into(),
        severity: exposed.rating().name(),
        addresses: exposed.addresses.iter().map(address).collect(),
        findings: exposed.findings.iter().map(|it| finding(view, it)).collect(),
    }
}

fn address(address: &OpenAddress) -> Address {
    Address {
        interface: address.interface.to_string(),
        inside: address.inside,
        outside: address.outside,
        subnet: address.subnet.as_ref().map(ToString::to_string),
        vpc: address.vpc.as_ref().map(ToString::to_string),
    }
}

fn finding(view: &ExposureView<'_>, placed: &PlacedFinding) -> FindingDocument {
    let names: Names<'_> = view.names;
    let finding = &placed.finding;
    FindingDocument {
        severity: finding.rating.name(),
        certainty: certainty_name(finding.way.sureness.certainty),
        is_answered: finding.way.sureness.is_answered,
        addresses: placed.places.iter().map(|place| place.outside).collect(),
        zone: zone_name(&finding.way.zone).to_owned(),
        via: Component::new(names, &finding.way.via),
        traffic: (&finding.traffic).into(),
        services: service_names(&finding.traffic),
        sources: prefixes(&finding.sources),
        one_way_sources: prefixes(&finding.one_way_sources),
        sources_text: view.outside.describe(&finding.sources),
        rules: finding.rules.iter().map(|rule| Rule::new(names, rule)).collect(),
        reply_blockers: finding.reply_blockers.iter().map(|it| Blocker::new(names, it)).collect(),
        notes: notes(names, &finding.notes, beside(finding)),
        unknowns: finding.unknowns.iter().map(|it| Unknown::new(names, it)).collect(),
    }
}
