//! From a record of a flow log to what it says about an interface.
//!
//! A record has a source and a destination; which of the two is the interface is not always said. The field
//! `flow-direction` tells; without it, the address that the model gives the interface does.
//!
//! Records come from text, one by one, or from a lake, where a query has added up those that say the same. Both are
//! [`Fields`], and what becomes of them is here, once.

use std::collections::BTreeMap;
use std::net::IpAddr;

use portolan_flow::{Field, Initiator, Layout, Record, Value, initiator};
use portolan_model::{Direction, InterfaceId, Model, NetworkInterface};
use portolan_net::Protocol;

use crate::observe::{Handshake, Observations, ObservedFlow, Span};

/// A record by its fields, or several added up that have the same values in all of [`PLACING_FIELDS`].
pub trait Fields {
    /// Returns the value of a field. Added up, `start` is the first, `end` the last, and `bytes` the sum.
    fn value(&self, field: Field) -> Value<'_>;

    /// Returns how many records it is.
    fn records(&self) -> u64 {
        1
    }
}

impl Fields for (&Layout, &Record<'_>) {
    fn value(&self, field: Field) -> Value<'_> {
        self.1.value(self.0, field)
    }
}

/// The fields that decide what a record says, besides `start`, `end` and `bytes`.
pub const PLACING_FIELDS: [Field; 12] = [
    Field::InterfaceId,
    Field::SrcAddr,
    Field::DstAddr,
    Field::SrcPort,
    Field::DstPort,
    Field::Protocol,
    Field::Action,
    Field::LogStatus,
    Field::TcpFlags,
    Field::FlowDirection,
    Field::PktSrcAddr,
    Field::PktDstAddr,
];

/// What a record says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Recorded {
    /// A flow passed, or was rejected.
    Flow(ObservedFlow),
    /// Nothing passed (`NODATA`).
    Silence(InterfaceId, Span),
    /// Flows were lost (`SKIPDATA`), in so many records.
    Skipped(InterfaceId, Span, u64),
    /// So many records do not say of which interface they are, or which way the packets went.
    Unplaced(u64),
}

/// What is needed to place records.
#[derive(Clone, Debug)]
pub struct Placer<'m> {
    interfaces: &'m BTreeMap<InterfaceId, NetworkInterface>,
}

impl<'m> Placer<'m> {
    /// Returns what places records of the interfaces of a model.
    pub const fn new(model: &'m Model) -> Self {
        Self { interfaces: &model.interfaces }
    }

    /// Returns what a record says.
    pub fn place(&self, fields: &impl Fields) -> Recorded {
        let fields = Typed(fields);
        let records = fields.0.records();
        let Some(interface) = fields.text(Field::InterfaceId).map(InterfaceId::from) else {
            return Recorded::Unplaced(records);
        };
        let Some(span) = fields.span() else { return Recorded::Unplaced(records) };
        match fields.text(Field::LogStatus) {
            Some("NODATA") => Recorded::Silence(interface, span),
            Some("SKIPDATA") => Recorded::Skipped(interface, span, records),
            _ => {
                let flow = self.flow(&fields, interface, span);
                flow.map_or(Recorded::Unplaced(records), Recorded::Flow)
            }
        }
    }

    fn flow(
        &self,
        fields: &Typed<'_, impl Fields>,
        id: InterfaceId,
        span: Span,
    ) -> Option<ObservedFlow> {
        let source = fields.address(Field::SrcAddr)?;
        let destination = fields.address(Field::DstAddr)?;
        let interface = self.interfaces.get(&id);
        let owns = |address| interface.is_some_and(|it| owns(it, address));
        let direction = match fields.text(Field::FlowDirection) {
            Some("ingress") => Direction::Inbound,
            Some("egress") => Direction::Outbound,
            _ if owns(source) => Direction::Outbound,
            _ if owns(destination) => Direction::Inbound,
            _ => return None,
        };
        let (local_field, peer, ports) = match direction {
            Direction::Inbound => (Field::PktDstAddr, source, (Field::DstPort, Field::SrcPort)),
            Direction::Outbound => {
                (Field::PktSrcAddr, destination, (Field::SrcPort, Field::DstPort))
            }
        };
        // On its own side a log has the primary address, and the packet's own in another field.
        let logged = if direction == Direction::Inbound { destination } else { source };
        let local = fields.address(local_field).filter(|it| owns(*it)).unwrap_or(logged);
        let protocol = Protocol(fields.byte(Field::Protocol)?);
        Some(ObservedFlow {
            interface: id,
            local,
            peer,
            direction,
            protocol,
            local_port: fields.port(ports.0),
            peer_port: fields.port(ports.1),
            is_accepted: fields.text(Field::Action)? == "ACCEPT",
            handshake: fields.byte(Field::TcpFlags).and_then(|it| handshake(protocol, it)),
            records: fields.0.records(),
            bytes: fields.integer(Field::Bytes).and_then(|it| u64::try_from(it).ok()).unwrap_or(0),
            span,
        })
    }
}

