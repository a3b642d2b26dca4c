//! The lake of flow logs: where it is, and what it answers.

use std::time::Duration;

use clap::Args;
use portolan_lake::engine::{Answer, Rows};
use portolan_lake::{Lake, LakeError, Place};

use crate::context::Context;
use crate::error::CliError;
use crate::ui::Verbosity;

/// Which lake, as typed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Lake")]
pub(crate) struct LakeArguments {
    /// Folder or `s3://BUCKET/PREFIX` of the lake; default: the setting `lake`
    #[arg(long, value_name = "PLACE")]
    lake: Option<String>,
}

impl LakeArguments {
    /// Opens the lake to read it.
    pub(crate) fn open(&self, context: &Context) -> Result<Lake, CliError> {
        open(self.lake.as_deref(), context)
    }

    /// Opens the lake to fill it; one that is not there is made.
    pub(crate) fn create(&self, context: &Context) -> Result<Lake, CliError> {
        Ok(Lake::create(place(self.lake.as_deref(), context)?, now)?)
    }
}

/// Opens a lake to read it: this, or else that of the settings.
pub(crate) fn open(lake: Option<&str>, context: &Context) -> Result<Lake, CliError> {
    Ok(Lake::open(place(lake, context)?, now)?)
}

fn place(lake: Option<&str>, context: &Context) -> Result<Place, CliError> {
    let text = lake.map(str::to_owned).or_else(|| context.config.lake());
    Ok(Place::parse(&text.ok_or(CliError::NoLake)?)?)
}

/// Hands out the rows of an answer as they come, while showing how far the work is.
pub(crate) async fn each_batch(
    answer: &mut Answer,
    doing: &'static str,
    context: &Context,
    mut visit: impl FnMut(Rows) -> Result<(), LakeError>,
) -> Result<(), LakeError> {
    let bar = context.ui.progress(doing);
    let progress = answer.progress();
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            rows = answer.next() => match rows? {
                Some(rows) => visit(rows)?,
                None => break,
            },
            _ = tick.tick() => {
                bar.bytes(progress.bytes_done(), Some(progress.bytes_total()).filter(|it| *it > 0));
                if let Some(read) = progress.bytes_scanned() {
                    bar.remark(format!("{} read", crate::words::bytes(read)));
                }
            }
        }
    }
    if context.ui.verbosity() == Verbosity::Verbose {
        match progress.bytes_scanned() {
            Some(read) => {
                context.ui.note(format_args!("read {} of the lake", crate::words::bytes(read)));
            }
            None => context.ui.note(format_args!(
                "the cluster's members do not say how much of the lake they read"
            )),
        }
    }
    Ok(())
}

/// Returns the time, in seconds since 1970 UTC.
#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|it| i64::try_from(it.as_secs()).ok()).unwrap_or_default()
}
