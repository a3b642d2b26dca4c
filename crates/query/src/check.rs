//! From syntax to a checked query: names resolved, arguments checked, everything implicit written out.

mod call;
mod comparison;
mod expression;
mod fields;
mod options;
mod parse;
mod path;
mod rows;
mod scope;
mod series;
mod source;
mod stats;
mod tables;

use std::collections::BTreeSet;

use crate::checked::{Assignment, Column, Limit, Query, Sort, SortKey, Stage, Which};
use crate::code::Code;
use crate::command::Command;
use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::options::Options;
use crate::span::Span;
use crate::syntax::{Body, CommandText, ExpressionText, QueryText};
use crate::vocabulary::Vocabulary;
use scope::Scope;
use stats::Groups;

/// The field that everything about time means.
pub(crate) const TIMESTAMP: &str = "@timestamp";

/// The field that holds the event as it came.
pub(crate) const MESSAGE: &str = "@message";

/// How many rows a query gives at most if it does not say.
///
/// Source: CloudWatch Logs user guide, "limit".
const DEFAULT_LIMIT: u32 = 10_000;

/// How many `stats` a query may have.
///
/// Source: CloudWatch Logs user guide, "stats", of the Standard log class.
const MOST_STATS: usize = 10;

/// Checks a query.
pub(crate) fn check_query(
    query: &QueryText,
    source: &str,
    vocabulary: &Vocabulary,
    options: Options,
) -> (Query, Vec<Diagnostic>) {
    let mut checker = Checker::new(source, vocabulary, options);
    let checked = checker.query(query);
    (checked, checker.diagnostics)
}

/// Checks a condition on events.
pub(crate) fn check_condition(
    condition: &ExpressionText,
    source: &str,
    vocabulary: &Vocabulary,
    options: Options,
) -> (Expression, Vec<Diagnostic>) {
    let mut checker = Checker::new(source, vocabulary, options);
    let checked = checker.condition(condition);
    (checked, checker.diagnostics)
}

/// Returns the values that a query has made up to its last `|`, and whether nothing else is left.
pub(crate) fn names_in_scope(head: &str, vocabulary: &Vocabulary) -> (Vec<String>, bool) {
    let mut reading = crate::parser::parse_query(head, vocabulary).value;
    reading.commands.pop();
    let mut checker = Checker::new(head, vocabulary, Options::default());
    checker.query(&reading);
    let mut names: Vec<_> = checker.scope.names().map(str::to_owned).collect();
    names.dedup();
    (names, checker.scope.is_closed())
}

/// What is known of the query up to a command.
#[derive(Debug)]
struct Checker<'input> {
    source: &'input str,
    vocabulary: &'input Vocabulary,
    options: Options,
    diagnostics: Vec<Diagnostic>,
    scope: Scope,
    stages: Vec<Stage>,
    /// Whether this is a query within a query.
    is_within: bool,
    /// The groups of the `stats` whose outputs are being checked.
    groups: Option<Groups>,
    /// The commands before, for the rules about their order.
    before: Vec<(Command, Span)>,
    /// What some command of the query takes from tables: no unknown fields, even before it does.
    from_tables: BTreeSet<String>,
}

impl<'input> Checker<'input> {
    fn new(source: &'input str, vocabulary: &'input Vocabulary, options: Options) -> Self {
        Self {
            source,
            vocabulary,
            options,
            diagnostics: Vec::new(),
            scope: Scope::default(),
            stages: Vec::new(),
            is_within: false,
            groups: None,
            before: Vec::new(),
            from_tables: BTreeSet::new(),
        }
    }

    fn query(&mut self, query: &QueryText) -> Query {
        let source = query.source.as_ref().map(|it| self.source_of(it));
        self.from_tables = query.commands.iter().flat_map(tables::taken).collect();
        for command in &query.commands {
            self.order_of_commands(command);
            self.command(command);
            self.before.push((command.command, command.keyword));
        }
        self.default_limit();
        Query { source, stages: std::mem::take(&mut self.stages), columns: self.columns() }
    }

