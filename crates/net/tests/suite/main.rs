//! Tests of `portolan-net` from outside.

mod aws;
mod interval_set;
mod laws;
mod line;
mod packet;
mod parse;
mod parse_traffic;
mod prefix;
mod product;
mod protocol;
mod step;
mod traffic;
