//! Regular expressions, checked before anything runs.

use regex_syntax::ast::{GroupKind, Visitor, visit};
use regex_syntax::{Error, ParserBuilder, ast};

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// How deep groups may be within each other.
const DEEPEST: u32 = 50;

/// Checks a regular expression of which `span` is the place, with one character before it.
pub(crate) fn check_regex(regex: &str, span: Span) -> Result<(), Diagnostic> {
    let parsed = ParserBuilder::new().nest_limit(DEEPEST).build().parse(regex);
    parsed.map(drop).map_err(|error| diagnostic(&error, span))
}

fn diagnostic(error: &Error, span: Span) -> Diagnostic {
    let (message, place) = match error {
        Error::Parse(error) => {
            (error.kind().to_string(), error.span().start.offset..error.span().end.offset)
        }
        Error::Translate(error) => {
            (error.kind().to_string(), error.span().start.offset..error.span().end.offset)
        }
        _ => (error.to_string(), 0..0),
    };
    // Escapes of text in quotation marks move places; a place beyond the end says nothing.
    let start = span.start + 1 + place.start;
    let within = Span::new(start, start + place.len());
    let within = if within.end <= span.end { within } else { span };
    let error = Diagnostic::new(Code::BadRegex, within, message);
    error.help("the syntax is that of RE2: no look-around, no back-references")
}

/// Returns the named groups of a regular expression, with their numbers; the first group is 1.
pub(crate) fn named_groups(regex: &str) -> Vec<(usize, String)> {
    let Ok(tree) = ast::parse::ParserBuilder::new().nest_limit(DEEPEST).build().parse(regex) else {
        return Vec::new();
    };
    visit(&tree, Groups { named: Vec::new() }).unwrap_or_default()
}

/// Returns how many groups a regular expression has.
pub(crate) fn count_groups(regex: &str) -> usize {
    let parsed = ParserBuilder::new().nest_limit(DEEPEST).build().parse(regex);
    parsed.map_or(0, |it| it.properties().explicit_captures_len())
}

struct Groups {
    named: Vec<(usize, String)>,
}

impl Visitor for Groups {
    type Output = Vec<(usize, String)>;
    type Err = ();

    fn finish(self) -> Result<Self::Output, ()> {
        Ok(self.named)
    }

    fn visit_pre(&mut self, ast: &ast::Ast) -> Result<(), ()> {
        if let ast::Ast::Group(group) = ast
            && let GroupKind::CaptureName { name, .. } = &group.kind
        {
            let index = usize::try_from(name.index).map_err(drop)?;
            self.named.push((index, name.name.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_with_their_numbers() {
        let expected = [(1, String::from("a")), (3, String::from("b"))];
        assert_eq!(named_groups(r"(?<a>x)(y)(?P<b>z)(?:w)"), expected);
        assert_eq!(count_groups(r"(?<a>x)(y)(?P<b>z)(?:w)"), 3);
        assert_eq!(named_groups("("), []);
    }

    #[test]
    fn errors_point_into_the_expression() {
        let error = check_regex("a(b", Span::new(10, 15)).unwrap_err();
        assert_eq!((error.message.as_str(), error.span()), ("unclosed group", Span::new(12, 13)));
        let error = check_regex("(?=a)", Span::new(0, 7)).unwrap_err();
        assert!(error.message.contains("look-around"), "{}", error.message);
        assert!(check_regex(r"(?i)(error|failure)\/", Span::new(0, 30)).is_ok());
    }
}