    /// Checks a query within this one; if its rows are used by position, they are in an order.
    fn query_within(&mut self, query: &QueryText, by_position: bool) -> Query {
        let mut inner =
            Checker { is_within: true, ..Checker::new(self.source, self.vocabulary, self.options) };
        let mut checked = inner.query(query);
        if by_position {
            inner.need_order();
            checked.stages.append(&mut inner.stages);
        }
        for diagnostic in inner.diagnostics {
            self.report(diagnostic);
        }
        checked
    }

    fn command(&mut self, it: &CommandText) {
        match &it.body {
            Body::Nothing if it.command == Command::Anomaly => self.anomaly(it.keyword),
            Body::Nothing => self.estimate(it),
            Body::Items(items) => self.items(it.command, items),
            Body::Expression(condition) => match it.command {
                Command::Pattern => self.pattern(condition, it),
                Command::FilterIndex => self.filter_index(condition),
                _ => self.filter(condition),
            },
            Body::Stats { items, keys, offset } => self.stats(it, items, keys, *offset),
            Body::Sort(keys) => self.sort(keys),
            Body::Limit { any, count } => self.limit(it, *any, *count),
            Body::Paths(paths) if it.command == Command::Dedup => self.dedup(paths),
            Body::Paths(paths) => self.count_frequent(paths, it),
            Body::Parse { text, pattern, into } => self.parse(text, pattern, into),
            Body::Diff(against) => self.diff(against.as_ref(), it),
            Body::Unnest { list, into } => self.unnest(list, into),
            Body::Expand(path) => self.expand(path),
            Body::Lookup { table, keys, keeps_existing, outputs } => {
                if it.command == Command::Lookup {
                    self.lookup(table, keys, *keeps_existing, outputs);
                } else {
                    self.cidr_lookup(table, keys, *keeps_existing, outputs);
                }
            }
            Body::Join { options, left, right, source } => {
                self.join(it, options, (left, right), source);
            }
            Body::AppendColumns { options, query } => self.append_columns(options, query),
            Body::Optioned { options, paths } if it.command == Command::Outlier => {
                self.outlier(options, paths);
            }
            Body::Optioned { options, paths } => self.add_totals(options, paths),
            Body::Renamed { path, name, options } if it.command == Command::Autoregress => {
                self.autoregress(path, name.as_ref(), options);
            }
            Body::Renamed { path, name, options } => self.accumulate(path, name.as_ref(), options),
            Body::LogCompare { shift } => self.log_compare(*shift),
            Body::FillDown(fields) => self.fill_down(fields),
            Body::FillMissing(fills) => self.fill_missing(it, fills),
            Body::Sessionize { paths, gap, name } => self.sessionize(paths, *gap, name.as_ref()),
            Body::RelevantFields { paths, condition } => self.relevant_fields(paths, condition, it),
        }
    }

    /// Checks what AWS says about which command may stand where.
    fn order_of_commands(&mut self, it: &CommandText) {
        let find = |command| self.before.iter().find(|(before, _)| *before == command).copied();
        let is_limit = matches!(it.command, Command::Limit | Command::Head | Command::Tail);
        let dedup = find(Command::Dedup).filter(|_| !is_limit);
        let count = self.before.iter().filter(|(before, _)| *before == it.command).count();
        let early = [Command::Sort, Command::Limit, Command::Head, Command::Tail]
            .into_iter()
            .find_map(find);
        let early = early.filter(|_| it.command == Command::Stats);
        if let Some((_, span)) = find(Command::Estimate) {
            self.wrong_place(span, "`estimate` must be the last command", it.keyword);
        } else if let Some((_, span)) = dedup {
            let message =
                format!("`{}` cannot follow `dedup`: only `limit` can", it.command.name());
            self.wrong_place(it.keyword, &message, span);
        } else if let Some((command, span)) = early {
            let message = format!("`{}` must stand after the last `stats`", command.name());
            self.wrong_place(span, &message, it.keyword);
        }
        let most = match it.command {
            Command::Stats => MOST_STATS,
            Command::Join => 1,
            _ => usize::MAX,
        };
        if count == most {
            let message = format!("a query can have {most} `{}`", it.command.name());
            self.report(Diagnostic::new(Code::TooMany, it.keyword, message));
        }
    }

