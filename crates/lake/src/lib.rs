//! The flow-log lake: Parquet with a manifest, and the engine that answers queries on it.
