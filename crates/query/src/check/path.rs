//! What a name in a query stands for.

use super::{Checker, TIMESTAMP};
use crate::checked::Stage;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Literal, Step};
use crate::kind::Kind;
use crate::options::UnknownFields;
use crate::span::Span;
use crate::suggestion::{closest, did_you_mean};
use crate::syntax::{Name, Path, StepText, flat};

impl Checker<'_> {
    /// Returns what a path stands for: a value of the query, a known field, a part of one of them, or a field that is
    /// discovered in the events.
    pub(super) fn path(&mut self, path: &Path, span: Span) -> Expression {
        let whole = path.flat();
        self.value(&whole)
            .or_else(|| self.part(path))
            .or_else(|| self.joined(&whole))
            .or_else(|| self.constant(&whole))
            .unwrap_or_else(|| self.field(path, &whole, span))
    }

    /// Returns the value that the query has made under this name.
    fn value(&self, name: &str) -> Option<Expression> {
        self.scope.find(name).map(|column| Expression::field(column.name.clone(), column.kind))
    }

    /// Returns a part of a list or map that the query has made.
    fn part(&self, path: &Path) -> Option<Expression> {
        (0..path.steps.len()).rev().find_map(|length| {
            let (before, after) = path.steps.split_at_checked(length)?;
            let of = self.value(&flat(&path.first, before))?;
            Some(items(of, after))
        })
    }

    /// Returns a value of one side of a join, and remembers that it is used.
    fn joined(&mut self, whole: &str) -> Option<Expression> {
        let (side, name) = whole.split_once('.')?;
        let joined = self.scope.joined.clone()?;
        let known = self.vocabulary.find(name);
        let kind = known.map_or(Kind::Any, |field| field.kind);
        let name = known.map_or(name, |field| &field.name).to_owned();
        let Some(Stage::Join(join)) = self.stages.get_mut(joined.stage) else { return None };
        let used = match side {
            _ if side == joined.left => &mut join.left_fields,
            _ if side == joined.right => &mut join.right_fields,
            _ => return None,
        };
        let full = format!("{side}.{name}");
        if !used.contains(&name) {
            used.push(name);
        }
        Some(Expression::field(full, kind))
    }

    /// Returns the value of `true` and `false`, if no field is called so.
    fn constant(&self, name: &str) -> Option<Expression> {
        let value = match name.to_ascii_lowercase().as_str() {
            "true" => 1,
            "false" => 0,
            _ => return None,
        };
        self.vocabulary.find(name).is_none().then_some(Expression::Literal(Literal::Integer(value)))
    }

    fn field(&mut self, path: &Path, whole: &str, span: Span) -> Expression {
        if self.scope.is_closed() {
            return self.stale(whole, span);
        }
        let known = self.vocabulary.find(whole).filter(|_| path.steps.is_empty());
        if let Some(field) = known {
            let (name, kind) = (field.name.clone(), field.kind);
            self.note_alias(&path.first, &name, span);
            return Expression::field(name, kind);
        }
        self.unknown(whole, span);
        Expression::field(whole, Kind::Any)
    }

    /// Says that a field is known under another name than the one in the query.
    fn note_alias(&mut self, written: &Name, name: &str, span: Span) {
        if written.text == name {
            return;
        }
        let message = format!("`{}` is `{name}`", written.text);
        let note = Diagnostic::new(Code::Alias, span, message);
        self.report(note.help("AWS knows only this name, in this case"));
    }

    fn unknown(&mut self, name: &str, span: Span) {
        let is_refused = self.options.unknown_fields == UnknownFields::Refuse;
        let was_named = self.diagnostics.iter().any(|it| {
            it.code == Code::UnknownField && it.message.starts_with(&format!("`{name}` "))
        });
        let is_known = self.vocabulary.fields().is_empty() || self.from_tables.contains(name);
        if is_known || (was_named && !is_refused) {
            return;
        }
        let note =
            Diagnostic::new(Code::UnknownField, span, format!("`{name}` is not a known field"));
        let note =
            match self.vocabulary.suggestion(name).or_else(|| closest(name, self.scope.names())) {
                Some(similar) => note.help(did_you_mean(similar)),
                None => note,
            };
        self.report(if is_refused { note.as_error() } else { note });
    }

    /// Reports a field that was left behind by `stats` or the like.
    fn stale(&mut self, name: &str, span: Span) -> Expression {
        if let Some(column) = self.scope.find_call(name) {
            let (column, name) = (column.clone(), name.to_owned());
            let message = format!("`{name}` is taken for `{}`", column.name);
            let note = Diagnostic::new(Code::Surprise, span, message);
            self.report(note.help(format!("name it: `{} as {name}`", column.name)));
            return Expression::field(column.name, column.kind);
        }
        let message = format!("`{name}` does not exist here any more");
        let error = Diagnostic::new(Code::StaleField, span, message);
        let error = match self.scope.closed_by {
            Some((command, by)) => {
                error.also(by, format!("only what this `{}` gives exists after it", command.name()))
            }
            None => error,
        };
        let error = match closest(name, self.scope.names()) {
            Some(similar) => error.help(did_you_mean(similar)),
            None => {
                let names: Vec<_> = self.scope.names().map(|it| format!("`{it}`")).collect();
                error.help(format!("there are {}", names.join(", ")))
            }
        };
        self.report(error);
        Expression::field(name, Kind::Any)
    }

    /// Returns `@timestamp`, which `bin` uses without naming it.
    pub(super) fn timestamp(&mut self, span: Span) -> Expression {
        if let Some(column) = self.scope.find(TIMESTAMP) {
            return Expression::field(TIMESTAMP, column.kind);
        }
        if let Some((command, by)) = self.scope.closed_by {
            let message = "this uses `@timestamp`, which does not exist here any more";
            let error = Diagnostic::new(Code::StaleField, span, message);
            let error = error
                .also(by, format!("only what this `{}` gives exists after it", command.name()));
            self.report(error.help(
                "carry a time along, such as `max(@timestamp) as @t`, and use `datefloor(@t, 5m)` here",
            ));
        }
        Expression::field(TIMESTAMP, self.known_kind(TIMESTAMP, Kind::Time))
    }

    /// Returns the name of a field that a command changes in place.
    pub(super) fn name_in_place(&mut self, text: &crate::syntax::ExpressionText) -> Option<String> {
        match self.expression(text) {
            Expression::Field { name, .. } => Some(name),
            _ => {
                self.wrong(
                    text.span,
                    "a field is needed here",
                    "give the value a name with `fields … as name` before",
                );
                None
            }
        }
    }
}

/// Returns the part of a list or map that the steps lead to.
pub(super) fn items(of: Expression, steps: &[StepText]) -> Expression {
    steps.iter().fold(of, |of, step| {
        let step = match step {
            StepText::Key(key) => Step::Key(key.text.clone()),
            StepText::Index(index) => Step::Index(*index),
        };
        Expression::Item { of: Box::new(of), step }
    })
}
