//! The command line as it is typed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Args, ColorChoice, CommandFactory as _, FromArgMatches as _, Parser};

use crate::commands::Command;
use crate::config::Config;
use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;
use crate::ui::{Ui, Verbosity};

/// Chart every port of an AWS network: which are open, to whom, through which rules
///
/// Portolan reads what `aws ec2 describe-...` prints, computes exactly which packets can get where, and shows the
/// rules that let them. It needs no credentials and sends nothing anywhere.
#[derive(Debug, Parser)]
#[command(
    name = "portolan",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "\
Examples:
  portolan exposure captured/    What outside can reach, worst first
  portolan reach captured/ --from internet --to bastion --port ssh
  portolan ports postgres        What a port is, and who should reach it

`portolan help TOPIC` explains: exit-codes, formats, environment, sources."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    global: GlobalArguments,

    /// Print the version
    #[arg(long, short = 'V', action = ArgAction::Version, help_heading = "Global")]
    version: Option<bool>,

    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global")]
struct GlobalArguments {
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    color: Option<ColorChoice>,

    /// Read this configuration file, and no other
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print answers and errors only: no progress, notes or warnings
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Say what was read, too
    #[arg(long, short, global = true)]
    verbose: bool,

    /// Print help: `-h` in short, `--help` in full
    #[arg(long, short, global = true, action = ArgAction::Help)]
    help: Option<bool>,
}

impl GlobalArguments {
    const fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, false) => Verbosity::Normal,
            (false, true) => Verbosity::Verbose,
        }
    }
}

/// Returns the definition of the command line, from which help, man pages and completions are made.
pub(crate) fn definition() -> clap::Command {
    Arguments::command()
}

/// Runs the command that was typed, and reports what goes wrong.
pub(crate) fn run(typed: Vec<OsString>) -> ExitCode {
    let color = typed_color(&typed);
    let parsed = definition().color(color).try_get_matches_from(typed);
    match parsed.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => execute(arguments).into(),
        // Help and the version are answers, and clap sends them to standard output.
        Err(answer) => {
            let printed = answer.print();
            let status = if answer.use_stderr() { Status::Usage } else { Status::Worked };
            printed.map_or(Status::Worked, |()| status).into()
        }
    }
}

fn execute(arguments: Arguments) -> Status {
    let Arguments { global, command, .. } = arguments;
    let early = Ui::new(global.color.unwrap_or_default(), global.verbosity());
    let config = match Config::load(global.config.as_deref()) {
        Ok(config) => config,
        Err(error) => return early.error(&CliError::from(error)),
    };
    let ui = Ui::new(config.color(global.color), global.verbosity());
    let context = Context { config, ui };
    command.run(&context).unwrap_or_else(|error| context.ui.error(&error))
}

/// Returns what `--color` says before the rest is understood, so that it also holds for messages of misuse.
fn typed_color(typed: &[OsString]) -> ColorChoice {
    let words = || typed.iter().map(|word| word.to_str().unwrap_or_default());
    let pairs = words().zip(words().skip(1)).filter(|(word, _)| *word == "--color");
    let joined = words().filter_map(|word| word.strip_prefix("--color="));
    let values = pairs.map(|(_, value)| value).chain(joined);
    values.filter_map(|value| value.parse().ok()).next_back().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        definition().debug_assert();
    }

    #[test]
    fn colour_is_found_before_parsing() {
        let check = |typed: &str, expected| {
            let typed: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
            assert_eq!(typed_color(&typed), expected, "{typed:?}");
        };
        check("portolan reach --color never", ColorChoice::Never);
        check("portolan --color=always reach", ColorChoice::Always);
        check("portolan --color sometimes", ColorChoice::Auto);
        check("portolan reach", ColorChoice::Auto);
    }
}
