//! Flow logs that are read as they are, without a lake: text files, plain or gzip, and folders of them.
//!
//! One file is in memory at a time, as AWS delivers them: five minutes each.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use portolan_flow::{
    Content, Field, Layout, Line, LogKind, Reader, Record, Reject, TextLines, Value, export_lines,
    message_lines, read_envelope,
};
use portolan_respond::{Observations, Placer};
use walkdir::WalkDir;

use super::first_second;
use crate::context::Context;
use crate::error::CliError;
use crate::words;

/// How many bad lines are shown.
const SHOWN: u64 = 5;

/// Reads every flow log at a path, or the last days of them.
pub(super) fn read(
    path: &Path,
    days: Option<i64>,
    placer: &Placer<'_>,
    context: &Context,
) -> Result<Observations, CliError> {
    let progress = context.ui.progress("reading flow logs");
    let first = match days {
        None => i64::MIN,
        Some(days) => first_second(newest(path)?, days),
    };
    let mut observations = Observations::default();
    let mut rejects = 0;
    let files = each_line(path, &mut |file, read| match read {
        Ok((layout, record)) => {
            if start(layout, record).is_none_or(|start| start >= first) {
                observations.add_recorded(&placer.place(&(layout, record)));
            }
        }
        Err(reject) => {
            rejects += 1;
            if rejects <= SHOWN {
                let text = format_args!("{}: {reject}", file.display());
                context.ui.warning(text, Some(reject.fault.help()));
            }
        }
    })?;
    drop(progress);
    warn_of_lack(rejects, &files, context);
    if files.read == 0 {
        return Err(CliError::NoFlowLog { path: path.to_owned() });
    }
    Ok(observations)
}

/// Says what is missing from the answer.
fn warn_of_lack(rejects: u64, files: &Files, context: &Context) {
    if rejects > 0 {
        let lines = words::count(rejects, "line");
        let text = format_args!("{lines} of flow logs could not be read");
        context.ui.warning(text, Some("what is not read is missing from the answer"));
    }
    if files.for_lakes > 0 {
        let help =
            "read them into a lake with `portolan flows ingest`, and name that with `--flows`";
        let files = words::count(files.for_lakes, "file");
        let text = format_args!("passed over {files} in zstd or Parquet, which only lakes read");
        context.ui.warning(text, Some(help));
    }
}

/// Returns when the newest record starts; the end of time if none says.
fn newest(path: &Path) -> Result<i64, CliError> {
    let mut newest = None;
    each_line(path, &mut |_, read| {
        newest = newest.max(read.ok().and_then(|(layout, record)| start(layout, record)));
    })?;
    Ok(newest.unwrap_or(i64::MAX))
}

fn start(layout: &Layout, record: &Record<'_>) -> Option<i64> {
    match record.value(layout, Field::Start) {
        Value::Integer(second) => Some(second),
        _ => None,
    }
}

/// What is done with a line, in which file it is: a record with its layout, or why it is none.
type Visit<'v> = dyn FnMut(&Path, Result<(&Layout, &Record<'_>), Reject<'_>>) + 'v;

/// How many files there were.
#[derive(Debug, Default)]
struct Files {
    /// That are flow logs.
    read: u64,
    /// That only a lake reads.
    for_lakes: u64,
}

/// Visits every line of every flow log at a path.
fn each_line(path: &Path, visit: &mut Visit<'_>) -> Result<Files, CliError> {
    let mut files = Files::default();
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| walk_error(path, error))?;
        if entry.file_type().is_file() {
            let failed = |source| read_error(entry.path(), source);
            let bytes = fs::read(entry.path()).map_err(failed)?;
            let mut file = File { path: entry.path(), files: &mut files, visit: &mut *visit };
            file.read(&bytes).map_err(failed)?;
        }
    }
    Ok(files)
}

fn walk_error(path: &Path, error: walkdir::Error) -> CliError {
    let path = error.path().unwrap_or(path).to_owned();
    let around = || io::Error::other("it leads back to itself");
    CliError::Read { path, source: error.into_io_error().unwrap_or_else(around) }
}

fn read_error(path: &Path, source: io::Error) -> CliError {
    CliError::Read { path: path.to_owned(), source }
}

/// A file that is being read.
struct File<'f, 'v> {
    path: &'f Path,
    files: &'f mut Files,
    visit: &'f mut Visit<'v>,
}

impl File<'_, '_> {
    /// Visits the lines of the file; one that is no flow log is passed over.
    fn read(&mut self, bytes: &[u8]) -> io::Result<()> {
        match Content::of(bytes) {
            Content::Gzip => {
                let mut text = Vec::new();
                MultiGzDecoder::new(bytes).read_to_end(&mut text)?;
                // Once is enough: what is compressed twice is no flow log.
                if Content::of(&text) != Content::Gzip {
                    self.read(&text)?;
                }
            }
            Content::Text => {
                if let Some(layout) = Layout::detect(bytes) {
                    self.lines(layout, TextLines::of(bytes));
                }
            }
            Content::Export => {
                let layout = Layout::default_of(LogKind::Vpc);
                self.lines(layout, export_lines(TextLines::of(bytes)));
            }
            Content::Envelope => {
                let (batches, _) = read_envelope(bytes);
                if batches.iter().any(|batch| !batch.events.is_empty()) {
                    let layout = Layout::default_of(LogKind::Vpc);
                    self.lines(layout, message_lines(&batches));
                }
            }
            Content::Zstd | Content::Parquet => self.files.for_lakes += 1,
            _ => {}
        }
        Ok(())
    }

    /// Visits lines, by the layout that they begin with and any that they go on with.
    fn lines<'a>(&mut self, mut layout: Layout, lines: impl Iterator<Item = Line<'a>>) {
        self.files.read += 1;
        let lines: Vec<Line<'a>> = lines.collect();
        let mut rest = lines.as_slice();
        loop {
            let mut reader = Reader::of(&layout, rest.iter().copied());
            while let Some(read) = reader.next_record() {
                (self.visit)(self.path, read.map(|record| (&layout, record)));
            }
            let read = usize::try_from(reader.counts().lines()).unwrap_or(usize::MAX);
            let next = reader.next_layout().cloned();
            rest = rest.get(read..).unwrap_or_default();
            match next {
                Some(next) => layout = next,
                None => return,
            }
        }
    }
}
