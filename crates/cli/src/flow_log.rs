//! Flow logs that an answer learns from: files as AWS delivers them, or a lake. Whichever it is, the same records say the same.

mod files;
#[cfg(feature = "flows")]
mod lake;

use std::path::{Path, PathBuf};

use clap::{Args, value_parser};
use portolan_model::Model;
use portolan_respond::{Observations, Placer, Policy};

use crate::context::Context;
use crate::error::CliError;

/// Which flow logs, as typed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Source")]
#[expect(
    clippy::option_option,
    reason = "it is what clap makes of an option whose value may be left out"
)]
pub(crate) struct FlowLogArguments {
    /// Flow logs: a file or folder of text, plain or gzip; or a lake, its folder or `s3://BUCKET/PREFIX`; alone: the setting
    /// `lake`
    #[arg(long, value_name = "PLACE")]
    flows: Option<Option<PathBuf>>,

    /// Only the last days of the log, counted back from its newest record; default: all of it
    #[arg(long, value_name = "DAYS", value_parser = value_parser!(i64).range(1..=CENTURY), requires = "flows")]
    days: Option<i64>,
}

/// More days than any log has.
const CENTURY: i64 = 36_500;

/// Where flow logs are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum LogPlace<'a> {
    /// In a file or a folder, as they are.
    Files(&'a Path),
    /// In this lake, or the one of the settings.
    Lake(Option<&'a str>),
}

impl FlowLogArguments {
    /// Returns how many days of the log are asked for, unless it is all of it.
    pub(crate) const fn days(&self) -> Option<i64> {
        self.days
    }

    /// Returns what the flow logs saw, if any are named.
    ///
    /// # Errors
    ///
    /// Returns an error if something cannot be read, or if there is no record. Lines that cannot be read are reported and do
    /// not stop the rest.
    pub(crate) fn read(
        &self,
        model: &Model,
        context: &Context,
    ) -> Result<Option<Observations>, CliError> {
        let Some(flows) = &self.flows else { return Ok(None) };
        let placer = Placer::new(model);
        let observations = match LogPlace::of(flows.as_deref()) {
            LogPlace::Files(path) => files::read(path, self.days, &placer, context)?,
            LogPlace::Lake(place) => read_lake(place, self.days, &placer, context)?,
        };
        warn_of_strangers(&observations, model, context);
        Ok(Some(observations))
    }
}

impl<'a> LogPlace<'a> {
    fn of(path: Option<&'a Path>) -> Self {
        match path {
            None => Self::Lake(None),
            Some(path) => match path.to_str() {
                Some(text) if text.contains("://") || is_lake(path) => Self::Lake(Some(text)),
                _ => Self::Files(path),
            },
        }
    }
}

/// Returns whether a folder has the first commit of a lake.
fn is_lake(path: &Path) -> bool {
    path.join("manifest/00000000000000000001.json").is_file()
}

#[cfg(feature = "flows")]
use lake::read as read_lake;

#[cfg(not(feature = "flows"))]
fn read_lake(
    _: Option<&str>,
    _: Option<i64>,
    _: &Placer<'_>,
    _: &Context,
) -> Result<Observations, CliError> {
    Err(CliError::AbsentLake)
}

/// Returns the first second of the last days of a log whose newest record starts then.
const fn first_second(newest: i64, days: i64) -> i64 {
    newest.saturating_sub(days.saturating_mul(Policy::DAY))
}

/// Says so if the log is of other interfaces than those of the model, so that nothing can be learnt from it.
fn warn_of_strangers(observations: &Observations, model: &Model, context: &Context) {
    if !observations.interfaces().any(|id| model.interfaces.contains_key(id)) {
        let help =
            "name the flow logs of these accounts, or capture the accounts that the logs are of";
        context.ui.warning("no flow log is of an interface that was read", Some(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lakes_are_told_from_files() {
        let folder = tempfile::tempdir().unwrap();
        let check = |path: Option<&Path>, is_lake: bool| {
            assert_eq!(matches!(LogPlace::of(path), LogPlace::Lake(_)), is_lake, "{path:?}");
        };
        check(None, true);
        check(Some(Path::new("s3://logs/lake")), true);
        check(Some(Path::new("gs://logs/lake")), true);
        check(Some(Path::new("logs/a.log")), false);
        check(Some(folder.path()), false);
        std::fs::create_dir(folder.path().join("manifest")).unwrap();
        check(Some(folder.path()), false);
        std::fs::write(folder.path().join("manifest/00000000000000000001.json"), "{}").unwrap();
        check(Some(folder.path()), true);
    }
}
