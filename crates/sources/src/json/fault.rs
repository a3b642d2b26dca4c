//! Why the splitting of a file stopped.

use std::io;

use super::path::Path;
use super::window::Mark;

/// What is wrong with the form of a file, and where.
///
/// After a fault nothing more can be found in the file: brackets no longer tell where a value ends.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Where it was noticed.
    pub(crate) mark: Mark,
    /// Which value was being looked at.
    pub(crate) path: Path,
    /// What it is.
    pub(crate) reason: Reason,
}

/// The kinds of fault.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Reason {
    /// The bytes could not be had: the disk, the pipe, or damaged gzip data.
    #[error("cannot read on: {0}")]
    Input(io::Error),
    /// The file ends inside a value.
    #[error("the file ends in the middle of a value")]
    Truncated,
    /// A character stands where JSON has another.
    #[error("expected {expected}, found {}", printed(*.found))]
    Unexpected {
        /// What may stand there, in words.
        expected: &'static str,
        /// The byte that does.
        found: u8,
    },
    /// Lists and objects are nested beyond the bound of `serde_json`.
    #[error("lists and objects are nested more than {0} deep")]
    TooDeep(u32),
    /// The file is text of two bytes per character.
    #[error("the file is UTF-16, not UTF-8")]
    Utf16,
}

fn printed(byte: u8) -> String {
    if byte.is_ascii_graphic() {
        format!("`{}`", char::from(byte))
    } else {
        format!("the byte {byte:#04x}")
    }
}

impl Reason {
    /// Returns what to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::Input(_) => "check that the file is readable and, if compressed, undamaged",
            Self::Truncated => {
                "capture it again: the command was interrupted, or the disk was full"
            }
            Self::Unexpected { .. } => {
                "capture it again with `--output json`, and mix nothing else into the file"
            }
            Self::TooDeep(_) => {
                "no answer of AWS is nested so deep: check where the file comes from"
            }
            Self::Utf16 => {
                "PowerShell wrote it: capture with `| Out-File -Encoding utf8`, or convert it to UTF-8"
            }
        }
    }
}
