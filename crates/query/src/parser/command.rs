//! What follows the name of each command.

use super::Parser;
use crate::command::Command;
use crate::lexer::{Kind, unescape};
use crate::syntax::{Body, ExpressionText, Name, PatternText};

/// Reads what follows the name of a command.
pub(super) fn body(parser: &mut Parser<'_>, command: Command) -> Body {
    match command {
        Command::Anomaly | Command::Estimate | Command::Source => Body::Nothing,
        Command::Fields | Command::Display | Command::Unmask => {
            Body::Items(parser.list(Parser::item))
        }
        Command::Filter | Command::Where | Command::FilterIndex | Command::Pattern => {
            Body::Expression(parser.expression())
        }
        Command::Stats => parser.stats(),
        Command::Sort => Body::Sort(parser.list(Parser::key_text)),
        Command::Limit | Command::Head | Command::Tail => parser.limit(),
        Command::Dedup | Command::CountFrequent => Body::Paths(parser.paths()),
        Command::Parse => parser.parse_body(),
        Command::Diff => Body::Diff(parser.is_at_name().then(|| parser.simple_name())),
        Command::Unnest => parser.unnest(),
        Command::Expand => Body::Expand(parser.path_expression()),
        Command::Lookup | Command::CidrLookup => parser.lookup(),
        Command::Join => parser.join(),
        Command::AppendColumns => {
            Body::AppendColumns { options: parser.options(), query: parser.subquery() }
        }
        Command::AddTotals => parser.add_totals(),
        Command::Outlier => parser.outlier(),
        Command::Autoregress | Command::Accumulate => parser.renamed(),
        Command::LogCompare => {
            parser.need_word("timeshift");
            Body::LogCompare { shift: parser.need_period() }
        }
        Command::FillDown => parser.fill_down(),
        Command::FillMissing => parser.fill_missing(),
        Command::Sessionize => parser.sessionize(),
        Command::RelevantFields => parser.relevant_fields(),
    }
}

impl Parser<'_> {
    fn paths(&mut self) -> Vec<ExpressionText> {
        self.list(Self::path_expression)
    }

    fn stats(&mut self) -> Body {
        let items = self.list(Self::item);
        let keys =
            if !self.is_lost && self.take_word("by") { self.list(Self::item) } else { Vec::new() };
        let offset = (!self.is_lost && self.take_word("offset")).then(|| self.need_period());
        Body::Stats { items, keys, offset }
    }

    fn limit(&mut self) -> Body {
        let any = self.take_word("any");
        Body::Limit { any, count: self.count() }
    }

    fn parse_body(&mut self) -> Body {
        let text = self.path_expression();
        let pattern = self.pattern_text();
        let into = if self.take_word("as") { self.list(Self::name) } else { Vec::new() };
        Body::Parse { text, pattern, into }
    }

    fn pattern_text(&mut self) -> PatternText {
        if self.is_sign("/") {
            let regex = self.regex_literal();
            let text = regex.span.text(self.source);
            let text =
                text.strip_prefix('/').and_then(|it| it.strip_suffix('/')).unwrap_or_default();
            return PatternText { text: text.to_owned(), is_regex: true, span: regex.span };
        }
        let token = self.peek();
        if token.kind == Kind::Text {
            self.bump();
        } else {
            self.expected("a text with `*`, or a regular expression between slashes,");
        }
        let text =
            if token.kind == Kind::Text { unescape(self.text(token)) } else { String::new() };
        PatternText { text, is_regex: false, span: token.span }
    }

    fn unnest(&mut self) -> Body {
        let list = self.path_expression();
        let into = if self.need_word("into") { self.name() } else { Name::default() };
        Body::Unnest { list, into }
    }

    fn lookup(&mut self) -> Body {
        let table = self.simple_name();
        let keys = self.list(Self::pair);
        let keeps_existing = self.take_word("outputnew");
        if !keeps_existing {
            self.need_word("OUTPUT");
        }
        let outputs = if self.is_lost { Vec::new() } else { self.list(Self::pair) };
        Body::Lookup { table, keys, keeps_existing, outputs }
    }

    fn join(&mut self) -> Body {
        let options = self.options();
        self.need_word("where");
        let left = self.path_expression();
        if !self.take_sign("==") {
            self.need_sign("=");
        }
        let right = self.path_expression();
        let opened = self.need_sign("(");
        if opened && !self.is_word("source") {
            self.expected("`SOURCE`");
        }
        let source =
            if self.is_lost { crate::syntax::SourceText::default() } else { self.source_clause() };
        self.need_sign(")");
        Body::Join { options, left, right, source }
    }

    fn add_totals(&mut self) -> Body {
        let options = self.options();
        let paths = if self.is_at_name() { self.paths() } else { Vec::new() };
        Body::Optioned { options, paths }
    }

    fn outlier(&mut self) -> Body {
        let options = self.options();
        let mut paths = vec![self.path_expression()];
        while !self.is_lost && (self.take_sign(",") || self.is_at_name()) {
            paths.push(self.path_expression());
        }
        Body::Optioned { options, paths }
    }

    fn renamed(&mut self) -> Body {
        let path = self.path_expression();
        let name = self.alias();
        Body::Renamed { path, name, options: self.options() }
    }

    fn fill_down(&mut self) -> Body {
        let mut fields = Vec::new();
        while !self.is_lost && (self.is_at_name() || self.is_sign("*")) {
            fields.push(self.wildcard());
            self.take_sign(",");
        }
        Body::FillDown(fields)
    }

    fn fill_missing(&mut self) -> Body {
        if !self.take_word("with") {
            return Body::FillMissing(Vec::new());
        }
        Body::FillMissing(self.list(|parser| {
            let value = parser.expression();
            parser.need_word("for");
            (value, parser.name())
        }))
    }

    fn sessionize(&mut self) -> Body {
        let paths = self.paths();
        let gap = self.take_word("maxspan").then(|| self.need_period());
        Body::Sessionize { paths, gap, name: self.alias() }
    }

    fn relevant_fields(&mut self) -> Body {
        let paths = if self.is_word("where") { Vec::new() } else { self.paths() };
        self.need_word("where");
        Body::RelevantFields { paths, condition: self.expression() }
    }
}
