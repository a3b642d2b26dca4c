//! `portolan cluster token`: a new secret.

use std::io::{self, Write as _};

use portolan_lake::cluster::Token;

use crate::error::CliError;
use crate::status::Status;

/// Prints a token.
pub(super) fn run() -> Result<Status, CliError> {
    let token = Token::generate().map_err(|error| CliError::Token { path: "-".into(), error })?;
    let written = writeln!(io::stdout(), "{}", token.reveal());
    written.map_err(|source| CliError::Write { path: "-".into(), source })?;
    Ok(Status::Worked)
}
