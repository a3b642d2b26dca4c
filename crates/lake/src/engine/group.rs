//! Grouping by one or two numbers, which is what most questions on flows do: by address, by pair, by port, by time.
//!
//! DataFusion groups rows of any types in one hash table for each thread, sends partial groups to each other, and groups again. Where
//! the keys fit into 64 bits and the aggregates are simple, this does the same with less: rows go to one of 64 buckets by their hash
//! and wait there; when enough have come, a thread folds them into the bucket's table, which all threads share, many look-ups at
//! once. Nothing is left to be put together at the end. `rule` puts it in the place of DataFusion's operators on one machine; a
//! cluster runs DataFusion's own.
//!
//! It does not spill. When memory runs out the query is planned anew without it, and DataFusion spills.

mod bucket;
mod exec;
mod lanes;
mod rule;
mod scatter;
mod state;
mod table;
mod thread;

pub(crate) use rule::GroupByNumbers;
