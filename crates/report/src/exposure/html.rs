//! The exposure as a page: figures, two pictures, and every finding with its reasons.

use std::io;

use maud::{Markup, html};

use crate::chart::sankey::{self, Stream};
use crate::coverage;
use crate::exposure::pictures::{heat_map, sankey, streams};
use crate::exposure::shadows;
use crate::exposure::view::{ExposedResource, ExposureView, PlacedFinding, Reached};
use crate::exposure::words::{headline, reached_by, remarks, sources_text};
use crate::page::{self, figure};
use crate::rating::Rating;
use crate::services::{counted, service_names, traffic_text};
use crate::why::rule_texts;

/// The most streams that the table beside the diagram lists.
const STREAMS: usize = 200;

/// Writes the page.
pub(crate) fn write(view: &ExposureView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let content = html! {
        (figures(view))
        @if !view.resources.is_empty() { (ways(view)) (map(view)) }
        @for resource in &view.resources { (draw_resource(view, resource)) }
        (shadows::section(view))
        @for assumption in view.assumptions() { p { "Assumed: " (assumption) "." } }
        (coverage::section(&view.chart.model().coverage))
    };
    let places: Vec<String> =
        view.chart.model().coverage.places().take(4).map(ToString::to_string).collect();
    page::write("What outside can reach", &places.join(" · "), &content, out)
}

fn figures(view: &ExposureView<'_>) -> Markup {
    let reachable =
        view.resources.iter().filter(|it| it.how_reached() == Reached::Certainly).count();
    let of_all =
        format!("of {}", counted(view.resources.len(), "resource below", "resources below"));
    let coverage = &view.chart.model().coverage;
    let read = if coverage::is_complete(coverage) { "complete" } else { "partial" };
    html! {
        section aria-label="Summary" {
            p { (headline(view)) }
            dl.figures {
                (figure("reachable", &reachable.to_string(), &of_all, ""))
                @for (rating, count) in view.counts() {
                    @if count > 0 || rating <= Rating::High {
                        (figure(rating.name(), &count.to_string(), meaning(rating), rating.name()))
                    }
                }
                (figure("coverage", read, &coverage_note(coverage::gaps(coverage).len()), "word"))
            }
        }
    }
}

fn coverage_note(gaps: usize) -> String {
    if gaps == 0 { "all that is essential".to_owned() } else { counted(gaps, "gap", "gaps") }
}

/// Returns what to do about findings of a rating.
const fn meaning(rating: Rating) -> &'static str {
    match rating {
        Rating::Critical => "change it today",
        Rating::High => "change it this week",
        Rating::Unknown => "find out",
        Rating::Medium => "plan the change",
        Rating::Low => "tidy up",
        Rating::Info => "worth knowing",
    }
}

fn ways(view: &ExposureView<'_>) -> Markup {
    let streams = streams(view);
    let diagram = sankey(&streams);
    let title = "Ways from outside to open ports";
    let text = "From the Internet, through gateways and subnets, to resources with their open ports. \
                The table below has the same numbers.";
    html! {
        section {
            h2 { (title) }
            p {
                "A ribbon is coloured by severity and grows with the logarithm of the number of addresses. "
                "Columns: where from, gateway, subnet, resource with its ports."
            }
            @if !diagram.is_empty() {
                div.scroll { (sankey::draw(&diagram, "ways", title, text, "addresses")) }
            }
            (legend(view))
            (streams_table(&streams))
        }
    }
}

fn legend(view: &ExposureView<'_>) -> Markup {
    html! {
        ul.legend aria-hidden="true" {
            @for (rating, count) in view.counts() {
                @if count > 0 { li.(rating.name()) { (rating) } }
            }
        }
    }
}

fn streams_table(streams: &[Stream]) -> Markup {
    html! {
        details {
            summary { "The same as a table" }
            table.list {
                thead { tr {
                    @for head in ["From", "Gateway", "Subnet", "Resource and ports", "Severity", "Addresses"] {
                        th scope="col" { (head) }
                    }
                } }
                tbody { @for stream in streams.iter().take(STREAMS) {
                    tr {
                        @for stop in &stream.stops { td { (stop) } }
                        td { (badge(stream.rating)) }
                        td { (stream.count) }
                    }
                } }
            }
            @if let Some(more) = streams.len().checked_sub(STREAMS).filter(|more| *more > 0) {
                p { "And " (more) " more, which are not worse." }
            }
        }
    }
}

fn map(view: &ExposureView<'_>) -> Markup {
    let caption = "How many addresses can reach a port. The colour is the severity, not the number: \
                   443 open to all may be right.";
    html! {
        section { h2 { "Ports and resources" } (heat_map(view).draw(caption)) }
    }
}

fn badge(rating: Rating) -> Markup {
    html! { span.badge.(rating.name()) { (rating) } }
}

fn draw_resource(view: &ExposureView<'_>, exposed: &ExposedResource) -> Markup {
    let resource = &exposed.resource;
    html! {
        section {
            h2 { (resource.label()) (badge(exposed.rating())) }
            p { (resource.detail()) " · " (resource.place) " · " (reached_by(&exposed.addresses)) }
            div.scroll {
                table.list.findings {
                    thead { tr {
                        @for head in ["Severity", "Ports", "Service", "From", "Why"] {
                            th scope="col" { (head) }
                        }
                    } }
                    tbody { @for placed in &exposed.findings { (draw_finding(view, exposed, placed)) } }
                }
            }
        }
    }
}

fn draw_finding(
    view: &ExposureView<'_>,
    exposed: &ExposedResource,
    placed: &PlacedFinding,
) -> Markup {
    let finding = &placed.finding;
    html! {
        tr {
            td.short { (badge(finding.rating)) }
            td.ports { (traffic_text(&finding.open_ports())) }
            td { (service_names(&finding.traffic).join(", ")) }
            td { (sources_text(view, finding)) }
            td.why { ul {
                @for rule in rule_texts(view.names, &finding.rules) { li { (rule) } }
                @for remark in remarks(view, exposed, placed) { li { (remark) } }
            } }
        }
    }
}
