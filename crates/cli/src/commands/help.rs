//! `portolan help`: commands and topics.

use clap::Args;

use crate::arguments::definition;
use crate::error::CliError;
use crate::output::print;
use crate::status::Status;
use crate::topics;

/// Explain a command or a topic
///
/// Topics: exit-codes, formats, environment, sources.
#[derive(Args, Debug)]
pub(crate) struct HelpArguments {
    /// A topic, or a command and its subcommand
    #[arg(value_name = "TOPIC|COMMAND")]
    names: Vec<String>,
}

/// Prints the explanation.
pub(super) fn run(arguments: &HelpArguments) -> Result<Status, CliError> {
    let text = match arguments.names.as_slice() {
        [name] => topics::text(name).map_or_else(|| command(&arguments.names), Ok)?,
        names => command(names)?,
    };
    print(|out| out.write_all(text.as_bytes()))?;
    Ok(Status::Worked)
}

/// Returns the long help of a command; of the program, if none is named.
fn command(names: &[String]) -> Result<String, CliError> {
    let mut program = definition();
    program.build();
    let mut command = &mut program;
    for name in names {
        let known = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
        command = command
            .find_subcommand_mut(name)
            .ok_or_else(|| CliError::UnknownTopic { name: name.clone(), commands: known })?;
    }
    Ok(command.render_long_help().to_string())
}
