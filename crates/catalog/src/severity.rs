//! How bad a thing is: the one scale of the whole product.
//!
//! The five names are those of the Common Vulnerability Scoring System with `info` for its `none`,
//! which is also what AWS Security Hub and SARIF viewers understand. A numeric score was rejected:
//! it promises a precision that a judgement about a port does not have.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// How bad it is to leave a thing as it is. Ordered: `Info` is the least.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Tidy up with the next change.
    Low,
    /// Plan the change.
    Medium,
    /// Change it this week.
    High,
    /// Change it today.
    Critical,
}

impl Severity {
    /// Every severity, from the least to the worst.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Returns the name in lower case, such as `critical`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    /// Returns the severity of this name, in any case.
    ///
    /// # Errors
    ///
    /// Returns [`UnknownSeverity`] if the text is none of the five names.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownSeverity { text: text.to_owned() })
    }
}

/// A text that names no severity.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnknownSeverity {
    /// The text.
    pub text: String,
}

impl UnknownSeverity {
    /// Returns what the user can do about it.
    pub fn help(&self) -> String {
        format!("write one of {}", Severity::ALL.map(Severity::name).join(", "))
    }
}

impl fmt::Display for UnknownSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a severity", self.text)
    }
}

impl Error for UnknownSeverity {}
