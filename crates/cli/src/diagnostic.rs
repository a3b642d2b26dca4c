//! Mistakes in text that a person wrote, shown where they are.

use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use portolan_net::SyntaxError;

/// How much what is said of a text matters.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Weight {
    /// It cannot be used.
    #[default]
    Error,
    /// It is probably not what was meant.
    #[cfg(feature = "flows")]
    Warning,
    /// It may surprise.
    #[cfg(feature = "flows")]
    Note,
}

impl Weight {
    const fn level(self) -> Level<'static> {
        match self {
            Self::Error => Level::ERROR,
            #[cfg(feature = "flows")]
            Self::Warning => Level::WARNING,
            #[cfg(feature = "flows")]
            Self::Note => Level::NOTE,
        }
    }
}

/// One mistake in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Diagnostic {
    /// What cannot be used because of it, such as `invalid port list`.
    pub(crate) title: String,
    /// The file that the text stands in, if it is a file.
    pub(crate) path: Option<String>,
    /// The whole text.
    pub(crate) source: String,
    /// Where the mistake is, in bytes of the text.
    pub(crate) span: Range<usize>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// How much it matters.
    pub(crate) weight: Weight,
}

impl Diagnostic {
    /// Returns the mistakes of an argument.
    pub(crate) fn in_argument(title: &str, source: &str, errors: Vec<SyntaxError>) -> Vec<Self> {
        Self::all(title, None, source, errors)
    }

    /// Returns the mistakes of a file.
    pub(crate) fn in_file(
        title: &str,
        path: &Path,
        source: &str,
        errors: Vec<SyntaxError>,
    ) -> Vec<Self> {
        Self::all(title, Some(path), source, errors)
    }

    fn all(title: &str, path: Option<&Path>, source: &str, errors: Vec<SyntaxError>) -> Vec<Self> {
        let diagnostic = |error: SyntaxError| Self {
            title: title.to_owned(),
            path: path.map(|path| path.display().to_string()),
            source: source.to_owned(),
            span: error.span,
            message: error.message,
            help: error.help,
            weight: Weight::Error,
        };
        errors.into_iter().map(diagnostic).collect()
    }

    /// Returns what the language says of a query.
    #[cfg(feature = "flows")]
    pub(crate) fn in_query(source: &str, said: &portolan_query::Diagnostic) -> Self {
        use portolan_query::Severity;
        let (title, weight) = match said.severity {
            Severity::Error => ("invalid query", Weight::Error),
            Severity::Warning => ("this query may not mean what you want", Weight::Warning),
            Severity::Note => ("about this query", Weight::Note),
        };
        let span = said.span();
        Self {
            title: title.to_owned(),
            path: None,
            source: source.to_owned(),
            span: span.start..span.end,
            message: said.message.clone(),
            help: said.help.clone(),
            weight,
        }
    }

    /// Returns the mistake as text of several lines, with colours; whoever prints it strips them if need be.
    pub(crate) fn render(&self) -> String {
        let annotation = AnnotationKind::Primary.span(self.span.clone()).label(&self.message);
        let snippet = Snippet::source(&self.source).annotation(annotation);
        let snippet = match &self.path {
            Some(path) => snippet.path(path),
            None => snippet.line_numbering(false),
        };
        let primary = self.weight.level().primary_title(&self.title).element(snippet);
        let help = self.help.as_ref().map(|help| Level::HELP.secondary_title(help));
        let groups: Vec<_> =
            [primary].into_iter().chain(help.map(annotate_snippets::Group::with_title)).collect();
        Renderer::styled().render(&groups)
    }
}
