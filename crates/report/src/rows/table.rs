//! Rows for a terminal: as a table, as bars, or as sparklines.

use std::io;

use unicode_width::UnicodeWidthStr as _;

use crate::format::Style;
use crate::grid::{Cell, Grid};
use crate::inert::inert;
use crate::rows::series::Series;
use crate::rows::{ColumnKind, RowSet, Value};

/// Parts of a block, from one eighth of its width to all of it.
const WIDE: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// Parts of a block, from one eighth of its height to all of it.
const HIGH: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The columns of a bar or a sparkline where nobody says how wide the terminal is.
const LENGTH: usize = 60;

/// The least columns of a bar or a sparkline.
const SHORTEST: usize = 10;

/// Writes a table, with numbers to the right.
pub(super) fn write(set: &RowSet, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    if set.rows.is_empty() {
        writeln!(out, "no rows")?;
        return write_remarks(set, style, out);
    }
    let widths: Vec<usize> = (0..set.columns.len()).map(|at| width(set, at)).collect();
    let mut grid = Grid::new(0);
    let columns = set.columns.iter().zip(&widths);
    grid.row(columns.map(|(it, width)| Cell::faint(aligned(&it.name, it.kind, *width))));
    for row in &set.rows {
        let columns = set.columns.iter().zip(&widths);
        let cells = row.iter().zip(columns);
        grid.row(
            cells
                .map(|(it, (column, width))| Cell::plain(aligned(&it.text(), column.kind, *width))),
        );
    }
    grid.write(style, out)?;
    write_remarks(set, style, out)
}

/// Writes each row as a line.
pub(super) fn write_lines(set: &RowSet, out: &mut dyn io::Write) -> io::Result<()> {
    set.rows.iter().try_for_each(|row| writeln!(out, "{}", joined(row.iter())))
}

/// Writes a bar for each row, as long as its last number.
pub(super) fn write_bars(set: &RowSet, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(measured) = set.columns.iter().rposition(|it| it.kind == ColumnKind::Number) else {
        return write(set, style, out);
    };
    let value = |row: &[Value]| row.get(measured).and_then(Value::number).unwrap_or_default();
    let longest = set.rows.iter().map(|row| value(row)).fold(0.0, f64::max);
    let labels: Vec<String> = set.rows.iter().map(|row| label(row, measured)).collect();
    let numbers: Vec<String> = set
        .rows
        .iter()
        .map(|row| row.get(measured).map_or_else(String::new, |it| it.text().into_owned()))
        .collect();
    let number_width = numbers.iter().map(|it| it.width()).max().unwrap_or_default();
    let label_width = labels.iter().map(|it| it.width()).max().unwrap_or_default();
    let length = room(style, label_width + number_width);
    for ((row, label), number) in set.rows.iter().zip(&labels).zip(&numbers) {
        let bar = bar(value(row) / longest, length);
        let gap = " ".repeat(label_width - label.width());
        writeln!(
            out,
            "{label}{gap}  {}{number}  {bar}",
            " ".repeat(number_width - number.width())
        )?;
    }
    write_remarks(set, style, out)
}

/// Writes a line of blocks for each series over time.
pub(super) fn write_sparklines(
    set: &RowSet,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let Some(series) = Series::of(set) else { return write(set, style, out) };
    let highest = series.highest();
    let names = series.lines.iter().map(|it| inert(&it.name).width());
    let name_width = names.max().unwrap_or_default();
    let length = room(style, name_width + format!("{highest}").width());
    for line in &series.lines {
        let name = inert(&line.name);
        let gap = " ".repeat(name_width - name.width());
        let top = line.highest();
        writeln!(out, "{name}{gap}  {}  max {top}", sparkline(&line.values, highest, length))?;
    }
    if let (Some(first), Some(last)) = (series.times.first(), series.times.last()) {
        writeln!(out, "{} to {}", inert(&first.1), inert(&last.1))?;
    }
    write_remarks(set, style, out)
}

fn write_remarks(set: &RowSet, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut grid = Grid::new(0);
    for remark in &set.remarks {
        grid.blank();
        grid.line([Cell::faint(remark)]);
    }
    grid.write(style, out)
}

/// Returns what of a row is not the measured number, as text.
fn label(row: &[Value], measured: usize) -> String {
    joined(row.iter().enumerate().filter(|(at, _)| *at != measured).map(|(_, it)| it))
}

fn joined<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    values.map(|it| inert(&it.text()).into_owned()).collect::<Vec<_>>().join("  ")
}

/// Returns how many columns are left for a bar beside texts of `taken` columns.
fn room(style: &Style, taken: usize) -> usize {
    style.width.map_or(LENGTH, |width| width.saturating_sub(taken + 8).max(SHORTEST))
}

/// Returns the width of a column: that of its widest text.
fn width(set: &RowSet, at: usize) -> usize {
    let head = set.columns.get(at).map_or(0, |it| inert(&it.name).width());
    let cells = set.rows.iter().filter_map(|row| row.get(at));
    cells.map(|it| inert(&it.text()).width()).fold(head, usize::max)
}

/// Returns a number moved to the right of its column, anything else as it is.
fn aligned(text: &str, kind: ColumnKind, width: usize) -> String {
    let missing = match kind {
        ColumnKind::Number => width.saturating_sub(inert(text).width()),
        ColumnKind::Text | ColumnKind::Time => 0,
    };
    format!("{}{text}", " ".repeat(missing))
}

/// Returns a bar of `share` of `length` columns.
fn bar(share: f64, length: usize) -> String {
    let eighths = eighths(share, length);
    let mut bar = "█".repeat(eighths / 8);
    bar.extend((eighths % 8).checked_sub(1).and_then(|part| WIDE.get(part)));
    bar
}

/// Returns blocks as high as the values, the highest of those that fall together; nothing where there is none.
fn sparkline(values: &[Option<f64>], highest: f64, length: usize) -> String {
    let together = values.len().div_ceil(length.max(1)).max(1);
    let block = |values: &[Option<f64>]| {
        let value = values.iter().flatten().copied().reduce(f64::max)?;
        HIGH.get(eighths(value / highest, 1).saturating_sub(1)).copied()
    };
    values.chunks(together).map(|it| block(it).unwrap_or(' ')).collect()
}

/// Returns how many eighths of a block `share` of `length` blocks is; at least one for what is not nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a few hundred columns"
)]
fn eighths(share: f64, length: usize) -> usize {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let least = usize::from(share > 0.0);
    ((share * length as f64 * 8.0).round() as usize).max(least)
}
