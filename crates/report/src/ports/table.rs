//! Ports for a terminal.

use std::io;

use portolan_catalog::Entry;

use crate::format::Style;
use crate::grid::{Cell, Grid};
use crate::paint::Role;
use crate::ports::run::Run;
use crate::ports::words::{Fact, advice, example, facts, guides, heading, transports};

/// The width of the names of facts.
const NAMES: usize = 13;

/// Writes everything that is known of one port.
pub(crate) fn write_one(entry: &Entry, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut grid = Grid::new(0);
    let severity = Role::Rated(entry.severity().into());
    grid.line([
        Cell::strong(heading(entry)),
        Cell::plain("  "),
        Cell::new(entry.severity().name(), severity),
        Cell::faint(" if the whole Internet can reach it"),
    ]);
    for fact in facts(entry) {
        add_fact(&mut grid, fact);
    }
    for (transport, guide) in guides(entry) {
        grid.blank();
        grid.line([
            Cell::strong(guide.title),
            Cell::plain(format!("  {}, {}  ", transports(guide.transports), guide.kind)),
            Cell::new(guide.severity.name(), Role::Rated(guide.severity.into())),
        ]);
        for fact in advice(guide) {
            add_fact(&mut grid, fact);
        }
        if let Some(rule) = example(guide, transport, entry.port) {
            grid.blank();
            grid.line([Cell::faint("  Example rule")]);
            grid.verbatim(2, [Cell::plain(rule.aws_cli())]);
            grid.blank();
            rule.terraform().lines().for_each(|line| grid.verbatim(2, [Cell::faint(line)]));
        }
    }
    grid.write(style, out)
}

fn add_fact(grid: &mut Grid, (name, text): Fact) {
    let name = format!("{name:width$}", width = NAMES - 2);
    grid.hanging(2, NAMES, [Cell::faint(name), Cell::plain(text)]);
}

/// Writes one line for each run of ports.
pub(crate) fn write_list(
    runs: &[Run<'_>],
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut grid = Grid::new(0);
    grid.head(&["port", "if open", "service", "what it is", "open it to"]);
    for run in runs {
        grid.row([
            Cell::strong(run.ports_text()),
            Cell::new(run.severity().name(), Role::Rated(run.severity().into())),
            Cell::plain(run.name()),
            Cell::plain(run.title()),
            Cell::faint(run.allow()),
        ]);
    }
    grid.write(style, out)
}
