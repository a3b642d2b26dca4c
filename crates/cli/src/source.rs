//! Reading what a command is about.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;
use portolan_model::{Coverage, Model, ReadProblem, Reading, ResourceKind};
use portolan_reach::Party;

use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;
use crate::ui::Verbosity;

/// What to read, as typed.
#[derive(Args, Debug)]
pub(crate) struct SourceArguments {
    /// Directory, file or `-` with what `aws ec2 describe-...` printed; default: the setting `source`
    #[arg(help_heading = "Source")]
    source: Vec<PathBuf>,
}

/// Whether an answer may be incomplete, as typed.
#[derive(Args, Debug)]
pub(crate) struct PartialArguments {
    /// Accept that something was not read or is unknown: status 0 instead of 5
    #[arg(long, help_heading = "Gate")]
    allow_partial: bool,
}

impl SourceArguments {
    /// Reads the sources, and says what is wrong with them.
    pub(crate) fn read(&self, context: &Context) -> Result<Model, CliError> {
        read(if self.source.is_empty() { context.config.sources() } else { &self.source }, context)
    }
}

/// Reads captured accounts, and says what is wrong with them.
pub(crate) fn read(paths: &[PathBuf], context: &Context) -> Result<Model, CliError> {
    if paths.is_empty() {
        return Err(CliError::NoSource);
    }
    if paths.iter().any(|path| is_standard_input(path)) && io::stdin().is_terminal() {
        context.ui.note("reading from the terminal; end with Ctrl-D");
    }
    let progress = context.ui.progress("reading");
    let model = portolan_sources::read(paths, &mut |it| progress.bytes(it.bytes, it.bytes_total))?;
    drop(progress);
    report(&model.coverage, context);
    if is_ruined(&model.coverage) {
        return Err(CliError::NothingRead);
    }
    Ok(model)
}

impl PartialArguments {
    /// Returns whether an answer may be incomplete.
    pub(crate) fn is_accepted(&self, context: &Context) -> bool {
        self.allow_partial || context.config.allows_partial()
    }

    /// Returns the status of an answer on this model that no gate forbids, and says why it is no better.
    pub(crate) fn status_of(&self, model: &Model, context: &Context) -> Status {
        let Some(lack) = lack(&model.coverage) else { return Status::Worked };
        let is_accepted = self.is_accepted(context);
        let help =
            (!is_accepted).then_some("`--allow-partial` accepts that: status 0 instead of 5");
        context.ui.warning(format_args!("the answer is incomplete: {lack}"), help);
        if is_accepted { Status::Worked } else { Status::Incomplete }
    }
}

/// Returns what answers lack, or `None` if nothing essential is missing and nothing was broken.
fn lack(coverage: &Coverage) -> Option<String> {
    let kinds: BTreeSet<_> = coverage.gaps().map(|(_, kind, _)| kind).collect();
    if kinds.is_empty() {
        return (!coverage.is_whole()).then(|| "something could not be read".to_owned());
    }
    let names: Vec<_> = kinds.iter().map(ToString::to_string).collect();
    Some(format!("not all was read of {}", names.join(", ")))
}

/// Returns whether all that was there is broken, so that there is nothing to answer from.
fn is_ruined(coverage: &Coverage) -> bool {
    let count = |place, kind| coverage.reading(place, kind).map_or(0, |reading| reading.resources);
    let kinds = |place| ResourceKind::ALL.into_iter().map(move |kind| count(place, kind));
    !coverage.is_whole() && coverage.places().flat_map(kinds).all(|resources| resources == 0)
}

/// Returns the party that the argument `flag` names.
pub(crate) fn party(model: &Model, flag: &'static str, name: &str) -> Result<Party, CliError> {
    portolan_reach::resolve(model, name).map_err(|error| CliError::Party { flag, error })
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// How many problems to print unless all are asked for.
const PROBLEMS: usize = 10;

/// Says what is wrong with what was read, and what is missing.
fn report(coverage: &Coverage, context: &Context) {
    let is_verbose = context.ui.verbosity() == Verbosity::Verbose;
    let limit = if is_verbose { usize::MAX } else { PROBLEMS };
    let problems: Vec<_> =
        coverage.problems().filter(|problem| is_verbose || problem.loses_data).collect();
    for problem in problems.iter().take(limit) {
        context.ui.warning(place_and_message(problem), problem.help.as_deref());
    }
    if problems.len() > limit {
        let more = problems.len() - limit;
        context.ui.warning(format_args!("{more} more problems"), Some("`-v` shows them all"));
    }
    if is_verbose {
        report_readings(coverage, context);
    } else {
        report_harmless(coverage, context);
    }
}

/// Says how much there is that nothing is lost with, such as files that are there twice.
fn report_harmless(coverage: &Coverage, context: &Context) {
    match coverage.problems().filter(|problem| !problem.loses_data).count() {
        0 => {}
        1 => context.ui.note("1 file repeats what others say; `-v` tells which"),
        files => {
            context.ui.note(format_args!("{files} files repeat what others say; `-v` tells which"));
        }
    }
}

/// Says what was read and what was not given, place by place.
fn report_readings(coverage: &Coverage, context: &Context) {
    for place in coverage.places() {
        let reading = |kind| (kind, coverage.reading(place, kind));
        let count = |(kind, reading): (ResourceKind, Option<Reading>)| {
            Some(format!("{kind} {}", reading?.resources))
        };
        let name = |(kind, reading): (ResourceKind, Option<Reading>)| {
            reading.is_none().then(|| kind.to_string())
        };
        let kinds = || ResourceKind::ALL.into_iter().map(reading);
        let (read, absent): (Vec<_>, Vec<_>) =
            (kinds().filter_map(count).collect(), kinds().filter_map(name).collect());
        context.ui.note(format_args!("{place}: {}", read.join(", ")));
        if !absent.is_empty() {
            context.ui.note(format_args!("{place}: not given: {}", absent.join(", ")));
        }
    }
    match coverage.ignored_files() {
        0 => {}
        1 => context.ui.note("1 file says nothing about networks"),
        files => context.ui.note(format_args!("{files} files say nothing about networks")),
    }
}

fn place_and_message(problem: &ReadProblem) -> String {
    let ReadProblem { path, message, .. } = problem;
    match &problem.position {
        Some(at) if at.json_path.is_empty() => {
            format!("{path}:{}:{}: {message}", at.line, at.column)
        }
        Some(at) => format!("{path}:{}:{}: {}: {message}", at.line, at.column, at.json_path),
        None => format!("{path}: {message}"),
    }
}
