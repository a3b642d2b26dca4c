//! Items, keys and pairs: what lists in commands are made of.

use super::Parser;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::lexer::Kind;
use crate::syntax::{Item, KeyText, Name, Number, Pair, QueryText, Wildcard};

impl Parser<'_> {
    /// Reads `expression [as name]`.
    pub(super) fn item(&mut self) -> Item {
        let expression = self.expression();
        let name = if self.is_lost { None } else { self.alias() };
        Item { expression, name }
    }

    /// Reads `expression [asc|desc]`.
    pub(super) fn key_text(&mut self) -> KeyText {
        let expression = self.expression();
        let descending = if self.is_lost {
            None
        } else if self.take_word("desc") {
            Some(true)
        } else {
            self.take_word("asc").then_some(false)
        };
        KeyText { expression, descending }
    }

    /// Reads `name [as name]`.
    pub(super) fn pair(&mut self) -> Pair {
        let first = self.spaced_name().unwrap_or_else(|| self.name());
        let second =
            self.take_word("as").then(|| self.spaced_name().unwrap_or_else(|| self.name()));
        Pair { first, second }
    }

    /// Reads a whole number that nothing but a number may stand for.
    pub(super) fn count(&mut self) -> Number {
        let token = self.peek();
        if token.kind != Kind::Number {
            self.expected("a number");
            return Number { value: None, span: token.span };
        }
        self.bump();
        let value = self.text(token).parse().ok();
        if value.is_none() {
            let message = "this is not a whole number";
            self.report(Diagnostic::new(Code::BadNumber, token.span, message));
        }
        Number { value, span: token.span }
    }

    /// Reads `name` or `name*`.
    pub(super) fn wildcard(&mut self) -> Wildcard {
        let path = if self.is_sign("*") { Name::default() } else { self.name() };
        let is_open = self.take_sign("*");
        Wildcard { path, is_open }
    }

    /// Returns whether a name comes.
    pub(super) fn is_at_name(&self) -> bool {
        matches!(self.peek().kind, Kind::Word | Kind::Quoted)
    }

    /// Reads a query in parentheses.
    pub(super) fn subquery(&mut self) -> QueryText {
        let open = self.peek().span;
        if !self.need_sign("(") {
            return QueryText::default();
        }
        if self.is_within {
            let message = "a query within a query cannot have another within it";
            self.report(Diagnostic::new(Code::WrongPlace, open, message));
        }
        self.depth += 10;
        let was_within = std::mem::replace(&mut self.is_within, true);
        let query =
            if self.depth < super::DEEPEST { self.query(Some(open)) } else { QueryText::default() };
        self.is_within = was_within;
        self.depth = self.depth.saturating_sub(10);
        self.is_lost = false;
        self.need_sign(")");
        query
    }
}
