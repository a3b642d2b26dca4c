//! Entries of network ACLs that come too late, beside the exposure that they do not prevent.

use std::io;

use maud::{Markup, html};
use portolan_model::Direction;
use portolan_net::Traffic;
use portolan_reach::{self as reach, IpSet, ShadowedEntry};
use schemars::JsonSchema;
use serde::Serialize;

use crate::exposure::view::ExposureView;
use crate::grid::{Cell, Grid};
use crate::markdown::{escaped, table};
use crate::names::Names;
use crate::services::{some_of, traffic_text};
use crate::why::rule_text;
use crate::wire::{self, Rule, direction_name, prefixes};

const TITLE: &str = "Entries of network ACLs that come too late";

/// The most parts and prefixes that are named before the rest is counted.
const NAMED: usize = 4;

/// Returns why an entry comes too late, such as `denies nothing: 100 allows tcp 22 from 10.0.0.0/8 first`.
pub(crate) fn shadow_text(entry: &ShadowedEntry) -> String {
    let verb = |allows| if allows { "allows" } else { "denies" };
    let extent = if entry.is_whole { "nothing" } else { "only part of it" };
    let told = entry.by.iter().filter(|shadow| entry.is_whole || shadow.differs);
    let told: Vec<String> = told
        .map(|shadow| {
            let parts: Vec<String> =
                shadow.packets.iter().map(|it| part_text(entry.direction, it)).collect();
            let parts = some_of(&parts, NAMED, "part", "parts");
            let allows = entry.allows != shadow.differs;
            format!("{} {} {parts} first", shadow.rule.id, verb(allows))
        })
        .collect();
    format!("{} {extent}: {}", verb(entry.allows), told.join("; "))
}

fn part_text(direction: Direction, (addresses, traffic): &(IpSet, Traffic)) -> String {
    let preposition = match direction {
        Direction::Inbound => "from",
        Direction::Outbound => "to",
    };
    let addresses: Vec<_> = addresses.prefixes().collect();
    let addresses = some_of(&addresses, NAMED, "block", "blocks");
    format!("{} {preposition} {addresses}", traffic_text(traffic))
}

/// Returns the section for a terminal; empty if there is nothing to tell.
pub(crate) fn grid(view: &ExposureView<'_>) -> Grid {
    let mut grid = Grid::new(2);
    if !view.shadowed.is_empty() {
        grid.blank();
        grid.line([Cell::strong(TITLE)]);
    }
    for entry in &view.shadowed {
        grid.hanging(2, 4, [Cell::plain(rule_text(view.names, &entry.rule))]);
        grid.hanging(4, 4, [Cell::faint(shadow_text(entry))]);
    }
    grid
}

/// Writes the section in Markdown.
pub(crate) fn write_markdown(view: &ExposureView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    if view.shadowed.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", escaped(TITLE))?;
    let rows = view
        .shadowed
        .iter()
        .map(|entry| vec![rule_text(view.names, &entry.rule), shadow_text(entry)]);
    table(&["Entry", "Why"], rows, out)
}

/// Returns the section as part of a page.
pub(crate) fn section(view: &ExposureView<'_>) -> Markup {
    if view.shadowed.is_empty() {
        return Markup::default();
    }
    html! {
        section {
            h2 { (TITLE) }
            div.scroll { table.list {
                thead { tr { th scope="col" { "Entry" } th scope="col" { "Why" } } }
                tbody { @for entry in &view.shadowed {
                    tr { td { (rule_text(view.names, &entry.rule)) } td { (shadow_text(entry)) } }
                } }
            } }
        }
    }
}

/// An entry of a network ACL that comes too late for some or all of the packets that it matches.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ShadowedEntry")]
pub(crate) struct Document {
    /// The entry.
    rule: Rule,
    /// `inbound` or `outbound`.
    direction: &'static str,
    /// Whether it allows what it matches; otherwise it denies it.
    allows: bool,
    /// Whether no packet is left that it decides about.
    is_whole: bool,
    /// Why, in words. For people; it may change.
    text: String,
    /// The entries that decide in its place, in the order in which they are tried.
    by: Vec<Shadow>,
}

/// One entry that decides in the place of a later one.
#[derive(Debug, JsonSchema, Serialize)]
struct Shadow {
    /// The earlier entry.
    rule: Rule,
    /// Whether it does with the packets what the later one would not.
    differs: bool,
    /// The packets, in parts that do not overlap.
    packets: Vec<Packets>,
}

/// Packets of a network ACL.
#[derive(Debug, JsonSchema, Serialize)]
struct Packets {
    /// The addresses at the other end, as prefixes.
    addresses: Vec<String>,
    /// What these send or get.
    traffic: wire::Traffic,
}

impl Document {
    pub(crate) fn new(names: Names<'_>, entry: &ShadowedEntry) -> Self {
        Self {
            rule: Rule::new(names, &entry.rule),
            direction: direction_name(entry.direction),
            allows: entry.allows,
            is_whole: entry.is_whole,
            text: shadow_text(entry),
            by: entry.by.iter().map(|shadow| Shadow::new(names, shadow)).collect(),
        }
    }
}

impl Shadow {
    fn new(names: Names<'_>, shadow: &reach::Shadow) -> Self {
        let packets = |(addresses, traffic): &(IpSet, Traffic)| Packets {
            addresses: prefixes(addresses),
            traffic: traffic.into(),
        };
        Self {
            rule: Rule::new(names, &shadow.rule),
            differs: shadow.differs,
            packets: shadow.packets.iter().map(packets).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use portolan_net::parse_traffic;
    use portolan_reach::Component;

    use super::*;
    use crate::fixture::{rule, sources};

    #[test]
    fn tells_what_decides_instead() {
        let check = |allows, is_whole, by: &[(&str, bool, &str, &str)], expected: &str| {
            let acl = || Component::NetworkAcl("acl-1".into());
            let by = by.iter().map(|(number, differs, traffic, addresses)| reach::Shadow {
                rule: rule(acl(), number, ""),
                differs: *differs,
                packets: vec![(sources(addresses), parse_traffic(traffic).into_result().unwrap())],
            });
            let by = by.collect();
            let (rule, direction) = (rule(acl(), "200", ""), Direction::Inbound);
            let entry = ShadowedEntry { rule, direction, allows, is_whole, by };
            assert_eq!(shadow_text(&entry), expected);
        };
        check(
            false,
            false,
            &[("100", true, "tcp 22", "10.1.0.0/16"), ("110", false, "tcp 23", "10.1.0.0/16")],
            "denies only part of it: 100 allows tcp 22 from 10.1.0.0/16 first",
        );
        check(
            true,
            true,
            &[("100", false, "all", "10.1.0.0-10.1.0.6")],
            "allows nothing: 100 allows all traffic from 10.1.0.0/30, 10.1.0.4/31, 10.1.0.6/32 first",
        );
    }
}
