//! What flow logs saw, as values: conversations at interfaces, and how well each interface was watched.
//!
//! A log has one record for each direction of a conversation, interval and interface. Here they are added up by
//! conversation, because only both directions together tell who began it. Where flows were read from is nobody's
//! business here: text and lake give the same values.

use std::collections::BTreeMap;
use std::net::IpAddr;

use portolan_model::{Direction, InterfaceId};
use portolan_net::Protocol;

/// A moment, in seconds since 1970-01-01T00:00:00Z.
pub type Moment = i64;

/// The time from one moment to another, both included.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// When it begins.
    pub first: Moment,
    /// When it ends; not before `first`.
    pub last: Moment,
}

impl Span {
    /// Returns the time from the first moment of either to the last of either.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// Returns how long it is, in seconds.
    pub const fn seconds(self) -> i64 {
        self.last.saturating_sub(self.first)
    }
}

/// What the TCP flags of a record tell about who began.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Handshake {
    /// SYN without ACK: the sender began.
    Opening,
    /// SYN with ACK: the receiver began.
    Answering,
}

/// One direction of a conversation, as an interface saw it: one record, or many added up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ObservedFlow {
    /// The interface that saw it.
    pub interface: InterfaceId,
    /// The interface's own address, as packets at the interface have it.
    pub local: IpAddr,
    /// The address at the other end, as packets at the interface have it.
    pub peer: IpAddr,
    /// Which way the packets went, seen from the interface.
    pub direction: Direction,
    /// The protocol above IP.
    pub protocol: Protocol,
    /// The port at the interface; 0 for protocols without ports.
    pub local_port: u16,
    /// The port at the other end; 0 for protocols without ports.
    pub peer_port: u16,
    /// Whether security groups and network ACLs let it pass.
    pub is_accepted: bool,
    /// What the TCP flags tell, where they were logged.
    pub handshake: Option<Handshake>,
    /// How many records.
    pub records: u64,
    /// How many bytes.
    pub bytes: u64,
    /// From the first record's start to the last one's end.
    pub span: Span,
}

/// Both directions of a conversation, without its packets.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Conversation {
    /// The interface that saw it.
    pub interface: InterfaceId,
    /// The interface's own address.
    pub local: IpAddr,
    /// The address at the other end.
    pub peer: IpAddr,
    /// The protocol above IP.
    pub protocol: Protocol,
    /// The port at the interface.
    pub local_port: u16,
    /// The port at the other end.
    pub peer_port: u16,
}

/// What was counted of something.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    /// How many records.
    pub records: u64,
    /// How many bytes.
    pub bytes: u64,
    /// From the first to the last; `None` if there was nothing.
    pub span: Option<Span>,
}

impl Totals {
    /// Adds what was counted elsewhere. Sums stop at the largest number.
    pub fn add(&mut self, other: Self) {
        self.records = self.records.saturating_add(other.records);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.touch(other.span);
    }

    /// Extends the time, without counting anything.
    pub fn touch(&mut self, span: Option<Span>) {
        self.span = match (self.span, span) {
            (Some(one), Some(other)) => Some(one.join(other)),
            (one, other) => one.or(other),
        };
    }
}

/// What was seen of one conversation.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sighting {
    /// What was accepted towards the interface.
    pub accepted_inbound: Totals,
    /// What was accepted away from it.
    pub accepted_outbound: Totals,
    /// What was rejected towards it.
    pub rejected_inbound: Totals,
    /// What was rejected on the way from it.
    pub rejected_outbound: Totals,
    /// Whether TCP flags tell that the other end began.
    pub is_begun_by_peer: bool,
    /// Whether TCP flags tell that the interface began.
    pub is_begun_here: bool,
}

impl Sighting {
    /// Returns what was accepted, both ways.
    pub fn accepted(&self) -> Totals {
        let mut sum = self.accepted_inbound;
        sum.add(self.accepted_outbound);
        sum
    }

    /// Returns what was rejected, both ways.
    pub fn rejected(&self) -> Totals {
        let mut sum = self.rejected_inbound;
        sum.add(self.rejected_outbound);
        sum
    }

