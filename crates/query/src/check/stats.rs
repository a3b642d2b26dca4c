//! `stats`: keys, aggregates, and what comes out.

use super::scope::Scope;
use super::{Checker, TIMESTAMP};
use crate::aggregate::Aggregate;
use crate::checked::{Aggregation, Assignment, Column, Stage, Stats};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::{Arithmetic, Expression, Literal};
use crate::function::{Accepts, Function};
use crate::kind::Kind;
use crate::period::Period;
use crate::print;
use crate::span::Span;
use crate::syntax::{CommandText, ExpressionText, Item, Name, Node, Path};

/// The largest k of `topk`.
///
/// Source: CloudWatch Logs user guide, "Functions to use with stats".
const LARGEST_K: i64 = 10_000;

/// What is known of a `stats` while its outputs are checked.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    keys: Vec<(Assignment, String)>,
    aggregates: Vec<Aggregation>,
    outputs: Vec<(Assignment, Option<String>)>,
}

impl Groups {
    /// Returns the key that was written like this.
    pub(super) fn key_written(&self, canonical: &str) -> Option<Expression> {
        let index = self.keys.iter().position(|(_, text)| text == canonical)?;
        self.key(index)
    }

    fn key_named(&self, name: &str) -> Option<Expression> {
        let index = self.keys.iter().position(|(key, _)| key.name == name)?;
        self.key(index)
    }

    fn key(&self, index: usize) -> Option<Expression> {
        let (key, _) = self.keys.get(index)?;
        Some(Expression::Key { index, kind: key.expression.kind() })
    }

    fn output_named(&self, name: &str) -> Option<Expression> {
        let (output, _) = self.outputs.iter().find(|(output, _)| output.name == name)?;
        Some(output.expression.clone())
    }

    /// Returns the aggregate, which is computed once however often it is written.
    fn aggregate(&mut self, aggregation: Aggregation) -> Expression {
        let kind = aggregation.aggregate.kind(aggregation.argument.as_ref().map(Expression::kind));
        let known = self.aggregates.iter().position(|it| *it == aggregation);
        let index = known.unwrap_or(self.aggregates.len());
        if known.is_none() {
            self.aggregates.push(aggregation);
        }
        Expression::Aggregate { index, kind }
    }

    fn has_name(&self, name: &str) -> bool {
        let keys = self.keys.iter().map(|(key, _)| &key.name);
        keys.chain(self.outputs.iter().map(|(output, _)| &output.name)).any(|it| it == name)
    }
}

