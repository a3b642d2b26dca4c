//! Lines into records and rejects, and the count of both.

use std::fmt;
use std::ops::{AddAssign, Range};

use crate::layout::{Column, Layout};
use crate::line::{Line, Place};
use crate::record::{Fault, LineError, Record};

/// How much of a bad line is shown.
const SAMPLE: usize = 200;

/// Reads lines by a layout.
///
/// ```
/// use portolan_flow::{Layout, Reader, TextLines};
///
/// let text = b"srcaddr dstport\n10.0.0.1 443\n10.0.0.2 https\n";
/// let layout = Layout::detect(text).unwrap();
/// let mut reader = Reader::of(&layout, TextLines::of(text));
/// while let Some(read) = reader.next_record() {
///     match read {
///         Ok(record) => assert_eq!(record.to_string(), "10.0.0.1 443"),
///         Err(reject) => assert_eq!(reject.to_string(), "line 3, byte 38: `dstport`: this is not a number"),
///     }
/// }
/// assert_eq!((reader.counts().records, reader.counts().rejects, reader.counts().headers), (1, 1, 1));
/// ```
#[derive(Debug)]
pub struct Reader<'a, L> {
    layout: &'a Layout,
    lines: L,
    record: Record<'a>,
    place: Place,
    timestamp: Option<i64>,
    counts: Counts,
    /// The header that ended the reading, if it was another one.
    next_layout: Option<Layout>,
    // A header may pass for a record if each column takes any text.
    takes_any_text: bool,
}

/// How many lines there were, by what became of them.
///
/// `records + rejects + blank + headers` is the number of lines.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Counts {
    /// Lines that are records.
    pub records: u64,
    /// Lines that cannot be read.
    pub rejects: u64,
    /// Lines without anything in them.
    pub blank: u64,
    /// Lines that say which fields follow.
    pub headers: u64,
}

impl Counts {
    /// Returns the number of lines.
    pub fn lines(self) -> u64 {
        self.records + self.rejects + self.blank + self.headers
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.rejects += other.rejects;
        self.blank += other.blank;
        self.headers += other.headers;
    }
}

/// A line that is no record: where, what is wrong, and the line itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reject<'a> {
    /// The place of the line.
    pub place: Place,
    /// The column that could not be read; `None` if the line goes on after the last.
    pub column: Option<Column>,
    /// Where in the line, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
    /// The line, without its end.
    pub line: &'a [u8],
}

impl Reject<'_> {
    /// Returns the first of the line as text, however long the line is. It may hold control characters.
    pub fn sample(&self) -> String {
        let start = self.line.get(..SAMPLE).unwrap_or(self.line);
        String::from_utf8_lossy(start).into_owned()
    }

    /// Returns where in the file the fault is, in bytes.
    pub fn offset(&self) -> u64 {
        self.place.offset + self.span.start as u64
    }
}

impl fmt::Display for Reject<'_> {
    /// Writes the place and the fault, without the line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, byte {}: ", self.place.line, self.offset())?;
        if let Some(column) = &self.column {
            write!(f, "`{}`: ", column.text_name())?;
        }
        self.fault.fmt(f)
    }
}

