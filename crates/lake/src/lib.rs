//! The flow-log lake: Parquet with a manifest, and the engine that answers queries on it.

#[cfg(feature = "cluster")]
pub mod cluster;
