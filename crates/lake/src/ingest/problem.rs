//! What can be wrong with a source.

use std::io;

use super::text::Stop;

/// Why a source is not in the lake.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceProblem {
    /// It cannot be read, or not decompressed.
    #[error("cannot be read to its end")]
    Unreadable(#[source] io::Error),
    /// It has no header that we know, nor records of a default format.
    #[error("is not a flow log")]
    NotAFlowLog,
    /// Its layout changes on the way, so that its blocks depend on what comes before them.
    #[error("changes its format on the way")]
    LayoutChanged,
    /// It is JSON, and not all of it is a document of CloudWatch Logs.
    #[error("is no whole document of CloudWatch Logs")]
    Envelope(#[from] portolan_flow::EnvelopeError),
    /// It is damaged Parquet.
    #[error("is not whole Parquet")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// It has columns that do not fit.
    #[error("has columns that do not fit together")]
    Columns(#[from] arrow::error::ArrowError),
    /// The store does not give it.
    #[error("cannot be had")]
    Store(#[from] object_store::Error),
    /// Something of that name was read before, and it was not this.
    #[error("has changed since it was read, and was not read again: its rows would be there twice")]
    Changed,
}

impl SourceProblem {
    /// Returns what the user can do about it, if anything.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Envelope(error) => Some(error.help()),
            Self::Unreadable(_) | Self::Parquet(_) => {
                Some("fetch it again: it may have been cut off; nothing of it is in the lake")
            }
            Self::NotAFlowLog => Some(
                "a text without header must be in one of the default formats; put the format of the flow log before it as a first line",
            ),
            Self::Changed => Some("give what is new in it another name"),
            Self::LayoutChanged | Self::Columns(_) | Self::Store(_) => None,
        }
    }
}

impl From<Stop> for SourceProblem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::LayoutChanged => Self::LayoutChanged,
            Stop::Arrow(error) => Self::Columns(error),
        }
    }
}
