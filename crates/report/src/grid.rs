//! Text in columns, for a terminal of a certain width or for none.
//!
//! Headings and notes stand between the rows and the rows stay aligned throughout, which is what a list by
//! resource needs and table crates do not do; they draw one box. Cells wrap at words; nothing is cut off.

use std::io;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::format::Style;
use crate::inert::inert;
use crate::paint::{Role, painted};

/// The space between two columns.
const GAP: usize = 2;

/// The width below which no column is squeezed, however narrow the terminal.
const NARROWEST: usize = 8;

/// The longest word that a column is kept wide enough for: a prefix of IPv4, an id of an instance.
const LONGEST_WORD: usize = 20;

/// One piece of text with its look.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    role: Role,
}

impl Cell {
    /// Makes a cell of text that anybody may have written.
    pub(crate) fn new(text: impl AsRef<str>, role: Role) -> Self {
        Self { text: inert(text.as_ref()).into_owned(), role }
    }

    /// Makes a cell of ordinary text.
    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        Self::new(text, Role::Plain)
    }

    /// Makes a cell of text that a reader may skip.
    pub(crate) fn faint(text: impl AsRef<str>) -> Self {
        Self::new(text, Role::Faint)
    }

    /// Makes a cell of text that a reader should find first.
    pub(crate) fn strong(text: impl AsRef<str>) -> Self {
        Self::new(text, Role::Strong)
    }
}

/// One line, or what becomes several lines when it is wrapped.
#[derive(Clone, Debug)]
enum Item {
    /// Cells in columns.
    Row(Vec<Cell>),
    /// Pieces of text after each other. Wrapped lines are indented as far as `hang`; `None` is not wrapped.
    Line { indent: usize, hang: Option<usize>, cells: Vec<Cell> },
}

/// Text in columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    indent: usize,
    items: Vec<Item>,
}

impl Grid {
    /// Makes an empty grid, whose rows begin after `indent` spaces.
    pub(crate) const fn new(indent: usize) -> Self {
        Self { indent, items: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.items.push(Item::Row(cells.into_iter().collect()));
    }

    /// Adds a row of column heads.
    pub(crate) fn head(&mut self, texts: &[&str]) {
        self.row(texts.iter().map(Cell::faint));
    }

    /// Adds a line of its own, across the columns.
    pub(crate) fn line(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.hanging(0, 2, cells);
    }

    /// Adds a line after `indent` spaces; where it is wrapped it goes on after `hang` spaces.
    pub(crate) fn hanging(
        &mut self,
        indent: usize,
        hang: usize,
        cells: impl IntoIterator<Item = Cell>,
    ) {
        let (hang, cells) = (Some(hang), cells.into_iter().collect());
        self.items.push(Item::Line { indent, hang, cells });
    }

    /// Adds a line that is never wrapped, so that it can be copied, such as a command.
    pub(crate) fn verbatim(&mut self, indent: usize, cells: impl IntoIterator<Item = Cell>) {
        self.items.push(Item::Line { indent, hang: None, cells: cells.into_iter().collect() });
    }

    /// Adds an empty line.
    pub(crate) fn blank(&mut self) {
        self.line([]);
    }

    /// Writes the grid.
    pub(crate) fn write(&self, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let widths = self.widths(style.width);
        self.items.iter().try_for_each(|item| match item {
            Item::Row(cells) => self.write_row(cells, &widths, style, out),
            Item::Line { indent, hang, cells } => write_line(*indent, *hang, cells, style, out),
        })
    }

    /// Returns the widths of the columns: as wide as their cells, or squeezed until they fit.
    fn widths(&self, limit: Option<usize>) -> Vec<usize> {
        let mut columns: Vec<Column> = Vec::new();
        for item in &self.items {
            let Item::Row(cells) = item else { continue };
            columns.resize(columns.len().max(cells.len()), Column::default());
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.make_room(&cell.text);
            }
        }
        if let Some(limit) = limit {
            let gaps = self.indent + GAP * columns.len().saturating_sub(1);
            squeeze(&mut columns, limit.saturating_sub(gaps));
        }
        columns.into_iter().map(|column| column.width).collect()
    }

    fn write_row(
        &self,
        cells: &[Cell],
        widths: &[usize],
        style: &Style,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let wrapped: Vec<Vec<String>> =
            cells.iter().zip(widths).map(|(cell, width)| wrap(&cell.text, *width)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or_default();
        (0..height).try_for_each(|number| {
            let mut line = Painted::new(self.indent, style.color);
            for ((cell, lines), width) in cells.iter().zip(&wrapped).zip(widths) {
                let text = lines.get(number).map_or("", String::as_str);
                line.push(text, cell.role);
                line.end_run();
                line.pad(width.saturating_sub(text.width()) + GAP);
            }
            writeln!(out, "{}", line.finish())
        })
    }
}

fn write_line(
    indent: usize,
    hang: Option<usize>,
    cells: &[Cell],
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let limit = style.width.filter(|_| hang.is_some()).unwrap_or(usize::MAX);
    let hang = hang.unwrap_or(indent);
    let limit = limit.max(hang + NARROWEST);
    let mut line = Painted::new(indent, style.color);
    let mut used = indent;
    for cell in cells {
        for word in words(&cell.text) {
            let width = word.trim_end().width();
            if used + width > limit && used > hang {
                writeln!(out, "{}", line.finish())?;
                (line, used) = (Painted::new(hang, style.color), hang);
            }
            line.push(word.trim_end(), cell.role);
            line.pad(word.width() - width);
            used += word.width();
        }
    }
    writeln!(out, "{}", line.finish())
}

/// A line whose spaces are written only when something follows them, and whose look only changes where the text's
/// does.
struct Painted {
    /// What is finished.
    text: String,
    /// What has one look and may go on.
    run: String,
    role: Role,
    /// The spaces that are due before the next text.
    spaces: usize,
    color: bool,
}

impl Painted {
    const fn new(indent: usize, color: bool) -> Self {
        Self { text: String::new(), run: String::new(), role: Role::Plain, spaces: indent, color }
    }

