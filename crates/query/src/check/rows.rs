//! Commands that choose, order and multiply rows, and those that make patterns of them.

use super::scope::Scope;
use super::{Checker, MESSAGE};
use crate::checked::{Column, Limit, Sort, SortKey, Stage, Which};
use crate::code::Code;
use crate::command::Command;
use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::period::{Period, Unit};
use crate::span::Span;
use crate::stage::{Comparison, RelevantFields};
use crate::syntax::{CommandText, ExpressionText, KeyText, Name, Number};

/// The most rows that a query can give.
///
/// Source: CloudWatch Logs user guide, "limit", since 2026.
pub(super) const LARGEST_LIMIT: u32 = 100_000;

/// What `pattern` gives.
static PATTERN_COLUMNS: &[(&str, Kind)] = &[
    ("@pattern", Kind::Text),
    ("@ratio", Kind::Decimal),
    ("@sampleCount", Kind::Integer),
    ("@severityLabel", Kind::Text),
];

/// What `diff` adds to it.
static DIFF_COLUMNS: &[(&str, Kind)] = &[
    ("@previousSampleCount", Kind::Integer),
    ("@diffCount", Kind::Integer),
    ("@diffDescription", Kind::Text),
];

/// What `anomaly` adds.
static ANOMALY_COLUMNS: &[(&str, Kind)] =
    &[("@anomaly", Kind::Boolean), ("@anomalyScore", Kind::Decimal)];

/// What `relevantfields` gives.
static RELEVANT_COLUMNS: &[(&str, Kind)] = &[
    ("@fieldName", Kind::Text),
    ("@relevanceScore", Kind::Decimal),
    ("@topRelevanceContributors", Kind::Text),
    ("@conditionalMedian", Kind::Decimal),
    ("@baselineMedian", Kind::Decimal),
];

/// The earlier time ranges that `diff` can name.
static COMPARISONS: &[(&str, Unit)] =
    &[("previousDay", Unit::Day), ("previousWeek", Unit::Week), ("previousMonth", Unit::Month)];

