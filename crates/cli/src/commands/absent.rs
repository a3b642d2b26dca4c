//! Commands that this build lacks: they are listed, and say how to get them.

use std::ffi::OsString;

use clap::Args;

use crate::error::CliError;

/// Whatever was typed after the name of the command.
#[derive(Args, Debug)]
#[command(
    disable_help_flag = true,
    after_help = "This build of portolan lacks the command: what it needs takes long to build. To get it:
  cargo install --path crates/cli --features cluster"
)]
pub(crate) struct AbsentArguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _rest: Vec<OsString>,
}

/// Returns the error that says how to get the command.
pub(super) const fn error(feature: &'static str) -> CliError {
    CliError::AbsentCommand { feature }
}
