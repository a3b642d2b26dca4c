//! JSON as a stream: found by key, cut into elements, read one by one.
//!
//! A captured account is one object with one long list, often hundreds of megabytes long. Reading it whole
//! costs many times its size, and one wrong field spoils everything. So three steps share the work: the
//! [`window`] moves over the bytes, the [`Splitter`] finds the elements of lists without understanding them, and
//! `serde_json` understands one element at a time. Memory is bounded by the largest element.
//!
//! What was weighed against it (`StreamDeserializer`, `RawValue`, memory maps, simd-json) is in
//! `docs/design/sources.md`.

mod fault;
mod locate;
mod path;
mod splitter;
mod window;

pub(crate) use fault::Fault;
pub(crate) use locate::locate;
pub(crate) use path::Path;
pub(crate) use splitter::{Form, Piece, Splitter, Treatment, Visitor};
pub(crate) use window::Mark;
