//! Lines and where they come from: a text, an export of CloudWatch, or the messages of an envelope.
//!
//! A reader does not care: it takes whatever yields [`Line`]s.

use crate::envelope::Batch;
use crate::scan;
use crate::timestamp;

/// Where a line stands in its file.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The number of the line, counted from 1. Of an envelope, the number of the message.
    pub line: u64,
    /// Where the line begins, in bytes of the text. Of an envelope, 0.
    pub offset: u64,
}

impl Place {
    /// The first line of a file.
    pub const START: Self = Self { line: 1, offset: 0 };
}

/// A line that may be a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Line<'a> {
    /// Where it stands.
    pub place: Place,
    /// What CloudWatch says of the time of the event, in milliseconds since 1970 UTC.
    pub timestamp: Option<i64>,
    /// The line without its end, or its bytes if they are not UTF-8.
    pub text: Result<&'a str, &'a [u8]>,
}

/// The lines of a text, such as a file that a flow log left in S3.
///
/// A large file is best given in blocks of whole lines, around a megabyte each; see [`TextLines::resume`] and
/// [`whole_lines`].
#[derive(Clone, Debug)]
pub struct TextLines<'a> {
    /// All of the text.
    bytes: &'a [u8],
    // As much of the text as is UTF-8. To check it at once is several times faster than to check line by line.
    valid: &'a str,
    /// Where the next line begins.
    next: usize,
    /// The place of the text itself.
    start: Place,
    /// How many lines are read.
    lines: u64,
}

impl<'a> TextLines<'a> {
    /// Returns the lines of a whole file. A byte order mark is passed over.
    pub fn of(bytes: &'a [u8]) -> Self {
        let mark = bytes.len() - scan::without_mark(bytes).len();
        Self { next: mark, ..Self::resume(bytes, Place::START) }
    }

    /// Returns the lines of a block that begins at a place of its file.
    pub fn resume(bytes: &'a [u8], start: Place) -> Self {
        let valid = match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => bytes
                .get(..error.valid_up_to())
                .and_then(|it| str::from_utf8(it).ok())
                .unwrap_or_default(),
        };
        Self { bytes, valid, next: 0, start, lines: 0 }
    }

    /// Returns where the next line begins: where to resume in the next block.
    pub fn place(&self) -> Place {
        Place { line: self.start.line + self.lines, offset: self.start.offset + self.next as u64 }
    }
}

impl<'a> Iterator for TextLines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let (line, rest) = scan::split_line(self.bytes.get(self.next..)?)?;
        let place = self.place();
        let text = match self.valid.get(self.next..self.next + line.len()) {
            Some(text) => Ok(text),
            None => str::from_utf8(line).map_err(|_| line),
        };
        self.next = self.bytes.len() - rest.len();
        self.lines += 1;
        Some(Line { place, timestamp: None, text })
    }
}

/// Returns how many bytes of a block are whole lines; what follows belongs before the next block.
pub fn whole_lines(block: &[u8]) -> usize {
    memchr::memrchr(b'\n', block).map_or(0, |end| end + 1)
}

/// Takes the time off the lines of what CloudWatch Logs exports to S3: `2026-01-01T00:00:00.000Z MESSAGE`.
///
/// A line without a time is passed on as it is.
pub fn export_lines<'a>(lines: impl Iterator<Item = Line<'a>>) -> impl Iterator<Item = Line<'a>> {
    lines.map(|line| {
        let Some((time, message)) = line.text.ok().and_then(split_time) else { return line };
        Line { timestamp: Some(time), text: Ok(message), ..line }
    })
}

/// Yields the messages of an envelope. One that holds several lines is as many.
pub fn message_lines<'a>(batches: &'a [Batch<'a>]) -> impl Iterator<Item = Line<'a>> {
    let events = batches.iter().flat_map(|it| &it.events);
    let lines = events.flat_map(|event| event.message.lines().map(|text| (event.timestamp, text)));
    (1..).zip(lines).map(|(line, (timestamp, text))| Line {
        place: Place { line, offset: 0 },
        timestamp,
        text: Ok(text),
    })
}

/// Returns whether a line begins as those of an export do.
pub(crate) fn is_exported(line: &[u8]) -> bool {
    str::from_utf8(line).is_ok_and(|it| split_time(it).is_some())
}

/// Parts the time, in milliseconds, from the message.
fn split_time(line: &str) -> Option<(i64, &str)> {
    let (time, message) = line.split_once(' ')?;
    Some((timestamp::millis(time)?, message))
}
