//! What must hold for any bytes at all: one function for each fuzz target.
//!
//! A function returns if all is well and panics if not. The functions live here and not in the fuzz targets, so that plain
//! tests can replay the committed seeds without libFuzzer (`tests/seeds.rs`); and not in `testkit`, because they need the
//! engine, of which the oracle there must know nothing.

mod aws_cli_json;
mod cloudtrail_json;
mod flow_envelope;
mod flow_text;
mod intent_text;
mod named_network;
mod net_text;
mod query_text;
mod question_text;
mod report_text;

pub use crate::aws_cli_json::aws_cli_json;
pub use crate::cloudtrail_json::cloudtrail_json;
pub use crate::flow_envelope::flow_envelope;
pub use crate::flow_text::flow_text;
pub use crate::intent_text::intent_text;
pub use crate::net_text::net_text;
pub use crate::query_text::query_text;
pub use crate::question_text::question_text;
pub use crate::report_text::report_text;