    fn push(&mut self, text: &str, role: Role) {
        if text.is_empty() {
            return;
        }
        if role != self.role {
            self.end_run();
            self.role = role;
        }
        let due = if self.run.is_empty() { &mut self.text } else { &mut self.run };
        due.extend(std::iter::repeat_n(' ', self.spaces));
        self.spaces = 0;
        self.run.push_str(text);
    }

    const fn pad(&mut self, spaces: usize) {
        self.spaces += spaces;
    }

    fn end_run(&mut self) {
        self.text.push_str(&painted(&self.run, self.role, self.color));
        self.run.clear();
    }

    fn finish(mut self) -> String {
        self.end_run();
        self.text
    }
}

/// The width of a column, and how far it can be squeezed.
#[derive(Clone, Copy)]
struct Column {
    width: usize,
    least: usize,
}

impl Default for Column {
    fn default() -> Self {
        Self { width: 0, least: NARROWEST }
    }
}

impl Column {
    fn make_room(&mut self, text: &str) {
        let longest = words(text).map(|word| word.trim_end().width()).max().unwrap_or_default();
        self.width = self.width.max(text.width());
        self.least = self.least.max(longest.min(LONGEST_WORD));
    }
}

/// Narrows the widest columns until all fit, or none can be narrower.
fn squeeze(columns: &mut [Column], limit: usize) {
    let total: usize = columns.iter().map(|column| column.width).sum();
    for _ in limit..total {
        let spare = columns.iter_mut().filter(|column| column.width > column.least);
        let Some(widest) = spare.max_by_key(|column| column.width) else { return };
        widest.width -= 1;
    }
}

/// Iterates over the words of a text, each with the spaces that follow it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let word = rest.find(' ').unwrap_or(rest.len());
        let spaces = rest.get(word..)?.find(|c| c != ' ').unwrap_or(rest.len() - word);
        let (first, others) = rest.split_at_checked(word + spaces)?;
        rest = others;
        (!first.is_empty()).then_some(first)
    })
}

/// Returns the lines of a text in a column; at least one.
fn wrap(text: &str, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let used = lines.last().map_or(0, |line| line.width());
        if used > 0 && used + word.trim_end().width() > limit {
            lines.push(String::new());
        }
        append(&mut lines, word, limit);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Appends a word, cut into pieces where it is wider than a line.
fn append(lines: &mut Vec<String>, word: &str, limit: usize) {
    for c in word.chars() {
        let used = lines.last().map_or(0, |line| line.width());
        if c != ' ' && used > 0 && used + c.width().unwrap_or_default() > limit {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(grid: &Grid, width: Option<usize>) -> String {
        let mut out = Vec::new();
        grid.write(&Style { color: false, width }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn sample() -> Grid {
        let mut grid = Grid::new(2);
        grid.line([Cell::strong("web"), Cell::plain("  an instance")]);
        grid.row([Cell::plain("tcp 22"), Cell::plain("198.51.100.0/24 (256 addresses)")]);
        grid.row([Cell::plain("tcp 443, 8443-8449"), Cell::plain("anywhere")]);
        grid.hanging(2, 6, [Cell::faint("why: "), Cell::faint("tcp 22 from 198.51.100.0/24")]);
        grid
    }

    #[test]
    fn aligns_rows_across_lines() {
        insta::assert_snapshot!(written(&sample(), None), @r"
        web  an instance
          tcp 22              198.51.100.0/24 (256 addresses)
          tcp 443, 8443-8449  anywhere
          why: tcp 22 from 198.51.100.0/24
        ");
    }

    #[test]
    fn wraps_at_words_in_a_narrow_terminal() {
        insta::assert_snapshot!(written(&sample(), Some(30)), @r"
        web  an instance
          tcp 22       198.51.100.0/24
                       (256 addresses)
          tcp 443,     anywhere
          8443-8449
          why: tcp 22 from
              198.51.100.0/24
        ");
    }

    #[test]
    fn nothing_that_a_cell_says_is_obeyed() {
        let mut grid = Grid::new(0);
        grid.row([Cell::plain("\u{1b}[2J\nroot"), Cell::plain("x")]);
        assert_eq!(written(&grid, None), "\\u{1b}[2J\\u{a}root  x\n");
    }

    #[test]
    fn a_wide_character_takes_two_columns() {
        let mut grid = Grid::new(0);
        grid.row([Cell::plain("東京"), Cell::plain("x")]);
        grid.row([Cell::plain("abcd"), Cell::plain("y")]);
        assert_eq!(written(&grid, None), "東京  x\nabcd  y\n");
    }

    #[test]
    fn the_look_changes_only_where_the_role_does() {
        let mut grid = Grid::new(0);
        grid.line([Cell::strong("two words"), Cell::plain("  and "), Cell::strong("more")]);
        let mut out = Vec::new();
        grid.write(&Style { color: true, width: Some(80) }, &mut out).unwrap();
        let expected = "\u{1b}[1mtwo words\u{1b}[0m  and \u{1b}[1mmore\u{1b}[0m\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn colour_is_an_escape_and_a_word() {
        let mut grid = Grid::new(0);
        grid.row([Cell::new("critical", Role::Rated(crate::rating::Rating::Critical))]);
        let mut out = Vec::new();
        grid.write(&Style { color: true, width: None }, &mut out).unwrap();
        assert_eq!(out, b"\x1b[1m\x1b[31mcritical\x1b[0m\n");
    }
}