impl Checker<'_> {
    pub(super) fn filter(&mut self, condition: &ExpressionText) {
        let condition = self.condition(condition);
        self.stages.push(Stage::Filter(condition));
    }

    /// Filters on a field, unless it is an index that does not exist here.
    pub(super) fn filter_index(&mut self, condition: &ExpressionText) {
        let indexed = match &condition.node {
            crate::syntax::Node::Compare(_, left, _) | crate::syntax::Node::In { left, .. } => {
                left.as_path()
            }
            _ => None,
        };
        let Some(path) = indexed else {
            self.wrong(
                condition.span,
                "`filterIndex` needs `field = value` or `field in [value, …]`",
                "",
            );
            return;
        };
        let name = path.flat();
        let exists = self.vocabulary.fields().is_empty() || self.vocabulary.find(&name).is_some();
        if exists || self.scope.find(&name).is_some() {
            self.filter(condition);
            return;
        }
        let message = format!("nothing is indexed by `{name}` here; this command is left out");
        self.report(Diagnostic::new(Code::UnknownSource, path.first.span, message));
    }

    pub(super) fn sort(&mut self, keys: &[KeyText]) {
        let keys: Vec<_> = keys.iter().map(|key| self.sort_key(key)).collect();
        self.scope.is_sorted = true;
        self.stages.push(Stage::Sort(Sort { keys, is_default: false }));
    }

    fn sort_key(&mut self, key: &KeyText) -> SortKey {
        let expression = self.expression(&key.expression);
        if expression.kind() == Kind::Structure {
            self.wrong(key.expression.span, "a list or map has no order", "sort by a part of it");
        }
        if key.descending.is_none() && expression.kind().is_number() {
            let span = Span::at(key.expression.span.end);
            let note = Diagnostic::new(
                Code::DefaultOrder,
                span,
                "without direction the smallest comes first",
            );
            self.report(note.help("add `desc` for the largest first, or `asc`"));
        }
        SortKey { expression, descending: key.descending.unwrap_or(false) }
    }

    pub(super) fn limit(&mut self, command: &CommandText, any: bool, count: Number) {
        let which = match command.command {
            Command::Tail => Which::Last,
            _ if any => Which::Any,
            _ => Which::First,
        };
        if command.command != Command::Limit {
            let message = format!("AWS calls `{}` deprecated", command.command.name());
            let note = Diagnostic::new(Code::Deprecated, command.keyword, message);
            self.report(note.help("use `sort` and `limit`"));
        }
        if which != Which::Any {
            self.need_order();
        }
        let Some(count) = self.limit_count(count) else { return };
        self.stages.push(Stage::Limit(Limit { count, which, is_default: false }));
    }

    /// Checks a number of rows.
    pub(super) fn limit_count(&mut self, count: Number) -> Option<u32> {
        let value = count.value?;
        let fits = u32::try_from(value).ok().filter(|it| (1..=LARGEST_LIMIT).contains(it));
        if fits.is_none() {
            let message = format!("a limit is from 1 to {LARGEST_LIMIT}");
            self.report(Diagnostic::new(Code::OutOfRange, count.span, message));
        }
        fits
    }

    pub(super) fn dedup(&mut self, paths: &[ExpressionText]) {
        let keys = self.keys(paths);
        self.need_order();
        self.stages.push(Stage::Dedup(keys));
    }

    /// Checks fields that rows are grouped by.
    pub(super) fn keys(&mut self, paths: &[ExpressionText]) -> Vec<Expression> {
        paths
            .iter()
            .map(|path| {
                let key = self.expression(path);
                if key.kind() == Kind::Structure {
                    self.wrong(path.span, "a list or map cannot be compared", "use a part of it");
                }
                key
            })
            .collect()
    }

    pub(super) fn count_frequent(&mut self, paths: &[ExpressionText], command: &CommandText) {
        let keys: Vec<_> = paths.iter().map(|path| self.named(path)).collect();
        let count = Column { name: String::from("_approxcount"), kind: Kind::Integer };
        let columns: Vec<_> = keys.iter().map(crate::Assignment::column).chain([count]).collect();
        self.stages.push(Stage::CountFrequent(keys));
        self.close(command, columns);
    }

    /// Leaves only these columns; the rows are in an order that the stage gives them.
    fn close(&mut self, command: &CommandText, columns: Vec<Column>) {
        let columns = columns.into_iter().map(|column| (column, None)).collect();
        let by = (command.command, command.keyword);
        self.scope = Scope { is_sorted: true, ..Scope::closed(by, columns) };
    }

    pub(super) fn pattern(&mut self, text: &ExpressionText, command: &CommandText) {
        let value = self.expression(text);
        if value.kind() == Kind::Structure || value.kind().is_number() {
            self.wrong(
                text.span,
                format!("`pattern` needs text, and this is {}", value.kind().as_str()),
                "",
            );
        }
        self.stages.push(Stage::Pattern(value));
        self.close(command, columns(PATTERN_COLUMNS));
    }

    pub(super) fn diff(&mut self, against: Option<&Name>, command: &CommandText) {
        let against = against.map_or(Comparison::Previous, |name| self.comparison(name));
        let text = match self.stages.pop() {
            Some(Stage::Pattern(text)) => text,
            other => {
                self.stages.extend(other);
                self.message_to_compare(command)
            }
        };
        self.stages.push(Stage::Diff { text, against });
        self.close(
            command,
            columns(PATTERN_COLUMNS).into_iter().chain(columns(DIFF_COLUMNS)).collect(),
        );
    }

    /// Returns the message, whose patterns are compared if nothing else was said.
    fn message_to_compare(&mut self, command: &CommandText) -> Expression {
        if let Some((closing, span)) = self.scope.closed_by {
            let message = format!("`diff` compares events, and `{}` leaves none", closing.name());
            self.wrong_place(command.keyword, &message, span);
        }
        Expression::field(MESSAGE, self.known_kind(MESSAGE, Kind::Text))
    }

    fn comparison(&mut self, name: &Name) -> Comparison {
        let known = COMPARISONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name.text));
        if let Some((_, unit)) = known {
            return Comparison::Earlier(Period { count: 1, unit: *unit });
        }
        let help = "there are `previousDay`, `previousWeek` and `previousMonth`";
        self.wrong(name.span, format!("there is no time range `{}`", name.text), help);
        Comparison::Previous
    }

    pub(super) fn anomaly(&mut self, keyword: Span) {
        let is_after = |stage: &Stage| matches!(stage, Stage::Pattern(_) | Stage::Diff { .. });
        if !self.stages.iter().any(is_after) || self.scope.find("@pattern").is_none() {
            let error = Diagnostic::new(
                Code::WrongPlace,
                keyword,
                "`anomaly` judges patterns, and there are none",
            );
            self.report(error.help("put `pattern @message` before it"));
        }
        self.create(columns(ANOMALY_COLUMNS), Stage::Anomaly);
    }

    pub(super) fn estimate(&mut self, command: &CommandText) {
        self.stages.push(Stage::Estimate);
        self.close(command, columns(&[("bytesToScan", Kind::Integer)]));
    }

    pub(super) fn unnest(&mut self, list: &ExpressionText, into: &Name) {
        let list = self.expression(list);
        let column = Column { name: into.text.clone(), kind: Kind::Any };
        self.create(vec![column], Stage::Unnest { list, into: into.text.clone() });
    }

    pub(super) fn expand(&mut self, path: &ExpressionText) {
        let Some(name) = self.name_in_place(path) else { return };
        self.scope.loosen(&name, Kind::Any);
        if self.scope.find(&name).is_none() {
            self.scope.add(Column { name: name.clone(), kind: Kind::Any }, None);
        }
        self.stages.push(Stage::Expand(name));
    }

    pub(super) fn relevant_fields(
        &mut self,
        paths: &[ExpressionText],
        condition: &ExpressionText,
        command: &CommandText,
    ) {
        let condition = self.condition(condition);
        let mut fields: Vec<_> = paths.iter().filter_map(|path| self.name_in_place(path)).collect();
        if paths.is_empty() {
            fields = self.all_fields();
        }
        self.stages.push(Stage::RelevantFields(RelevantFields { fields, condition }));
        self.close(command, columns(RELEVANT_COLUMNS));
    }

    /// Returns every value that there is, but for those of the system.
    fn all_fields(&self) -> Vec<String> {
        let known = self.vocabulary.fields().iter().map(|field| field.name.as_str());
        let known = known.filter(|_| !self.scope.is_closed());
        let all = known.chain(self.scope.names()).filter(|name| !name.starts_with('@'));
        let mut names: Vec<String> = Vec::new();
        for name in all {
            if !names.iter().any(|it| it == name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

fn columns(rows: &[(&str, Kind)]) -> Vec<Column> {
    rows.iter().map(|(name, kind)| Column { name: String::from(*name), kind: *kind }).collect()
}
