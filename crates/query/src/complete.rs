//! What may come next: commands after `|`, and fields, functions and keywords within a command.

use crate::aggregate::Aggregate;
use crate::check::names_in_scope;
use crate::command::Command;
use crate::function::Function;
use crate::lexer::{Kind, Lexer, Token, is_word};
use crate::span::Span;
use crate::vocabulary::Vocabulary;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Completion {
    /// What to write, such as `srcAddr` or `count(`.
    pub text: String,
    /// What it replaces: the word that the cursor is at the end of, or nothing.
    pub span: Span,
    /// What it is.
    pub kind: CompletionKind,
    /// What it means, in one line.
    pub summary: String,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CompletionKind {
    /// A command.
    Command,
    /// A field of the vocabulary or a value of the query.
    Field,
    /// A function or aggregate.
    Function,
    /// A word of the language.
    Keyword,
}

/// Where the cursor is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    /// Where a command begins.
    Start,
    /// Where a value may stand in a command.
    Value(Option<Command>),
    /// Behind a value.
    Operator(Option<Command>),
    /// Within text, a regular expression or a comment.
    Nowhere,
}

/// Words that may follow a value, by command.
static KEYWORDS: &[(Command, &[&str])] = &[
    (Command::Fields, &["as"]),
    (Command::Display, &["as"]),
    (Command::Filter, &["like", "not", "in", "and", "or"]),
    (Command::Where, &["like", "not", "in", "and", "or"]),
    (Command::Stats, &["by", "as", "offset"]),
    (Command::Sort, &["asc", "desc"]),
    (Command::Parse, &["as"]),
    (Command::Unnest, &["into"]),
    (Command::Lookup, &["OUTPUT", "OUTPUTNEW", "as"]),
    (Command::CidrLookup, &["OUTPUT", "OUTPUTNEW", "as"]),
    (Command::Sessionize, &["maxspan", "as"]),
    (Command::RelevantFields, &["where"]),
    (Command::LogCompare, &["timeshift"]),
    (Command::FillMissing, &["with", "for"]),
];

/// Returns what may stand at the cursor, a place in bytes; those that begin with the word before it.
///
/// Commands, fields in the order of the vocabulary, functions, keywords: the caller need not sort. After `stats` only
/// what it gives is proposed. Nothing is proposed within texts and comments.
pub fn complete(text: &str, cursor: usize, vocabulary: &Vocabulary) -> Vec<Completion> {
    let Some(before) = text.get(..cursor) else { return Vec::new() };
    let start = before.trim_end_matches(is_word).len();
    let (head, word) = before.split_at_checked(start).unwrap_or((before, ""));
    let span = Span::new(start, cursor);
    let candidates = match place(head) {
        Place::Start => commands(),
        Place::Value(command) => values(head, command, vocabulary),
        Place::Operator(command) => keywords(command),
        Place::Nowhere => Vec::new(),
    };
    let fits = |it: &Completion| starts_with(&it.text, word);
    candidates.into_iter().filter(fits).map(|it| Completion { span, ..it }).collect()
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word))
}

/// Returns where the end of a text is.
fn place(head: &str) -> Place {
    let mut lexer = Lexer::new(head);
    let mut command = None;
    let mut place = Place::Start;
    loop {
        let end = lexer.position;
        let token = lexer.next();
        let text = token.span.text(head);
        match token.kind {
            Kind::End if head.get(end..).is_some_and(is_in_comment) => return Place::Nowhere,
            Kind::End => return place,
            Kind::Unterminated => return Place::Nowhere,
            _ if place == Place::Start && text != "|" => {
                command = Command::named(text);
                place = Place::Value(command);
            }
            _ if text == "/" && may_be_regex(place, head, end) => {
                lexer.position = end;
                if lexer.regex().is_none() {
                    return Place::Nowhere;
                }
                place = Place::Operator(command);
            }
            _ => place = after(token, text, command),
        }
    }
}

fn is_in_comment(blank: &str) -> bool {
    blank.rsplit('\n').next().is_some_and(|line| line.contains('#'))
}

/// Returns whether a `/` begins a regular expression: where a value may stand, or behind the field of `parse`.
fn may_be_regex(place: Place, head: &str, end: usize) -> bool {
    let before = head.get(..end).unwrap_or_default();
    matches!(place, Place::Value(_))
        || (place == Place::Operator(Some(Command::Parse)) && !before.contains("as "))
}

/// Returns what may follow a token.
fn after(token: Token, text: &str, command: Option<Command>) -> Place {
    let is_value = match token.kind {
        Kind::Word => !is_keyword(text),
        Kind::Quoted | Kind::Text | Kind::Number => true,
        _ => matches!(text, ")" | "]" | "*"),
    };
    match text {
        "|" => Place::Start,
        _ if is_value => Place::Operator(command),
        _ => Place::Value(command),
    }
}

fn is_keyword(word: &str) -> bool {
    let all = KEYWORDS.iter().flat_map(|(_, words)| *words);
    all.into_iter().any(|it| it.eq_ignore_ascii_case(word))
}

fn commands() -> Vec<Completion> {
    let completion = |it: &Command| completion(it.name(), CompletionKind::Command, it.summary());
    Command::ALL.iter().map(completion).collect()
}

fn keywords(command: Option<Command>) -> Vec<Completion> {
    let own = KEYWORDS.iter().find(|(it, _)| Some(*it) == command);
    let words = own.map(|(_, words)| *words).unwrap_or_default();
    words.iter().map(|it| completion(it, CompletionKind::Keyword, "")).collect()
}

fn values(head: &str, command: Option<Command>, vocabulary: &Vocabulary) -> Vec<Completion> {
    let (own, is_closed) = names_in_scope(head, vocabulary);
    let own =
        own.iter().map(|name| completion(name, CompletionKind::Field, "")).collect::<Vec<_>>();
    let known = vocabulary.fields().iter().filter(|_| !is_closed);
    let names = known.clone().map(|it| completion(&it.name, CompletionKind::Field, &it.summary));
    let aliases = known.flat_map(|field| {
        let spaced = field.aliases.iter().filter(|it| it.contains(' '));
        spaced.map(|it| completion(it, CompletionKind::Field, &field.summary)).collect::<Vec<_>>()
    });
    let call =
        |name: &str, summary| completion(&format!("{name}("), CompletionKind::Function, summary);
    let is_stats = command == Some(Command::Stats);
    let aggregates = Aggregate::ALL.iter().filter(|_| is_stats).map(|it| call(it.name, it.summary));
    let functions = Function::ALL.iter().map(|it| call(it.name, it.summary));
    own.into_iter().chain(names).chain(aliases).chain(aggregates).chain(functions).collect()
}

fn completion(text: &str, kind: CompletionKind, summary: &str) -> Completion {
    Completion { text: text.to_owned(), span: Span::default(), kind, summary: summary.to_owned() }
}
