//! The flow-log lake: Parquet with a manifest, and the engine that answers queries on it.
//!
//! The store: [`Lake`] is a place with a [`manifest`] in it, [`schema`] says which columns its files have. [`engine`] answers
//! questions on the files of a [`manifest::Snapshot`].

#[cfg(feature = "cluster")]
pub mod cluster;
pub mod engine;
pub mod manifest;
pub mod schema;

mod columnar_file;
mod compact;
mod encode;
mod error;
mod expire;
mod export;
mod follow;
mod hour;
mod ingest;
mod lake;
mod moment;
mod name;
mod place;
mod read;
mod rows;
mod status;
mod time;

pub use compact::{CompactReport, DEFAULT_GRACE, compact};
pub use error::LakeError;
pub use expire::{ExpireReport, expire};
pub use export::{ExportFormat, ExportReport, export};
pub use follow::follow;
pub use ingest::{
    IngestReport, KEPT_OF_A_SOURCE, Meter, Reject, SourcePlace, SourceProblem, ingest,
};
pub use lake::{Clock, Lake};
pub use moment::{Moment, MomentError};
pub use place::Place;
pub use status::{FormatStatus, LakeStatus};
pub use time::time_text;
