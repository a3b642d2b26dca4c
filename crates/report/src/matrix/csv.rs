//! A matrix as comma-separated values: one row for each pair.

use std::io;

use crate::matrix::view::{End, MatrixView};
use crate::sheet::Sheet;

const HEADS: [&str; 6] = ["from", "from_id", "to", "to_id", "passes", "may_pass"];

/// Writes the pairs.
pub(crate) fn write(view: &MatrixView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(&HEADS, out)?;
    for pair in view.pairs() {
        let (from, to) = (view.party(pair.from), view.party(pair.to));
        sheet.row(&[
            &from.name,
            &id(pair.from),
            &to.name,
            &id(pair.to),
            &pair.certain_text(),
            &pair.possible_text(),
        ])?;
    }
    sheet.finish()
}

/// Returns the id of an interface, or the number of a class in the JSON document.
fn id(end: End<'_>) -> String {
    match end {
        End::Class(index) => format!("class {index}"),
        End::Interface(id) => id.to_string(),
    }
}
