//! `portolan generate proposals`: what may come next, for completion scripts.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use portolan_lake::engine::vocabulary;

use crate::context::Context;
use crate::error::CliError;
use crate::output::print;

/// Print what may come next in a question on flow logs
///
/// The completion script for bash asks this program so. A proposal is a line.
#[derive(Args, Debug)]
#[command(hide = true)]
pub(super) struct ProposalsArguments {
    /// What is being typed
    what: What,

    /// What is typed so far
    #[arg(allow_hyphen_values = true, default_value = "")]
    text: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// A question: the whole of it with the proposal, a tab, and the proposal alone
    Question,
    /// The name of a saved question
    Saved,
}

/// Prints the proposals.
pub(super) fn run(arguments: &ProposalsArguments, context: &Context) -> Result<(), CliError> {
    print(|out| match arguments.what {
        What::Question => question(&arguments.text, out),
        What::Saved => saved(&arguments.text, context, out),
    })
}

/// Proposes nothing for a question of several lines, which no line can hold.
fn question(text: &str, out: &mut dyn Write) -> io::Result<()> {
    if text.contains(['\n', '\t']) {
        return Ok(());
    }
    let mut proposals = portolan_query::complete(text, text.len(), &vocabulary());
    // A shell has no use for names of several words: each field has one of one word, too.
    proposals.retain(|proposal| !proposal.text.contains(' '));
    // A shell goes on with what all proposals begin with, so that `SOURCE` beside `sort` would take `so` away.
    let (exact, others): (Vec<_>, Vec<_>) =
        proposals.into_iter().partition(|it| it.text.starts_with(it.span.text(text)));
    for proposal in if exact.is_empty() { others } else { exact } {
        let before = text.get(..proposal.span.start).unwrap_or_default();
        writeln!(out, "{before}{0}\t{0}", proposal.text)?;
    }
    Ok(())
}

fn saved(beginning: &str, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let names = context.config.queries().into_keys();
    for name in names.filter(|name| name.starts_with(beginning)) {
        writeln!(out, "{name}")?;
    }
    Ok(())
}
