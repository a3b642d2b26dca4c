//! Who computes an answer, if it is not this process.

use clap::Args;
use portolan_lake::cluster::Client;

use crate::commands::cluster::TokenFileArguments;
use crate::context::Context;
use crate::error::CliError;

/// Which cluster, as typed.
#[derive(Args, Debug)]
pub(super) struct ClusterArguments {
    /// Let this cluster read the lake, such as `df://10.0.0.5:50050`
    #[arg(long, value_name = "ADDRESS", help_heading = "Cluster")]
    cluster: Option<String>,

    #[command(flatten)]
    token: TokenFileArguments,
}

impl ClusterArguments {
    /// Returns the way to the cluster, if one is named.
    pub(super) fn client(&self, context: &Context) -> Result<Option<Client>, CliError> {
        let Some(address) = &self.cluster else { return Ok(None) };
        let token = self.token.token(context)?;
        crate::logger::install(context.ui);
        let client = Client::new(address, token.as_ref())?;
        Ok(Some(client.when_lost(|loss| log::warn!("{loss}"))))
    }
}
