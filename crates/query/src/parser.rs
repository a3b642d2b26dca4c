//! From text to syntax, with every error at once.
//!
//! A command that cannot be read is skipped up to the next `|`, and the rest is read as if it were not there. Trees
//! are at most [`DEEPEST`] expressions deep, so that nothing that walks them needs to fear for its stack.

mod command;
pub(crate) mod expression;
mod items;
mod option;
mod source;

use crate::code::Code;
use crate::command::Command;
use crate::diagnostic::Diagnostic;
use crate::lexer::{Kind, Lexer, Token, comments, unescape};
use crate::period::{Period, Unit};
use crate::span::Span;
use crate::suggestion::{closest, did_you_mean};
use crate::syntax::{Body, CommandText, ExpressionText, Name, QueryText};
use crate::vocabulary::Vocabulary;

/// How many expressions may be within each other.
pub(crate) const DEEPEST: usize = 100;

/// How many bytes a query may have. CloudWatch allows 10,000 characters.
const LONGEST: usize = 1 << 18;

/// How many words the name of a field may have, such as `source ip`.
const MOST_WORDS: usize = 4;

/// A query as it was read, with what was wrong and the comments beside it.
#[derive(Debug)]
pub(crate) struct Reading<T> {
    pub(crate) value: T,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Where each comment begins, and its text.
    pub(crate) comments: Vec<(usize, String)>,
}

/// Reads a query.
pub(crate) fn parse_query(source: &str, vocabulary: &Vocabulary) -> Reading<QueryText> {
    read(source, vocabulary, |parser| parser.query(None))
}

/// Reads a condition and nothing else.
pub(crate) fn parse_condition(source: &str, vocabulary: &Vocabulary) -> Reading<ExpressionText> {
    read(source, vocabulary, |parser| {
        let expression = parser.expression();
        if parser.peek().kind != Kind::End {
            parser.expected("the end of the condition");
        }
        expression
    })
}

fn read<T>(
    source: &str,
    vocabulary: &Vocabulary,
    read: impl FnOnce(&mut Parser<'_>) -> T,
) -> Reading<T> {
    let mut parser = Parser::new(source, vocabulary);
    let value = read(&mut parser);
    parser.bump_comments(source.len());
    let Parser { mut diagnostics, comments, .. } = parser;
    diagnostics.sort_by_key(|it| it.span().start);
    Reading { value, diagnostics, comments }
}

/// A place in the text, and what was found wrong before it.
#[derive(Debug)]
pub(crate) struct Parser<'input> {
    source: &'input str,
    vocabulary: &'input Vocabulary,
    lexer: Lexer<'input>,
    /// The end of the token before.
    end: usize,
    /// How many calls of the parser are within each other.
    depth: usize,
    /// Whether a query within a query is being read.
    is_within: bool,
    /// Whether an error was reported that makes more in this command useless.
    is_lost: bool,
    diagnostics: Vec<Diagnostic>,
    comments: Vec<(usize, String)>,
}

impl<'input> Parser<'input> {
    fn new(source: &'input str, vocabulary: &'input Vocabulary) -> Self {
        let is_too_long = source.len() > LONGEST;
        let too_long = || {
            let message = format!("the query has {} bytes; {LONGEST} are allowed", source.len());
            Diagnostic::new(Code::TooLong, Span::at(0), message)
        };
        Self {
            source,
            vocabulary,
            lexer: Lexer::new(if is_too_long { "" } else { source }),
            end: 0,
            depth: 0,
            is_within: false,
            is_lost: false,
            diagnostics: is_too_long.then(too_long).into_iter().collect(),
            comments: Vec::new(),
        }
    }

    /// Reads commands up to the end, or up to the `)` that closes a query within a query.
    fn query(&mut self, opened: Option<Span>) -> QueryText {
        let start = self.peek().span.start;
        self.take_sign("|");
        let mut query = QueryText::default();
        if self.is_word("source") {
            query.source = Some(self.source_clause());
            self.end_of_command();
            self.take_sign("|");
        }
        while !self.is_at_end(opened.is_some()) {
            query.commands.extend(self.command());
            if !self.take_sign("|") && !self.is_at_end(opened.is_some()) && !self.is_at_command() {
                self.skip_command();
                self.take_sign("|");
            }
        }
        query.span = Span::new(start, self.end.max(start));
        query
    }

    fn is_at_end(&self, is_within: bool) -> bool {
        self.peek().kind == Kind::End || (is_within && self.is_sign(")"))
    }

    /// Returns whether a command comes, so that only the `|` before it was forgotten.
    fn is_at_command(&self) -> bool {
        self.peek().kind == Kind::Word && Command::named(self.text(self.peek())).is_some()
    }

