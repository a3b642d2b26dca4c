//! Where an answer goes, and in which format.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, value_parser};
use portolan_report::{Format, Style};

use crate::context::Context;
use crate::error::CliError;

/// The fewest columns that a table can be read in.
const NARROWEST: i64 = 20;

/// Where an answer goes, as typed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArguments {
    /// How to write the answer
    #[arg(long, short, value_name = "FORMAT", value_parser = format_parser())]
    format: Option<Format>,

    #[command(flatten)]
    destination: DestinationArguments,
}

/// Where an answer goes and how wide it may be, as typed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct DestinationArguments {
    /// Write to this file instead of standard output
    ///
    /// Its extension tells the format, unless `--format` does. The file appears when it is whole.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Fit tables into this many columns, also where there is no terminal
    #[arg(long, value_name = "COLUMNS", value_parser = value_parser!(u16).range(NARROWEST..))]
    width: Option<u16>,
}

/// Returns the format of that name, as `--format` and the configuration understand it.
pub(crate) fn format_named(name: &str) -> Option<Format> {
    let is_named = |it: &Format| it.name() == name || alias(*it) == Some(name);
    Format::ALL.into_iter().find(is_named)
}

/// Returns the short name that people type out of habit.
fn alias(format: Format) -> Option<&'static str> {
    (format == Format::Markdown).then_some("md")
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let value = |it: Format| PossibleValue::new(it.name()).aliases(alias(it));
    // Whatever passes the list has a format.
    PossibleValuesParser::new(Format::ALL.map(value))
        .map(|name| format_named(&name).unwrap_or_default())
}

impl OutputArguments {
    /// Writes an answer where it is to go.
    ///
    /// A closed pipe ends the writing and is no error: whoever reads has seen enough.
    pub(crate) fn write(
        &self,
        context: &Context,
        body: impl FnOnce(Format, &Style, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        let format = self.format(context)?;
        self.destination.write(context, |style, out| body(format, style, out))
    }

    /// Returns the file to write to, unless it is standard output.
    #[cfg(feature = "flows")]
    pub(crate) fn file(&self) -> Option<&Path> {
        self.destination.file()
    }

    /// Returns the format: as typed, else by the extension of the file, else as configured.
    fn format(&self, context: &Context) -> Result<Format, CliError> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let file = self.destination.file();
        let Some((path, extension)) = file.and_then(|it| Some((it, it.extension()?))) else {
            return Ok(context.config.format());
        };
        extension
            .to_str()
            .and_then(Format::from_extension)
            .ok_or_else(|| CliError::UnknownExtension { path: path.to_owned() })
    }
}

impl DestinationArguments {
    /// Writes an answer where it is to go; see [`OutputArguments::write`].
    pub(crate) fn write(
        &self,
        context: &Context,
        body: impl FnOnce(&Style, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        match self.file() {
            None => self.write_to_terminal(context, body),
            Some(path) => {
                let style = Style { color: false, width: self.width(context) };
                write_to_file(path, |out| body(&style, out))
                    .map_err(|source| CliError::Write { path: path.to_owned(), source })?;
                context.ui.note(format_args!("wrote `{}`", path.display()));
                Ok(())
            }
        }
    }

    fn write_to_terminal(
        &self,
        context: &Context,
        body: impl FnOnce(&Style, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        let width = self.width(context).or_else(terminal_width);
        let style = Style { color: context.ui.colors_output(), width };
        print(|out| body(&style, out))
    }

    /// Returns the file to write to, unless it is standard output.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }

    fn width(&self, context: &Context) -> Option<usize> {
        self.width.or_else(|| context.config.width()).map(usize::from)
    }
}

/// Prints an answer to standard output.
///
/// # Errors
///
/// Returns [`CliError::Write`], but not for a closed pipe.
pub(crate) fn print(body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    match body(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::Write { path: "-".into(), source: error })
        }
        _ => Ok(()),
    }
}

/// Writes bytes to a file, or to standard output if there is none, or `-`.
///
/// # Errors
///
/// Returns [`CliError::Write`], but not for a closed pipe.
#[cfg(feature = "flows")]
pub(crate) fn write_bytes(
    file: Option<&Path>,
    body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    match file.filter(|path| *path != Path::new("-")) {
        None => print(body),
        Some(path) => write_to_file(path, body)
            .map_err(|source| CliError::Write { path: path.to_owned(), source }),
    }
}

fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(width.0.into())
}

/// Writes a file so that it is there whole or not at all: beside its place first, then renamed into it.
///
/// What is there and is not a plain file, such as a named pipe, is written to as it is. A link keeps
/// leading to the same file.
fn write_to_file(
    path: &Path,
    body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if path.exists() && !path.is_file() {
        return write_all(File::options().write(true).open(path)?, body);
    }
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut draft = place.clone().into_os_string();
    draft.push(format!(".{}.tmp", std::process::id()));
    let draft = PathBuf::from(draft);
    let written = File::create_new(&draft)
        .and_then(|file| write_all(file, body))
        .and_then(|()| fs::rename(&draft, &place));
    if written.is_err() {
        // The first error says more than one about the remains.
        drop(fs::remove_file(&draft));
    }
    written
}

fn write_all(file: File, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    body(&mut out)?;
    out.flush()
}
