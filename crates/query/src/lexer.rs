//! Text into tokens, one at a time.
//!
//! Whether `/` divides or begins a regular expression only the parser knows, so it asks: [`Lexer::regex`] reads one
//! where a token would be. For the same reason the text is never split at `|` in advance.

use crate::span::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A word: letters, digits, `_` and `@`, and no digit first.
    Word,
    /// A name in backticks.
    Quoted,
    /// Text in quotation marks.
    Text,
    /// Digits, perhaps with a fraction and an exponent.
    Number,
    /// A sign of one or two characters.
    Sign,
    /// A text or name that does not end.
    Unterminated,
    /// A character that does not belong here.
    Unknown,
    /// Nothing more.
    End,
}

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// A place in the text from which tokens are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'text> {
    pub(crate) source: &'text str,
    pub(crate) position: usize,
}

/// Signs of two characters, which are tried before those of one.
static LONG_SIGNS: &[&str] = &["==", "!=", "<>", "<=", ">=", "=~", "!~"];

/// Signs of one character.
const SIGNS: &str = "|,()[].:=<>+-*/%^!";

impl<'text> Lexer<'text> {
    pub(crate) const fn new(source: &'text str) -> Self {
        Self { source, position: 0 }
    }

    /// Reads the next token.
    pub(crate) fn next(&mut self) -> Token {
        self.skip_blank();
        let start = self.position;
        let kind = self.token();
        Token { kind, span: Span::new(start, self.position) }
    }

    /// Reads a regular expression between slashes, at the next `/`; `None` if it does not end.
    ///
    /// What is between them is left as it is: `\/` means the same to a regular expression.
    pub(crate) fn regex(&mut self) -> Option<Span> {
        self.skip_blank();
        let start = self.position;
        let end = end_of_quoted(self.rest().strip_prefix('/')?, '/')?;
        self.position = start + 1 + end + 1;
        Some(Span::new(start, self.position))
    }

    /// Reads the digits that come right now, for a path such as `items.0.1.id`.
    pub(crate) fn digits(&mut self) -> Option<Span> {
        let length = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let span = Span::new(self.position, self.position + length);
        self.position = span.end;
        (length > 0).then_some(span)
    }

    /// Returns the text that is left.
    pub(crate) fn rest(&self) -> &'text str {
        self.source.get(self.position..).unwrap_or_default()
    }

    /// Skips white space and comments.
    pub(crate) fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.position += blank;
            if !self.rest().starts_with('#') {
                break;
            }
            self.position += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn token(&mut self) -> Kind {
        let Some(first) = self.rest().chars().next() else { return Kind::End };
        match first {
            '"' | '\'' => self.quoted(first, Kind::Text),
            '`' => self.quoted(first, Kind::Quoted),
            '0'..='9' => self.number(),
            _ if is_word_start(first) => self.word(),
            _ => self.sign(first),
        }
    }

    fn quoted(&mut self, quote: char, kind: Kind) -> Kind {
        let inner = self.rest().get(1..).unwrap_or_default();
        match end_of_quoted(inner, quote) {
            Some(end) => {
                self.position += end + 2;
                kind
            }
            None => {
                self.position = self.source.len();
                Kind::Unterminated
            }
        }
    }

    fn number(&mut self) -> Kind {
        self.digits();
        self.after_digits(|rest| usize::from(rest.starts_with('.')));
        self.after_digits(exponent);
        Kind::Number
    }

    /// Goes on if what comes has `prefix` bytes before more digits.
    fn after_digits(&mut self, prefix: impl Fn(&str) -> usize) {
        let length = prefix(self.rest());
        let is_digit = |it: &u8| it.is_ascii_digit();
        if length > 0 && self.rest().as_bytes().get(length).is_some_and(is_digit) {
            self.position += length;
            self.digits();
        }
    }

    fn word(&mut self) -> Kind {
        let rest = self.rest();
        self.position += rest.find(|it| !is_word(it)).unwrap_or(rest.len());
        Kind::Word
    }

    fn sign(&mut self, first: char) -> Kind {
        let long = LONG_SIGNS.iter().find(|it| self.rest().starts_with(**it));
        self.position += long.map_or(first.len_utf8(), |it| it.len());
        if long.is_some() || SIGNS.contains(first) { Kind::Sign } else { Kind::Unknown }
    }
}

