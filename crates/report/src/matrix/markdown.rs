//! A matrix as Markdown.

use std::io;

use crate::coverage;
use crate::markdown::table;
use crate::matrix::view::{MatrixView, Party};

/// Writes a summary, a table of pairs, and what was not read.
pub(crate) fn write(view: &MatrixView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# Who inside can talk to whom\n\n{}\n", view.headline())?;
    let rows = view.pairs().map(|pair| {
        let (from, to) = (text(&view.party(pair.from)), text(&view.party(pair.to)));
        vec![from, to, pair.certain_text(), pair.possible_text()]
    });
    table(&["From", "To", "Passes", "May pass"], rows, out)?;
    if view.omitted() > 0 {
        writeln!(out, "And {} pairs more.\n", view.omitted())?;
    }
    coverage::write_markdown(&view.chart.model().coverage, out)
}

fn text(party: &Party) -> String {
    format!("{} ({})", party.name, party.detail)
}
