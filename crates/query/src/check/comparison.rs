//! Comparisons and lists, and the dates that may stand in them.

use super::Checker;
use super::expression::is_number;
use crate::code::Code;
use crate::date::parse_date;
use crate::diagnostic::Diagnostic;
use crate::expression::{Comparator, Expression, Literal};
use crate::kind::Kind;
use crate::span::Span;
use crate::syntax::{ExpressionText, QueryText};

impl Checker<'_> {
    pub(super) fn compare(
        &mut self,
        operator: Comparator,
        left: &ExpressionText,
        right: &ExpressionText,
    ) -> Expression {
        let mut sides = [self.expression(left), self.side(right)];
        let kinds = sides.each_ref().map(Expression::kind);
        let [first, second] = &mut sides;
        self.literal_beside(kinds[1], first, left.span);
        self.literal_beside(kinds[0], second, right.span);
        if kinds.contains(&Kind::Structure) {
            let message = "comparing a list or map is always false";
            self.report(Diagnostic::new(Code::NeverTrue, left.span.to(right.span), message));
        }
        let [left, right] = sides.map(Box::new);
        Expression::Compare { operator, left, right }
    }

    /// Checks the right side, and says that a word without quotation marks is a field.
    fn side(&mut self, text: &ExpressionText) -> Expression {
        let already = self.diagnostics.len();
        let checked = self.expression(text);
        let word = text.as_path().filter(|path| path.steps.is_empty() && !path.first.is_quoted);
        let is_new = |it: &&mut Diagnostic| it.code == Code::UnknownField && it.help.is_none();
        if let (Some(path), Some(note)) =
            (word, self.diagnostics.iter_mut().skip(already).find(is_new))
        {
            note.help = Some(format!("if it is text, write `\"{}\"`", path.first.text));
        }
        checked
    }

    /// Makes a date of text that is compared with a time, and warns of text that is compared with what it never equals.
    pub(super) fn literal_beside(&mut self, other: Kind, literal: &mut Expression, span: Span) {
        let Expression::Literal(Literal::Text(text)) = literal else { return };
        let warning = match other {
            Kind::Time | Kind::Seconds => match parse_date(text) {
                Some(milliseconds) => {
                    let unit = if other == Kind::Seconds { 1000 } else { 1 };
                    *literal = Expression::Literal(Literal::Integer(milliseconds.div_euclid(unit)));
                    let message = "a date as text is compared as the time that it is, in UTC if it has no zone";
                    self.report(
                        Diagnostic::new(Code::Extension, span, message)
                            .help("in CloudWatch compare `toMillis(@timestamp)` with milliseconds"),
                    );
                    return;
                }
                None if is_number(text) => return,
                None => {
                    ("this is not a date", "write it as `2023-08-01` or `2023-08-01T12:30:00Z`")
                }
            },
            Kind::Address if text.contains('/') => {
                ("an address never equals a subnet", "use `isIpInSubnet(address, \"10.0.0.0/8\")`")
            }
            Kind::Integer | Kind::Decimal | Kind::Boolean if !is_number(text) => {
                ("a number never equals this text", "")
            }
            _ => return,
        };
        let (message, help) = warning;
        let warning = Diagnostic::new(Code::NeverTrue, span, message);
        self.report(if help.is_empty() { warning } else { warning.help(help) });
    }

    pub(super) fn membership(
        &mut self,
        left: &ExpressionText,
        items: &[ExpressionText],
        negated: bool,
    ) -> Expression {
        let value = Box::new(self.expression(left));
        let kind = value.kind();
        let item = |item: &ExpressionText| {
            let mut checked = self.side(item);
            self.literal_beside(kind, &mut checked, item.span);
            checked
        };
        let items: Vec<_> = items.iter().map(item).collect();
        if items.is_empty() {
            self.report(Diagnostic::new(Code::NeverTrue, left.span, "nothing is in an empty list"));
        }
        Expression::In { value, items, negated }
    }

    pub(super) fn membership_of_query(
        &mut self,
        left: &ExpressionText,
        query: &QueryText,
        negated: bool,
    ) -> Expression {
        let value = Box::new(self.expression(left));
        let within = self.query_within(query, false);
        if within.columns.len() != 1 {
            let message =
                format!("this query gives {} columns, and one is needed", within.columns.len());
            self.wrong(query.span, message, "end it with `| fields` and the one field");
        }
        Expression::InQuery { value, query: Box::new(within), negated }
    }
}
