//! `portolan generate`: what packagers and programs need.

#[cfg(feature = "flows")]
mod proposals;

use std::io;

use clap::{Args, Subcommand};
use clap_complete::Shell;
use serde_json::Value;

use crate::arguments::definition;
use crate::context::Context;
use crate::error::CliError;
use crate::output::print;
use crate::status::Status;

/// What is added to the script for bash, so that it asks this program what may come next in a question.
#[cfg(feature = "flows")]
const QUESTIONS: &str = include_str!("generate/questions.bash");

/// Print man pages, shell completions and JSON schemas
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan generate man > portolan.1
  portolan generate completions bash > /etc/bash_completion.d/portolan
  portolan generate schema exposure")]
pub(crate) struct GenerateArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print a man page
    Man {
        /// The command; without it, the page of the whole program
        command: Option<String>,
    },
    /// Print a completion script
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the JSON Schema of an answer
    Schema {
        /// The answer; without it, an object of all schemas by name
        name: Option<String>,
    },
    #[cfg(feature = "flows")]
    Proposals(proposals::ProposalsArguments),
}

/// Prints what was asked for.
#[cfg_attr(
    not(feature = "flows"),
    expect(unused_variables, reason = "only questions have settings")
)]
pub(super) fn run(arguments: &GenerateArguments, context: &Context) -> Result<Status, CliError> {
    match &arguments.what {
        What::Man { command } => man(command.as_deref())?,
        What::Completions { shell } => completions(*shell)?,
        What::Schema { name } => schema(name.as_deref())?,
        #[cfg(feature = "flows")]
        What::Proposals(arguments) => proposals::run(arguments, context)?,
    }
    Ok(Status::Worked)
}

fn man(name: Option<&str>) -> Result<(), CliError> {
    let mut program = definition();
    program.build();
    let page = match name {
        None => program,
        Some(name) => command_named(&program, name)?,
    };
    let source = concat!("portolan ", env!("CARGO_PKG_VERSION"));
    print(|out| clap_mangen::Man::new(page).source(source).render(out))
}

fn command_named(program: &clap::Command, name: &str) -> Result<clap::Command, CliError> {
    let known = || program.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    program
        .find_subcommand(name)
        .cloned()
        .ok_or_else(|| CliError::UnknownCommand { name: name.to_owned(), known: known() })
}

fn completions(shell: Shell) -> Result<(), CliError> {
    // clap_complete panics on a writer that fails, so that it never sees the real one.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), "portolan", &mut script);
    #[cfg(feature = "flows")]
    if shell == Shell::Bash {
        script.extend(QUESTIONS.as_bytes());
    }
    print(|out| out.write_all(&script))
}

fn schema(name: Option<&str>) -> Result<(), CliError> {
    let schemas = portolan_report::schemas();
    let document = match name {
        None => schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect(),
        Some(name) => schema_named(schemas, name)?,
    };
    print(|out| {
        serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
        writeln!(out)
    })
}

fn schema_named(schemas: Vec<(&'static str, Value)>, name: &str) -> Result<Value, CliError> {
    let known = schemas.iter().map(|(name, _)| *name).collect();
    let found = schemas.into_iter().find(|(it, _)| *it == name).map(|(_, schema)| schema);
    found.ok_or_else(|| CliError::UnknownSchema { name: name.to_owned(), known })
}