/// Returns how long the sign of an exponent is; 0 if there is none.
fn exponent(rest: &str) -> usize {
    let mut bytes = rest.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'e' | b'E'), Some(b'+' | b'-')) => 2,
        (Some(b'e' | b'E'), Some(_)) => 1,
        _ => 0,
    }
}

/// Returns where a text ends: at the first quotation mark that no backslash stands before.
fn end_of_quoted(inner: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (index, it) in inner.char_indices() {
        match it {
            _ if is_escaped => is_escaped = false,
            '\\' if quote != '`' => is_escaped = true,
            _ if it == quote => return Some(index),
            _ => {}
        }
    }
    None
}

/// Returns what a text in quotation marks means: a backslash takes the next character as it is, but `\n`, `\t` and
/// `\r` are what they usually are.
pub(crate) fn unescape(quoted: &str) -> String {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(it) = rest.next() {
        let meant = if it == '\\' { rest.next().map(escaped) } else { Some(it) };
        text.extend(meant);
    }
    text
}

const fn escaped(it: char) -> char {
    match it {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        _ => it,
    }
}

pub(crate) fn is_word_start(it: char) -> bool {
    it.is_alphabetic() || matches!(it, '_' | '@')
}

pub(crate) fn is_word(it: char) -> bool {
    it.is_alphanumeric() || matches!(it, '_' | '@')
}

/// Returns the comments of a blank part of a text: where each begins, and its text without the `#`.
pub(crate) fn comments(start: usize, blank: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = start;
    blank.split_inclusive('\n').filter_map(move |line| {
        let begin = at;
        at += line.len();
        let (before, comment) = line.split_once('#')?;
        Some((begin + before.len(), comment.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[(Kind, &str)]) {
        let mut lexer = Lexer::new(source);
        let mut tokens = Vec::new();
        loop {
            let token = lexer.next();
            if token.kind == Kind::End {
                break;
            }
            tokens.push((token.kind, token.span.text(source)));
        }
        assert_eq!(tokens, expected, "{source}");
    }

    #[test]
    fn words_and_signs() {
        check(
            "filter @message!=x|`a b`",
            &[
                (Kind::Word, "filter"),
                (Kind::Word, "@message"),
                (Kind::Sign, "!="),
                (Kind::Word, "x"),
                (Kind::Sign, "|"),
                (Kind::Quoted, "`a b`"),
            ],
        );
        check("größe ?", &[(Kind::Word, "größe"), (Kind::Unknown, "?")]);
    }

    #[test]
    fn numbers_stop_before_units_and_words() {
        check("5m", &[(Kind::Number, "5"), (Kind::Word, "m")]);
        check(
            "1.5 1e3 2E-4",
            &[(Kind::Number, "1.5"), (Kind::Number, "1e3"), (Kind::Number, "2E-4")],
        );
        check("0.id", &[(Kind::Number, "0"), (Kind::Sign, "."), (Kind::Word, "id")]);
        check("1-4", &[(Kind::Number, "1"), (Kind::Sign, "-"), (Kind::Number, "4")]);
        check("3east", &[(Kind::Number, "3"), (Kind::Word, "east")]);
    }

    #[test]
    fn texts_have_escapes_and_may_not_end() {
        check(r#"'a\'b' "c|#d""#, &[(Kind::Text, r"'a\'b'"), (Kind::Text, "\"c|#d\"")]);
        check("a 'b", &[(Kind::Word, "a"), (Kind::Unterminated, "'b")]);
        assert_eq!(unescape(r#""a\"b\\c\nd\e""#), "a\"b\\c\nde");
    }

    #[test]
    fn comments_are_blank() {
        check("a # b | c\n# d\ne", &[(Kind::Word, "a"), (Kind::Word, "e")]);
        assert_eq!(comments(4, " # b\n#c\n ").collect::<Vec<_>>(), [(5, "b"), (9, "c")]);
    }

    #[test]
    fn regular_expressions_are_read_on_request() {
        let source = r" /a\/|[/]b/ ";
        let mut lexer = Lexer::new(source);
        assert_eq!(lexer.regex().map(|it| it.text(source)), Some(r"/a\/|[/"));
        assert_eq!(Lexer::new("/a").regex(), None);
        assert_eq!(Lexer::new("a/").regex(), None);
    }
}