impl<'a, L: Iterator<Item = Line<'a>>> Reader<'a, L> {
    /// Returns a reader of lines that have this layout.
    pub fn of(layout: &'a Layout, lines: L) -> Self {
        Self {
            layout,
            lines,
            record: Record::default(),
            place: Place::START,
            timestamp: None,
            counts: Counts::default(),
            next_layout: None,
            takes_any_text: layout.takes_any_text(),
        }
    }

    /// Reads on to the next record or reject, past headers and blank lines.
    ///
    /// `None` at the end, and before lines of another layout: see [`Self::next_layout`].
    pub fn next_record(&mut self) -> Option<Result<&Record<'a>, Reject<'a>>> {
        while self.next_layout.is_none() {
            let line = self.lines.next()?;
            self.place = line.place;
            self.timestamp = line.timestamp;
            match self.read(line) {
                Step::Record => return Some(Ok(&self.record)),
                Step::Reject(reject) => return Some(Err(reject)),
                Step::Passed => {}
            }
        }
        None
    }

    /// Returns the place of what was read last.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Returns what CloudWatch says of the time of what was read last, in milliseconds since 1970 UTC.
    pub fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    /// Returns what became of the lines so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the layout of the lines that follow, if a header changed it: files that somebody put together into one.
    ///
    /// The rest is read by a new reader, of this layout and [`Self::into_lines`].
    pub fn next_layout(&self) -> Option<&Layout> {
        self.next_layout.as_ref()
    }

    /// Returns the lines that are not read yet.
    pub fn into_lines(self) -> L {
        self.lines
    }

    fn read(&mut self, line: Line<'a>) -> Step<'a> {
        let text = match line.text {
            Ok(text) => text,
            Err(bytes) => return self.reject(line.place, bytes, not_text(self.layout, bytes)),
        };
        if self.takes_any_text && self.passes_header(text) {
            return Step::Passed;
        }
        match self.record.read(self.layout, text) {
            Ok(()) => {
                self.counts.records += 1;
                Step::Record
            }
            Err(_) if text.trim_ascii().is_empty() => {
                self.counts.blank += 1;
                Step::Passed
            }
            Err(_) if self.passes_header(text) => Step::Passed,
            Err(error) => self.reject(line.place, text.as_bytes(), error),
        }
    }

    /// Returns whether the line is a header, and remembers it if it is another than ours.
    fn passes_header(&mut self, line: &str) -> bool {
        let ours = || Layout::parse(line).ok().filter(|it| it == self.layout);
        let Some(layout) = Layout::of_header(line.as_bytes()).or_else(ours) else { return false };
        self.counts.headers += 1;
        self.next_layout = (layout != *self.layout).then_some(layout);
        true
    }

    fn reject(&mut self, place: Place, line: &'a [u8], error: LineError) -> Step<'a> {
        self.counts.rejects += 1;
        let column = self.layout.columns().get(error.column).cloned();
        Step::Reject(Reject { place, column, span: error.span, fault: error.fault, line })
    }
}

/// What became of a line.
enum Step<'a> {
    Record,
    Reject(Reject<'a>),
    Passed,
}

/// Returns which column of the line is not text.
fn not_text(layout: &Layout, line: &[u8]) -> LineError {
    let valid = line.utf8_chunks().next().map_or(0, |it| it.valid().len());
    let before = line.get(..valid).unwrap_or_default();
    let tokens = before.split(|it| *it == b' ').filter(|it| !it.is_empty()).count();
    let is_within_token = before.last().is_some_and(|it| *it != b' ');
    let column = (tokens - usize::from(is_within_token)).min(layout.columns().len());
    LineError { column, span: valid..valid + 1, fault: Fault::NotText }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::LogKind;
    use crate::line::{TextLines, export_lines};

    /// Reads a text and writes down everything that came of it.
    fn read(text: &[u8]) -> String {
        let layout = Layout::detect(text).unwrap_or_else(|| Layout::default_of(LogKind::Vpc));
        let mut found = Vec::new();
        let counts = read_on(&layout, TextLines::of(text), &mut found);
        assert_eq!(counts.lines(), count_lines(text));
        let Counts { records, rejects, blank, headers } = counts;
        found.push(format!(
            "{records} records, {rejects} rejects, {blank} blank, {headers} headers"
        ));
        found.join("\n")
    }

    /// Reads on through every change of the layout.
    fn read_on(layout: &Layout, lines: TextLines<'_>, found: &mut Vec<String>) -> Counts {
        let mut reader = Reader::of(layout, lines);
        while let Some(read) = reader.next_record() {
            found.push(match read {
                Ok(record) => record.to_string(),
                Err(reject) => format!("{reject} in `{}`", reject.sample()),
            });
        }
        let mut counts = reader.counts();
        if let Some(next) = reader.next_layout().cloned() {
            counts += read_on(&next, reader.into_lines(), found);
        }
        counts
    }

    /// Counts lines without any code of ours.
    fn count_lines(text: &[u8]) -> u64 {
        let whole = text.strip_suffix(b"\n").unwrap_or(text);
        whole.split(|it| *it == b'\n').count() as u64
    }

    #[test]
    fn every_line_is_accounted_for() {
        let text = b"\xef\xbb\xbfsrcaddr dstport bytes\r\n10.0.0.1 443 -\r\n\r\n10.0.0.1 70000 1\r\n \t\r\n10.0.0.1 443\r\n\
            10.0.0.1 443 1 OK\r\n10.0.0.300 443 1\r\n2001:db8::1  22  99999999999999999999\r\n\xff 1 2\r\n::1 0 9223372036854775807";
        insta::assert_snapshot!(read(text), @r"
        10.0.0.1 443 -
        line 4, byte 53: `dstport`: no value of this field is so large in `10.0.0.1 70000 1`
        line 6, byte 78: `bytes`: the line has fewer values than the header has fields in `10.0.0.1 443`
        line 7, byte 95: the line has more values than the header has fields in `10.0.0.1 443 1 OK`
        line 8, byte 99: `srcaddr`: this is not an address in `10.0.0.300 443 1`
        line 9, byte 134: `bytes`: no value of this field is so large in `2001:db8::1  22  99999999999999999999`
        line 10, byte 156: `srcaddr`: this is not text in `� 1 2`
        ::1 0 9223372036854775807
        2 records, 6 rejects, 2 blank, 1 headers
        ");
    }

    #[test]
    fn headers_may_come_again() {
        let text = b"srcport\n1\nsrcport\n2\ndstport srcport\n3 4\n";
        insta::assert_snapshot!(read(text), @r"
        1
        2
        3 4
        3 records, 0 rejects, 0 blank, 3 headers
        ");
    }

    #[test]
    fn a_header_is_none_of_the_texts() {
        let text = b"vpc-id subnet-id\nvpc-1 subnet-1\nvpc-id subnet-id\nsubnet-id vpc-id\nsubnet-2 vpc-2\n";
        insta::assert_snapshot!(read(text), @r"
        vpc-1 subnet-1
        subnet-2 vpc-2
        2 records, 0 rejects, 0 blank, 3 headers
        ");
    }

    #[test]
    fn blocks_go_on_where_the_last_ended() {
        let text = b"srcport\n1\nx\n2\ny\n";
        let layout = Layout::detect(text).unwrap();
        let (first, second) = text.split_at(crate::whole_lines(&text[..11]));
        let mut lines = TextLines::of(first);
        lines.by_ref().for_each(drop);
        let mut reader = Reader::of(&layout, TextLines::resume(second, lines.place()));
        let mut rejects = Vec::new();
        while let Some(read) = reader.next_record() {
            rejects.extend(read.err().map(|it| it.to_string()));
        }
        let expected = [
            "line 3, byte 10: `srcport`: this is not a number",
            "line 5, byte 14: `srcport`: this is not a number",
        ];
        assert_eq!(rejects, expected);
    }

    #[test]
    fn exports_have_a_time_before_each_line() {
        let text = b"2026-01-01T00:00:00.000Z 10.0.0.1 22\n10.0.0.2 23\n";
        let layout = Layout::parse("srcaddr dstport").unwrap();
        let mut reader = Reader::of(&layout, export_lines(TextLines::of(text)));
        assert_eq!(reader.next_record().unwrap().unwrap().to_string(), "10.0.0.1 22");
        assert_eq!(reader.timestamp(), Some(1_767_225_600_000));
        assert_eq!(reader.next_record().unwrap().unwrap().to_string(), "10.0.0.2 23");
        assert_eq!(reader.timestamp(), None);
        assert!(reader.next_record().is_none());
    }
}
