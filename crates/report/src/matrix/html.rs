//! A matrix as a page: a heat map of classes, and the pairs as a list.

use std::collections::BTreeMap;
use std::io;

use maud::{Markup, html};
use portolan_net::{Set as _, Traffic};

use crate::chart::heat_map::{Cell, Head, HeatMap, Row, Tone};
use crate::coverage;
use crate::matrix::party::Party;
use crate::matrix::view::{End, MatrixView, Pair};
use crate::page;
use crate::services::{pieces, traffic_text};

/// The most rows and columns of the heat map.
const CLASSES: usize = 26;

/// The most classes that are looked at for the heat map; the page says so where there are more.
const MOST_CLASSES: u32 = 400;

/// The most pairs that are listed.
const PAIRS: usize = 500;

/// Writes the page.
pub(crate) fn write(view: &MatrixView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let caption = "What the row can send to the column and have answered: a TCP port, or the number of ranges; \
                   what only may pass has a question mark. \
                   The whole of a cell is in its tooltip and in the list below.";
    let content = html! {
        section {
            p { (view.headline()) }
            @if !view.matrix.classes.is_empty() { (heat_map(view).draw(caption)) }
            @if view.matrix.classes.len() > MOST_CLASSES as usize {
                p { "Only the first " (MOST_CLASSES) " classes are drawn." }
            }
        }
        section { h2 { "Pairs of classes" } (list(view)) }
        (coverage::section(&view.chart.model().coverage))
    };
    page::write("Who inside can talk to whom", "", &content, out)
}

/// Returns the map with the classes of a VPC side by side.
fn heat_map(view: &MatrixView<'_>) -> HeatMap {
    let mut cells: BTreeMap<(u32, u32), Cell> = BTreeMap::new();
    for pair in view.class_pairs() {
        let (End::Class(from), End::Class(to)) = (&pair.from, &pair.to) else { continue };
        if *from < MOST_CLASSES && *to < MOST_CLASSES {
            cells.insert((*from, *to), cell(view, &pair));
        }
    }
    let order = order(view);
    let row = |from: &u32| Row {
        head: head(view.party(&End::Class(*from))),
        cells: order.iter().map(|to| cells.get(&(*from, *to)).cloned()).collect(),
    };
    let columns = order.iter().map(|to| head(view.party(&End::Class(*to)))).collect();
    let rows = order.iter().map(row).collect();
    HeatMap { corner: "From \\ to", is_narrow: true, columns, rows }.folded(CLASSES, CLASSES)
}

/// Returns the classes by VPC and name.
fn order(view: &MatrixView<'_>) -> Vec<u32> {
    let count = u32::try_from(view.matrix.classes.len()).unwrap_or(u32::MAX).min(MOST_CLASSES);
    let mut order: Vec<u32> = (0..count).collect();
    order.sort_by_key(|class| view.rank(*class));
    order
}

fn head(party: Party) -> Head {
    Head { name: party.name, note: party.detail }
}

fn cell(view: &MatrixView<'_>, pair: &Pair<'_>) -> Cell {
    let (from, to) = (view.party(&pair.from).name, view.party(&pair.to).name);
    let (certain, possible) = (pair.certain_text(), pair.possible_text());
    let tone = if pair.certain.is_full() {
        Tone::Everything
    } else if certain.is_empty() {
        Tone::Maybe
    } else {
        Tone::Something
    };
    let traffic = if certain.is_empty() { &pair.possible } else { &pair.certain };
    let passes = if certain.is_empty() { "nothing certainly".to_owned() } else { certain };
    let besides = if possible.is_empty() { possible } else { format!("; maybe {possible}") };
    let mark = if tone == Tone::Maybe { "?" } else { "" };
    Cell {
        tone,
        text: format!("{}{mark}", short_text(traffic)),
        title: format!("{from} → {to}: {passes}{besides}"),
    }
}

/// Returns the traffic in a few characters: a port, or how many ranges of them there are.
fn short_text(traffic: &Traffic) -> String {
    let pieces = pieces(traffic);
    match (pieces.as_slice(), traffic.tcp_ports().layers()) {
        _ if traffic.is_full() => "all".to_owned(),
        ([_], [(ports, _)]) => ports.to_string(),
        ([_], _) => traffic_text(traffic),
        _ => format!("{}×", pieces.len()),
    }
}

fn list(view: &MatrixView<'_>) -> Markup {
    let mut rows = view.rows();
    let shown: Vec<Pair<'_>> = rows.by_ref().take(PAIRS).collect();
    let omitted = rows.count();
    html! {
        div.scroll { table.list {
            thead { tr {
                @for head in ["From", "To", "Passes", "May pass", "Why"] { th scope="col" { (head) } }
            } }
            tbody { @for pair in &shown {
                tr {
                    td { (party(&view.party(&pair.from))) }
                    td { (party(&view.party(&pair.to))) }
                    td.ports { (pair.certain_text()) }
                    td { (pair.possible_text()) }
                    td { (view.why(pair)) }
                }
            } }
        } }
        @if omitted > 0 { p { "And " (omitted) " more, which the other formats list." } }
    }
}

fn party(party: &Party) -> Markup {
    html! { (party.name) " " small { (party.detail) } }
}
