//! Where the lake of flow logs is.

use clap::Args;
use portolan_lake::{Lake, Place};

use crate::context::Context;
use crate::error::CliError;

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
        Ok(Lake::open(self.place(context)?, now)?)
    }

    /// Opens the lake to fill it; one that is not there is made.
    pub(crate) fn create(&self, context: &Context) -> Result<Lake, CliError> {
        Ok(Lake::create(self.place(context)?, now)?)
    }

    fn place(&self, context: &Context) -> Result<Place, CliError> {
        let text = self.lake.clone().or_else(|| context.config.lake()).ok_or(CliError::NoLake)?;
        Ok(Place::parse(&text)?)
    }
}

/// Returns the time, in seconds since 1970 UTC.
#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|it| i64::try_from(it.as_secs()).ok()).unwrap_or_default()
}
