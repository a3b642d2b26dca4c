//! A window that moves over a stream of bytes and knows the line and column of where it stands.
//!
//! The bytes behind the cursor are forgotten, except for those from a *kept* place on, which stay until they
//! are taken. So the window is as large as the largest thing that somebody wants to see whole.

use std::io::{self, ErrorKind, Read};

/// A place in a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Mark {
    /// Bytes before it.
    pub(crate) offset: u64,
    /// Its line, from 1.
    pub(crate) line: u64,
    /// Its column in bytes, from 1.
    pub(crate) column: u64,
}

impl Mark {
    /// The first byte of a file.
    pub(crate) const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// Returns the place after `bytes`, if they stand here.
    pub(crate) fn after(self, bytes: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', bytes).count();
        let last_line = memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1);
        let tail = (bytes.len() - last_line) as u64;
        Self {
            offset: self.offset + bytes.len() as u64,
            line: self.line + lines as u64,
            column: if lines == 0 { self.column + tail } else { 1 + tail },
        }
    }
}

/// How much is asked of the input at once. Large enough to make calls rare, small enough for a cache.
const CHUNK: usize = 1 << 18;

/// A window over `input`.
#[derive(Debug)]
pub(crate) struct Window<R> {
    input: R,
    // INVARIANT: cursor <= filled <= bytes.len(), marked.0 <= cursor, and kept.0 <= cursor if kept.
    bytes: Vec<u8>,
    filled: usize,
    cursor: usize,
    /// Where that starts which must stay in view, in `bytes` and in the file.
    kept: Option<(usize, Mark)>,
    /// A place in `bytes`, and what it is in the file.
    marked: (usize, Mark),
    /// How many bytes may be kept.
    limit: usize,
}

impl<R: Read> Window<R> {
    /// Opens a window that keeps at most about `limit` bytes.
    pub(crate) fn new(input: R, limit: usize) -> Self {
        Self {
            input,
            bytes: Vec::new(),
            filled: 0,
            cursor: 0,
            kept: None,
            marked: (0, Mark::START),
            limit,
        }
    }

    /// Returns what is in view from the cursor on; nothing does not mean that the input has ended.
    fn view(&self) -> &[u8] {
        self.bytes.get(self.cursor..self.filled).unwrap_or_default()
    }

    /// Returns what is in view, of which there are at least `count` bytes unless the input ends before.
    pub(crate) fn look(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.view().len() < count && self.fill()? {}
        Ok(self.view())
    }

    /// Moves the cursor over `count` bytes that are in view.
    pub(crate) fn advance(&mut self, count: usize) {
        self.cursor = self.filled.min(self.cursor + count);
    }

    /// Moves the cursor to the first place that `find` finds, and returns the byte there, or `None` if the
    /// input ends before.
    pub(crate) fn seek(&mut self, find: impl Fn(&[u8]) -> Option<usize>) -> io::Result<Option<u8>> {
        loop {
            if let Some(distance) = find(self.view()) {
                self.advance(distance);
                return Ok(self.view().first().copied());
            }
            self.cursor = self.filled;
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Returns where the cursor stands in the file.
    pub(crate) fn mark(&mut self) -> Mark {
        let (from, mark) = self.marked;
        let mark = mark.after(self.bytes.get(from..self.cursor).unwrap_or_default());
        self.marked = (self.cursor, mark);
        mark
    }

    /// Keeps what comes from the cursor on, until it is taken.
    pub(crate) fn keep(&mut self) {
        self.kept = Some((self.cursor, self.mark()));
    }

    /// Returns what was kept and where it starts, or `None` if it was more than the limit.
    pub(crate) fn take(&mut self) -> Option<(&[u8], Mark)> {
        let (place, mark) = self.kept.take()?;
        Some((self.bytes.get(place..self.cursor)?, mark))
    }

    /// Brings more into view, and returns whether there was more.
    fn fill(&mut self) -> io::Result<bool> {
        self.kept = self.kept.filter(|(place, _)| self.filled - place <= self.limit);
        self.forget(self.kept.map_or(self.cursor, |(place, _)| place));
        let end = self.filled + CHUNK;
        if self.bytes.len() < end {
            self.bytes.resize(end.next_power_of_two(), 0);
        }
        let room = self.bytes.get_mut(self.filled..end).unwrap_or_default();
        let count = read(&mut self.input, room)?;
        self.filled += count;
        Ok(count > 0)
    }

    /// Forgets what stands before `place`, which is not behind the cursor.
    fn forget(&mut self, place: usize) {
        if place == 0 {
            return;
        }
        self.mark();
        self.bytes.copy_within(place..self.filled, 0);
        self.filled -= place;
        self.cursor -= place;
        self.marked.0 = self.cursor;
        self.kept = self.kept.map(|(kept, mark)| (kept - place, mark));
    }
}

/// Reads once, however often a signal interrupts.
fn read(input: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result.map(|count| count.min(room.len())),
        }
    }
}
