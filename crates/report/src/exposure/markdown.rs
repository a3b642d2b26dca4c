//! The exposure as Markdown.

use std::io;

use crate::coverage;
use crate::exposure::shadows;
use crate::exposure::view::{ExposedResource, ExposureView};
use crate::exposure::words::{counts_text, headline, reached_by, remarks, sources_text};
use crate::markdown::{escaped, table};
use crate::services::{service_names, traffic_text};
use crate::why::rule_texts;

/// Writes a summary, a table for each resource, and what was not read.
pub(crate) fn write(view: &ExposureView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# What outside can reach\n")?;
    writeln!(out, "{}\n", headline(view))?;
    if !view.resources.is_empty() {
        writeln!(out, "{}\n", counts_text(view))?;
    }
    view.resources.iter().try_for_each(|resource| write_resource(view, resource, out))?;
    shadows::write_markdown(view, out)?;
    for assumption in view.assumptions() {
        writeln!(out, "Assumed: {}.\n", escaped(&assumption))?;
    }
    coverage::write_markdown(&view.chart.model().coverage, out)
}

fn write_resource(
    view: &ExposureView<'_>,
    exposed: &ExposedResource,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let resource = &exposed.resource;
    writeln!(out, "## {}\n", escaped(resource.label()))?;
    let facts =
        [resource.detail(), resource.place.to_string(), reached_by(&exposed.addresses)].join(", ");
    writeln!(out, "{}\n", escaped(&facts))?;
    let rows = exposed.findings.iter().map(|placed| {
        let finding = &placed.finding;
        let rules = rule_texts(view.names, &finding.rules);
        vec![
            finding.rating.name().to_owned(),
            traffic_text(&finding.open_ports()),
            service_names(&finding.traffic).join(", "),
            sources_text(view, finding),
            rules.into_iter().chain(remarks(view, exposed, placed)).collect::<Vec<_>>().join("; "),
        ]
    });
    table(&["Severity", "Ports", "Service", "From", "Why"], rows, out)
}
