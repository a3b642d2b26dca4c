//! Why nothing could be read at all.

use std::io;
use std::path::PathBuf;

/// Why nothing could be read at all.
///
/// Whatever is wrong with a part of what was given is no error but a
/// [`ReadProblem`](portolan_model::ReadProblem) in the model's coverage.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A file or folder that was named is not there, or may not be read.
    #[error("cannot read `{}`", .path.display())]
    Path {
        /// The path, as it was named.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// Standard input could not be read.
    #[error("cannot read standard input")]
    Stdin {
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// What was named holds nothing that describes an account.
    #[error("nothing in {} describes an AWS account", .paths.join(", "))]
    NothingRecognised {
        /// The paths, as they were named, in backticks.
        paths: Vec<String>,
        /// How many files were looked at.
        files: u64,
    },
}

impl ReadError {
    /// Returns what the user can do about it, if anything.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Path { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("name a folder, a file, or `-` for standard input".to_owned())
            }
            Self::Path { .. } | Self::Stdin { .. } => None,
            Self::NothingRecognised { .. } => Some(
                "capture the account with `aws ec2 describe-vpcs` and its like, with `--output json`"
                    .to_owned(),
            ),
        }
    }
}
