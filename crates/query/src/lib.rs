//! CloudWatch Logs Insights query language: text to checked syntax, with spans.

mod address;
mod aggregate;
mod check;
mod checked;
mod code;
mod command;
mod complete;
mod date;
mod diagnostic;
mod expression;
mod format;
mod function;
mod kind;
mod lexer;
mod options;
mod parsed;
mod parser;
mod period;
mod print;
mod regex;
mod span;
mod stage;
mod suggestion;
mod syntax;
mod vocabulary;

pub use crate::address::{PRIVATE_SUBNETS, RESERVED_SUBNETS};
pub use crate::aggregate::Aggregate;
pub use crate::checked::{
    Aggregation, Assignment, Column, Limit, Moment, Query, Sort, SortKey, Source, Stage, Stats,
    Which,
};
pub use crate::code::Code;
pub use crate::command::Command;
pub use crate::complete::{Completion, CompletionKind, complete};
pub use crate::diagnostic::{Diagnostic, Label, Severity};
pub use crate::expression::{Arithmetic, Comparator, Expression, Literal, Step};
pub use crate::format::format;
pub use crate::function::{Accepts, Function, Gives, Signature};
pub use crate::kind::Kind;
pub use crate::options::{Options, UnknownFields};
pub use crate::parsed::Parsed;
pub use crate::period::{Period, Unit};
pub use crate::span::Span;
pub use crate::stage::{
    AddTotals, AppendColumns, Autoregress, Capture, CidrLookup, Comparison, FillMissing, Join,
    Lookup, LookupOutput, Outlier, Parse, ParseMethod, RelevantFields, Sessionize,
};
pub use crate::vocabulary::{KnownField, Vocabulary};

/// Reads and checks a query. Whatever the text is, something comes back: what could be read, and what was wrong.
///
/// ```
/// use portolan_query::{Options, Vocabulary, parse};
///
/// let parsed = parse("stats count(*) by srcAddr | limt 5", &Vocabulary::default(), Options::default());
/// assert_eq!(parsed.diagnostics[0].message, "there is no command `limt`");
/// assert_eq!(parsed.diagnostics[0].help.as_deref(), Some("did you mean `limit`?"));
/// ```
pub fn parse(text: &str, vocabulary: &Vocabulary, options: Options) -> Parsed<Query> {
    let reading = parser::parse_query(text, vocabulary);
    let (value, found) = check::check_query(&reading.value, text, vocabulary, options);
    Parsed { value, diagnostics: ordered(reading.diagnostics, found) }
}

/// Reads and checks a condition on events, such as stands behind `filter`; rules of other kinds are made of these.
pub fn parse_condition(
    text: &str,
    vocabulary: &Vocabulary,
    options: Options,
) -> Parsed<Expression> {
    let reading = parser::parse_condition(text, vocabulary);
    let (value, found) = check::check_condition(&reading.value, text, vocabulary, options);
    Parsed { value, diagnostics: ordered(reading.diagnostics, found) }
}

/// Returns all diagnostics in the order of the text.
fn ordered(mut diagnostics: Vec<Diagnostic>, more: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.extend(more);
    diagnostics.sort_by_key(|it| (it.span(), it.code));
    diagnostics
}