    /// Reads one command; `None` if there is none.
    fn command(&mut self) -> Option<CommandText> {
        self.is_lost = false;
        let token = self.peek();
        let Some(command) = self.command_name(token) else {
            self.skip_command();
            return None;
        };
        self.bump();
        let body = self.body(command);
        self.end_of_command();
        Some(CommandText {
            command,
            keyword: token.span,
            span: Span::new(token.span.start, self.end),
            body,
        })
    }

    fn command_name(&mut self, token: Token) -> Option<Command> {
        if token.kind != Kind::Word {
            self.expected("a command");
            return None;
        }
        let name = self.text(token);
        match Command::named(name) {
            Some(Command::Source) => {
                let message = "`SOURCE` must be the first command";
                self.report(Diagnostic::new(Code::WrongPlace, token.span, message));
                None
            }
            Some(command) => Some(command),
            None => {
                self.unknown_command(name, token.span);
                None
            }
        }
    }

    fn unknown_command(&mut self, name: &str, span: Span) {
        let error =
            Diagnostic::new(Code::UnknownCommand, span, format!("there is no command `{name}`"));
        let names = Command::ALL.iter().map(|it| it.name());
        let error = match closest(name, names) {
            _ if name.eq_ignore_ascii_case("select") => {
                error.help("this is SQL; the language here is a list of commands, such as `fields srcAddr | limit 5`")
            }
            Some(similar) => error.help(did_you_mean(similar)),
            None => error.help("a query is a list of commands with `|` between them, such as `filter … | stats …`"),
        };
        self.report(error);
    }

    /// Reports what stands behind a command and does not belong to it.
    fn end_of_command(&mut self) {
        let token = self.peek();
        if self.is_lost
            || token.kind == Kind::End
            || self.is_sign("|")
            || (self.is_within && self.is_sign(")"))
        {
            return;
        }
        if self.is_at_command() {
            let name = self.text(token);
            let message = format!("a `|` is missing before `{name}`");
            self.report(Diagnostic::new(Code::Expected, token.span, message));
            return;
        }
        self.expected("`|` or the end");
    }

    /// Skips to the next `|` of this query, or its end.
    fn skip_command(&mut self) {
        let mut open = 0_usize;
        let mut may_be_regex = false;
        while self.peek().kind != Kind::End {
            match self.text(self.peek()) {
                "(" => open += 1,
                ")" if open == 0 && self.is_within => return,
                ")" => open = open.saturating_sub(1),
                "|" if open == 0 => return,
                _ => {}
            }
            let text = self.text(self.peek());
            if !(may_be_regex && text == "/" && self.regex().is_some()) {
                may_be_regex =
                    matches!(text, "," | "(" | "=~" | "!~") || text.eq_ignore_ascii_case("like");
                self.bump();
            }
        }
    }

    /// Returns the next token without taking it.
    fn peek(&self) -> Token {
        let mut lexer = self.lexer;
        lexer.next()
    }

    /// Takes the next token.
    fn bump(&mut self) -> Token {
        let token = self.lexer.next();
        self.bump_comments(token.span.start);
        self.end = token.span.end.max(self.end);
        self.report_bad(token);
        token
    }

    /// Keeps the comments between the last token and this place.
    fn bump_comments(&mut self, start: usize) {
        let blank = self.source.get(self.end..start).unwrap_or_default();
        self.comments.extend(comments(self.end, blank).map(|(at, it)| (at, it.to_owned())));
    }

    fn report_bad(&mut self, token: Token) {
        let text = self.text(token);
        match token.kind {
            Kind::Unterminated => {
                let span = Span::new(token.span.start, token.span.start + 1);
                let quote = span.text(self.source);
                let message = format!("the {quote} that begins here does not end");
                self.report(Diagnostic::new(Code::Unterminated, span, message));
            }
            Kind::Unknown => {
                let message = format!("`{text}` has no meaning here");
                let error = Diagnostic::new(Code::UnknownCharacter, token.span, message);
                self.report(error.help(match text {
                    "&" => "write `and`",
                    _ => "put names with such characters in backticks, and text in quotation marks",
                }));
            }
            _ => {}
        }
    }

    /// Reads a regular expression at the next `/`.
    fn regex(&mut self) -> Option<Span> {
        let start = self.peek().span.start;
        let span = self.lexer.regex()?;
        self.bump_comments(start);
        self.end = span.end;
        Some(span)
    }

