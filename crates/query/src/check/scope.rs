//! Which values there are after a command.

use crate::checked::Column;
use crate::command::Command;
use crate::kind::Kind;
use crate::period::Period;
use crate::span::Span;

/// The values there are, beside the fields of the vocabulary.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// What the query has made, the newest last.
    pub(super) values: Vec<Value>,
    /// The command after which nothing else is left, if there was one.
    pub(super) closed_by: Option<(Command, Span)>,
    /// The names of the two sides of a `join`, and where its stage is.
    pub(super) joined: Option<Joined>,
    /// Whether the rows are in an order that means something.
    pub(super) is_sorted: bool,
    /// The keys of the last `stats`.
    pub(super) keys: Vec<Column>,
    /// The key of the last `stats` that is a time, and its period.
    pub(super) time: Option<(String, Period)>,
    /// What the last `display` shows.
    pub(super) display: Option<Vec<Column>>,
    /// What all `fields` show.
    pub(super) fields: Vec<Column>,
    /// What other commands made.
    pub(super) created: Vec<Column>,
}

/// A value that the query has made.
#[derive(Clone, Debug)]
pub(super) struct Value {
    column: Column,
    /// The canonical text of the expression that it was, if it has no name of its own.
    canonical: Option<String>,
}

/// The two sides of a `join`.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) left: String,
    pub(super) right: String,
    pub(super) stage: usize,
}

impl Scope {
    /// Returns the scope after a command that leaves only these columns.
    pub(super) fn closed(by: (Command, Span), columns: Vec<(Column, Option<String>)>) -> Self {
        let created = columns.iter().map(|(column, _)| column.clone()).collect();
        let value = |(column, canonical)| Value { column, canonical };
        let values = columns.into_iter().map(value).collect();
        Self { values, closed_by: Some(by), created, ..Self::default() }
    }

    pub(super) const fn is_closed(&self) -> bool {
        self.closed_by.is_some()
    }

    /// Returns the value of this name.
    pub(super) fn find(&self, name: &str) -> Option<&Column> {
        let mut newest = self.values.iter().rev();
        newest.find(|it| it.column.name == name).map(|it| &it.column)
    }

    /// Returns the value that was written like this.
    pub(super) fn find_canonical(&self, canonical: &str) -> Option<&Column> {
        let mut newest = self.values.iter().rev();
        newest.find(|it| it.canonical.as_deref() == Some(canonical)).map(|it| &it.column)
    }

    /// Returns the only value that is a call of this function.
    pub(super) fn find_call(&self, function: &str) -> Option<&Column> {
        let start = format!("{function}(").to_lowercase();
        let is_call = |it: &&Value| {
            it.canonical.as_ref().is_some_and(|it| it.to_lowercase().starts_with(&start))
        };
        let mut calls = self.values.iter().filter(is_call);
        calls.next().filter(|_| calls.next().is_none()).map(|it| &it.column)
    }

    /// Returns the names of the values.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|it| it.column.name.as_str())
    }

    /// Adds a value.
    pub(super) fn add(&mut self, column: Column, canonical: Option<String>) {
        self.values.push(Value { column, canonical });
    }

    /// Adds a value that a result shows.
    pub(super) fn create(&mut self, column: Column) {
        self.created.retain(|it| it.name != column.name);
        self.created.push(column.clone());
        self.add(column, None);
    }

    /// Says that a value may from now on be of any kind.
    pub(super) fn loosen(&mut self, name: &str, kind: Kind) {
        let own = self.values.iter_mut().map(|it| &mut it.column);
        let shown = self
            .fields
            .iter_mut()
            .chain(&mut self.created)
            .chain(self.display.iter_mut().flatten());
        for column in own.chain(shown).filter(|it| it.name == name) {
            column.kind = kind;
        }
    }
}
