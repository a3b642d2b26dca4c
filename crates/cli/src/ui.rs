//! Speaking to the user, on standard error.
//!
//! Text may come from the files of strangers: control characters are shown, never obeyed, so that no Name
//! tag can repaint a terminal.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::ColorChoice;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::error::CliError;
use crate::status::Status;

const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::BrightGreen.on_default().bold();
const HELP: Style = AnsiColor::BrightCyan.on_default().bold();

/// How much to say.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Verbosity {
    /// Errors.
    Quiet,
    /// Errors, warnings, and progress on a terminal.
    Normal,
    /// What was read, too.
    Verbose,
}

/// The voice of the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    color: ColorChoice,
    verbosity: Verbosity,
}

impl Ui {
    /// Returns a voice that colours and talks as told.
    pub(crate) const fn new(color: ColorChoice, verbosity: Verbosity) -> Self {
        Self { color, verbosity }
    }

    /// Returns how much to say.
    pub(crate) const fn verbosity(self) -> Verbosity {
        self.verbosity
    }

    /// Returns whether to colour what goes to standard output.
    pub(crate) fn colors_output(self) -> bool {
        AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
            && self.color != ColorChoice::Never
            || self.color == ColorChoice::Always
    }

    /// Reports an error, with its causes and its help, and returns the status that it means.
    pub(crate) fn error(self, error: &CliError) -> Status {
        let mut text = String::new();
        for diagnostic in error.diagnostics() {
            text.push_str(&diagnostic.render());
            text.push('\n');
        }
        if text.is_empty() {
            text = message(ERROR, "error", error, error.help().as_deref());
        }
        self.say(&text);
        error.status()
    }

    /// Reports that something is not as it should be.
    pub(crate) fn warning(self, text: impl Display, help: Option<&str>) {
        if self.verbosity > Verbosity::Quiet {
            self.say(&message(WARNING, "warning", &Plain(text.to_string()), help));
        }
    }

    /// Reports that a gate of the user is closed, and returns the status that it means.
    pub(crate) fn closed_gate(self, why: impl Display) -> Status {
        self.warning(format_args!("the gate is closed: {why}"), None);
        Status::Gate
    }

    /// Says something about a text that can be used all the same.
    #[cfg(feature = "flows")]
    pub(crate) fn remark(self, diagnostic: &crate::diagnostic::Diagnostic) {
        if self.verbosity > Verbosity::Quiet {
            self.say(&(diagnostic.render() + "\n"));
        }
    }

    /// Reports something that went well.
    pub(crate) fn note(self, text: impl Display) {
        if self.verbosity > Verbosity::Quiet {
            self.say(&message(NOTE, "note", &Plain(text.to_string()), None));
        }
    }

    /// Returns a sign of life for long work: seen on a terminal only, and gone when it is dropped.
    pub(crate) fn progress(self, doing: &'static str) -> Progress {
        let is_seen = self.verbosity > Verbosity::Quiet && io::stderr().is_terminal();
        let target =
            if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target).with_prefix(doing);
        bar.set_style(template("{spinner} {prefix}"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress { bar }
    }

    /// Does long work while showing a sign of life.
    pub(crate) fn during<T>(self, doing: &'static str, work: impl FnOnce() -> T) -> T {
        let progress = self.progress(doing);
        let result = work();
        drop(progress);
        result
    }

    /// Writes to standard error. If that is closed, there is nobody left to tell.
    fn say(self, text: &str) {
        let choice = match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        };
        let mut stream = AutoStream::new(io::stderr().lock(), choice);
        drop(stream.write_all(text.as_bytes()));
    }
}

/// A sign of life, see [`Ui::progress`].
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Shows how far the work has come, in bytes; without `total` only that it goes on.
    pub(crate) fn bytes(&self, done: u64, total: Option<u64>) {
        if total.is_some() && self.bar.length().is_none() {
            self.bar.set_style(template(
                "{spinner} {prefix} {bar:30} {percent:>3}% of {total_bytes}, {eta} left {msg}",
            ));
        }
        if let Some(total) = total {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
    }

    /// Shows a remark beside how far the work has come.
    #[cfg(feature = "flows")]
    pub(crate) fn remark(&self, text: String) {
        self.bar.set_message(text);
    }
}

fn template(text: &str) -> ProgressStyle {
    // A template that does not parse is a mistake of ours, and no reason to stop.
    ProgressStyle::with_template(text).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A message that nothing caused.
#[derive(Debug)]
struct Plain(String);

impl Display for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Plain {}

/// Writes a message, its causes and its help: one line each. Crates of others repeat causes in messages; once is enough.
fn message(style: Style, level: &str, error: &dyn Error, help: Option<&str>) -> String {
    let mut text = line("", style, level, &error.to_string());
    text.extend(causes(error).iter().map(|cause| line("  ", Style::new(), "cause", cause)));
    text.extend(help.map(|help| line("  ", HELP, "help", help)));
    text
}

/// Returns what caused an error, each cause once: errors of others often say those below them, too.
pub(crate) fn causes(error: &dyn Error) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        // Some write several lines.
        let text = error.to_string().lines().collect::<Vec<_>>().join(" ");
        if !said.iter().any(|above| above.contains(&text)) {
            said.push(text);
        }
        cause = error.source();
    }
    said.split_off(1)
}

fn line(indent: &str, style: Style, level: &str, text: &str) -> String {
    format!("{indent}{style}{level}{style:#}: {}\n", inert(text))
}

/// Returns the text with control characters written out.
fn inert(text: &str) -> String {
    let show =
        |it: char| if it.is_control() { it.escape_default().collect() } else { it.to_string() };
    text.chars().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error that repeats its cause, as those of many crates do.
    #[derive(Debug, thiserror::Error)]
    #[error("cannot open: {source}")]
    struct Repeating {
        source: io::Error,
    }

    #[test]
    fn what_a_message_repeats_is_said_once() {
        let source = io::Error::other(Repeating { source: io::Error::other("no such file") });
        let error = CliError::Read { path: "a".into(), source };
        let expected = "error: cannot read `a`\n  cause: cannot open: no such file\n";
        assert_eq!(message(Style::new(), "error", &error, None), expected);
    }

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Link {
        text: &'static str,
        source: Option<Box<Self>>,
    }

    #[track_caller]
    fn check_causes(texts: &[&'static str], expected: &[&str]) {
        let link = |source, text: &&'static str| Some(Box::new(Link { text, source }));
        let chain = texts.iter().rev().fold(None, link).unwrap();
        assert_eq!(causes(&chain), expected);
    }

    #[test]
    fn causes_are_said_once() {
        check_causes(&["cannot read"], &[]);
        check_causes(&["cannot read", "no such file"], &["no such file"]);
        check_causes(
            &["cannot read", "no such field.\nThere are:\na, b"],
            &["no such field. There are: a, b"],
        );
        let all = "S3: GET failed: no route";
        check_causes(&["cannot list", all, "GET failed: no route", "no route"], &[all]);
        check_causes(
            &["cannot list", "S3: timeout", "connect", "timeout"],
            &["S3: timeout", "connect"],
        );
    }

    #[test]
    fn control_characters_are_shown() {
        assert_eq!(inert("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(inert("Häfen"), "Häfen");
    }
}