    fn wrong_place(&mut self, span: Span, message: &str, other: Span) {
        self.report(
            Diagnostic::new(Code::WrongPlace, span, message).also(other, "because of this"),
        );
    }

    /// Makes the order of rows explicit before a stage for which it matters.
    fn need_order(&mut self) {
        if self.scope.is_sorted {
            return;
        }
        self.scope.is_sorted = true;
        let keys = if self.scope.is_closed() {
            let keys = self.scope.keys.iter().map(|key| (key.name.clone(), key.kind, false));
            keys.collect()
        } else {
            vec![(TIMESTAMP.to_owned(), self.known_kind(TIMESTAMP, Kind::Time), true)]
        };
        let key = |(name, kind, descending)| SortKey {
            expression: Expression::field(name, kind),
            descending,
        };
        let keys: Vec<_> = keys.into_iter().map(key).collect();
        if !keys.is_empty() {
            self.stages.push(Stage::Sort(Sort { keys, is_default: true }));
        }
    }

    fn default_limit(&mut self) {
        let has_limit = self.stages.iter().rev().any(|stage| matches!(stage, Stage::Limit(_)));
        let is_estimate = matches!(self.stages.last(), Some(Stage::Estimate));
        if has_limit || is_estimate || self.is_within {
            return;
        }
        self.need_order();
        let limit = Limit { count: DEFAULT_LIMIT, which: Which::First, is_default: true };
        self.stages.push(Stage::Limit(limit));
    }

    /// Returns what the result shows: the last `display`, or else the `fields`, or else everything that there is.
    fn columns(&self) -> Vec<Column> {
        let scope = &self.scope;
        let defaults = [(TIMESTAMP, Kind::Time), (MESSAGE, Kind::Text)];
        let default = |(name, kind): (&str, Kind)| Column {
            name: name.to_owned(),
            kind: self.known_kind(name, kind),
        };
        let chosen = match &scope.display {
            Some(display) => return display.clone(),
            None if !scope.fields.is_empty() => scope.fields.clone(),
            None if scope.is_closed() => Vec::new(),
            None => defaults.into_iter().map(default).collect(),
        };
        let mut columns: Vec<Column> = Vec::new();
        for column in chosen.into_iter().chain(scope.created.iter().cloned()) {
            match columns.iter_mut().find(|it| it.name == column.name) {
                Some(same) => same.kind = column.kind,
                None => columns.push(column),
            }
        }
        columns
    }

    /// Returns the kind of a field of the vocabulary.
    fn known_kind(&self, name: &str, otherwise: Kind) -> Kind {
        self.vocabulary.find(name).map_or(otherwise, |field| field.kind)
    }

    /// Keeps a diagnostic, unless the same was said before about the same place.
    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports that an argument cannot be used.
    fn wrong(&mut self, span: Span, message: impl Into<String>, help: &str) {
        let error = Diagnostic::new(Code::WrongArgument, span, message);
        self.report(if help.is_empty() { error } else { error.help(help) });
    }

    /// Adds a stage that makes values, and shows them.
    fn create(&mut self, columns: Vec<Column>, stage: Stage) {
        self.stages.push(stage);
        for column in columns {
            self.scope.create(column);
        }
    }

    /// Returns the name that an expression has if it is given none.
    fn name_of(&self, text: &ExpressionText, checked: &Expression) -> String {
        match checked {
            Expression::Field { name, .. } => name.clone(),
            _ if text.as_path().is_some() => {
                text.as_path().map(crate::syntax::Path::flat).unwrap_or_default()
            }
            _ => source_name(text, self.source),
        }
    }

    /// Returns an expression with the name that it gets.
    fn named(&mut self, text: &ExpressionText) -> Assignment {
        let expression = self.expression(text);
        Assignment { name: self.name_of(text, &expression), expression }
    }
}

/// Returns the text of an expression as a heading: blanks collapsed, and `count()` as `count(*)`.
fn source_name(text: &ExpressionText, source: &str) -> String {
    let canonical = crate::print::expression(text);
    if canonical == "count(*)" {
        return canonical;
    }
    let words: Vec<_> = text.span.text(source).split_whitespace().collect();
    words.join(" ")
}
