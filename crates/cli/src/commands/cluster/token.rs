//! `portolan cluster token`: a new secret.

use std::io::{self, Write as _};

use clap::Args;
use portolan_lake::cluster::Token;

use crate::error::CliError;
use crate::status::Status;

/// Print a new secret for a cluster
///
/// Keep it in a file that only its owner reads, and give the file to every member and client with `--token-file`.
#[derive(Args, Debug)]
pub(super) struct TokenArguments {}

/// Prints a token.
pub(super) fn run(_: &TokenArguments) -> Result<Status, CliError> {
    let token = Token::generate().map_err(|error| CliError::Token { path: "-".into(), error })?;
    let written = writeln!(io::stdout(), "{}", token.reveal());
    written.map_err(|source| CliError::Write { path: "-".into(), source })?;
    Ok(Status::Worked)
}
