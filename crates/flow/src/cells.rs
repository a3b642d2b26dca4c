//! Many lines at once, column by column.
//!
//! A line after the other costs a decision about its type for each value. Here lines are cut into cells first, and then each column
//! is read in a loop of its own that decides nothing. That works for lines as AWS writes them: one space between values, `\n`
//! at the end, nothing but ASCII. Whatever else there is, a bad value included, is not for here: who asks reads those lines one by
//! one with a [`Reader`](crate::Reader), which knows everything that a line can be.

use std::net::Ipv4Addr;
use std::ops::Range;

use crate::layout::Layout;
use crate::scan;

/// Where the cells of some lines are. Make one and cut all lines with it: it keeps its memory.
#[derive(Clone, Debug, Default)]
pub struct Cutter {
    /// Where each cell begins, line by line; and where one would that follows the last.
    starts: Vec<u32>,
}

/// Lines cut into cells.
///
/// ```
/// use portolan_flow::{Cutter, Layout};
///
/// let layout = Layout::parse("srcaddr dstport").unwrap();
/// let mut cutter = Cutter::default();
/// let cells = cutter.cut(b"10.0.0.1 443\n10.0.0.2 -\n", 0..24, &layout).unwrap();
/// let ports: Vec<Option<u16>> = cells.numbers(1).collect();
/// assert_eq!(ports, [Some(443), None]);
/// assert!(cells.is_absent(1, 1));
/// assert!(cutter.cut(b"10.0.0.1\n", 0..9, &layout).is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    text: &'a [u8],
    // INVARIANT: ascending, within `text`; `rows * columns` and one more.
    starts: &'a [u32],
    columns: usize,
    rows: usize,
}

/// A cell of text.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// The bytes of the cell.
    pub bytes: &'a [u8],
    /// The same bytes and what follows them: who compares words looks at several bytes at once.
    pub and_beyond: &'a [u8],
}

impl Cutter {
    /// Cuts whole lines, a part of a text, by the layout of its file.
    ///
    /// Returns `None` if there is anything unusual about them, which is to be read line by line.
    pub fn cut<'a>(
        &'a mut self,
        text: &'a [u8],
        lines: Range<usize>,
        layout: &Layout,
    ) -> Option<Cells<'a>> {
        let whole = text.get(lines.clone())?;
        let first = u32::try_from(lines.start).ok()?;
        u32::try_from(lines.end).ok()?;
        let ends_in_a_line = whole.last().is_some_and(|it| *it != b'\n');
        if layout.takes_any_text() || ends_in_a_line {
            return None;
        }
        self.starts.clear();
        self.starts.push(first);
        let rows = scan::append_starts(&mut self.starts, whole, first)?;
        let columns = layout.columns().len();
        let cells = Cells { text, starts: &self.starts, columns, rows };
        cells.are_usual().then_some(cells)
    }
}

impl<'a> Cells<'a> {
    /// Returns how many lines there are.
    pub fn rows(self) -> usize {
        self.rows
    }

    /// Reads a column of numbers; `None` where there is no number, or one that is too large.
    pub fn numbers<N: TryFrom<u64>>(self, column: usize) -> impl Iterator<Item = Option<N>> {
        self.tokens(column).map(move |it| scan::decimal(self.text, it)?.try_into().ok())
    }

    /// Reads a column of IPv4 addresses; `None` where there is no such address.
    pub fn addresses(self, column: usize) -> impl Iterator<Item = Option<Ipv4Addr>> {
        self.tokens(column).map(move |it| scan::ipv4(self.text, it))
    }

