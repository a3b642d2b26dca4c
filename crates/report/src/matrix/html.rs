//! A matrix as a page: a heat map of classes, and the pairs as a list.

use std::collections::BTreeMap;
use std::io;

use maud::{Markup, html};
use portolan_net::Set as _;

use crate::chart::heat_map::{Cell, Head, HeatMap, Row, Tone};
use crate::coverage;
use crate::matrix::view::{End, MatrixView, Pair, Party};
use crate::page;
use crate::services::pieces;

/// The most rows and columns of the heat map.
const CLASSES: usize = 30;

/// The most classes that are looked at for the heat map; the page says so where there are more.
const MOST_CLASSES: u32 = 400;

/// The most pairs that are listed.
const PAIRS: usize = 500;

/// The most characters in a cell.
const CELL: usize = 14;

/// Writes the page.
pub(crate) fn write(view: &MatrixView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let caption = "What the row can send to the column, and have answered. The whole of a cell is in its tooltip.";
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

fn heat_map(view: &MatrixView<'_>) -> HeatMap {
    let mut cells: BTreeMap<(u32, u32), Cell> = BTreeMap::new();
    for pair in view.class_pairs() {
        let (End::Class(from), End::Class(to)) = (pair.from, pair.to) else { continue };
        if from < MOST_CLASSES && to < MOST_CLASSES {
            cells.insert((from, to), cell(view, &pair));
        }
    }
    let count = u32::try_from(view.matrix.classes.len()).unwrap_or(u32::MAX).min(MOST_CLASSES);
    let row = |from: u32| Row {
        head: head(view.party(End::Class(from))),
        cells: (0..count).map(|to| cells.get(&(from, to)).cloned()).collect(),
    };
    let columns = (0..count).map(|to| head(view.party(End::Class(to)))).collect();
    HeatMap { corner: "From \\ to", columns, rows: (0..count).map(row).collect() }
        .folded(CLASSES, CLASSES)
}

fn head(party: Party) -> Head {
    Head { name: party.name, note: party.detail }
}

fn cell(view: &MatrixView<'_>, pair: &Pair<'_>) -> Cell {
    let (from, to) = (view.party(pair.from).name, view.party(pair.to).name);
    let (certain, possible) = (pair.certain_text(), pair.possible_text());
    let tone = if pair.certain.is_full() {
        Tone::Everything
    } else if certain.is_empty() {
        Tone::Maybe
    } else {
        Tone::Something
    };
    let traffic = if certain.is_empty() { &pair.possible } else { pair.certain };
    let all = if certain.is_empty() { &possible } else { &certain };
    let text = match pieces(traffic).len() {
        _ if all.chars().count() <= CELL => all.clone(),
        count => format!("{count} ranges"),
    };
    let passes = if certain.is_empty() { "nothing certainly".to_owned() } else { certain };
    let besides = if possible.is_empty() { possible } else { format!("; maybe {possible}") };
    Cell { tone, text, title: format!("{from} → {to}: {passes}{besides}") }
}

fn list(view: &MatrixView<'_>) -> Markup {
    let omitted = view.matrix.cells.len().saturating_sub(PAIRS);
    html! {
        div.scroll { table.list {
            thead { tr {
                @for head in ["From", "To", "Passes", "May pass"] { th scope="col" { (head) } }
            } }
            tbody { @for pair in view.class_pairs().take(PAIRS) {
                tr {
                    td { (party(view, pair.from)) }
                    td { (party(view, pair.to)) }
                    td.ports { (pair.certain_text()) }
                    td { (pair.possible_text()) }
                }
            } }
        } }
        @if omitted > 0 { p { "And " (omitted) " more, which the other formats list." } }
    }
}

fn party(view: &MatrixView<'_>, end: End<'_>) -> Markup {
    let party = view.party(end);
    html! { (party.name) " " small { (party.detail) } }
}
