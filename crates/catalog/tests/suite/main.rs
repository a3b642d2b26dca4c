//! The catalogue, through its public interface.

mod aws;
mod benchmarks;
mod entries;
mod exposure;
mod guides;
mod registry;
mod rules;
mod search;
mod words;