impl Checker<'_> {
    pub(super) fn stats(
        &mut self,
        command: &CommandText,
        items: &[Item],
        keys: &[Item],
        offset: Option<(Period, Span)>,
    ) {
        let mut groups = Groups::default();
        for key in keys {
            let checked = self.key(key, offset);
            self.no_duplicate(&groups, &checked.name, key);
            groups.keys.push((checked, print::expression(&key.expression)));
        }
        for item in items {
            groups = self.output(groups, item);
        }
        self.top_alone(&groups, command);
        self.close_with_groups(groups, keys, command);
    }

    fn key(&mut self, item: &Item, offset: Option<(Period, Span)>) -> Assignment {
        let mut key = self.named(&item.expression);
        key.name = item.name.as_ref().map_or(key.name, |name| name.text.clone());
        if key.expression.kind() == Kind::Structure {
            self.wrong(
                item.expression.span,
                "a list or map cannot be a key",
                "group by a part of it",
            );
        }
        if let Some((period, span)) = offset
            && key.expression.kind() == Kind::Time
        {
            key.expression = self.shifted(key.expression, period, span);
        }
        key
    }

    /// Moves a time forward, for `offset`.
    fn shifted(&mut self, time: Expression, period: Period, span: Span) -> Expression {
        let Some(milliseconds) = period.milliseconds() else {
            self.wrong(span, "an offset must have a fixed length", "use days or weeks");
            return time;
        };
        let call = |function, argument| Expression::Call { function, arguments: vec![argument] };
        let left = Box::new(call(Function::ToMillis, time));
        let right = Box::new(Expression::Literal(Literal::Integer(milliseconds)));
        let moved = Expression::Arithmetic { operator: Arithmetic::Add, left, right };
        call(Function::FromMillis, moved)
    }

    fn no_duplicate(&mut self, groups: &Groups, name: &str, item: &Item) {
        if !groups.has_name(name) {
            return;
        }
        let span = item.name.as_ref().map_or(item.expression.span, |it| it.span);
        let error =
            Diagnostic::new(Code::DuplicateName, span, format!("there is already a `{name}`"));
        self.report(error.help("give one of them another name: `as …`"));
    }

    fn output(&mut self, groups: Groups, item: &Item) -> Groups {
        self.groups = Some(groups);
        let expression = self.expression(&item.expression);
        let mut groups = self.groups.take().unwrap_or_default();
        let canonical = self.canonical_output(&item.expression);
        let name = match &item.name {
            Some(name) => name.text.clone(),
            None if canonical == "count(*)" => canonical.clone(),
            None => super::source_name(&item.expression, self.source),
        };
        let is_same =
            groups.outputs.iter().any(|(it, _)| it.name == name && it.expression == expression);
        if is_same {
            return groups;
        }
        self.no_duplicate(&groups, &name, item);
        groups.outputs.push((Assignment { name, expression }, Some(canonical)));
        groups
    }

    /// Returns the canonical text of an output; a bare `count` is `count(*)`.
    fn canonical_output(&self, text: &ExpressionText) -> String {
        let canonical = print::expression(text);
        let is_bare = text.as_path().is_some() && self.is_bare_count(&canonical);
        if is_bare { String::from("count(*)") } else { canonical }
    }

    fn is_bare_count(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("count") && self.scope.find(name).is_none()
    }

    /// Returns what a name stands for in the outputs: an output before it, a key, or `count`.
    pub(super) fn group_path(&mut self, path: &Path, span: Span) -> Expression {
        let name = path.flat();
        let groups = self.groups.take().unwrap_or_default();
        let found = groups.output_named(&name).or_else(|| groups.key_named(&name));
        let found = found.or_else(|| groups.key_written(&name));
        let (found, groups) = match found {
            Some(found) => (found, groups),
            None if self.is_bare_count(&name) => self.bare_count(groups, span),
            None => (self.not_aggregated(path, &groups, span), groups),
        };
        self.groups = Some(groups);
        found
    }

    fn bare_count(&mut self, mut groups: Groups, span: Span) -> (Expression, Groups) {
        self.report(Diagnostic::new(Code::Extension, span, "`count` is taken for `count(*)`"));
        let aggregation =
            Aggregation { aggregate: Aggregate::Count, argument: None, parameter: None };
        (groups.aggregate(aggregation), groups)
    }

    /// Reports a field that has many values in each group, unless it is a key by another of its names.
    fn not_aggregated(&mut self, path: &Path, groups: &Groups, span: Span) -> Expression {
        let value = self.path(path, span);
        let same = groups.keys.iter().position(|(key, _)| key.expression == value);
        if let Some(key) = same.and_then(|index| groups.key(index)) {
            return key;
        }
        let name = path.flat();
        let message = format!("`{name}` has many values in each group");
        let error = Diagnostic::new(Code::NotAggregated, span, message);
        self.report(
            error.help(format!("use an aggregate such as `max({name})`, or group `by {name}`")),
        );
        value
    }

    /// Checks an aggregate, whose argument is about rows and not about groups.
    pub(super) fn aggregate(
        &mut self,
        aggregate: Aggregate,
        name: &Name,
        arguments: &[ExpressionText],
        span: Span,
    ) -> Expression {
        let groups = self.groups.take();
        let outside = groups.is_none();
        if outside {
            let message = format!(
                "`{}` is an aggregate, which only the outputs of `stats` can have",
                name.text
            );
            let error = Diagnostic::new(Code::AggregateOutsideStats, name.span, message);
            self.report(error.help("compute it with `stats … as name` before"));
        }
        let aggregation = self.aggregation(aggregate, arguments, span);
        let mut known = groups.unwrap_or_default();
        let value = known.aggregate(aggregation);
        self.groups = (!outside).then_some(known);
        value
    }

    fn aggregation(
        &mut self,
        aggregate: Aggregate,
        arguments: &[ExpressionText],
        span: Span,
    ) -> Aggregation {
        let signature = aggregate.signature();
        let mut aggregation = Aggregation { aggregate, argument: None, parameter: None };
        let is_star = matches!(arguments, [ExpressionText { node: Node::Star, .. }]);
        if !self.arity(signature, arguments, span) || (aggregate == Aggregate::Count && is_star) {
            return aggregation;
        }
        for (index, argument) in arguments.iter().enumerate() {
            if aggregate.parameter() == Some(index) {
                aggregation.parameter =
                    self.parameter(aggregate, signature.accepts_at(index), argument);
            } else {
                let checked = self.argument(signature.accepts_at(index), argument);
                self.no_structure(&checked, argument.span);
                aggregation.argument = Some(checked);
            }
        }
        if aggregate.needs_time() && self.scope.is_closed() {
            self.timestamp(span);
        }
        aggregation
    }

    fn no_structure(&mut self, value: &Expression, span: Span) {
        if value.kind() == Kind::Structure {
            self.wrong(span, "a list or map cannot be aggregated", "aggregate a part of it");
        }
    }

    /// Checks an argument that is the same for all rows.
    fn parameter(
        &mut self,
        aggregate: Aggregate,
        accepts: Accepts,
        text: &ExpressionText,
    ) -> Option<Literal> {
        let range = match aggregate {
            Aggregate::TopK | Aggregate::Histogram => 1..=LARGEST_K,
            _ => 0..=100,
        };
        match self.argument(accepts, text) {
            Expression::Literal(Literal::Period(period)) => {
                return Some(Literal::Period(self.of_fixed_length(period, text.span)));
            }
            Expression::Literal(Literal::Integer(number)) if range.contains(&number) => {
                return Some(Literal::Integer(number));
            }
            Expression::Literal(Literal::Decimal(number))
                if aggregate == Aggregate::Percentile && (0.0..=100.0).contains(&number) =>
            {
                return Some(Literal::Decimal(number));
            }
            _ => {}
        }
        let message = format!("a number from {} to {} is needed here", range.start(), range.end());
        self.report(Diagnostic::new(Code::OutOfRange, text.span, message));
        None
    }

    /// Returns a period that has the same length everywhere in the calendar.
    fn of_fixed_length(&mut self, period: Period, span: Span) -> Period {
        if period.milliseconds().is_none() {
            self.wrong(span, "a period of a fixed length is needed here", "such as `1m` or `7d`");
        }
        period
    }

    /// Checks that `topk` is alone.
    fn top_alone(&mut self, groups: &Groups, command: &CommandText) {
        let has_top = groups.aggregates.iter().any(|it| it.aggregate == Aggregate::TopK);
        if has_top && groups.aggregates.len() + groups.keys.len() > 1 {
            let message = "`topk` cannot be combined with `by` or other aggregates";
            self.report(Diagnostic::new(Code::WrongArgument, command.span, message));
        }
    }

    fn close_with_groups(&mut self, groups: Groups, texts: &[Item], command: &CommandText) {
        let Groups { keys, aggregates, outputs } = groups;
        let time =
            keys.iter().find_map(|(key, _)| Some((key.name.clone(), period(&key.expression)?)));
        let named = |item: &Item| item.name.is_some();
        let mut columns: Vec<_> = keys
            .iter()
            .zip(texts)
            .map(|((key, canonical), item)| {
                (key.column(), (!named(item)).then(|| canonical.clone()))
            })
            .collect();
        columns
            .extend(outputs.iter().map(|(output, canonical)| (output.column(), canonical.clone())));
        let key_columns: Vec<Column> = keys.iter().map(|(key, _)| key.column()).collect();
        self.scope = Scope {
            is_sorted: keys.is_empty(),
            keys: key_columns,
            time,
            ..Scope::closed((command.command, command.keyword), columns)
        };
        let keys = keys.into_iter().map(|(key, _)| key).collect();
        let outputs = outputs.into_iter().map(|(output, _)| output).collect();
        self.stages.push(Stage::Stats(Stats { keys, aggregates, outputs }));
    }
}

/// Returns the period of a key that is `bin` or the like, moved by an offset or not.
fn period(key: &Expression) -> Option<Period> {
    match key {
        Expression::Call { function: Function::DateFloor | Function::DateCeil, arguments } => {
            match arguments.as_slice() {
                [_, Expression::Literal(Literal::Period(period))] => Some(*period),
                _ => None,
            }
        }
        Expression::Call { function: Function::FromMillis | Function::ToMillis, arguments } => {
            arguments.first().and_then(period)
        }
        Expression::Arithmetic { operator: Arithmetic::Add, left, .. } => period(left),
        Expression::Field { name, .. } if name == TIMESTAMP => None,
        _ => None,
    }
}
