//! `SOURCE`: where rows come from.

use super::Parser;
use crate::lexer::{Kind, unescape};
use crate::span::Span;
use crate::syntax::{Name, SourceCall, SourceText};

impl Parser<'_> {
    /// Reads `SOURCE …`.
    pub(super) fn source_clause(&mut self) -> SourceText {
        self.is_lost = false;
        let start = self.bump().span.start;
        let mut source = SourceText::default();
        if self.peek().kind != Kind::Text && !self.is_at_name() {
            self.expected("a name, `logGroups(…)` or `dataSource(…)`");
        }
        loop {
            source.options.extend(self.options());
            if self.is_lost || !self.source_part(&mut source) {
                break;
            }
        }
        source.span = Span::new(start, self.end);
        source
    }

    fn source_part(&mut self, source: &mut SourceText) -> bool {
        let token = self.peek();
        match token.kind {
            Kind::Text => source.names.extend(self.list(Self::quoted_name)),
            Kind::Quoted | Kind::Word if !self.is_at_command() => {
                let name = self.simple_name();
                if self.take_sign("(") {
                    source.calls.push(self.source_call(name));
                } else {
                    source.names.push(name);
                }
            }
            _ => return false,
        }
        true
    }

    fn quoted_name(&mut self) -> Name {
        let token = self.peek();
        if token.kind != Kind::Text {
            self.expected("a text");
            return Name::default();
        }
        self.bump();
        Name { text: unescape(self.text(token)), is_quoted: true, span: token.span }
    }

    fn source_call(&mut self, name: Name) -> SourceCall {
        let mut arguments = Vec::new();
        while !self.is_lost && !self.is_sign(")") {
            let label = self.is_at_name().then(|| self.simple_name());
            if label.is_some() {
                self.need_sign(":");
            }
            arguments.push((label, self.quoted_names()));
            if !self.take_sign(",") {
                break;
            }
        }
        self.need_sign(")");
        SourceCall { name, arguments }
    }

    /// Reads `['…', …]`.
    fn quoted_names(&mut self) -> Vec<Name> {
        if !self.need_sign("[") {
            return Vec::new();
        }
        let names = if self.is_sign("]") { Vec::new() } else { self.list(Self::quoted_name) };
        self.need_sign("]");
        names
    }
}
