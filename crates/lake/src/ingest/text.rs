//! Lines into rows.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use portolan_flow::{
    Content, Cutter, Layout, Line, Place, Reader, TextLines, export_lines, whole_lines,
};

use super::reject::Tally;
use crate::rows::Rows;

/// Bytes of a line of the default format, to guess how many rows a block has. Wrong guesses cost little.
const LINE_BYTES: usize = 100;

/// How many bytes of lines are read column by column: as many as stay near the processor.
const CHUNK: usize = 32 << 10;

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
    /// The lines, and after them what is left of the last use of the memory.
    pub(super) bytes: Vec<u8>,
    /// How many bytes the lines have.
    pub(super) length: usize,
    pub(super) place: Place,
}

impl Block {
    /// Returns the lines.
    pub(super) fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
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

    /// Reads the lines of a block.
    ///
    /// A line that is no record is counted in `tally`. If `may_change`, a header changes the layout for what follows.
    ///
    /// # Errors
    ///
    /// Returns [`Stop::LayoutChanged`] at a header of another layout unless `may_change`.
    pub(super) fn parse(
        &mut self,
        block: &Block,
        may_change: bool,
        tally: &mut Tally,
    ) -> Result<Vec<Parsed>, Stop> {
        let mut gathered = Gathered::new(&self.layout, block.length / LINE_BYTES);
        if self.is_export {
            let lines = export_lines(lines_at(block.text(), block.place));
            self.read_on(lines, may_change, tally, &mut gathered)?;
        } else {
            self.parse_chunks(block, may_change, tally, &mut gathered)?;
        }
        gathered.finish()
    }

    /// Reads lines of any origin; `capacity` is about how many. See [`Self::parse`].
    pub(super) fn read<'a>(
        &mut self,
        lines: impl Iterator<Item = Line<'a>>,
        capacity: usize,
        may_change: bool,
        tally: &mut Tally,
    ) -> Result<Vec<Parsed>, Stop> {
        let mut gathered = Gathered::new(&self.layout, capacity);
        self.read_on(lines, may_change, tally, &mut gathered)?;
        gathered.finish()
    }

    /// Reads many lines at once where they are as usual, and the others one by one.
    fn parse_chunks(
        &mut self,
        block: &Block,
        may_change: bool,
        tally: &mut Tally,
        gathered: &mut Gathered,
    ) -> Result<(), Stop> {
        let mut cutter = Cutter::default();
        let mut place = block.place;
        let text = block.text();
        let mut rest = 0..text.len();
        while let Some(chunk) = next_chunk(text, &mut rest) {
            let cells = cutter.cut(text, chunk.clone(), &self.layout);
            if let Some(cells) = cells.filter(|it| gathered.rows.extend(*it)) {
                place.line += cells.rows() as u64;
                place.offset += chunk.len() as u64;
            } else {
                let bytes = text.get(chunk).unwrap_or_default();
                let mut lines = lines_at(bytes, place);
                self.read_on(lines.by_ref(), may_change, tally, gathered)?;
                place = lines.place();
            }
        }
        Ok(())
    }

    /// Reads lines one by one.
    fn read_on<'a>(
        &mut self,
        mut lines: impl Iterator<Item = Line<'a>>,
        may_change: bool,
        tally: &mut Tally,
        gathered: &mut Gathered,
    ) -> Result<(), Stop> {
        loop {
            let layout = Arc::clone(&self.layout);
            let mut reader = Reader::of(&layout, lines.by_ref().map(shortened));
            while let Some(read) = reader.next_record() {
                match read {
                    Ok(record) => gathered.rows.push(record.values()),
                    Err(reject) => tally.add(&reject),
                }
            }
            match reader.next_layout() {
                None => return Ok(()),
                Some(_) if !may_change => return Err(Stop::LayoutChanged),
                Some(next) => self.layout = Arc::new(next.clone()),
            }
            gathered.turn_to(&self.layout)?;
        }
    }
}

