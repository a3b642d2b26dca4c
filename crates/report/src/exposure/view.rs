//! What every format of the exposure shows: findings by resource, the worst first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use portolan_model::{InterfaceId, SubnetId, VpcId};
use portolan_net::{Set as _, Traffic};
use portolan_reach::{
    Certainty, Chart, Component, ExposedAddress, Exposure, Opening, ShadowedEntry,
};

use crate::assumed::unread_services;
use crate::exposure::ExposureOptions;
use crate::finding::{Finding, Way, findings, union};
use crate::names::{Names, Resource};
use crate::rating::{Rating, Sureness};
use crate::sources::Outside;

/// What every format shows.
#[derive(Debug)]
pub(crate) struct ExposureView<'a> {
    pub(crate) chart: &'a Chart,
    pub(crate) names: Names<'a>,
    pub(crate) outside: Outside,
    /// The resources with findings, those with the worst first.
    pub(crate) resources: Vec<ExposedResource>,
    /// Entries of network ACLs that come too late, if they are wanted.
    pub(crate) shadowed: Vec<ShadowedEntry>,
}

/// A resource and what of it can be reached.
#[derive(Debug)]
pub(crate) struct ExposedResource {
    pub(crate) resource: Resource,
    /// The addresses that can be reached, by interface.
    pub(crate) addresses: Vec<OpenAddress>,
    /// The findings, the worst first; never none.
    pub(crate) findings: Vec<PlacedFinding>,
}

/// An address and where it is.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct OpenAddress {
    pub(crate) interface: InterfaceId,
    pub(crate) inside: IpAddr,
    pub(crate) outside: IpAddr,
    pub(crate) subnet: Option<SubnetId>,
    pub(crate) vpc: Option<VpcId>,
}

/// A finding and the addresses of the resource that it holds for.
#[derive(Debug)]
pub(crate) struct PlacedFinding {
    pub(crate) finding: Finding,
    /// Never empty.
    pub(crate) places: Vec<OpenAddress>,
}

impl<'a> ExposureView<'a> {
    pub(crate) fn new(chart: &'a Chart, exposure: &Exposure, options: ExposureOptions) -> Self {
        let names = Names::new(chart.model());
        let mut by_resource: BTreeMap<Resource, Vec<&ExposedAddress>> = BTreeMap::new();
        for address in &exposure.addresses {
            by_resource.entry(names.resource(&address.interface)).or_default().push(address);
        }
        let mut known = Known::new(chart, options);
        let mut resources: Vec<ExposedResource> = by_resource
            .into_iter()
            .filter_map(|(resource, addresses)| known.exposed(resource, &addresses))
            .collect();
        // Stable, so that resources that are equally bad stay in the order of their names.
        resources.sort_by_key(ExposedResource::gravity);
        let shadowed = if options.shadows { chart.shadowed_entries() } else { Vec::new() };
        let shadowed = shadowed.into_iter().filter(ShadowedEntry::is_telling).collect();
        Self { chart, names, outside: Outside::new(chart.model()), resources, shadowed }
    }

    /// Returns how many findings there are of each rating, the worst first.
    pub(crate) fn counts(&self) -> [(Rating, usize); 6] {
        let findings: Vec<Rating> = self.findings().map(|(_, it)| it.finding.rating).collect();
        Rating::ALL.map(|rating| (rating, findings.iter().filter(|it| **it == rating).count()))
    }

    /// Returns what the exposure takes for granted.
    pub(crate) fn assumptions(&self) -> Vec<String> {
        let rules = self.findings().flat_map(|(_, placed)| &placed.finding.rules);
        let tables = rules.filter_map(|rule| match &rule.component {
            Component::RouteTable(id) => Some(id),
            _ => None,
        });
        let model = self.chart.model();
        let tables = tables.filter_map(|id| Some(&model.route_tables.get(id)?.id));
        unread_services(model, tables).into_iter().collect()
    }

    /// Iterates over all findings with their resources, in the order of the report.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&ExposedResource, &PlacedFinding)> {
        let resources = self.resources.iter();
        resources.flat_map(|resource| resource.findings.iter().map(move |it| (resource, it)))
    }
}

/// How a resource is reached at best.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Reached {
    /// It is, and it answers.
    Certainly,
    /// It may be.
    Possibly,
    /// It gets packets that are not answered.
    OneWay,
}

impl ExposedResource {
    /// Returns how it is reached at best.
    pub(crate) fn how_reached(&self) -> Reached {
        let of = |placed: &PlacedFinding| match placed.finding.way.sureness {
            Sureness { certainty: Certainty::Certain, is_answered: true } => Reached::Certainly,
            Sureness { certainty: Certainty::Possible, is_answered: true } => Reached::Possibly,
            Sureness { is_answered: false, .. } => Reached::OneWay,
        };
        self.findings.iter().map(of).min().unwrap_or(Reached::OneWay)
    }

