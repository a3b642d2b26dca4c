//! A matrix for a terminal: for each source, whom it can talk to.

use std::io;

use crate::coverage;
use crate::format::Style;
use crate::grid::{Cell, Grid};
use crate::matrix::party::{groups, vpc_name};
use crate::matrix::view::{End, MatrixView, Pair};
use crate::paint::Role;
use crate::rating::Rating;

/// How far notes on a pair are indented.
const NOTE: usize = 6;

/// Writes a summary, the pairs by source, and what was not read.
pub(crate) fn write(
    view: &MatrixView<'_>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut grid = Grid::new(2);
    grid.line([Cell::strong(view.headline())]);
    let mut last: Option<Pair<'_>> = None;
    for pair in view.rows() {
        let before = last.as_ref().map(|last| &last.from);
        let section = section(view, &pair.from);
        if before.map(|from| self::section(view, from)).as_ref() != Some(&section) {
            grid.blank();
            grid.line([Cell::plain(section)]);
        }
        if before != Some(&pair.from) {
            grid.blank();
            grid.line(heading(view, &pair.from));
        }
        add_pair(view, &pair, &mut grid);
        last = Some(pair);
    }
    add_end(view, &mut grid);
    grid.write(style, out)?;
    coverage::grid(&view.chart.model().coverage).write(style, out)
}

/// Returns the title of the part that a source is listed in.
fn section(view: &MatrixView<'_>, from: &End<'_>) -> String {
    match from {
        End::Classes(_) => "Between VPCs, by ways that are not known".to_owned(),
        _ => format!("VPC {}", vpc_name(view.names, view.vpc(from))),
    }
}

/// Returns what a source is called, what and where it is, and what makes its members one class.
fn heading(view: &MatrixView<'_>, from: &End<'_>) -> [Cell; 2] {
    let party = view.party(from);
    let groups = match from {
        End::Class(number) => view.class(*number).map(|class| groups(view.names, class)),
        End::Interface(..) => Some(party.id),
        End::Classes(_) => None,
    };
    let more = groups.map(|groups| format!(", {groups}")).unwrap_or_default();
    [Cell::strong(party.name), Cell::faint(format!("  {}{more}", party.detail))]
}

fn add_pair(view: &MatrixView<'_>, pair: &Pair<'_>, grid: &mut Grid) {
    let possible = pair.possible_text();
    let possible = (!possible.is_empty()).then(|| format!("maybe {possible}"));
    let certain = Some(pair.certain_text()).filter(|text| !text.is_empty());
    let mut ends = [Cell::faint("to"), Cell::plain(destination(view, pair))];
    for (text, role) in [(certain, Role::Strong), (possible, Role::Rated(Rating::Unknown))] {
        if let Some(text) = text {
            let [to, name] = std::mem::take(&mut ends);
            grid.row([to, name, Cell::new(text, role)]);
        }
    }
    let why = view.why(pair);
    if !why.is_empty() {
        grid.hanging(NOTE, NOTE + 2, [Cell::faint(why)]);
    }
}

/// Returns what a destination is called, with its VPC where that is another.
fn destination(view: &MatrixView<'_>, pair: &Pair<'_>) -> String {
    let to = view.party(&pair.to);
    let vpc = view.vpc(&pair.to);
    let is_elsewhere = vpc != view.vpc(&pair.from);
    match &pair.to {
        _ if pair.from == pair.to => "each other".to_owned(),
        End::Classes(_) if is_elsewhere => format!("{} ({})", to.name, to.detail),
        _ if is_elsewhere => format!("{} in VPC {}", to.unique, vpc_name(view.names, vpc)),
        _ => to.unique,
    }
}

fn add_end(view: &MatrixView<'_>, grid: &mut Grid) {
    if let Some(omitted) = view.omitted() {
        grid.blank();
        grid.line([Cell::faint(format!("and {omitted} pairs more"))]);
    }
    if !view.options.expand && !view.matrix.classes.is_empty() {
        let text = "A class is interfaces that no rule tells apart; --expand lists their pairs.";
        grid.blank();
        grid.line([Cell::faint(text)]);
    }
}
