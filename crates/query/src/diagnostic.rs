//! What is wrong with a query, or surprising about it, and what to do.

use crate::code::Code;
use crate::span::Span;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// The query runs; the reader may have expected something else.
    Note,
    /// The query runs, and is probably not what was meant.
    Warning,
    /// The query does not run.
    Error,
}

impl Severity {
    /// Returns the word that is shown to people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in the text, with what is to be said there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say there; may be empty, when the message of the diagnostic says it all.
    pub text: String,
}

/// One thing to say about a query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// Which kind of thing it is; what it means in general is [`Code::explanation`].
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Where: the first is the place, others are what it has to do with.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns a diagnostic about one place; the code decides how severe it is.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let label = Label { span, text: String::new() };
        let severity = code.severity();
        Self { code, severity, message: message.into(), labels: vec![label], help: None }
    }

    /// Returns the diagnostic with what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Returns the diagnostic with one more place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Returns the diagnostic as an error, whatever its code usually is.
    #[must_use]
    pub fn as_error(self) -> Self {
        Self { severity: Severity::Error, ..self }
    }

    /// Returns whether the query cannot run because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Returns the place; empty at the start if there is none.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }
}
