//! Rows as a page: a picture if they are a time series, and the table.

use std::io;

use maud::{Markup, html};

use crate::chart::series::draw;
use crate::page;
use crate::rows::series::Series;
use crate::rows::{ColumnKind, RowSet};

/// Writes the page.
pub(super) fn write(set: &RowSet, out: &mut dyn io::Write) -> io::Result<()> {
    let content = html! {
        @if let Some(series) = Series::of(set) {
            section { h2 { (series.name) } (draw(&series, "series")) }
        }
        section {
            @for remark in &set.remarks { p { (remark) } }
            (table(set))
        }
    };
    let about = format!("{} rows", set.rows.len());
    page::write("Flows", &about, &content, out)
}

fn table(set: &RowSet) -> Markup {
    html! {
        div.scroll { table.list {
            thead { tr { @for column in &set.columns {
                th.(class(column.kind)) scope="col" { (column.name) }
            } } }
            tbody { @for row in &set.rows {
                tr { @for (value, column) in row.iter().zip(&set.columns) {
                    td.(class(column.kind)) { (value.text()) }
                } }
            } }
        } }
    }
}

const fn class(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Number => "amount",
        ColumnKind::Text | ColumnKind::Time => "word",
    }
}
