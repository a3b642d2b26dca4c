//! `parse`: parts of a text as values.

use super::Checker;
use crate::checked::{Column, Stage};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::kind::Kind;
use crate::regex::{check_regex, count_groups, named_groups};
use crate::stage::{Capture, Parse, ParseMethod};
use crate::syntax::{ExpressionText, Name, PatternText};

impl Checker<'_> {
    pub(super) fn parse(&mut self, text: &ExpressionText, pattern: &PatternText, into: &[Name]) {
        let text = self.expression(text);
        let (method, into) = if pattern.is_regex {
            self.regex_parts(pattern, into)
        } else {
            self.glob_parts(pattern, into)
        };
        let columns = into.iter().map(|it| Column { name: it.name.clone(), kind: Kind::Text });
        self.create(columns.collect(), Stage::Parse(Parse { text, method, into }));
    }

    fn glob_parts(&mut self, pattern: &PatternText, into: &[Name]) -> (ParseMethod, Vec<Capture>) {
        let pieces: Vec<String> = pattern.text.split('*').map(str::to_owned).collect();
        let stars = pieces.len() - 1;
        if stars != into.len() && !pattern.text.is_empty() {
            self.count_of_names(pattern, stars, into.len(), "`*`");
        }
        (ParseMethod::Glob(pieces), captures(into))
    }

    fn count_of_names(&mut self, pattern: &PatternText, parts: usize, names: usize, what: &str) {
        let message = format!("there are {parts} {what} and {names} names");
        let error = Diagnostic::new(Code::WrongArity, pattern.span, message);
        self.report(error.help("each part needs a name: `parse field \"a=*, b=*\" as a, b`"));
    }

    fn regex_parts(&mut self, pattern: &PatternText, into: &[Name]) -> (ParseMethod, Vec<Capture>) {
        let regex = pattern.text.clone();
        if let Err(error) = check_regex(&regex, pattern.span) {
            self.report(error);
            return (ParseMethod::Regex(regex), captures(into));
        }
        if into.is_empty() {
            let named: Vec<_> = named_groups(&regex);
            if named.is_empty() {
                self.wrong(
                    pattern.span,
                    "no part of this has a name",
                    "name a group: `(?<name>…)`",
                );
            }
            let named = named.into_iter().map(|(group, name)| Capture { group, name }).collect();
            return (ParseMethod::Regex(regex), named);
        }
        let groups = count_groups(&regex);
        if groups != into.len() {
            self.count_of_names(pattern, groups, into.len(), "groups");
        }
        (ParseMethod::Regex(regex), captures(into))
    }
}

fn captures(into: &[Name]) -> Vec<Capture> {
    let capture =
        |(index, name): (usize, &Name)| Capture { group: index + 1, name: name.text.clone() };
    into.iter().enumerate().map(capture).collect()
}
