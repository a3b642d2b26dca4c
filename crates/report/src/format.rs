//! The formats that an answer can be written in, and how a terminal wants it.

use std::fmt;

/// A format that an answer can be written in.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Format {
    /// Text for a person at a terminal.
    #[default]
    Table,
    /// One JSON document, described by [`schemas`](crate::schemas).
    Json,
    /// Comma-separated values as in RFC 4180, with a header line.
    Csv,
    /// Markdown with tables, as GitHub reads it.
    Markdown,
    /// One HTML page that needs nothing else.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Table, Self::Json, Self::Csv, Self::Markdown, Self::Html];

    /// Returns the name in lower case, such as `markdown`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// Returns the format of files whose name ends in a dot and `extension`, in any case.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Table),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How the reader of [`Format::Table`] wants it. The other formats are the same for everybody.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Style {
    /// Whether to colour with ANSI escape codes.
    pub color: bool,
    /// The width of the terminal in columns; `None` if it is not a terminal, so that lines are not wrapped.
    pub width: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_file_by_its_extension() {
        let check = |extension, expected| assert_eq!(Format::from_extension(extension), expected);
        check("JSON", Some(Format::Json));
        check("md", Some(Format::Markdown));
        check("htm", Some(Format::Html));
        check("sarif", None);
        check("", None);
    }
}
