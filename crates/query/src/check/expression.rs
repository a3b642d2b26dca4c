//! Expressions.

use super::path::items;
use super::{Checker, MESSAGE};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::{Arithmetic, Expression, Literal};
use crate::kind::Kind;
use crate::print;
use crate::regex::check_regex;
use crate::span::Span;
use crate::syntax::{ExpressionText, Node};

/// What stands for an expression that could not be read; an error says so, and nothing more is to be said about it.
pub(super) const BROKEN: Expression = Expression::Field { name: String::new(), kind: Kind::Any };

impl Checker<'_> {
    /// Returns what an expression is.
    pub(super) fn expression(&mut self, text: &ExpressionText) -> Expression {
        if let Some(value) = self.written_before(text) {
            return value;
        }
        match &text.node {
            Node::Broken => BROKEN,
            Node::Star => self.misplaced(text.span, "`*` stands for all rows only in `count(*)`"),
            Node::Period(_) => {
                self.misplaced(text.span, "a period can only be an argument, as in `bin(5m)`")
            }
            Node::Regex(_) => {
                self.misplaced(text.span, "a regular expression can only follow `like` or `=~`")
            }
            Node::Text(text) => Expression::Literal(Literal::Text(text.clone())),
            Node::Integer(number) => Expression::Literal(Literal::Integer(*number)),
            Node::Decimal(number) => Expression::Literal(Literal::Decimal(*number)),
            Node::Path(path) if self.groups.is_some() => self.group_path(path, text.span),
            Node::Path(path) => self.path(path, text.span),
            Node::Call { name, arguments, steps } => {
                let call = self.call(name, arguments, text.span);
                items(call, steps)
            }
            Node::Negate(operand) => Expression::Negate(Box::new(self.number(operand))),
            Node::Arithmetic(operator, left, right) => {
                self.arithmetic(*operator, left, right, text.span)
            }
            Node::Not(operand) => Expression::Not(Box::new(self.condition(operand))),
            Node::And(all) => Expression::And(self.conditions(all)),
            Node::Or(all) => Expression::Or(self.conditions(all)),
            Node::Compare(operator, left, right) => self.compare(*operator, left, right),
            Node::Like { left, right, is_regex, negated } => {
                self.like(left, right, *is_regex, *negated)
            }
            Node::In { left, items, negated } => self.membership(left, items, *negated),
            Node::InQuery { left, query, negated } => {
                self.membership_of_query(left, query, *negated)
            }
        }
    }

    /// Returns the value that was made from the same text before: after `stats count(*)`, `count(*)` is its column.
    fn written_before(&self, text: &ExpressionText) -> Option<Expression> {
        let is_candidate = matches!(
            text.node,
            Node::Call { .. }
                | Node::Arithmetic(..)
                | Node::Negate(_)
                | Node::Compare(..)
                | Node::Like { .. }
        );
        if !is_candidate {
            return None;
        }
        let canonical = print::expression(text);
        if let Some(groups) = &self.groups {
            return groups.key_written(&canonical);
        }
        let column = self.scope.find_canonical(&canonical)?;
        Some(Expression::field(column.name.clone(), column.kind))
    }

    fn misplaced(&mut self, span: Span, message: &str) -> Expression {
        self.wrong(span, message, "");
        BROKEN
    }

    /// Returns an expression whose value is used as a number.
    pub(super) fn number(&mut self, text: &ExpressionText) -> Expression {
        let value = self.expression(text);
        let is_text = matches!(&value, Expression::Literal(Literal::Text(it)) if !is_number(it));
        if is_text || value.kind() == Kind::Structure {
            let message = format!("this is {}, and never a number", value.kind().as_str());
            self.report(Diagnostic::new(Code::NeverTrue, text.span, message));
        }
        value
    }

    fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: &ExpressionText,
        right: &ExpressionText,
        span: Span,
    ) -> Expression {
        if operator == Arithmetic::Subtract
            && let Some(field) = self.hyphenated(left, right, span)
        {
            return field;
        }
        let (left, right) = (Box::new(self.number(left)), Box::new(self.number(right)));
        Expression::Arithmetic { operator, left, right }
    }

    /// Returns the field if `flow-direction` is the name of one; says that `event-name` is a subtraction.
    fn hyphenated(
        &mut self,
        left: &ExpressionText,
        right: &ExpressionText,
        span: Span,
    ) -> Option<Expression> {
        let parts = [left.as_path()?, right.as_path()?];
        let is_tight =
            left.span.end + 1 == right.span.start && parts.iter().all(|it| !it.first.is_quoted);
        if !is_tight {
            return None;
        }
        let written = span.text(self.source);
        let field = self.vocabulary.find(written).filter(|_| !self.scope.is_closed());
        let are_unknown = parts.iter().all(|it| self.vocabulary.find(&it.flat()).is_none());
        let (message, help, value) = match field {
            Some(field) if are_unknown && !self.options.aws_compatible => (
                format!("`{written}` is taken for `{}`; AWS would subtract", field.name),
                format!("write `{}`", field.name),
                Some(Expression::field(field.name.clone(), field.kind)),
            ),
            _ => (
                format!("`{written}` is a subtraction"),
                String::from("if it is one name, put it in backticks"),
                None,
            ),
        };
        self.report(Diagnostic::new(Code::Surprise, span, message).help(help));
        value
    }

    fn conditions(&mut self, all: &[ExpressionText]) -> Vec<Expression> {
        all.iter().map(|it| self.condition(it)).collect()
    }

    /// Returns an expression that is true or false.
    pub(super) fn condition(&mut self, text: &ExpressionText) -> Expression {
        let value = self.expression(text);
        let kind = value.kind();
        if matches!(kind, Kind::Text | Kind::Address | Kind::Time | Kind::Structure) {
            let message = format!("this is {}, not a condition", kind.as_str());
            let help = match &text.node {
                Node::Text(it) => {
                    format!("to find it anywhere, write `{MESSAGE} like {}`", print::quoted(it))
                }
                _ => String::from("compare it with something, or ask `ispresent(…)`"),
            };
            self.wrong(text.span, message, &help);
        }
        value
    }

    fn like(
        &mut self,
        left: &ExpressionText,
        right: &ExpressionText,
        is_regex: bool,
        negated: bool,
    ) -> Expression {
        let value = Box::new(self.expression(left));
        if is_regex {
            let regex = self.regex_argument(right);
            return Expression::Matches { value, regex, negated };
        }
        if let Node::Text(part) = &right.node
            && part.contains('%')
        {
            let note = Diagnostic::new(
                Code::Surprise,
                right.span,
                "`%` stands for itself: `like` finds text as it is",
            );
            self.report(note.help(
                "leave the `%` out: `like` finds text anywhere; or use a regular expression",
            ));
        }
        let part = Box::new(self.expression(right));
        Expression::Like { value, part, negated }
    }

    /// Returns a regular expression that is written between slashes or as text.
    pub(super) fn regex_argument(&mut self, text: &ExpressionText) -> String {
        let regex = match &text.node {
            Node::Regex(regex) | Node::Text(regex) => regex.clone(),
            Node::Broken => return String::new(),
            _ => {
                self.wrong(
                    text.span,
                    "a regular expression must be written out",
                    "write it between slashes",
                );
                return String::new();
            }
        };
        if let Err(error) = check_regex(&regex, text.span) {
            self.report(error);
        }
        regex
    }
}

/// Returns whether text is a number: digits with an optional sign, fraction and exponent.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let starts_and_ends = unsigned.starts_with(|it: char| it.is_ascii_digit())
        && unsigned.ends_with(|it: char| it.is_ascii_digit());
    starts_and_ends && text.parse::<f64>().is_ok_and(f64::is_finite)
}
