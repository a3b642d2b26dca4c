//! The exposure as comma-separated values: one row for each finding and address, then one for each entry of a
//! network ACL that comes too late.

use std::io;

use portolan_model::{AccountId, RegionName, SubnetId, VpcId};
use portolan_net::Set as _;
use portolan_reach::{IpSet, ShadowedEntry};

use crate::exposure::shadows::shadow_text;
use crate::exposure::view::{ExposedResource, ExposureView, OpenAddress, PlacedFinding};
use crate::exposure::words::beside;
use crate::services::{service_names, traffic_text};
use crate::sheet::Sheet;
use crate::why::{note_texts, rule_text, unknown_texts};
use crate::wire::{certainty_name, zone_name};

const HEADS: [&str; 23] = [
    "severity",
    "certainty",
    "is_answered",
    "resource",
    "id",
    "kind",
    "account",
    "region",
    "vpc",
    "subnet",
    "interface",
    "inside_address",
    "outside_address",
    "zone",
    "via",
    "traffic",
    "services",
    "sources",
    "source_count",
    "rules",
    "unknowns",
    "notes",
    "row",
];

/// Writes the findings.
pub(crate) fn write(view: &ExposureView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(&HEADS, out)?;
    for (exposed, placed) in view.findings() {
        for address in &placed.places {
            let cells = cells(view, exposed, placed, address);
            sheet.row(&cells.each_ref().map(String::as_str))?;
        }
    }
    for entry in &view.shadowed {
        sheet.row(&shadow_cells(view, entry).each_ref().map(String::as_str))?;
    }
    sheet.finish()
}

/// Returns the row of an entry that comes too late: its network ACL is the resource.
fn shadow_cells(view: &ExposureView<'_>, entry: &ShadowedEntry) -> [String; 23] {
    let mut cells = [const { String::new() }; 23];
    let acl = &entry.rule.component;
    let name = view.names.component_name(acl).unwrap_or_else(|| acl.id().to_owned());
    let filled = [
        ("resource", name),
        ("id", acl.id().to_owned()),
        ("kind", acl.kind().to_owned()),
        ("rules", rule_text(view.names, &entry.rule)),
        ("notes", shadow_text(entry)),
        ("row", "shadowed entry".to_owned()),
    ];
    for (head, text) in filled {
        let cell = HEADS.iter().zip(&mut cells).find(|(it, _)| **it == head);
        if let Some((_, cell)) = cell {
            *cell = text;
        }
    }
    cells
}

fn cells(
    view: &ExposureView<'_>,
    exposed: &ExposedResource,
    placed: &PlacedFinding,
    address: &OpenAddress,
) -> [String; 23] {
    let (resource, finding) = (&exposed.resource, &placed.finding);
    let optional = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let sources = finding.sources_of(address.inside);
    let rules = finding.rules.iter().map(|rule| rule_text(view.names, rule));
    let unknowns = unknown_texts(view.names, &finding.unknowns);
    [
        finding.rating.name().to_owned(),
        certainty_name(finding.way.sureness.certainty).to_owned(),
        finding.way.sureness.is_answered.to_string(),
        resource.label().to_owned(),
        resource.id.as_ref().to_owned(),
        resource.kind.to_owned(),
        optional(resource.place.account.as_ref().map(AccountId::as_str)),
        optional(resource.place.region.as_ref().map(RegionName::as_str)),
        optional(address.vpc.as_ref().map(VpcId::as_str)),
        optional(address.subnet.as_ref().map(SubnetId::as_str)),
        address.interface.to_string(),
        address.inside.to_string(),
        address.outside.to_string(),
        zone_name(&finding.way.zone).to_owned(),
        finding.way.via.id().to_owned(),
        traffic_text(&finding.traffic),
        service_names(&finding.traffic).join(" "),
        view.outside.listed(&sources),
        sources_count(&sources),
        rules.collect::<Vec<_>>().join("; "),
        unknowns.join("; "),
        note_texts(view.names, &finding.notes, beside(finding)).join("; "),
        "finding".to_owned(),
    ]
}

fn sources_count(sources: &IpSet) -> String {
    (sources.v4.count() + sources.v6.count()).to_string()
}
