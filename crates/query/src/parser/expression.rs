//! Expressions, by precedence.
//!
//! From weak to strong: `or`; `and`; `not`; comparisons, `like`, `in`, which do not associate; `+ -`; `* / %`; `-` and
//! `!` before an operand; `^`, which associates to the right.

use super::{DEEPEST, MOST_WORDS, Parser};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::{Arithmetic, Comparator};
use crate::lexer::{Kind, unescape};
use crate::span::Span;
use crate::syntax::{ExpressionText, Name, Node, Path, StepText};

/// Words that end a name of several words, and that a field must be put in backticks to be called.
pub(crate) static OPERATOR_WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "like",
    "in",
    "as",
    "by",
    "asc",
    "desc",
    "offset",
    "into",
    "output",
    "outputnew",
    "maxspan",
    "for",
];

impl Parser<'_> {
    /// Reads an expression.
    pub(super) fn expression(&mut self) -> ExpressionText {
        self.nested(|parser| {
            parser.chain("or", |parser| parser.chain("and", Self::negation, Node::And), Node::Or)
        })
    }

    /// Reads one deeper, if that is allowed.
    pub(super) fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> ExpressionText,
    ) -> ExpressionText {
        if self.depth >= DEEPEST {
            return self.too_deep();
        }
        self.depth += 1;
        let expression = read(self);
        self.depth -= 1;
        expression
    }

    fn too_deep(&mut self) -> ExpressionText {
        let span = self.peek().span;
        if !self.is_lost {
            let message = format!("more than {DEEPEST} expressions are within each other");
            self.report(
                Diagnostic::new(Code::TooDeep, span, message)
                    .help("compute parts in a `fields` before"),
            );
        }
        self.is_lost = true;
        ExpressionText { node: Node::Broken, span, depth: 1 }
    }

    /// Makes an expression of others; its place is from `start` to the last token.
    fn make(&mut self, start: usize, depth: usize, node: Node) -> ExpressionText {
        if depth >= DEEPEST {
            return self.too_deep();
        }
        ExpressionText { node, span: Span::new(start, self.end.max(start)), depth: depth + 1 }
    }

    /// Reads operands with a word between them, as one expression however many there are.
    fn chain(
        &mut self,
        word: &str,
        operand: impl Fn(&mut Self) -> ExpressionText,
        node: impl FnOnce(Vec<ExpressionText>) -> Node,
    ) -> ExpressionText {
        let first = operand(self);
        let start = first.span.start;
        let mut operands = vec![first];
        while !self.is_lost && self.take_word(word) {
            operands.push(operand(self));
        }
        match operands.len() {
            1 => operands.remove(0),
            _ => {
                let depth = operands.iter().map(|it| it.depth).max().unwrap_or(0);
                self.make(start, depth, node(operands))
            }
        }
    }

    fn negation(&mut self) -> ExpressionText {
        let start = self.peek().span.start;
        if !self.is_word("not") {
            return self.relation();
        }
        self.bump();
        let operand = self.nested(Self::negation);
        self.make(start, operand.depth, Node::Not(Box::new(operand)))
    }

    fn relation(&mut self) -> ExpressionText {
        let left = self.sum();
        if self.is_lost {
            return left;
        }
        let related = self.related(left);
        if self.comparator().is_some() {
            self.expected("`and`, `or` or the end of the comparison");
        }
        related
    }

    fn related(&mut self, left: ExpressionText) -> ExpressionText {
        if let Some(operator) = self.comparator() {
            self.bump();
            let right = self.sum();
            let (start, depth) = (left.span.start, left.depth.max(right.depth));
            return self.make(
                start,
                depth,
                Node::Compare(operator, Box::new(left), Box::new(right)),
            );
        }
        let negated = self.is_negated_operator() && self.take_word("not");
        match self.text(self.peek()).to_ascii_lowercase().as_str() {
            "like" => self.like(left, negated, false),
            "=~" => self.like(left, false, true),
            "!~" => self.like(left, true, true),
            "in" => self.membership(left, negated),
            _ => left,
        }
    }

    /// Returns whether `not like` or `not in` comes.
    fn is_negated_operator(&self) -> bool {
        let mut ahead = self.lexer;
        let words = [ahead.next(), ahead.next()].map(|it| self.text(it).to_ascii_lowercase());
        words[0] == "not" && matches!(words[1].as_str(), "like" | "in")
    }

    fn comparator(&self) -> Option<Comparator> {
        let token = self.peek();
        if token.kind != Kind::Sign {
            return None;
        }
        match self.text(token) {
            "=" | "==" => Some(Comparator::Equal),
            "!=" | "<>" => Some(Comparator::NotEqual),
            "<" => Some(Comparator::Less),
            "<=" => Some(Comparator::LessOrEqual),
            ">" => Some(Comparator::Greater),
            ">=" => Some(Comparator::GreaterOrEqual),
            _ => None,
        }
    }

    fn like(&mut self, left: ExpressionText, negated: bool, is_regex: bool) -> ExpressionText {
        self.bump();
        let right = if self.is_sign("/") { self.regex_literal() } else { self.sum() };
        let (start, depth) = (left.span.start, left.depth.max(right.depth));
        let is_regex = is_regex || matches!(right.node, Node::Regex(_));
        let (left, right) = (Box::new(left), Box::new(right));
        self.make(start, depth, Node::Like { left, right, is_regex, negated })
    }

    /// Reads a regular expression at a `/`.
    pub(super) fn regex_literal(&mut self) -> ExpressionText {
        let slash = self.peek().span;
        let Some(span) = self.regex() else {
            let message = "the regular expression that begins here does not end";
            self.report(
                Diagnostic::new(Code::Unterminated, slash, message).help("end it with `/`"),
            );
            self.is_lost = true;
            return ExpressionText { node: Node::Broken, span: slash, depth: 1 };
        };
        let text = span.text(self.source);
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        ExpressionText { node: Node::Regex(inner.to_owned()), span, depth: 1 }
    }

    fn membership(&mut self, left: ExpressionText, negated: bool) -> ExpressionText {
        self.bump();
        let start = left.span.start;
        if self.is_sign("(") {
            let query = self.subquery();
            let (left, query) = (Box::new(left), Box::new(query));
            return self.make(start, left.depth, Node::InQuery { left, query, negated });
        }
        let items = self.items_in_brackets();
        let depth = left.depth.max(2);
        self.make(start, depth, Node::In { left: Box::new(left), items, negated })
    }

    /// Reads `[…]`; a comma after the last is allowed.
    fn items_in_brackets(&mut self) -> Vec<ExpressionText> {
        let mut items = Vec::new();
        if !self.need_sign("[") {
            return items;
        }
        while !self.is_lost && !self.is_sign("]") {
            items.push(self.unary());
            if !self.take_sign(",") {
                break;
            }
        }
        self.need_sign("]");
        items
    }

    fn sum(&mut self) -> ExpressionText {
        self.arithmetic(&[("+", Arithmetic::Add), ("-", Arithmetic::Subtract)], |parser| {
            let operators = [
                ("*", Arithmetic::Multiply),
                ("/", Arithmetic::Divide),
                ("%", Arithmetic::Remainder),
            ];
            parser.arithmetic(&operators, Self::unary)
        })
    }

    fn arithmetic(
        &mut self,
        operators: &[(&str, Arithmetic)],
        operand: impl Fn(&mut Self) -> ExpressionText,
    ) -> ExpressionText {
        let mut left = operand(self);
        while !self.is_lost {
            let next = operators.iter().find(|(sign, _)| self.is_sign(sign));
            let Some((_, operator)) = next else { break };
            self.bump();
            let right = operand(self);
            let (start, depth) = (left.span.start, left.depth.max(right.depth));
            left = self.make(
                start,
                depth,
                Node::Arithmetic(*operator, Box::new(left), Box::new(right)),
            );
        }
        left
    }

    fn unary(&mut self) -> ExpressionText {
        let start = self.peek().span.start;
        let is_minus = self.is_sign("-");
        if !is_minus && !self.is_sign("!") {
            return self.power();
        }
        self.bump();
        let operand = self.nested(Self::unary);
        if is_minus {
            return self.negative(start, operand);
        }
        self.make(start, operand.depth, Node::Not(Box::new(operand)))
    }

    /// Makes `-1` a number of its own, and anything else a negation.
    fn negative(&mut self, start: usize, operand: ExpressionText) -> ExpressionText {
        let node = match operand.node {
            Node::Integer(number) => Node::Integer(-number),
            Node::Decimal(number) => Node::Decimal(-number),
            _ => return self.make(start, operand.depth, Node::Negate(Box::new(operand))),
        };
        ExpressionText { node, span: Span::new(start, operand.span.end), depth: operand.depth }
    }

    fn power(&mut self) -> ExpressionText {
        let base = self.operand();
        if self.is_lost || !self.take_sign("^") {
            return base;
        }
        let exponent = self.nested(Self::unary);
        let (start, depth) = (base.span.start, base.depth.max(exponent.depth));
        self.make(
            start,
            depth,
            Node::Arithmetic(Arithmetic::Power, Box::new(base), Box::new(exponent)),
        )
    }

    fn operand(&mut self) -> ExpressionText {
        let token = self.peek();
        match token.kind {
            Kind::Text => {
                self.bump();
                let node = Node::Text(unescape(self.text(token)));
                ExpressionText { node, span: token.span, depth: 1 }
            }
            Kind::Number => self.number(),
            Kind::Word | Kind::Quoted => self.path_or_call(),
            Kind::Sign if self.text(token) == "(" => self.group(),
            _ => {
                self.expected("a value");
                ExpressionText { node: Node::Broken, span: Span::at(token.span.start), depth: 1 }
            }
        }
    }

    fn group(&mut self) -> ExpressionText {
        let open = self.bump();
        let expression = self.expression();
        self.need_sign(")");
        let span = Span::new(open.span.start, self.end);
        ExpressionText { span, ..expression }
    }

    fn number(&mut self) -> ExpressionText {
        if let Some((period, span)) = self.take_period() {
            return ExpressionText { node: Node::Period(period), span, depth: 1 };
        }
        let token = self.bump();
        let text = self.text(token);
        let decimal = || text.parse().ok().filter(|it: &f64| it.is_finite()).map(Node::Decimal);
        let node = text.parse().ok().map(Node::Integer).or_else(decimal).unwrap_or_else(|| {
            let message = "the number is too large";
            self.report(Diagnostic::new(Code::BadNumber, token.span, message));
            Node::Broken
        });
        ExpressionText { node, span: token.span, depth: 1 }
    }

    fn path_or_call(&mut self) -> ExpressionText {
        let start = self.peek().span.start;
        let is_word = self.peek().kind == Kind::Word;
        if let Some(name) = self.spaced_name() {
            let span = name.span;
            return ExpressionText {
                node: Node::Path(Path { first: name, steps: Vec::new() }),
                span,
                depth: 1,
            };
        }
        let first = self.simple_name();
        if is_word && self.is_sign("(") {
            return self.call(first);
        }
        let steps = self.steps();
        let span = Span::new(start, self.end);
        ExpressionText { node: Node::Path(Path { first, steps }), span, depth: 1 }
    }

    /// Reads a field without calls or operators around it.
    pub(super) fn path_expression(&mut self) -> ExpressionText {
        match self.peek().kind {
            Kind::Word | Kind::Quoted => self.path_or_call(),
            _ => {
                self.expected("a field");
                ExpressionText { node: Node::Broken, span: Span::at(self.end), depth: 1 }
            }
        }
    }

    pub(super) fn path(&mut self) -> Path {
        let first = self.simple_name();
        let steps = self.steps();
        Path { first, steps }
    }

    /// Reads a known name of several words, such as `source ip`, if one comes: the longest.
    pub(super) fn spaced_name(&mut self) -> Option<Name> {
        let mut ahead = self.lexer;
        let first = ahead.next();
        let mut longest = None;
        for _ in 1..MOST_WORDS {
            let word = ahead.next();
            let text = self.text(word);
            let ends = OPERATOR_WORDS.iter().any(|it| text.eq_ignore_ascii_case(it));
            if first.kind != Kind::Word || word.kind != Kind::Word || ends {
                break;
            }
            let span = first.span.to(word.span);
            let name = span.text(self.source).split_whitespace().collect::<Vec<_>>().join(" ");
            if self.vocabulary.find(&name).is_some() {
                longest = Some(Name { text: name, is_quoted: false, span });
            }
        }
        let name = longest?;
        while self.end < name.span.end {
            self.bump();
        }
        Some(name)
    }

    /// Reads `.key`, `.0` and `[0]` behind a name. Nothing may stand before a `.`.
    fn steps(&mut self) -> Vec<StepText> {
        let mut steps = Vec::new();
        while !self.is_lost {
            let step = match self.lexer.rest().chars().next() {
                Some('.') => self.key(),
                Some('[') => self.index(),
                _ => break,
            };
            steps.extend(step);
        }
        steps
    }

    fn key(&mut self) -> Option<StepText> {
        self.bump();
        if let Some(span) = self.lexer.digits() {
            self.end = span.end;
            let text = span.text(self.source).to_owned();
            return Some(StepText::Key(Name { text, is_quoted: false, span }));
        }
        Some(StepText::Key(self.simple_name())).filter(|_| !self.is_lost)
    }

    fn index(&mut self) -> Option<StepText> {
        self.bump();
        let token = self.peek();
        let index = self.text(token).parse().ok().filter(|_| token.kind == Kind::Number);
        if index.is_none() {
            self.expected("the place of an item, such as `0`");
            return None;
        }
        self.bump();
        self.need_sign("]");
        index.map(StepText::Index)
    }

    fn call(&mut self, name: Name) -> ExpressionText {
        let start = name.span.start;
        self.bump();
        let mut arguments = Vec::new();
        while !self.is_lost && !self.is_sign(")") {
            arguments.push(self.argument());
            if !self.take_sign(",") {
                break;
            }
        }
        self.need_sign(")");
        let steps = self.steps();
        let depth = arguments.iter().map(|it| it.depth).max().unwrap_or(0);
        self.make(start, depth, Node::Call { name, arguments, steps })
    }

    fn argument(&mut self) -> ExpressionText {
        if self.is_sign("/") {
            return self.regex_literal();
        }
        if self.is_sign("*") {
            let span = self.bump().span;
            return ExpressionText { node: Node::Star, span, depth: 1 };
        }
        self.expression()
    }
}
