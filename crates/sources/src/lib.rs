//! Files that describe accounts, read into the model.
//!
//! [`read()`] takes what the AWS CLI printed, in whatever files and folders, and returns the
//! [`Model`](portolan_model::Model) with its [`Coverage`](portolan_model::Coverage): what was there, what was
//! not, and what could not be read. It never fails because of what stands in a file. A scanner that stops
//! at the first strange field is not run on the account that has one, and one that skips it silently
//! reports an account as safer than it is.
//!
//! ```
//! let answer = br#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/33"}]}"#;
//! let model = portolan_sources::read_bytes("vpcs.json", answer);
//! let problem = model.coverage.problems().next().expect("a prefix length of 33 is a problem");
//! assert_eq!(problem.message, "`33` is not a prefix length of IPv4");
//! ```
//!
//! **Invariants:** no bytes make the reader panic; memory is bounded by the model and the largest element, not by
//! the files; the same files give the same model.

mod aws;
mod builder;
mod census;
mod document;
mod error;
mod files;
mod finish;
mod input;
mod json;
mod loose;
mod names;
mod places;
mod progress;
mod read;
mod reader;
mod refusal;
mod region;
mod resource;
mod section;
mod settle;
mod wire;

pub use crate::error::ReadError;
pub use crate::progress::Progress;
pub use crate::read::{read, read_bytes};
