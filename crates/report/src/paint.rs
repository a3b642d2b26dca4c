//! The colours of the terminal: four, with bold and dim, and never alone.
//!
//! Whatever a colour says, a word beside it says too.

use anstyle::{AnsiColor, Style};

use crate::rating::Rating;

/// What a piece of text is, which decides how it looks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// What a reader should find first.
    Strong,
    /// What a reader may skip.
    Faint,
    /// How bad something is.
    Rated(Rating),
}

impl Role {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Rated(rating) => rating_style(rating),
        }
    }
}

const fn rating_style(rating: Rating) -> Style {
    match rating {
        Rating::Critical => foreground(AnsiColor::Red).bold(),
        Rating::High => foreground(AnsiColor::Red),
        Rating::Unknown => foreground(AnsiColor::Magenta),
        Rating::Medium => foreground(AnsiColor::Yellow),
        Rating::Low => foreground(AnsiColor::Cyan),
        Rating::Info => Style::new().dimmed(),
    }
}

const fn foreground(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(color)))
}

/// Returns `text` in the look of its role, or as it is without `color`.
pub(crate) fn painted(text: &str, role: Role, color: bool) -> String {
    let style = role.style();
    if !color || text.is_empty() || style == Style::new() {
        return text.to_owned();
    }
    format!("{style}{text}{style:#}")
}
