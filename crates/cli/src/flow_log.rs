//! Flow logs that are read as they are, without a lake: text files, plain or gzip, and folders of them.
//!
//! One file is in memory at a time, as AWS delivers them: five minutes each.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use portolan_flow::{
    Content, Layout, Line, LogKind, Reader, TextLines, export_lines, message_lines, read_envelope,
};
use portolan_model::Model;
use portolan_respond::{Observations, Placer};
use walkdir::WalkDir;

use crate::context::Context;
use crate::error::CliError;

/// How many bad lines are shown.
const SHOWN: u64 = 5;

/// Reads every flow log at a path.
///
/// # Errors
///
/// Returns an error if something cannot be read, or if nothing at the path is a flow log. Lines that cannot be read are
/// reported and do not stop the rest.
pub(crate) fn read(
    path: &Path,
    model: &Model,
    context: &Context,
) -> Result<Observations, CliError> {
    let progress = context.ui.progress("reading flow logs");
    let mut log = Log {
        placer: Placer::new(model),
        observations: Observations::default(),
        files: 0,
        rejects: 0,
    };
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| read_error(path, error.into()))?;
        if entry.file_type().is_file() {
            let bytes =
                fs::read(entry.path()).map_err(|source| read_error(entry.path(), source))?;
            log.add_file(entry.path(), &bytes, context)
                .map_err(|source| read_error(entry.path(), source))?;
        }
    }
    drop(progress);
    if log.files == 0 {
        return Err(CliError::NoFlowLog { path: path.to_owned() });
    }
    if log.rejects > 0 {
        let help = "what they say is missing from the answer";
        let text = format_args!("{} lines of flow logs could not be read", log.rejects);
        context.ui.warning(text, Some(help));
    }
    Ok(log.observations)
}

fn read_error(path: &Path, source: io::Error) -> CliError {
    CliError::Read { path: path.to_owned(), source }
}

/// What was read so far.
struct Log<'m> {
    placer: Placer<'m>,
    observations: Observations,
    files: u64,
    rejects: u64,
}

impl Log<'_> {
    /// Adds the records of a file; other files are passed over.
    fn add_file(&mut self, path: &Path, bytes: &[u8], context: &Context) -> io::Result<()> {
        match Content::of(bytes) {
            Content::Gzip => {
                let mut text = Vec::new();
                MultiGzDecoder::new(bytes).read_to_end(&mut text)?;
                // Once is enough: what is compressed twice is no flow log.
                if Content::of(&text) != Content::Gzip {
                    self.add_file(path, &text, context)?;
                }
            }
            Content::Text => {
                if let Some(layout) = Layout::detect(bytes) {
                    self.add_lines(path, layout, TextLines::of(bytes), context);
                }
            }
            Content::Export => {
                let layout = Layout::default_of(LogKind::Vpc);
                self.add_lines(path, layout, export_lines(TextLines::of(bytes)), context);
            }
            Content::Envelope => {
                let (batches, _) = read_envelope(bytes);
                if batches.iter().any(|batch| !batch.events.is_empty()) {
                    let layout = Layout::default_of(LogKind::Vpc);
                    self.add_lines(path, layout, message_lines(&batches), context);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds lines, by the layout that they begin with and any that they go on with.
    fn add_lines<'a>(
        &mut self,
        path: &Path,
        mut layout: Layout,
        lines: impl Iterator<Item = Line<'a>>,
        context: &Context,
    ) {
        self.files += 1;
        let lines: Vec<Line<'a>> = lines.collect();
        let mut rest = lines.as_slice();
        loop {
            let mut reader = Reader::of(&layout, rest.iter().copied());
            while let Some(read) = reader.next_record() {
                match read {
                    Ok(record) => {
                        self.observations.add_recorded(&self.placer.place(&layout, record));
                    }
                    Err(reject) => {
                        self.rejects += 1;
                        if self.rejects <= SHOWN {
                            let text = format_args!("{}: {reject}", path.display());
                            context.ui.warning(text, Some(reject.fault.help()));
                        }
                    }
                }
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
