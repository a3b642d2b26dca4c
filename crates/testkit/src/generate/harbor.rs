//! Harbor, a small shipping company whose network has been built by several people over some years.
//!
//! Two accounts, two Regions, three VPCs, thirty-odd interfaces, and the planted mistakes of
//! [`MISTAKES`]. Every id is a hash of the thing's name, so the files change only where the plan does.

mod americas;
mod flows;
mod map;
mod mistakes;
mod network;
mod production;
mod readme;
mod shared;

use std::io;

pub use flows::flow_logs;
pub use mistakes::{CONTROLS, Control, MISTAKES, Mistake, Question, Verdict};
pub use readme::readme;

use super::describe::Description;
use super::sink::Sink;

/// Writes every description of the example to `sink`; the README is [`readme()`].
///
/// # Errors
///
/// Returns the first error of the sink.
pub fn harbor(sink: &mut impl Sink) -> io::Result<()> {
    for (place, mut estate) in [production::estate(), americas::estate(), shared::estate()] {
        estate.count_addresses();
        let mut description = Description::begin(&place, sink)?;
        description.write(&estate)?;
        description.end()?;
    }
    Ok(())
}

/// Returns the id of the network interface of a thing that [`MISTAKES`] or [`CONTROLS`] name.
///
/// Where a thing has one interface per zone, this is the first.
pub fn interface_id(name: &str) -> String {
    map::id("eni", name)
}
