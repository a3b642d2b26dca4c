//! Rows as comma-separated values.

use std::io;

use crate::rows::{RowSet, Value};
use crate::sheet::Sheet;

/// Writes the columns' names and the rows.
pub(super) fn write(set: &RowSet, out: &mut dyn io::Write) -> io::Result<()> {
    let heads: Vec<&str> = set.columns.iter().map(|column| column.name.as_str()).collect();
    let mut sheet = Sheet::new(&heads, out)?;
    for row in &set.rows {
        sheet.values(row.iter().map(cell))?;
    }
    sheet.finish()
}

/// A number is no formula, although it may begin with a minus sign.
fn cell(value: &Value) -> (std::borrow::Cow<'_, str>, bool) {
    (value.text(), value.number().is_some())
}
