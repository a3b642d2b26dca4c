//! `portolan config`: which settings hold, and how to write them down.

use std::io::{self, Write};

use clap::{Args, Subcommand};

use crate::config::{Config, KEYS, Key};
use crate::context::Context;
use crate::error::CliError;
use crate::output::print;
use crate::status::Status;

/// Show the settings, or print a file to begin with
///
/// Flags go before variables of the environment, these before `portolan.toml` in this directory or above it in the
/// repository, then come the user's and the system's file: `portolan help environment`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan config show --origin
  portolan config init > portolan.toml
  PORTOLAN_FORMAT=json portolan config show")]
pub(crate) struct ConfigArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the settings that hold, as a configuration file
    Show {
        /// Also print where each comes from
        #[arg(long)]
        origin: bool,
    },
    /// Print a configuration file with every setting, commented out
    Init,
}

/// Prints what was asked for.
pub(super) fn run(arguments: &ConfigArguments, context: &Context) -> Result<Status, CliError> {
    print(|out| match arguments.what {
        What::Show { origin } => show(&context.config, origin, out),
        What::Init => init(out),
    })?;
    Ok(Status::Worked)
}

fn show(config: &Config, with_origin: bool, out: &mut dyn Write) -> io::Result<()> {
    for key in KEYS {
        match config.setting(key) {
            Some((value, origin)) if with_origin => {
                writeln!(out, "{} = {value}  # {origin}", key.name)?;
            }
            Some((value, _)) => writeln!(out, "{} = {value}", key.name)?,
            None => writeln!(out, "# {}: {} by default", key.name, key.default)?,
        }
    }
    Ok(())
}

fn init(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# Settings of Portolan. Flags and PORTOLAN_* variables go before what stands here."
    )?;
    for Key { name, kind, default, example, doc, .. } in KEYS {
        writeln!(out, "\n# {name}: {doc}.")?;
        writeln!(
            out,
            "# {}; by default {default}.",
            capitalised(&kind.expected().replace('`', ""))
        )?;
        writeln!(out, "#{name} = {example}")?;
    }
    Ok(())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}