/// Returns what TCP flags tell, if anything.
pub fn handshake(protocol: Protocol, flags: u8) -> Option<Handshake> {
    // Equal ports tell nothing, so that only the flags speak.
    match initiator(protocol, Some(flags), 0, 0)?.0 {
        Initiator::Source => Some(Handshake::Opening),
        Initiator::Destination => Some(Handshake::Answering),
    }
}

fn owns(interface: &NetworkInterface, address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            interface.ipv4.iter().any(|own| own.address == address)
                || interface.ipv4_prefixes.iter().any(|prefix| prefix.contains(address))
        }
        IpAddr::V6(address) => {
            interface.ipv6.contains(&address)
                || interface.ipv6_prefixes.iter().any(|prefix| prefix.contains(address))
        }
    }
}

impl Observations {
    /// Adds what a record says.
    pub fn add_recorded(&mut self, recorded: &Recorded) {
        match recorded {
            Recorded::Flow(flow) => self.add(flow),
            Recorded::Silence(interface, span) => self.add_silence(interface, *span),
            Recorded::Skipped(interface, span, records) => {
                self.add_skipped(interface, *span, *records);
            }
            Recorded::Unplaced(records) => self.add_unplaced(*records),
        }
    }
}

/// The values of a record, each as what its field is.
struct Typed<'f, F>(&'f F);

impl<'f, F: Fields> Typed<'f, F> {
    fn text(&self, field: Field) -> Option<&'f str> {
        match self.0.value(field) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn address(&self, field: Field) -> Option<IpAddr> {
        match self.0.value(field) {
            Value::Ipv4(address) => Some(address.into()),
            Value::Ipv6(address) => Some(address.into()),
            _ => None,
        }
    }

    fn byte(&self, field: Field) -> Option<u8> {
        match self.0.value(field) {
            Value::Byte(byte) => Some(byte),
            _ => None,
        }
    }

    fn port(&self, field: Field) -> u16 {
        match self.0.value(field) {
            Value::Port(port) => port,
            _ => 0,
        }
    }

    fn integer(&self, field: Field) -> Option<i64> {
        match self.0.value(field) {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// Returns when the record is of: both moments, the first not after the last.
    fn span(&self) -> Option<Span> {
        let first = self.integer(Field::Start)?;
        Some(Span { first, last: self.integer(Field::End).unwrap_or(first).max(first) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: &str = "interface-id srcaddr dstaddr srcport dstport protocol bytes start end action \
        log-status tcp-flags flow-direction pkt-srcaddr pkt-dstaddr";

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let layout = Layout::parse(FORMAT).unwrap();
        let mut record = Record::default();
        record.read(&layout, line).unwrap();
        let recorded = match Placer::new(&Model::default()).place(&(&layout, &record)) {
            Recorded::Flow(it) => format!(
                "{} {:?} {}:{} {}:{} {} {} {:?} {}-{}",
                it.interface,
                it.direction,
                it.local,
                it.local_port,
                it.peer,
                it.peer_port,
                it.protocol,
                it.is_accepted,
                it.handshake,
                it.span.first,
                it.span.last
            ),
            other => format!("{other:?}"),
        };
        assert_eq!(recorded, expected);
    }

    #[test]
    fn records_are_placed_by_their_direction() {
        check(
            "eni-1 10.0.0.1 10.0.0.2 40000 443 6 840 10 70 ACCEPT OK 2 ingress 10.0.0.1 10.0.0.2",
            "eni-1 Inbound 10.0.0.2:443 10.0.0.1:40000 tcp true Some(Opening) 10-70",
        );
        check(
            "eni-1 10.0.0.1 10.0.0.2 443 40000 6 - 10 5 REJECT OK 19 egress 10.0.0.1 10.0.0.2",
            "eni-1 Outbound 10.0.0.1:443 10.0.0.2:40000 tcp false Some(Answering) 10-10",
        );
        check(
            "eni-1 10.0.0.1 10.0.0.2 0 0 1 84 10 70 ACCEPT OK - ingress - -",
            "eni-1 Inbound 10.0.0.2:0 10.0.0.1:0 icmp true None 10-70",
        );
    }

    #[test]
    fn what_is_no_flow_is_told_apart() {
        check(
            "eni-1 - - - - - - 10 70 - NODATA - - - -",
            "Silence(eni-1, Span { first: 10, last: 70 })",
        );
        check(
            "eni-1 - - - - - - 10 70 - SKIPDATA - - - -",
            "Skipped(eni-1, Span { first: 10, last: 70 }, 1)",
        );
        check("eni-1 10.0.0.1 10.0.0.2 1 2 6 3 10 70 ACCEPT OK - - - -", "Unplaced(1)");
        check("- 10.0.0.1 10.0.0.2 1 2 6 3 10 70 ACCEPT OK - ingress - -", "Unplaced(1)");
    }
}
