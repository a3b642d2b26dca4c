//! The exposure as data of pictures.

use std::collections::{BTreeMap, BTreeSet};

use portolan_net::{Set as _, Traffic};
use portolan_reach::{Component, IpSet, Zone};

use crate::chart::heat_map::{Cell, Head, HeatMap, Row, Tone};
use crate::chart::sankey::{Sankey, Stream};
use crate::exposure::view::{ExposedResource, ExposureView, OpenAddress};
use crate::finding::{Finding, union};
use crate::rating::Rating;
use crate::services::{pieces, service_names, traffic_text};

/// The most nodes in each column of the Sankey diagram: zone, gateway, subnet, resource with ports.
const NODES: [usize; 4] = [4, 6, 10, 20];

/// The most rows and columns of the heat map.
const HEAT_MAP: (usize, usize) = (25, 12);

/// Returns the ways from outside to open ports, one stream for each way and rating.
///
/// They end at ports of resources. Where there are more of these than a diagram can show, they end at
/// ports, whosoever they are: a thousand web servers are one thing to know.
pub(crate) fn streams(view: &ExposureView<'_>) -> Vec<Stream> {
    let streams = counted_streams(view, of_resource);
    let ends: BTreeSet<&String> = streams.iter().filter_map(|it| it.stops.last()).collect();
    if NODES.last().is_some_and(|limit| ends.len() > *limit) {
        return counted_streams(view, of_all);
    }
    streams
}

/// Returns the streams that end at what `ends` names for a finding, the worst first.
fn counted_streams(
    view: &ExposureView<'_>,
    ends: fn(&ExposedResource, &Finding) -> Vec<(String, Rating)>,
) -> Vec<Stream> {
    let mut counts: BTreeMap<(Rating, Vec<String>), usize> = BTreeMap::new();
    for (exposed, placed) in view.findings() {
        for (end, rating) in ends(exposed, &placed.finding) {
            for address in &placed.places {
                let stops = stops(view, &placed.finding, address, end.clone());
                *counts.entry((rating, stops)).or_default() += 1;
            }
        }
    }
    let stream = |((rating, stops), count)| Stream { stops, rating, count };
    counts.into_iter().map(stream).collect()
}

/// Ends at a finding of a resource, such as `web-1 tcp 443`.
fn of_resource(exposed: &ExposedResource, finding: &Finding) -> Vec<(String, Rating)> {
    let ports = traffic_text(&finding.open_ports());
    vec![(format!("{} {ports}", exposed.resource.label()), finding.rating)]
}

/// Ends at each range of ports of a finding, such as `tcp 443 https`.
fn of_all(_: &ExposedResource, finding: &Finding) -> Vec<(String, Rating)> {
    let end = |piece: Traffic| {
        let head = head(&piece);
        let rating = Rating::of(&piece, &finding.sources, finding.way.sureness);
        (format!("{} {}", head.name, head.note), rating)
    };
    pieces(&finding.open_ports()).into_iter().map(end).collect()
}

fn stops(
    view: &ExposureView<'_>,
    finding: &Finding,
    address: &OpenAddress,
    end: String,
) -> Vec<String> {
    let zone = match &finding.way.zone {
        Zone::Internet => "Internet".to_owned(),
        Zone::Beyond(component) => format!("beyond {}", label(view, component)),
    };
    let subnet = address.subnet.as_ref();
    let subnet = subnet.map_or_else(|| "subnet not read".to_owned(), |id| view.names.subnet(id));
    vec![zone, label(view, &finding.way.via), subnet, end]
}

fn label(view: &ExposureView<'_>, component: &Component) -> String {
    view.names.component_name(component).unwrap_or_else(|| component.id().to_owned())
}

/// Returns the diagram of the ways from outside to open ports.
pub(crate) fn sankey(streams: &[Stream]) -> Sankey {
    Sankey::new(streams.to_vec(), &NODES)
}

/// Returns who can reach which port of which resource.
///
/// A column is a range of ports that is open somewhere. A cell is filled wherever all of it is open,
/// also as part of a wider range: a host with all ports open has no empty cell.
pub(crate) fn heat_map(view: &ExposureView<'_>) -> HeatMap {
    let columns = columns(view);
    let row = |exposed: &ExposedResource| Row {
        head: Head {
            name: exposed.resource.label().to_owned(),
            note: exposed.resource.kind.to_owned(),
        },
        cells: columns.iter().map(|traffic| cell(view, exposed, traffic)).collect(),
    };
    let rows = view.resources.iter().take(MOST_ROWS).map(row).collect();
    let heads = columns.iter().map(head).collect();
    HeatMap { corner: "Resource", is_narrow: false, columns: heads, rows }
        .folded(HEAT_MAP.0, HEAT_MAP.1)
}

/// The most resources that are looked at for the heat map: those beyond are not worse than these.
const MOST_ROWS: usize = 1000;

/// Returns the open ranges of ports, the worst and most frequent first.
fn columns(view: &ExposureView<'_>) -> Vec<Traffic> {
    let mut ranges: BTreeMap<Traffic, (Rating, usize)> = BTreeMap::new();
    for (_, placed) in view.findings() {
        for piece in pieces(&placed.finding.open_ports()) {
            let rating = Rating::of(&piece, &placed.finding.sources, placed.finding.way.sureness);
            let (worst, count) = ranges.entry(piece).or_insert((rating, 0));
            *worst = rating.min(*worst);
            *count += 1;
        }
    }
    let mut ranges: Vec<(Traffic, (Rating, usize))> = ranges.into_iter().collect();
    ranges.sort_by_key(|(_, (rating, count))| (*rating, std::cmp::Reverse(*count)));
    ranges.into_iter().map(|(traffic, _)| traffic).collect()
}

fn head(traffic: &Traffic) -> Head {
    let services = service_names(traffic);
    let note =
        if services.len() > 1 || traffic.is_full() { None } else { services.into_iter().next() };
    Head { name: traffic_text(traffic), note: note.unwrap_or_default() }
}

fn cell(view: &ExposureView<'_>, exposed: &ExposedResource, traffic: &Traffic) -> Option<Cell> {
    let mut open: BTreeMap<Rating, IpSet> = BTreeMap::new();
    for finding in exposed.findings.iter().map(|placed| &placed.finding) {
        if finding.open_ports().contains_set(traffic) {
            let rating = Rating::of(traffic, &finding.sources, finding.way.sureness);
            let sources = open.entry(rating).or_default();
            *sources = union(sources, &finding.sources);
        }
    }
    let (rating, sources) = open.into_iter().next()?;
    let who = view.outside.describe(&sources);
    let title = format!("{} of {} from {who}", traffic_text(traffic), exposed.resource.label());
    Some(Cell { tone: Tone::Rated(rating), text: view.outside.breadth(&sources).to_owned(), title })
}
