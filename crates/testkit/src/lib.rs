//! Builders, generators and the independent oracle, for tests and benchmarks.