    /// Returns a column of text.
    pub fn texts(self, column: usize) -> impl Iterator<Item = Cell<'a>> {
        self.tokens(column).map(move |it| self.cell(it))
    }

    /// Returns a cell as text.
    pub fn text(self, row: usize, column: usize) -> &'a str {
        str::from_utf8(self.cell(self.token(row, column)).bytes).unwrap_or_default()
    }

    /// Returns whether a cell says that there is no value.
    pub fn is_absent(self, row: usize, column: usize) -> bool {
        self.text(row, column) == "-"
    }

    #[inline]
    fn cell(self, token: Range<usize>) -> Cell<'a> {
        let and_beyond = self.text.get(token.start..).unwrap_or_default();
        Cell { bytes: and_beyond.get(..token.len()).unwrap_or_default(), and_beyond }
    }

    fn tokens(self, column: usize) -> impl Iterator<Item = Range<usize>> {
        (0..self.rows).map(move |row| self.token(row, column))
    }

    #[inline]
    fn token(self, row: usize, column: usize) -> Range<usize> {
        let index = row.wrapping_mul(self.columns).wrapping_add(column);
        let start = |index| self.starts.get(index).map_or(0, |it: &u32| *it as usize);
        start(index)..start(index.wrapping_add(1)).wrapping_sub(1)
    }

    /// Returns whether each line ends where its last value does.
    fn are_usual(self) -> bool {
        let mut ends = self.starts.iter().skip(self.columns).step_by(self.columns.max(1));
        let is_whole = |end: &u32| {
            let before = self.text.get(..*end as usize).unwrap_or_default();
            before.ends_with(b"\n") && !before.ends_with(b"\r\n")
        };
        self.starts.len() == self.rows * self.columns + 1 && ends.all(is_whole)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::line::TextLines;
    use crate::reader::Reader;
    use crate::value::Value;

    const HEADER: &str = "srcaddr dstport bytes action";

    /// What the cells say, as a log would have it; `None` if they are not for here.
    fn by_column(text: &str) -> Option<Vec<String>> {
        let layout = Layout::parse(HEADER).unwrap();
        let mut cutter = Cutter::default();
        let cells = cutter.cut(text.as_bytes(), 0..text.len(), &layout)?;
        let addresses = cells.addresses(0).map(|it| it.map(Value::Ipv4));
        let ports = cells.numbers(1).map(|it| it.map(Value::Port));
        let integers = cells.numbers(2).map(|it| it.map(Value::Integer));
        let columns: [Vec<Option<Value<'_>>>; 3] =
            [addresses.collect(), ports.collect(), integers.collect()];
        let mut lines: Vec<String> = vec![String::new(); cells.rows()];
        for (column, values) in columns.iter().enumerate() {
            assert_eq!(values.len(), cells.rows());
            for (row, value) in values.iter().enumerate() {
                let value = value.or_else(|| cells.is_absent(row, column).then_some(Value::Absent));
                lines[row] += &value?.to_string();
                lines[row].push(' ');
            }
        }
        for (line, cell) in lines.iter_mut().zip(cells.texts(3)) {
            assert!(cell.and_beyond.starts_with(cell.bytes));
            *line += str::from_utf8(cell.bytes).unwrap();
        }
        Some(lines)
    }

    /// What the lines say one by one; `None` if one is no record.
    fn by_line(text: &str) -> Option<Vec<String>> {
        let layout = Layout::parse(HEADER).unwrap();
        let mut reader = Reader::of(&layout, TextLines::of(text.as_bytes()));
        let mut lines = Vec::new();
        while let Some(read) = reader.next_record() {
            lines.push(read.ok()?.to_string());
        }
        (reader.counts().headers + reader.counts().blank == 0).then_some(lines)
    }

    fn some_lines() -> impl Strategy<Value = String> {
        let line = "((10|1?[0-9]{1,2})\\.[0-9]{1,2}\\.0\\.2[0-5]{2}|-) ([0-9]{1,4}|-) ([0-9]{1,18}|-) (ACCEPT|-|[a-z]{1,40})\n";
        let odd = "[0-9a-z.: -]{0,3} ?[0-9]{0,21} (é|-|[0-9]{1,4})  ?[a-z]{0,3}\r?\n?|srcaddr dstport bytes action\n|\n";
        let lines = prop::collection::vec(prop_oneof![60 => line, 1 => odd], 0..40);
        lines.prop_map(|it| it.concat())
    }

    #[test]
    fn usual_lines_are_cut() {
        for text in ["", "10.0.0.1 443 1 ACCEPT\n", "- - - -\n10.0.0.1 443 9223372036854775807 x\n"]
        {
            assert_eq!(by_column(text), by_line(text), "{text}");
            assert!(by_column(text).is_some(), "{text}");
        }
    }

    #[test]
    fn unusual_lines_are_not() {
        for text in [
            "10.0.0.1 443 1 ACCEPT",
            "10.0.0.1 443 1 ACCEPT\n2",
            "2",
            "10.0.0.1 443 1 ACCEPT\r\n",
            "10.0.0.1  443 1 ACCEPT\n",
            " 10.0.0.1 443 1 ACCEPT\n",
            "10.0.0.1 443 1 ACCEPT \n",
            "10.0.0.1 443 1\n443 10.0.0.1 443 1 ACCEPT\n",
            "10.0.0.1 443 1 \u{e9}\n",
            "\n",
        ] {
            assert_eq!(by_column(text), None, "{text}");
        }
    }

    #[test]
    fn a_header_of_words_is_no_row() {
        let layout = Layout::parse("vpc-id action").unwrap();
        assert!(Cutter::default().cut(b"vpc-1 ACCEPT\n", 0..13, &layout).is_none());
    }

    proptest! {
        #[test]
        fn columns_say_what_lines_say(text in some_lines()) {
            if let Some(lines) = by_column(&text) {
                prop_assert_eq!(Some(lines), by_line(&text));
            }
        }
    }
}
