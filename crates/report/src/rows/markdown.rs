//! Rows as a Markdown table.

use std::io;

use crate::markdown::{escaped, table};
use crate::rows::RowSet;

/// Writes the rows, then the remarks.
pub(super) fn write(set: &RowSet, out: &mut dyn io::Write) -> io::Result<()> {
    let heads: Vec<String> = set.columns.iter().map(|column| escaped(&column.name)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows = set.rows.iter().map(|row| row.iter().map(|it| it.text().into_owned()).collect());
    table(&heads, rows, out)?;
    set.remarks.iter().try_for_each(|remark| writeln!(out, "- {}", escaped(remark)))
}
