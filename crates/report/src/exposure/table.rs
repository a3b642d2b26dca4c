//! The exposure for a terminal.

use std::io;

use crate::coverage;
use crate::exposure::shadows;
use crate::exposure::view::{ExposedResource, ExposureView, PlacedFinding};
use crate::exposure::words::{headline, reached_by, remarks, sources_text};
use crate::format::Style;
use crate::grid::{Cell, Grid};
use crate::inert::is_obeyed;
use crate::paint::Role;
use crate::services::{service_names, traffic_text};
use crate::why::rule_texts;

/// Writes a summary, the findings by resource, and what was not read.
pub(crate) fn write(
    view: &ExposureView<'_>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut grid = Grid::new(2);
    grid.line([Cell::strong(headline(view))]);
    if !view.resources.is_empty() {
        grid.hanging(2, 2, counts(view));
    }
    for resource in &view.resources {
        add_resource(view, resource, &mut grid);
    }
    grid.write(style, out)?;
    shadows::grid(view).write(style, out)?;
    assumptions(view).write(style, out)?;
    coverage::grid(&view.chart.model().coverage).write(style, out)?;
    hint(view).write(style, out)
}

fn counts(view: &ExposureView<'_>) -> Vec<Cell> {
    let counts = view.counts().into_iter().filter(|(_, count)| *count > 0);
    counts
        .map(|(rating, count)| Cell::new(format!("{count} {rating}   "), Role::Rated(rating)))
        .collect()
}

fn add_resource(view: &ExposureView<'_>, exposed: &ExposedResource, grid: &mut Grid) {
    let resource = &exposed.resource;
    grid.blank();
    grid.line([
        Cell::strong(resource.label()),
        Cell::plain(format!("  {}", resource.detail())),
        Cell::faint(format!("  {}", resource.place)),
    ]);
    grid.hanging(2, 4, [Cell::faint(reached_by(&exposed.addresses))]);
    for placed in &exposed.findings {
        add_finding(view, exposed, placed, grid);
    }
}

fn add_finding(
    view: &ExposureView<'_>,
    exposed: &ExposedResource,
    placed: &PlacedFinding,
    grid: &mut Grid,
) {
    let finding = &placed.finding;
    grid.row([
        Cell::new(finding.rating.name(), Role::Rated(finding.rating)),
        Cell::strong(traffic_text(&finding.open_ports())),
        Cell::plain(service_names(&finding.traffic).join(", ")),
        Cell::plain(format!("from {}", sources_text(view, finding))),
    ]);
    let rules = rule_texts(view.names, &finding.rules);
    if !rules.is_empty() {
        grid.hanging(12, 14, [Cell::faint(format!("by {}", rules.join("; ")))]);
    }
    for remark in remarks(view, exposed, placed) {
        grid.hanging(12, 14, [Cell::faint(remark)]);
    }
}

fn assumptions(view: &ExposureView<'_>) -> Grid {
    let mut grid = Grid::new(0);
    let assumptions = view.assumptions();
    if !assumptions.is_empty() {
        grid.blank();
    }
    for assumption in assumptions {
        grid.hanging(0, 2, [Cell::faint(format!("Assumed: {assumption}."))]);
    }
    grid
}

/// Returns what to do next: ask for the whole path of the worst finding.
fn hint(view: &ExposureView<'_>) -> Grid {
    let mut grid = Grid::new(0);
    if let Some(worst) = view.resources.first() {
        let name = shell_word(worst.resource.label(), &worst.resource.id);
        let command = format!("portolan reach SOURCE --from internet --to {name}");
        grid.line([Cell::faint("Next, see the whole path of one:")]);
        grid.verbatim(2, [Cell::plain(command)]);
    }
    grid
}

/// Returns the name if a shell takes it as one word, or else the id.
fn shell_word<'a>(name: &'a str, id: &'a str) -> &'a str {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let is_word = !name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain);
    if is_word && !name.contains(is_obeyed) { name } else { id }
}