/// Rows that came out of lines so far.
struct Gathered {
    capacity: usize,
    /// The layout of `rows`.
    layout: Arc<Layout>,
    rows: Rows,
    /// Those of layouts before it.
    parsed: Vec<Parsed>,
}

impl Gathered {
    fn new(layout: &Arc<Layout>, capacity: usize) -> Self {
        let rows = Rows::new(Arc::clone(layout), capacity);
        Self { capacity, layout: Arc::clone(layout), rows, parsed: Vec::new() }
    }

    /// What comes now has another layout.
    fn turn_to(&mut self, layout: &Arc<Layout>) -> Result<(), ArrowError> {
        let rows = Rows::new(Arc::clone(layout), self.capacity);
        let rows = std::mem::replace(&mut self.rows, rows);
        let before = std::mem::replace(&mut self.layout, Arc::clone(layout));
        if rows.len() > 0 {
            self.parsed.push((before, rows.finish()?));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Parsed>, Stop> {
        if self.rows.len() > 0 {
            self.parsed.push((self.layout, self.rows.finish()?));
        }
        Ok(self.parsed)
    }
}

/// Takes whole lines off the rest of a block, or all of it if there are none.
fn next_chunk(block: &[u8], rest: &mut Range<usize>) -> Option<Range<usize>> {
    let some = block.get(rest.start..rest.end.min(rest.start + CHUNK))?;
    let length = Some(whole_lines(some)).filter(|it| *it > 0).unwrap_or(rest.len());
    let chunk = rest.start..rest.start + length;
    rest.start = chunk.end;
    Some(chunk).filter(|it| !it.is_empty())
}

/// Returns the lines of a text that begins there in its file.
fn lines_at(text: &[u8], place: Place) -> TextLines<'_> {
    match place {
        Place::START => TextLines::of(text),
        place => TextLines::resume(text, place),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADER: &str = "srcaddr dstport bytes action";

    /// Some blocks of lines, few of which are strange.
    fn some_text() -> impl Strategy<Value = String> {
        let line = "(10\\.0\\.0\\.[0-9]{1,2}|-|2001:db8::[0-9]) ([0-9]{1,4}|-) [0-9]{1,12} (ACCEPT|-|[a-z]{1,40})\n";
        let odd = "[0-9a-z.: -]{0,3} ?[0-9]{0,21} (\u{e9}|[0-9]{1,4})  ?[a-z]{0,3}\r?\n|srcaddr dstport bytes action\n|\n";
        let lines = prop::collection::vec(prop_oneof![400 => line, 1 => odd], 0..2_000);
        (lines, "(10\\.0\\.0\\.1 443 1|10\\.0|2)?").prop_map(|(lines, end)| lines.concat() + &end)
    }

    /// Reads a text, and writes down the rows and the rejects.
    fn read(
        text: &str,
        how: impl FnOnce(&mut Grammar, &mut Tally) -> Result<Vec<Parsed>, Stop>,
    ) -> (Vec<RecordBatch>, u64, Vec<String>) {
        let layout = Arc::new(Layout::parse(HEADER).unwrap());
        let mut tally = Tally::new("text");
        let parsed = how(&mut Grammar { layout, is_export: false }, &mut tally).expect(text);
        let rejects = tally.kept.iter().map(|it| format!("{it:?}")).collect();
        (parsed.into_iter().map(|(_, batch)| batch).collect(), tally.count(), rejects)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn chunks_say_what_lines_say(text in some_text(), line in 1..9_u64) {
            let place = Place { line, offset: line - 1 };
            let bytes = (text.clone() + "beyond").into_bytes();
            let block = Block { bytes, length: text.len(), place };
            let chunks = read(&text, |grammar, tally| grammar.parse(&block, true, tally));
            let lines = read(&text, |grammar, tally| {
                grammar.read(lines_at(text.as_bytes(), place), 0, true, tally)
            });
            prop_assert_eq!(chunks, lines);
        }
    }
}
