//! Ports as Markdown.

use std::io;

use portolan_catalog::Entry;

use crate::markdown::{escaped, table};
use crate::ports::run::Run;
use crate::ports::words::{advice, example, facts, guides, heading};

/// Writes everything that is known of one port.
pub(crate) fn write_one(entry: &Entry, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# {}\n", escaped(&heading(entry)))?;
    writeln!(out, "{} if the whole Internet can reach it.\n", entry.severity())?;
    for (name, text) in facts(entry) {
        writeln!(out, "- {name}: {}", escaped(&text))?;
    }
    for (transport, guide) in guides(entry) {
        writeln!(out, "\n## {}\n", escaped(guide.title))?;
        writeln!(out, "{}, {}\n", guide.severity, guide.kind)?;
        for (name, text) in advice(guide) {
            writeln!(out, "- {name}: {}", escaped(&text))?;
        }
        if let Some(rule) = example(guide, transport, entry.port) {
            writeln!(out, "\n```sh\n{}\n```\n", rule.aws_cli())?;
            writeln!(out, "```terraform\n{}```", rule.terraform())?;
        }
    }
    Ok(())
}

/// Writes a table with one row for each run of ports.
pub(crate) fn write_list(runs: &[Run<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    let rows = runs.iter().map(|run| {
        let texts = [run.severity().name(), run.name(), run.title(), run.allow()];
        [run.ports_text()].into_iter().chain(texts.map(ToOwned::to_owned)).collect()
    });
    table(&["Port", "If open", "Service", "What it is", "Open it to"], rows, out)
}
