//! Builders, generators and the independent oracle, for tests and benchmarks.

pub mod evaluate;
pub mod generate;
pub mod mmdb;
pub mod network;
pub mod oracle;
pub mod query;
pub mod random;
