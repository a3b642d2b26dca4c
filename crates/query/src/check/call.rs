//! Calls of functions.

use super::Checker;
use super::expression::BROKEN;
use crate::aggregate::Aggregate;
use crate::code::Code;
use crate::date::parse_date;
use crate::diagnostic::Diagnostic;
use crate::expression::{Arithmetic, Expression, Literal};
use crate::function::{Accepts, Function, Signature};
use crate::kind::Kind;
use crate::period::Period;
use crate::span::Span;
use crate::suggestion::{closest, did_you_mean};
use crate::syntax::{ExpressionText, Name, Node};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        name: &Name,
        arguments: &[ExpressionText],
        span: Span,
    ) -> Expression {
        if let Some(aggregate) = Aggregate::named(&name.text) {
            return self.aggregate(aggregate, name, arguments, span);
        }
        let Some(function) = Function::named(&name.text) else {
            self.unknown_function(name);
            return BROKEN;
        };
        let signature = function.signature();
        if !self.arity(signature, arguments, span) {
            return BROKEN;
        }
        let checked = arguments.iter().enumerate();
        let checked: Vec<_> = checked
            .map(|(index, argument)| {
                self.argument(accepts(signature, index, arguments.len()), argument)
            })
            .collect();
        self.resolve(function, checked, span)
    }

    /// Replaces what is only a way of writing something else.
    fn resolve(
        &mut self,
        function: Function,
        mut arguments: Vec<Expression>,
        span: Span,
    ) -> Expression {
        match function {
            Function::Unmask => arguments.pop().unwrap_or(BROKEN),
            Function::Bin => {
                arguments.insert(0, self.timestamp_outside_groups(span));
                Expression::Call { function: Function::DateFloor, arguments }
            }
            _ => Expression::Call { function, arguments },
        }
    }

    /// Returns `@timestamp`; in the outputs of `stats` there is none but within an aggregate.
    fn timestamp_outside_groups(&mut self, span: Span) -> Expression {
        if self.groups.is_some() {
            let message = "`bin` is neither a key of this `stats` nor within an aggregate";
            self.report(
                Diagnostic::new(Code::NotAggregated, span, message)
                    .help("group by it: `by bin(…)`"),
            );
        }
        self.timestamp(span)
    }

    fn unknown_function(&mut self, name: &Name) {
        let functions = Function::ALL.iter().map(|row| row.name);
        let known = functions.chain(Aggregate::ALL.iter().map(|row| row.name));
        let message = format!("there is no function `{}`", name.text);
        let error = Diagnostic::new(Code::UnknownFunction, name.span, message);
        self.report(match closest(&name.text, known) {
            Some(similar) => error.help(did_you_mean(similar)),
            None => error,
        });
    }

    /// Checks how many arguments there are.
    pub(super) fn arity<F>(
        &mut self,
        signature: &Signature<F>,
        arguments: &[ExpressionText],
        span: Span,
    ) -> bool {
        let fits = signature.arity.contains(&arguments.len());
        if !fits {
            let (least, most) = (signature.arity.start(), signature.arity.end());
            let takes =
                if least == most { least.to_string() } else { format!("{least} to {most}") };
            let plural = if takes == "1" { "" } else { "s" };
            let name = signature.name;
            let message =
                format!("`{name}` takes {takes} argument{plural}, not {}", arguments.len());
            let error = Diagnostic::new(Code::WrongArity, span, message);
            self.report(error.help(format!("it is `{}`", signature.usage())));
        }
        fits
    }

    /// Checks an argument.
    pub(super) fn argument(&mut self, accepts: Accepts, text: &ExpressionText) -> Expression {
        match accepts {
            Accepts::Period => Expression::Literal(Literal::Period(self.period_argument(text))),
            Accepts::Regex => Expression::Literal(Literal::Regex(self.regex_argument(text))),
            Accepts::Number => self.number(text),
            Accepts::Condition => self.condition(text),
            Accepts::Time => self.time_argument(text),
            Accepts::Any | Accepts::Text | Accepts::Address | Accepts::Structure => {
                self.expression(text)
            }
        }
    }

    fn period_argument(&mut self, text: &ExpressionText) -> Period {
        match text.node {
            Node::Period(period) => self.clamped(period, text.span),
            _ => {
                if text.node != Node::Broken {
                    self.wrong(
                        text.span,
                        "a period must be written out here",
                        "such as `5m` or `1h`",
                    );
                }
                Period { count: 1, unit: crate::Unit::Minute }
            }
        }
    }

    /// Returns a period as it is obeyed: AWS makes large counts smaller without a word.
    fn clamped(&mut self, period: Period, span: Span) -> Period {
        if period.count == 0 {
            self.report(Diagnostic::new(Code::OutOfRange, span, "a period cannot be 0"));
            return Period { count: 1, ..period };
        }
        let Some(cap) = period.unit.cap().filter(|cap| period.count > *cap) else { return period };
        let capped = Period { count: cap, ..period };
        let message = if self.options.aws_compatible {
            format!("`{period}` is taken for `{capped}`, as AWS does")
        } else {
            format!("AWS would take `{period}` for `{capped}`; Portolan does what you wrote")
        };
        let warning = Diagnostic::new(Code::Clamped, span, message);
        self.report(warning.help("use a larger unit, such as `5m` for `300s`"));
        if self.options.aws_compatible { capped } else { period }
    }

    /// Checks a time: dates may be text, and seconds become milliseconds.
    fn time_argument(&mut self, text: &ExpressionText) -> Expression {
        let value = self.expression(text);
        if let Expression::Literal(Literal::Text(date)) = &value {
            return match parse_date(date) {
                Some(milliseconds) => Expression::Literal(Literal::Integer(milliseconds)),
                None => {
                    self.report(Diagnostic::new(Code::NeverTrue, text.span, "this is not a time"));
                    value
                }
            };
        }
        if value.kind() != Kind::Seconds {
            return value;
        }
        let message = "this is a number of seconds, and is multiplied by 1000 to be a time";
        self.report(
            Diagnostic::new(Code::Surprise, text.span, message)
                .help("AWS would take it for milliseconds"),
        );
        let thousand = Expression::Literal(Literal::Integer(1000));
        let (left, right) = (Box::new(value), Box::new(thousand));
        Expression::Arithmetic { operator: Arithmetic::Multiply, left, right }
    }
}

/// Returns what a function does with an argument: those of `case` are conditions and values in turn.
fn accepts(signature: &Signature<Function>, index: usize, count: usize) -> Accepts {
    let is_case = signature.function == Function::Case;
    if is_case && index.is_multiple_of(2) && index + 1 < count {
        return Accepts::Condition;
    }
    signature.accepts_at(index)
}
