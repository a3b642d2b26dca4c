//! A matrix for a terminal: for each source, whom it can talk to.

use std::io;

use crate::coverage;
use crate::format::Style;
use crate::grid::{Cell, Grid};
use crate::matrix::view::{End, MatrixView, Pair};
use crate::paint::Role;
use crate::rating::Rating;

/// Writes a summary, the pairs by source, and what was not read.
pub(crate) fn write(
    view: &MatrixView<'_>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut grid = Grid::new(2);
    grid.line([Cell::strong(view.headline())]);
    let mut source: Option<End<'_>> = None;
    for pair in view.pairs() {
        if source != Some(pair.from) {
            let from = view.party(pair.from);
            grid.blank();
            grid.line([Cell::strong(from.name), Cell::faint(format!("  {}", from.detail))]);
            source = Some(pair.from);
        }
        grid.row(cells(view, &pair));
    }
    add_end(view, &mut grid);
    grid.write(style, out)?;
    coverage::grid(&view.chart.model().coverage).write(style, out)
}

fn cells(view: &MatrixView<'_>, pair: &Pair<'_>) -> [Cell; 5] {
    let to = view.party(pair.to);
    let possible = pair.possible_text();
    let possible = if possible.is_empty() { possible } else { format!("may: {possible}") };
    [
        Cell::faint("to"),
        Cell::plain(to.name),
        Cell::faint(to.detail),
        Cell::strong(pair.certain_text()),
        Cell::new(possible, Role::Rated(Rating::Unknown)),
    ]
}

fn add_end(view: &MatrixView<'_>, grid: &mut Grid) {
    if view.omitted() > 0 {
        grid.blank();
        grid.line([Cell::faint(format!("and {} pairs more", view.omitted()))]);
    }
    if !view.options.expand && !view.matrix.classes.is_empty() {
        let text = "A class is interfaces that no rule tells apart; --expand lists their pairs.";
        grid.blank();
        grid.line([Cell::faint(text)]);
    }
}