    fn add(&mut self, flow: &ObservedFlow) {
        let totals = match (flow.is_accepted, flow.direction) {
            (true, Direction::Inbound) => &mut self.accepted_inbound,
            (true, Direction::Outbound) => &mut self.accepted_outbound,
            (false, Direction::Inbound) => &mut self.rejected_inbound,
            (false, Direction::Outbound) => &mut self.rejected_outbound,
        };
        totals.add(Totals { records: flow.records, bytes: flow.bytes, span: Some(flow.span) });
        match (flow.handshake, flow.direction) {
            (None, _) => {}
            (Some(Handshake::Opening), Direction::Inbound)
            | (Some(Handshake::Answering), Direction::Outbound) => self.is_begun_by_peer = true,
            (Some(Handshake::Opening), Direction::Outbound)
            | (Some(Handshake::Answering), Direction::Inbound) => self.is_begun_here = true,
        }
    }
}

/// How well one interface was watched.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Watch {
    /// From the first record to the last, whatever they say; `NODATA` records count.
    pub span: Option<Span>,
    /// How many `SKIPDATA` records there were: in each of them AWS lost an unknown number of flows.
    pub skipped: u64,
}

/// Everything that flow logs saw.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Observations {
    conversations: BTreeMap<Conversation, Sighting>,
    watches: BTreeMap<InterfaceId, Watch>,
    unplaced: u64,
}

impl Observations {
    /// Adds a flow.
    pub fn add(&mut self, flow: &ObservedFlow) {
        self.add_silence(&flow.interface, flow.span);
        let conversation = Conversation {
            interface: flow.interface.clone(),
            local: flow.local,
            peer: flow.peer,
            protocol: flow.protocol,
            local_port: flow.local_port,
            peer_port: flow.peer_port,
        };
        self.conversations.entry(conversation).or_default().add(flow);
    }

    /// Adds a `NODATA` record: the interface was watched, and nothing passed.
    pub fn add_silence(&mut self, interface: &InterfaceId, span: Span) {
        let watch = match self.watches.get_mut(interface) {
            Some(watch) => watch,
            None => self.watches.entry(interface.clone()).or_default(),
        };
        watch.span = Some(watch.span.map_or(span, |sum| sum.join(span)));
    }

    /// Adds `SKIPDATA` records: the interface was watched, and flows were lost.
    pub fn add_skipped(&mut self, interface: &InterfaceId, span: Span, records: u64) {
        self.add_silence(interface, span);
        if let Some(watch) = self.watches.get_mut(interface) {
            watch.skipped = watch.skipped.saturating_add(records);
        }
    }

    /// Counts records that cannot be said to go towards or away from their interface.
    pub fn add_unplaced(&mut self, records: u64) {
        self.unplaced = self.unplaced.saturating_add(records);
    }

    /// Returns how many records could not be placed.
    pub const fn unplaced(&self) -> u64 {
        self.unplaced
    }

    /// Yields the conversations with what was seen of each.
    pub fn conversations(&self) -> impl Iterator<Item = (&Conversation, &Sighting)> {
        self.conversations.iter()
    }

    /// Yields the interfaces that records are of.
    pub fn interfaces(&self) -> impl Iterator<Item = &InterfaceId> {
        self.watches.keys()
    }

    /// Returns how well an interface was watched, or `None` if no record is of it.
    pub fn watch(&self, interface: &InterfaceId) -> Option<Watch> {
        self.watches.get(interface).copied()
    }

    /// Returns the time from the first record of any interface to the last.
    pub fn span(&self) -> Option<Span> {
        self.watches.values().filter_map(|watch| watch.span).reduce(Span::join)
    }
}

impl Extend<ObservedFlow> for Observations {
    fn extend<I: IntoIterator<Item = ObservedFlow>>(&mut self, flows: I) {
        flows.into_iter().for_each(|flow| self.add(&flow));
    }
}

impl FromIterator<ObservedFlow> for Observations {
    fn from_iter<I: IntoIterator<Item = ObservedFlow>>(flows: I) -> Self {
        let mut observations = Self::default();
        observations.extend(flows);
        observations
    }
}
