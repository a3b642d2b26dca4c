//! Options such as `type=left`.

use super::Parser;
use crate::lexer::Kind;
use crate::span::Span;
use crate::syntax::{Name, OptionText};

impl Parser<'_> {
    /// Reads options as long as they come.
    pub(super) fn options(&mut self) -> Vec<OptionText> {
        let mut options = Vec::new();
        while !self.is_lost && self.is_at_option() {
            let name = self.simple_name();
            self.bump();
            options.push(OptionText { name, value: self.option_value() });
        }
        options
    }

    fn is_at_option(&self) -> bool {
        let mut ahead = self.lexer;
        let (name, sign) = (ahead.next(), ahead.next());
        name.kind == Kind::Word && self.text(sign) == "="
    }

    /// Reads a value as it is written: words, numbers and `-`, without spaces.
    fn option_value(&mut self) -> Name {
        let start = self.peek().span.start;
        let mut end = start;
        while self.peek().span.start == end && self.is_option_value() {
            end = self.bump().span.end;
        }
        let span = Span::new(start, end);
        if span.start == span.end {
            self.expected("a value");
        }
        Name { text: span.text(self.source).to_owned(), is_quoted: false, span }
    }

    fn is_option_value(&self) -> bool {
        let token = self.peek();
        matches!(token.kind, Kind::Word | Kind::Number | Kind::Quoted | Kind::Text)
            || self.text(token) == "-"
    }
}
