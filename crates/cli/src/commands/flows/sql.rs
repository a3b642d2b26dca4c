//! `portolan flows sql`: a question on flow logs, in SQL.

use clap::Args;

use super::answer::{AnswerArguments, Question};
use super::query::standard_input;
use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;

/// Ask a question about flow logs in SQL
///
/// The table `flows` has the columns of the lake, with AWS's names (`srcaddr`, `dstport`, `pkt_srcaddr`), addresses as
/// text, and `start` and `end` in seconds. What is not said by `--start` and `--end` is read. Tables of `--table` and `--account` can be
/// joined; `cidrlookup('TABLE', address, 'column')` is what a table says of an address.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows sql 'SELECT srcaddr, sum(bytes) AS total FROM flows GROUP BY srcaddr ORDER BY total DESC LIMIT 10'
  portolan flows sql \"SELECT cidrlookup('geo', srcaddr, 'country.iso_code') AS country, count(*) FROM flows GROUP BY 1\" \\
      --table geo=GeoLite2-Country.mmdb
  portolan flows sql - < question.sql")]
pub(super) struct SqlArguments {
    /// The question, or `-` to read it from standard input
    query: String,

    #[command(flatten)]
    answer: AnswerArguments,
}

/// Asks and answers.
pub(super) fn run(arguments: &SqlArguments, context: &Context) -> Result<Status, CliError> {
    let text = match arguments.query.as_str() {
        "-" => standard_input()?,
        text => text.to_owned(),
    };
    arguments.answer.ask(&Question::Sql(text), context)
}