    /// Returns the worst rating of the findings.
    pub(crate) fn rating(&self) -> Rating {
        self.findings.first().map_or(Rating::Info, |it| it.finding.rating)
    }

    /// Returns what a list is sorted by: the worst rating, and how many findings have it.
    fn gravity(&self) -> (Rating, std::cmp::Reverse<usize>) {
        let worst = self.rating();
        let count = self.findings.iter().filter(|it| it.finding.rating == worst).count();
        (worst, std::cmp::Reverse(count))
    }
}

/// What is needed to make findings, and those that were made already: most addresses share their openings.
struct Known<'a> {
    chart: &'a Chart,
    options: ExposureOptions,
    findings: HashMap<*const Opening, Vec<Finding>>,
}

impl<'a> Known<'a> {
    fn new(chart: &'a Chart, options: ExposureOptions) -> Self {
        Self { chart, options, findings: HashMap::new() }
    }

    /// Returns the resource with its findings, or `None` if there is none to show.
    fn exposed(
        &mut self,
        resource: Resource,
        addresses: &[&ExposedAddress],
    ) -> Option<ExposedResource> {
        let mut placed: Vec<PlacedFinding> = Vec::new();
        for address in addresses {
            let place = self.place(address);
            for finding in self.findings_of(&address.openings) {
                match placed.iter_mut().find(|it| it.finding.says_the_same_as(finding)) {
                    Some(known) => known.join_place(finding, place.clone()),
                    None => {
                        let (finding, places) = (finding.clone(), vec![place.clone()]);
                        placed.push(PlacedFinding { finding, places });
                    }
                }
            }
        }
        let findings = both_families(placed);
        let places: BTreeSet<&OpenAddress> = findings.iter().flat_map(|it| &it.places).collect();
        let addresses = places.into_iter().cloned().collect();
        (!findings.is_empty()).then_some(ExposedResource { resource, addresses, findings })
    }

    fn findings_of(&mut self, openings: &Arc<[Opening]>) -> &[Finding] {
        let (model, options) = (self.chart.model(), self.options);
        self.findings.entry(openings.as_ptr()).or_insert_with(|| {
            let mut findings = findings(model, openings);
            findings.retain(|finding| options.shows(finding.rating));
            findings
        })
    }

    fn place(&self, address: &ExposedAddress) -> OpenAddress {
        let interface = self.chart.model().interfaces.get(&address.interface);
        OpenAddress {
            interface: address.interface.clone(),
            inside: address.inside,
            outside: address.outside,
            subnet: interface.map(|it| it.subnet.clone()),
            vpc: interface.map(|it| it.vpc.clone()),
        }
    }
}

/// Joins findings that say of IPv4 and of IPv6 the same, and sorts the worst first.
fn both_families(findings: Vec<PlacedFinding>) -> Vec<PlacedFinding> {
    let mut alike: BTreeMap<(Way, Traffic), Vec<PlacedFinding>> = BTreeMap::new();
    for placed in findings {
        let key = (placed.finding.way.clone(), placed.finding.traffic.clone());
        alike.entry(key).or_default().push(placed);
    }
    let mut findings: Vec<PlacedFinding> = alike.into_values().flat_map(join_families).collect();
    findings.sort_by(|a, b| {
        let key = |it: &PlacedFinding| (it.finding.rating, it.finding.traffic.clone());
        key(a).cmp(&key(b)).then_with(|| a.places.cmp(&b.places))
    });
    findings
}

fn join_families(mut alike: Vec<PlacedFinding>) -> Vec<PlacedFinding> {
    let (v4, v6): (Vec<_>, Vec<_>) = alike.iter().partition(|it| it.finding.sources.v6.is_empty());
    let can_join = matches!((&*v4, &*v6), ([_], [other]) if other.finding.sources.v4.is_empty());
    if !can_join {
        return alike;
    }
    let other = alike.pop();
    for (joined, other) in alike.iter_mut().zip(other) {
        joined.join(other);
    }
    alike
}

impl PlacedFinding {
    /// Adds another address for which the finding holds, perhaps for reasons of its own.
    fn join_place(&mut self, other: &Finding, place: OpenAddress) {
        self.finding.join_reasons(other);
        self.places.push(place);
    }

    fn join(&mut self, other: Self) {
        let finding = &mut self.finding;
        finding.rating = finding.rating.min(other.finding.rating);
        finding.sources = union(&finding.sources, &other.finding.sources);
        finding.one_way_sources = union(&finding.one_way_sources, &other.finding.one_way_sources);
        finding.join_reasons(&other.finding);
        self.places.extend(other.places);
        self.places.sort_unstable();
    }
}
