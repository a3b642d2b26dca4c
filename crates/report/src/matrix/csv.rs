//! A matrix as comma-separated values: one row for each pair.

use std::io;

use crate::matrix::view::MatrixView;
use crate::sheet::Sheet;

const HEADS: [&str; 9] =
    ["from", "from_detail", "from_id", "to", "to_detail", "to_id", "passes", "may_pass", "why"];

/// Writes the pairs.
pub(crate) fn write(view: &MatrixView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(&HEADS, out)?;
    for pair in view.pairs() {
        let (from, to) = (view.party(&pair.from), view.party(&pair.to));
        sheet.row(&[
            &from.name,
            &from.detail,
            &from.id,
            &to.name,
            &to.detail,
            &to.id,
            &pair.certain_text(),
            &pair.possible_text(),
            &view.why(&pair),
        ])?;
    }
    sheet.finish()
}
