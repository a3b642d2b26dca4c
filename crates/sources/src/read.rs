//! Reads files into a model.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use portolan_model::{Model, ReadProblem};

use crate::error::ReadError;
use crate::files::{self, Source};
use crate::finish::finish;
use crate::input::{self, Meter};
use crate::json::{Fault, Form, Splitter};
use crate::progress::Progress;
use crate::reader::Reader;

/// The path of standard input in problems.
const STDIN: &str = "-";

/// Reads folders, files and, for `-`, standard input into one model, and calls `report` as it goes.
///
/// What is missing or broken is in the model's coverage. The same files give the same model.
///
/// # Errors
///
/// Returns an error if a path cannot be looked at, if standard input cannot be read, or if nothing is
/// recognised and nothing is broken.
pub fn read(paths: &[PathBuf], report: &mut dyn FnMut(Progress)) -> Result<Model, ReadError> {
    let sources = files::list(paths)?;
    let mut meter = Meter::new(expected(&sources), report);
    let mut reader = Reader::default();
    for source in &sources {
        read_source(&mut reader, source, &mut meter)?;
        meter.finish_file();
    }
    let model = into_model(reader);
    if model.coverage.places().next().is_none() && model.coverage.problems().next().is_none() {
        let paths = paths.iter().map(|path| format!("`{}`", path.display())).collect();
        return Err(ReadError::NothingRecognised { paths, files: sources.len() as u64 });
    }
    Ok(model)
}

/// Reads one file that is in memory already. Any bytes give a model, and what is wrong with them is in
/// its coverage.
pub fn read_bytes(name: &str, bytes: &[u8]) -> Model {
    let mut reader = Reader::default();
    if let Err(error) = read_file(&mut reader, name, bytes, true) {
        unreadable(&mut reader, name, &error.to_string());
    }
    into_model(reader)
}

fn into_model(mut reader: Reader) -> Model {
    reader.report_missing_pages();
    finish(reader.builder)
}

/// Returns how far the reading will go.
fn expected(sources: &[Source]) -> Progress {
    let size = |source: &Source| match source {
        Source::Stdin => None,
        Source::File { size, .. } => Some(*size),
        Source::Outside(_) | Source::Unreadable(..) => Some(0),
    };
    Progress {
        files_total: sources.len() as u64,
        bytes_total: sources.iter().map(size).sum(),
        ..Progress::default()
    }
}

fn read_source(
    reader: &mut Reader,
    source: &Source,
    meter: &mut Meter<'_>,
) -> Result<(), ReadError> {
    match source {
        Source::Stdin => {
            let input = meter.measure(io::stdin().lock());
            read_file(reader, STDIN, input, true).map_err(|source| ReadError::Stdin { source })
        }
        Source::File { path, is_named, .. } => {
            let name = name(path);
            let result = File::open(path)
                .and_then(|file| read_file(reader, &name, meter.measure(file), *is_named));
            match result {
                Err(source) if *is_named => Err(ReadError::Path { path: path.clone(), source }),
                Err(error) => {
                    unreadable(reader, &name, &error.to_string());
                    Ok(())
                }
                Ok(()) => Ok(()),
            }
        }
        Source::Outside(path) => {
            let message = "the link leads out of the folder and was not followed";
            let help = "name what it leads to as a source of its own";
            problem(reader, &name(path), message.to_owned(), help);
            Ok(())
        }
        Source::Unreadable(path, error) => {
            unreadable(reader, &name(path), error);
            Ok(())
        }
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn unreadable(reader: &mut Reader, path: &str, error: &str) {
    problem(reader, path, format!("cannot be read: {error}"), "check its permissions");
}

fn problem(reader: &mut Reader, path: &str, message: String, help: &str) {
    reader.builder.model.coverage.add_problem(ReadProblem {
        path: path.to_owned(),
        position: None,
        message,
        help: Some(help.to_owned()),
        loses_data: true,
    });
}

/// Reads one file. A file that somebody named, or that is called JSON, must be JSON.
fn read_file(reader: &mut Reader, name: &str, file: impl Read, is_named: bool) -> io::Result<()> {
    let mut splitter = Splitter::new(input::open(file)?);
    let is_expected = is_named || is_called_json(name);
    reader.open(name);
    let result = match splitter.form() {
        Ok(Form::Json) => splitter.run(reader),
        Ok(form) if is_expected => {
            not_json(reader, name, form);
            return Ok(());
        }
        Ok(_) => Ok(()),
        Err(fault) => Err(fault),
    };
    match result {
        Err(Fault { reason, .. }) if !is_expected && !reader.is_recognised => drop(reason),
        Err(fault) => reader.fail(&fault),
        Ok(()) => {}
    }
    if !reader.is_recognised {
        reader.builder.model.coverage.add_ignored_file();
    }
    Ok(())
}

/// Adds a problem for a file that should be JSON. A command that fails leaves an empty one behind.
fn not_json(reader: &mut Reader, name: &str, form: Form) {
    let (message, help) = match form {
        Form::Empty => (
            "is empty",
            "the command that should have filled it failed: run it again and read what it says",
        ),
        _ => ("is not JSON", "capture it with `--output json`, or take it out of the folder"),
    };
    problem(reader, name, message.to_owned(), help);
}

fn is_called_json(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".json", ".jsonl", ".ndjson"].iter().any(|ending| name.ends_with(ending))
}
