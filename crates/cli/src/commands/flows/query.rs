//! `portolan flows query`: a question on flow logs, in the language of CloudWatch Logs Insights.

use std::io::Read as _;
use std::path::PathBuf;

use clap::Args;
use portolan_lake::engine::vocabulary;
use portolan_query::{Options, Query, UnknownFields};

use super::answer::{AnswerArguments, Question};
use crate::context::Context;
use crate::diagnostic::Diagnostic;
use crate::error::CliError;
use crate::status::Status;
use crate::suggestion;

/// Ask a question about flow logs in the language of CloudWatch Logs Insights
///
/// Fields are those of flow logs, such as `srcAddr`, `dstPort`, `action`, `bytes`; every spelling of their names is
/// understood. Mistakes are shown where they are; where CloudWatch would do something surprising, a note says so.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows query 'stats sum(bytes) as total by srcAddr | sort total desc | limit 10'
  portolan flows query 'filter action = \"REJECT\" | stats count(*) by bin(5m)' --draw bars
  portolan flows query 'filter isIpv4InSubnet(srcAddr, \"10.0.0.0/8\") | limit 20' --start 1h
  portolan flows query 'cidrlookup aws dstAddr OUTPUT service | stats sum(bytes) by service' --table aws=ip-ranges.json
  portolan flows query - --parquet answer.parquet < question.txt
  portolan flows query --saved talkers")]
pub(super) struct QueryArguments {
    /// The question, or `-` to read it from standard input
    #[arg(required_unless_present = "saved")]
    query: Option<String>,

    /// Ask a question of the setting `queries`
    #[arg(long, value_name = "NAME", conflicts_with = "query")]
    saved: Option<String>,

    #[command(flatten)]
    language: LanguageArguments,

    #[command(flatten)]
    answer: AnswerArguments,
}

/// How a question is understood, as typed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Language")]
pub(super) struct LanguageArguments {
    /// Do what CloudWatch does even where it surprises: take `bin(300s)` for `bin(60s)`
    #[arg(long)]
    aws_compatible: bool,

    /// Refuse fields that flow logs do not have, instead of taking them for missing
    #[arg(long)]
    strict: bool,
}

/// Asks and answers.
pub(super) fn run(arguments: &QueryArguments, context: &Context) -> Result<Status, CliError> {
    let text = text(arguments, context)?;
    let query = arguments.language.checked(&text, context)?;
    arguments.answer.ask(&Question::Query(query), context)
}

/// Returns the text of the question.
fn text(arguments: &QueryArguments, context: &Context) -> Result<String, CliError> {
    match (arguments.saved.as_deref(), arguments.query.as_deref()) {
        (Some(name), _) => saved(name, context),
        (None, Some("-")) => standard_input(),
        (None, text) => Ok(text.unwrap_or_default().to_owned()),
    }
}

/// Returns all of standard input.
pub(super) fn standard_input() -> Result<String, CliError> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map(|_| text).map_err(|source| CliError::ReadQuery { path: PathBuf::from("-"), source })
}

fn saved(name: &str, context: &Context) -> Result<String, CliError> {
    let queries = context.config.queries();
    let unknown = || CliError::UnknownQuery {
        name: name.to_owned(),
        help: suggestion::help(name, queries.keys().copied()),
    };
    queries.get(name).map(|text| (*text).to_owned()).ok_or_else(unknown)
}

impl LanguageArguments {
    /// Returns the checked question; says what is surprising about it.
    pub(super) fn checked(&self, text: &str, context: &Context) -> Result<Query, CliError> {
        let unknown_fields =
            if self.strict { UnknownFields::Refuse } else { UnknownFields::Discover };
        let options = Options { aws_compatible: self.aws_compatible, unknown_fields };
        let parsed = portolan_query::parse(text, &vocabulary(), options);
        let (errors, remarks): (Vec<_>, Vec<_>) =
            parsed.diagnostics.into_iter().partition(portolan_query::Diagnostic::is_error);
        for remark in &remarks {
            context.ui.remark(&Diagnostic::in_query(text, remark));
        }
        if errors.is_empty() {
            return Ok(parsed.value);
        }
        Err(CliError::Notation(errors.iter().map(|it| Diagnostic::in_query(text, it)).collect()))
    }
}
