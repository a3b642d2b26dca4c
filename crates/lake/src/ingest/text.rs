//! Lines into rows.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use portolan_flow::{Content, Layout, Line, Place, Reader, TextLines, export_lines};

use super::reject::Tally;
use crate::rows::Rows;

/// Bytes of a line of the default format, to guess how many rows a block has. Wrong guesses cost little.
const LINE_BYTES: usize = 100;

/// How many lines are looked at before a text is given up.
const LINES_TRIED: usize = 100;

/// How the lines of a source are read.
#[derive(Clone, Debug)]
pub(super) struct Grammar {
    /// The layout that holds for the next line.
    layout: Arc<Layout>,
    /// Whether CloudWatch has put a time before each line.
    is_export: bool,
}

/// Whole lines of a source.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    pub(super) place: Place,
}

/// Rows of one layout that came out of a block.
pub(super) type Parsed = (Arc<Layout>, RecordBatch);

/// Why a block was left in the middle.
#[derive(Debug)]
pub(super) enum Stop {
    /// A header of another layout came where none may.
    LayoutChanged,
    /// Columns could not be made.
    Arrow(ArrowError),
}

impl From<ArrowError> for Stop {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

impl Grammar {
    /// Returns how to read a text that begins so, or `None` if it is no flow log.
    pub(super) fn detect(text: &[u8]) -> Option<Self> {
        let is_export = Content::of(text) == Content::Export;
        let layout = if is_export {
            detect_in(export_lines(TextLines::of(text)))
        } else {
            Layout::detect(text)
        };
        Some(Self { layout: Arc::new(layout?), is_export })
    }

    /// Returns how to read lines that begin so.
    pub(super) fn detect_lines<'a>(lines: impl Iterator<Item = Line<'a>>) -> Option<Self> {
        Some(Self { layout: Arc::new(detect_in(lines)?), is_export: false })
    }

    /// Reads the lines of a block, see [`Self::read`].
    pub(super) fn parse(
        &mut self,
        block: &Block,
        may_change: bool,
        tally: &mut Tally,
    ) -> Result<Vec<Parsed>, Stop> {
        let lines = match block.place {
            Place::START => TextLines::of(&block.bytes),
            place => TextLines::resume(&block.bytes, place),
        };
        let capacity = block.bytes.len() / LINE_BYTES;
        if self.is_export {
            self.read(export_lines(lines), capacity, may_change, tally)
        } else {
            self.read(lines, capacity, may_change, tally)
        }
    }

    /// Reads lines; `capacity` is about how many.
    ///
    /// A line that is no record is counted in `tally`. If `may_change`, a header changes the layout for what follows.
    ///
    /// # Errors
    ///
    /// Returns [`Stop::LayoutChanged`] at a header of another layout unless `may_change`.
    pub(super) fn read<'a>(
        &mut self,
        mut lines: impl Iterator<Item = Line<'a>>,
        capacity: usize,
        may_change: bool,
        tally: &mut Tally,
    ) -> Result<Vec<Parsed>, Stop> {
        let mut parsed = Vec::new();
        loop {
            let layout = Arc::clone(&self.layout);
            let mut rows = Rows::new(Arc::clone(&layout), capacity);
            let mut reader = Reader::of(&layout, lines.by_ref().map(shortened));
            while let Some(read) = reader.next_record() {
                match read {
                    Ok(record) => rows.push(record.values())?,
                    Err(reject) => tally.add(&reject),
                }
            }
            if rows.len() > 0 {
                parsed.push((Arc::clone(&layout), rows.finish()?));
            }
            match reader.next_layout() {
                None => return Ok(parsed),
                Some(_) if !may_change => return Err(Stop::LayoutChanged),
                Some(next) => self.layout = Arc::new(next.clone()),
            }
        }
    }
}

/// Lets a line be read together with a layout that does not live as long.
fn shortened<'short, 'long: 'short>(line: Line<'long>) -> Line<'short> {
    line
}

/// Returns the layout of lines of which only the messages count.
fn detect_in<'a>(lines: impl Iterator<Item = Line<'a>>) -> Option<Layout> {
    let texts = lines.take(LINES_TRIED).filter_map(|it| it.text.ok());
    let text: String = texts.flat_map(|it| [it, "\n"]).collect();
    Layout::detect(text.as_bytes())
}
