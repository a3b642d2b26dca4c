//! Made-up AWS accounts, described as the AWS CLI describes real ones.
//!
//! [`harbor::harbor`] is a company that a person can get to know, with planted mistakes and
//! their truth. [`account()`] is any number of interfaces for benchmarks. Both write
//! through a [`Sink`] and depend on nothing but their arguments: the same call gives the same bytes.
//!
//! The alternative, recording a mock of the EC2 API, gives answers only as good as the mock, takes
//! minutes for what this does in a second, and needs Python at build time.

pub mod harbor;

mod account;
mod block;
mod describe;
mod document;
mod estate;
mod identity;
mod json;
mod place;
mod sink;
#[cfg(test)]
mod tests;

pub use account::{Counts, Shape, account};
pub use document::{Command, Document};
pub use json::Json;
pub use sink::{Directory, Memory, Sink};
