//! The IANA registry of service names and port numbers.
//!
//! The table lies in `data/iana-ports.tsv`, sorted by port, and is read on the first look-up. A
//! generated Rust array was rejected: it costs the compiler seconds on every build and the reader
//! a diff that nobody reads, to save one millisecond once.
//!
//! Invariant: no two ranges of the table overlap unless they are the same range. Hence the rows of
//! a port stand together, and a binary search finds them.
//!
//! Source: <https://www.iana.org/assignments/service-names-port-numbers>, which IANA and the IETF
//! dedicate to the public domain (<https://www.iana.org/help/licensing-terms>).

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::port_class::PortClass;
use crate::transport::{Transport, Transports};

/// The edition of the registry that the catalogue carries.
pub const REGISTRY_EDITION: &str = "July 2026";

/// The registry, as it lies in the repository.
const TABLE: &str = include_str!("../data/iana-ports.tsv");

/// What the file writes where the registry has nothing.
const NOTHING: &str = "-";

/// The rows of [`TABLE`] in their order.
static REGISTRATIONS: LazyLock<Vec<Registration>> = LazyLock::new(|| parse(TABLE));

/// One row of the registry: a name, or a reservation, for one or more ports.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Registration {
    /// The ports, most often one.
    pub ports: RangeInclusive<u16>,
    /// The transports, or none if the registry does not say for which the row holds.
    pub transports: Transports,
    /// The service name, or `None` if the ports are reserved or set aside without a name.
    pub name: Option<&'static str>,
    /// What the service is, cut at 100 characters; empty if the registry does not say.
    pub description: &'static str,
}

impl Registration {
    /// Returns whether the row speaks of `transport`. A row that names no transport speaks of all.
    pub const fn covers(&self, transport: Transport) -> bool {
        self.transports.is_empty() || self.transports.contains(transport)
    }

    /// Returns whether the row keeps its ports free instead of assigning them.
    pub fn is_reserved(&self) -> bool {
        self.name.is_none() && self.description == "Reserved"
    }
}

/// What the registry has done with a port.
///
/// Source: RFC 6335, section 6.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Assignment {
    /// A service holds the port.
    Assigned,
    /// IANA keeps the port back.
    Reserved,
    /// Nobody holds the port; it can be requested.
    Unassigned,
    /// The port is of the dynamic range, which is never assigned.
    Dynamic,
}

impl Assignment {
    /// Returns the name in lower case, such as `assigned`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Reserved => "reserved",
            Self::Unassigned => "unassigned",
            Self::Dynamic => "dynamic",
        }
    }
}

impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Returns every row of the registry, sorted by port.
///
/// Where a port has several names, the one to show comes first.
pub fn registry() -> &'static [Registration] {
    &REGISTRATIONS
}

/// Returns every row that speaks of `port`, whatever the transport. O(log n).
pub fn registrations(port: u16) -> &'static [Registration] {
    let rows = registry();
    let first = rows.partition_point(|row| *row.ports.end() < port);
    let rest = rows.get(first..).unwrap_or_default();
    let count = rest.partition_point(|row| *row.ports.start() <= port);
    rest.get(..count).unwrap_or_default()
}

/// Returns the name under which `port` is registered for `transport`, if it has one. O(log n).
///
/// This is what IANA says, not what runs there: see [`service_name`](crate::service_name).
pub fn registered_name(transport: Transport, port: u16) -> Option<&'static str> {
    registrations(port).iter().filter(|row| row.covers(transport)).find_map(|row| row.name)
}

/// Returns what the registry has done with `port` for `transport`. O(log n).
pub fn assignment(transport: Transport, port: u16) -> Assignment {
    let mut rows = registrations(port).iter().filter(|row| row.covers(transport)).peekable();
    if PortClass::of(port) == PortClass::Dynamic {
        Assignment::Dynamic
    } else if rows.peek().is_none() {
        Assignment::Unassigned
    } else if rows.all(Registration::is_reserved) {
        Assignment::Reserved
    } else {
        Assignment::Assigned
    }
}

fn parse(table: &'static str) -> Vec<Registration> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(parse_row).collect()
}

/// Returns the row, or `None` if the line is malformed: a test holds the file to its format.
fn parse_row(line: &'static str) -> Option<Registration> {
    let mut fields = line.split('\t');
    let ports = parse_ports(fields.next()?)?;
    let transports = fields.next()?.split(',').filter_map(Transport::from_name).collect();
    let name = Some(fields.next()?).filter(|name| *name != NOTHING);
    let description = Some(fields.next()?).filter(|text| *text != NOTHING).unwrap_or_default();
    Some(Registration { ports, transports, name, description })
}

fn parse_ports(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some(first.parse().ok()?..=last.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> impl Iterator<Item = &'static str> {
        TABLE.lines().filter(|line| !line.starts_with('#'))
    }

    #[test]
    fn every_line_is_a_row() {
        assert_eq!(lines().count(), registry().len());
        for line in lines() {
            assert_eq!(line.split('\t').count(), 4, "{line}");
            assert!(line.split('\t').all(|field| !field.is_empty() && field == field.trim()));
        }
    }

    #[test]
    fn every_transport_is_known() {
        for (line, row) in lines().zip(registry()) {
            let written = line.split('\t').nth(1).unwrap();
            let read = row.transports.to_string();
            assert!(written == read || (written == "*" && read.is_empty()), "{line}");
        }
    }

    #[test]
    fn the_header_states_source_and_edition() {
        let header = TABLE.lines().next().unwrap();
        assert!(header.starts_with("# IANA") && header.contains(REGISTRY_EDITION), "{header}");
    }
}
