//! A matrix as Markdown.

use std::io;

use crate::coverage;
use crate::markdown::table;
use crate::matrix::party::Party;
use crate::matrix::view::MatrixView;

/// Writes a summary, a table of pairs, and what was not read.
pub(crate) fn write(view: &MatrixView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# Who inside can talk to whom\n\n{}\n", view.headline())?;
    let rows = view.rows().map(|pair| {
        let (from, to) = (text(&view.party(&pair.from)), text(&view.party(&pair.to)));
        vec![from, to, pair.certain_text(), pair.possible_text(), view.why(&pair)]
    });
    table(&["From", "To", "Passes", "May pass", "Why"], rows, out)?;
    if let Some(omitted) = view.omitted() {
        writeln!(out, "And {omitted} pairs more.\n")?;
    }
    coverage::write_markdown(&view.chart.model().coverage, out)
}

fn text(party: &Party) -> String {
    format!("{} ({})", party.name, party.detail)
}
