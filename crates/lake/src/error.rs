//! Why the lake cannot do what it is asked to do.

use std::io;

/// Why work on a lake failed.
///
/// What is wrong with one source or one line is no error; it is part of what an ingestion reports.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LakeError {
    /// A place is not well written.
    #[error("`{place}` is not a place for flow logs")]
    Place {
        /// The text.
        place: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There is no lake where one is to be read.
    #[error("there is no lake at `{place}`")]
    NoLake {
        /// Where.
        place: String,
    },
    /// The store refused or lacks something.
    #[error("cannot {doing} `{path}`")]
    Store {
        /// What was tried, such as `read`.
        doing: &'static str,
        /// The object.
        path: String,
        /// What the store said.
        #[source]
        source: object_store::Error,
    },
    /// A file cannot be read or written.
    #[error("cannot {doing} `{path}`")]
    File {
        /// What was tried, such as `read`.
        doing: &'static str,
        /// The file.
        path: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The manifest holds something that cannot be read.
    #[error("the manifest is damaged: `{path}`")]
    Manifest {
        /// The object.
        path: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The log of commits has a hole.
    #[error("the manifest lacks commit {number}")]
    MissingCommit {
        /// The number of the commit that is not there.
        number: u64,
    },
    /// A later program wrote the lake.
    #[error("`{path}` is of format {format}, and this program knows {}", crate::manifest::FORMAT)]
    Format {
        /// The object.
        path: String,
        /// The format of the lake.
        format: u32,
    },
    /// Other writers were faster again and again.
    #[error("gave up after {attempts} attempts to commit, because others did each time")]
    Contended {
        /// How often it was tried.
        attempts: u32,
    },
    /// A data file cannot be read or written.
    #[error("the data file `{path}` is not as it should be")]
    Parquet {
        /// The file.
        path: String,
        /// What is wrong.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// A data file has a layout that is none.
    #[error("a data file has a layout that is none")]
    Layout {
        /// What is wrong with it.
        #[source]
        source: portolan_flow::LayoutError,
    },
    /// Columns do not fit together.
    #[error("columns do not fit together")]
    Arrow(#[from] arrow::error::ArrowError),
    /// A question asks for what is not there.
    #[error("{reason}")]
    Question {
        /// What is not there.
        reason: String,
    },
    /// A question has no answer.
    #[error("the question cannot be answered")]
    Engine(#[source] Box<datafusion::error::DataFusionError>),
    /// A cluster gave no answer.
    #[cfg(feature = "cluster")]
    #[error(transparent)]
    Cluster(Box<crate::cluster::ClientError>),
    /// A worker ended before its work did.
    #[error("a worker ended before its work did")]
    Worker,
}

impl From<datafusion::error::DataFusionError> for LakeError {
    /// Takes errors of ours that went through the engine out of it again.
    fn from(error: datafusion::error::DataFusionError) -> Self {
        #[cfg(feature = "cluster")]
        let error = match error {
            datafusion::error::DataFusionError::External(source) => match source.downcast() {
                Ok(error) => return Self::Cluster(error),
                Err(source) => datafusion::error::DataFusionError::External(source),
            },
            error => error,
        };
        match error.find_root() {
            // How the engine calls the place of all tables says nothing to anybody.
            datafusion::error::DataFusionError::Plan(reason) => Self::Question {
                reason: reason.replace("datafusion.public.", "").replace('\n', " "),
            },
            _ => Self::Engine(Box::new(error)),
        }
    }
}

/// Returns whether it is about a file, and not about the question.
fn is_of_a_file(error: &datafusion::error::DataFusionError) -> bool {
    use datafusion::error::DataFusionError::{ObjectStore, ParquetError};
    matches!(error.find_root(), ParquetError(_) | ObjectStore(_))
}

impl LakeError {
    /// Returns what the user can do about it, if anything.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Place { reason, .. } => Some((*reason).to_owned()),
            Self::NoLake { .. } => {
                Some("fill one with `portolan flows ingest`, or name another with `--lake`".into())
            }
            Self::Format { .. } => Some("use the version of portolan that wrote it".into()),
            Self::Contended { .. } => Some("run it again when fewer write at the same time".into()),
            Self::Manifest { .. } | Self::MissingCommit { .. } => {
                Some("restore the folder `manifest` of the lake from a copy".into())
            }
            #[cfg(feature = "cluster")]
            Self::Cluster(error) => error.help(),
            Self::Parquet { .. } => Some("restore the file from a copy of the lake".into()),
            Self::Engine(error) if is_of_a_file(error) => Some(
                "if a file of the lake is missing or damaged, restore it from a copy".into(),
            ),
            Self::Store { source: object_store::Error::Unauthenticated { .. }, .. }
            | Self::Store { source: object_store::Error::PermissionDenied { .. }, .. } => {
                Some("check the credentials: `AWS_PROFILE` is not read, `AWS_ACCESS_KEY_ID` and roles are".into())
            }
            _ => None,
        }
    }

    /// Returns whether access was denied.
    pub fn is_denied(&self) -> bool {
        match self {
            Self::Store { source, .. } => matches!(
                source,
                object_store::Error::PermissionDenied { .. }
                    | object_store::Error::Unauthenticated { .. }
            ),
            Self::File { source, .. } => source.kind() == io::ErrorKind::PermissionDenied,
            _ => false,
        }
    }

    /// Returns a function that says which object a store failed on.
    pub(crate) fn store(
        doing: &'static str,
        path: impl Into<String>,
    ) -> impl FnOnce(object_store::Error) -> Self {
        let path = path.into();
        move |source| Self::Store { doing, path, source }
    }

    /// Returns a function that says which file the operating system failed on.
    pub(crate) fn file(
        doing: &'static str,
        path: impl Into<String>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }

    /// Returns a function that says which data file is wrong.
    pub(crate) fn parquet(
        path: impl Into<String>,
    ) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        let path = path.into();
        move |source| Self::Parquet { path, source }
    }
}

#[cfg(test)]
mod tests {
    use datafusion::error::DataFusionError;

    use super::*;

    #[test]
    fn what_a_question_lacks_is_said_in_our_words() {
        let plan = DataFusionError::Plan("no table 'datafusion.public.a'\nTry 'b'".into());
        let error = LakeError::from(plan.context("while planning"));
        assert_eq!(error.to_string(), "no table 'a' Try 'b'");
    }
}
