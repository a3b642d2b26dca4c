//! A list with heads, and sentences below it, in every format that is not JSON.

use std::io;

use maud::html;

use crate::format::{Format, Style};
use crate::grid::{Cell, Grid};
use crate::sheet::Sheet;
use crate::{markdown, page};

/// A list.
pub(crate) struct Listing {
    /// What it is about.
    pub(crate) title: String,
    /// The heads of its columns.
    pub(crate) heads: Vec<&'static str>,
    /// Its rows, each as long as the heads.
    pub(crate) rows: Vec<Vec<String>>,
    /// What stands below it.
    pub(crate) notes: Vec<String>,
}

impl Listing {
    /// Writes the list. Comma-separated values have no place for notes.
    pub(crate) fn write(
        &self,
        format: Format,
        style: &Style,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match format {
            Format::Table | Format::Json => self.write_table(style, out),
            Format::Csv => self.write_csv(out),
            Format::Markdown => self.write_markdown(out),
            Format::Html => self.write_html(out),
        }
    }

    fn write_table(&self, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut grid = Grid::new(0);
        grid.line([Cell::strong(&self.title)]);
        if !self.heads.is_empty() {
            grid.head(&self.heads);
        }
        for row in &self.rows {
            grid.row(row.iter().map(Cell::plain));
        }
        if !self.notes.is_empty() {
            grid.blank();
        }
        for note in &self.notes {
            grid.hanging(0, 2, [Cell::plain(note)]);
        }
        grid.write(style, out)
    }

    fn write_csv(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(&self.heads, out)?;
        for row in &self.rows {
            sheet.row(&row.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        sheet.finish()
    }

    fn write_markdown(&self, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "# {}\n", markdown::escaped(&self.title))?;
        markdown::table(&self.heads, self.rows.iter().cloned(), out)?;
        for note in &self.notes {
            writeln!(out, "- {}", markdown::escaped(note))?;
        }
        Ok(())
    }

    fn write_html(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let content = html! {
            section {
                table {
                    thead { tr { @for head in &self.heads { th { (head) } } } }
                    tbody {
                        @for row in &self.rows { tr { @for cell in row { td { (cell) } } } }
                    }
                }
                @if !self.notes.is_empty() {
                    ul { @for note in &self.notes { li { (note) } } }
                }
            }
        };
        page::write(&self.title, "", &content, out)
    }
}