    fn text(&self, token: Token) -> &'input str {
        token.span.text(self.source)
    }

    fn is_sign(&self, sign: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Sign && self.text(token) == sign
    }

    fn is_word(&self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Word && self.text(token).eq_ignore_ascii_case(word)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is_next = self.is_sign(sign);
        if is_next {
            self.bump();
        }
        is_next
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.is_word(word);
        if is_next {
            self.bump();
        }
        is_next
    }

    fn need_sign(&mut self, sign: &str) -> bool {
        let found = self.take_sign(sign);
        if !found {
            self.expected(&format!("`{sign}`"));
        }
        found
    }

    fn need_word(&mut self, word: &str) -> bool {
        let found = self.take_word(word);
        if !found {
            self.expected(&format!("`{word}`"));
        }
        found
    }

    /// Reads things with commas between them, one at least.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = vec![read(self)];
        while !self.is_lost && self.take_sign(",") {
            items.push(read(self));
        }
        items
    }

    /// Reads a name: a word, with `.` and numbers behind it, or text in backticks or quotation marks.
    fn name(&mut self) -> Name {
        let token = self.peek();
        match token.kind {
            Kind::Text => {
                self.bump();
                Name { text: unescape(self.text(token)), is_quoted: true, span: token.span }
            }
            Kind::Word | Kind::Quoted => {
                let path = self.path();
                let span = Span::new(token.span.start, self.end);
                Name { text: path.flat(), is_quoted: path.first.is_quoted, span }
            }
            _ => {
                self.expected("a name");
                Name { span: Span::at(self.end), ..Name::default() }
            }
        }
    }

    /// Reads a word or a name in backticks.
    fn simple_name(&mut self) -> Name {
        let token = self.peek();
        let text = self.text(token);
        let text = match token.kind {
            Kind::Word => text.to_owned(),
            Kind::Quoted => text.trim_matches('`').to_owned(),
            _ => {
                self.expected("a name");
                return Name { span: Span::at(self.end), ..Name::default() };
            }
        };
        self.bump();
        Name { text, is_quoted: token.kind == Kind::Quoted, span: token.span }
    }

    /// Reads `as name`, if it comes.
    fn alias(&mut self) -> Option<Name> {
        self.take_word("as").then(|| self.name())
    }

    /// Reads a period, if one comes.
    fn take_period(&mut self) -> Option<(Period, Span)> {
        let mut ahead = self.lexer;
        let number = ahead.next();
        let unit = ahead.next();
        let is_period = (number.kind, unit.kind) == (Kind::Number, Kind::Word);
        let unit = Unit::named(self.text(unit)).filter(|_| is_period)?;
        let count = self.text(number).parse().ok()?;
        self.bump();
        let end = self.bump();
        Some((Period { count, unit }, number.span.to(end.span)))
    }

    fn need_period(&mut self) -> (Period, Span) {
        self.take_period().unwrap_or_else(|| {
            self.expected("a period such as `5m`");
            (Period { count: 1, unit: Unit::Minute }, Span::at(self.end))
        })
    }

    /// Reports that something else should come; once for each command.
    fn expected(&mut self, what: &str) {
        let token = self.peek();
        if self.is_lost {
            return;
        }
        let found = match token.kind {
            Kind::End => String::from("the query ends"),
            Kind::Unknown | Kind::Unterminated => {
                self.is_lost = true;
                self.report_bad(token);
                return;
            }
            _ => format!("`{}` stands here", self.text(token)),
        };
        let span = if token.kind == Kind::End {
            Span::at(self.source.trim_end().len())
        } else {
            token.span
        };
        let error =
            Diagnostic::new(Code::Expected, span, format!("{what} is expected, but {found}"));
        let error = match self.unquoted(token) {
            Some(text) => error.help(format!("text has to be quoted: `\"{text}\"`")),
            None => error,
        };
        self.is_lost = true;
        self.report(error);
    }

    /// Returns the text around a token that looks like a URL or the like without quotation marks.
    fn unquoted(&self, token: Token) -> Option<&'input str> {
        if !matches!(self.text(token), ":" | "/") || self.end != token.span.start {
            return None;
        }
        let before = self.source.get(..token.span.start)?;
        let start = before.rfind(char::is_whitespace).map_or(0, |it| it + 1);
        let rest = self.source.get(start..)?;
        rest.split([' ', '\t', '\r', '\n', '|', ')', ',']).next()
    }

    /// Keeps a diagnostic, unless one about the same place says the same.
    fn report(&mut self, diagnostic: Diagnostic) {
        let is_same =
            |it: &Diagnostic| it.code == diagnostic.code && it.span() == diagnostic.span();
        if !self.diagnostics.iter().any(is_same) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn body(&mut self, command: Command) -> Body {
        command::body(self, command)
    }
}
