//! Bytes of a source into blocks of whole lines.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use portolan_flow::{Place, whole_lines};

use super::problem::SourceProblem;
use super::text::Block;

/// How many bytes of lines a worker parses at once.
const BLOCK: usize = 4 << 20;

/// How many bytes are read at once: as many as stay near the processor until their lines are counted.
const PIECE: usize = 256 << 10;

/// The longest line that we wait for the end of.
const MAX_LINE: usize = 64 << 20;

/// Cuts a text into blocks of whole lines.
pub(super) struct Blocks<'r, R> {
    content: R,
    spare: &'r Mutex<Vec<Vec<u8>>>,
    /// The beginning of a line whose end was not read yet.
    carry: Vec<u8>,
    place: Place,
    /// How many ends of lines the block has.
    lines: u64,
    is_done: bool,
}

impl<'r, R: Read> Blocks<'r, R> {
    pub(super) fn new(content: R, spare: &'r Mutex<Vec<Vec<u8>>>) -> Self {
        Self { content, spare, carry: Vec::new(), place: Place::START, lines: 0, is_done: false }
    }

    /// Returns the next block, or `None` at the end. A line that is longer than a block is a block of its own.
    pub(super) fn next_block(&mut self) -> Result<Option<Block>, SourceProblem> {
        if self.is_done {
            return Ok(None);
        }
        let mut bytes =
            self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let mut length = self.take_carry(&mut bytes);
        self.lines = 0;
        while !self.is_done {
            length = self.fill(&mut bytes, length).map_err(SourceProblem::Unreadable)?;
            let read = bytes.get(..length).unwrap_or_default();
            let whole = whole_lines(read);
            if !self.is_done && whole > 0 {
                self.carry.extend_from_slice(read.get(whole..).unwrap_or_default());
                length = whole;
                break;
            }
            if length > MAX_LINE {
                return Err(SourceProblem::NotAFlowLog);
            }
        }
        if length == 0 {
            return Ok(None);
        }
        let block = Block { place: self.place, bytes, length };
        self.place.offset += length as u64;
        self.place.line += self.lines;
        Ok(Some(block))
    }

    /// Puts what was carried first, and returns how much that is.
    fn take_carry(&mut self, bytes: &mut Vec<u8>) -> usize {
        let length = self.carry.len();
        make_room(bytes, length);
        if let Some(front) = bytes.get_mut(..length) {
            front.copy_from_slice(&self.carry);
        }
        self.carry.clear();
        length
    }

    /// Reads as much as a block has, counting its lines, and returns where it ends.
    fn fill(&mut self, bytes: &mut Vec<u8>, start: usize) -> io::Result<usize> {
        make_room(bytes, start + BLOCK);
        let mut end = start;
        while end < start + BLOCK {
            let piece = end..(end + PIECE).min(start + BLOCK);
            let room = bytes.get_mut(piece).unwrap_or_default();
            match self.content.read(room) {
                Ok(0) => {
                    self.is_done = true;
                    break;
                }
                Ok(count) => {
                    let read = room.get(..count).unwrap_or_default();
                    self.lines += memchr::memchr_iter(b'\n', read).count() as u64;
                    end += count;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(end)
    }

    /// Returns what was not handed over yet.
    pub(super) fn rest(self) -> impl Read {
        io::Cursor::new(self.carry).chain(self.content)
    }
}

/// Makes a buffer as long as that, at least. It stays so, since to clear it each time would cost more than to read into it.
fn make_room(bytes: &mut Vec<u8>, length: usize) {
    if bytes.len() < length {
        bytes.resize(length, 0);
    }
}
