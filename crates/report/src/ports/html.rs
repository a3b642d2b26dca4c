//! Ports as a page.

use std::io;

use maud::{Markup, html};
use portolan_catalog::{Entry, Severity};

use crate::page;
use crate::ports::run::Run;
use crate::ports::words::{Fact, advice, example, facts, guides, heading};

/// Writes everything that is known of one port.
pub(crate) fn write_one(entry: &Entry, out: &mut dyn io::Write) -> io::Result<()> {
    let content = html! {
        section {
            h2 { (heading(entry)) (badge(entry.severity())) }
            p { "How bad it is if the whole Internet can reach it." }
            (list(&facts(entry)))
        }
        @for (transport, guide) in guides(entry) {
            section {
                h2 { (guide.title) (badge(guide.severity)) }
                p { (guide.kind) }
                (list(&advice(guide)))
                @if let Some(rule) = example(guide, transport, entry.port) {
                    pre { code { (rule.aws_cli()) } }
                    pre { code { (rule.terraform()) } }
                }
            }
        }
    };
    page::write(&format!("Port {}", entry.port), "", &content, out)
}

fn badge(severity: Severity) -> Markup {
    html! { span.badge.(severity.name()) { (severity) } }
}

fn list(facts: &[Fact]) -> Markup {
    html! {
        table.list { tbody {
            @for (name, text) in facts { tr { th scope="row" { (name) } td { (text) } } }
        } }
    }
}

/// Writes a table with one row for each run of ports.
pub(crate) fn write_list(runs: &[Run<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    let content = html! {
        section { div.scroll { table.list {
            thead { tr {
                @for head in ["Port", "If open", "Service", "What it is", "Open it to"] {
                    th scope="col" { (head) }
                }
            } }
            tbody { @for run in runs {
                tr {
                    td.ports { (run.ports_text()) }
                    td.short { (badge(run.severity())) }
                    td { (run.name()) }
                    td { (run.title()) }
                    td { (run.allow()) }
                }
            } }
        } } }
    };
    page::write("Ports", "", &content, out)
}
