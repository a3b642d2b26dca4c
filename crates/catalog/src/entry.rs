//! Everything the catalogue has to say of one port.

use crate::aws_use::{AwsUse, aws_uses_of};
use crate::benchmark::{Benchmark, benchmarks_naming};
use crate::ephemeral::{EphemeralRange, ephemeral_ranges_of};
use crate::exposure::guide;
use crate::guide::Guide;
use crate::port_class::PortClass;
use crate::registry::{Assignment, Registration, assignment, registered_name, registrations};
use crate::severity::Severity;
use crate::transport::Transport;

/// Everything the catalogue has to say of one port.
#[derive(Debug)]
pub struct Entry {
    /// The port.
    pub port: u16,
    /// The range of RFC 6335 to which it belongs.
    pub class: PortClass,
    /// The rows of the IANA registry that speak of it, whatever the transport.
    pub registrations: &'static [Registration],
    /// What AWS runs there.
    pub aws_uses: Vec<AwsUse>,
    /// The clients that may use it as their own end of a connection.
    pub ephemeral_ranges: Vec<&'static EphemeralRange>,
    /// The rules of benchmarks that name it.
    pub benchmarks: Vec<&'static Benchmark>,
    /// The guides written for it, TCP first; none if the catalogue does not judge it.
    pub guides: Vec<&'static Guide>,
}

impl Entry {
    /// Returns what the registry has done with the port.
    pub fn assignment(&self, transport: Transport) -> Assignment {
        assignment(transport, self.port)
    }

    /// Returns the guide to the port: the one written for it, or the one for all ports of its
    /// class.
    pub fn guide(&self, transport: Transport) -> &'static Guide {
        guide(transport, self.port)
    }

    /// Returns the name to show: of a guide if there is one, else of the registry, else none.
    pub fn name(&self) -> Option<&'static str> {
        let registered = || self.registrations.iter().find_map(|row| row.name);
        self.guides.first().map(|guide| guide.name).or_else(registered)
    }

    /// Returns how bad it is that the whole Internet can reach the port over the transport for
    /// which that is worst.
    ///
    /// Only guides written for the port count; without one the answer is that for unlisted ports.
    pub fn severity(&self) -> Severity {
        let listed = self.guides.iter().map(|guide| guide.severity).max();
        listed.unwrap_or_else(|| self.guide(Transport::Tcp).severity)
    }
}

/// Returns everything the catalogue has to say of `port`. It always has an answer.
pub fn describe(port: u16) -> Entry {
    let mut guides: Vec<&Guide> =
        Transport::ALL.map(|transport| guide(transport, port)).into_iter().collect();
    guides.retain(|guide| guide.is_listed());
    guides.dedup_by_key(|guide| guide.name);
    Entry {
        port,
        class: PortClass::of(port),
        registrations: registrations(port),
        aws_uses: aws_uses_of(port).collect(),
        ephemeral_ranges: ephemeral_ranges_of(port).collect(),
        benchmarks: benchmarks_naming(port).collect(),
        guides,
    }
}

/// Returns the name of the service that the world expects at `port`, if anybody has named it.
///
/// The name of a guide goes before the registered one: at TCP port 1521 IANA has the license
/// manager `ncube-lm`, and the world has `oracle`. O(log n).
pub fn service_name(transport: Transport, port: u16) -> Option<&'static str> {
    let guide = guide(transport, port);
    if guide.is_listed() { Some(guide.name) } else { registered_name(transport, port) }
}
