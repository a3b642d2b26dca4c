//! What AWS runs at which port.
//!
//! A row is a listener: the port at which the service, or the thing that it starts in your VPC,
//! waits for connections. Ports that an administrator may choose are listed by their default. The
//! APIs of the services themselves all listen at 443 and share one row.

use std::ops::RangeInclusive;

use crate::transport::{Transport, Transports};

mod table;

/// A service of AWS, and the ports at which it listens.
#[derive(Debug)]
pub struct AwsService {
    /// The name that AWS gives it.
    pub name: &'static str,
    /// The page that names the ports: guide first, then page.
    pub source: &'static str,
    /// The listeners, sorted by port.
    pub listeners: &'static [Listener],
}

/// Ports at which something waits for connections.
#[derive(Debug)]
pub struct Listener {
    /// The ports, most often one.
    pub ports: RangeInclusive<u16>,
    /// The transports.
    pub transports: Transports,
    /// What listens, and for whom.
    pub role: &'static str,
}

impl Listener {
    /// Returns whether the listener is at `port`.
    pub fn is_at(&self, transport: Transport, port: u16) -> bool {
        self.transports.contains(transport) && self.ports.contains(&port)
    }
}

/// One listener together with its service.
#[derive(Clone, Copy, Debug)]
pub struct AwsUse {
    /// The service.
    pub service: &'static AwsService,
    /// The listener.
    pub listener: &'static Listener,
}

/// Returns every service that the catalogue knows, sorted by name.
pub fn aws_services() -> &'static [AwsService] {
    table::SERVICES
}

/// Iterates over the listeners at `port`, whatever the transport, the narrowest range first.
///
/// Within the same width they come by the name of the service.
pub fn aws_uses_of(port: u16) -> impl Iterator<Item = AwsUse> {
    let mut uses: Vec<AwsUse> =
        aws_uses().filter(|found| found.listener.ports.contains(&port)).collect();
    uses.sort_by_key(|found| found.listener.ports.len());
    uses.into_iter()
}

/// Iterates over every listener of every service.
fn aws_uses() -> impl Iterator<Item = AwsUse> {
    aws_services().iter().flat_map(|service| {
        service.listeners.iter().map(move |listener| AwsUse { service, listener })
    })
}
