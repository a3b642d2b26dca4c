//! Who began a conversation: the question that decides which rules it needs.
//!
//! Security groups are stateful: only the first packet of a conversation is held against rules, and whatever
//! answers it passes. A flow log does not say which of the two directions came first. Four things tell, best
//! first:
//!
//! 1. TCP flags, where they were logged. They are proof.
//! 2. Rules. A conversation that was accepted and that only one direction's rules admit was begun that way. It is
//!    proof as long as the rules are those of the time of the log.
//! 3. Ports: a port that looks like a client's talks to one that looks like a service's ([`portolan_flow::initiator`]).
//! 4. Partners: a port that several ports of the same peer talked to, none of which talked to another, is the service.
//!
//! What none of them decides is taken to have been begun by both sides, so that rules for both are kept.

use std::collections::BTreeMap;
use std::net::IpAddr;

use portolan_flow::{Initiator, initiator};
use portolan_model::{Direction, InterfaceId, RuleTraffic};
use portolan_net::{PortRange, Protocol, Traffic};
use portolan_reach::Chart;

use crate::observe::{Conversation, Observations, Sighting, Totals};
use crate::plan::Policy;

/// What told who began.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Clue {
    /// TCP flags.
    Flags,
    /// Only one direction is admitted by rules.
    Rules,
    /// One port looks like a client's, the other like a service's.
    Ports,
    /// One port has several partners.
    Partners,
    /// Nothing: both directions are taken.
    Nothing,
}

/// A conversation, as it was begun; those that differ in the client's port are one.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Request {
    /// The interface that saw it.
    pub interface: InterfaceId,
    /// The interface's own address.
    pub local: IpAddr,
    /// The address at the other end.
    pub peer: IpAddr,
    /// Which way the first packet went, seen from the interface.
    pub direction: Direction,
    /// The protocol above IP.
    pub protocol: Protocol,
    /// The port of the service; 0 for protocols without ports.
    pub port: u16,
}

impl Request {
    /// Returns the first packets: those to the port of the service, or all of the protocol.
    pub fn traffic(&self) -> Traffic {
        traffic(self.protocol, self.port)
    }

    /// Returns the narrowest traffic of a rule that admits it. The logs have no ICMP types, so of ICMP it is all.
    pub fn rule_traffic(&self) -> RuleTraffic {
        match self.protocol {
            protocol if protocol.has_ports() => {
                RuleTraffic::Ports(protocol, PortRange::single(self.port))
            }
            protocol if protocol.is_icmp() => {
                RuleTraffic::Icmp { protocol, kind: None, code: None }
            }
            protocol => RuleTraffic::Protocol(protocol),
        }
    }
}

fn traffic(protocol: Protocol, port: u16) -> Traffic {
    let ports = PortRange::single(port).into();
    Traffic::with_ports(protocol, ports, PortRange::ALL.into())
}

/// What the conversations of a log come to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Requests {
    /// What was accepted, with how often.
    pub accepted: BTreeMap<Request, Totals>,
    /// What was rejected, with how often. Who began is not known of these: a packet is taken for a first one, unless
    /// one the other way was accepted.
    pub rejected: BTreeMap<Request, Totals>,
    /// Accepted conversations that today's rules admit neither way: the rules are others now.
    pub unexplained: u64,
    /// How many accepted conversations each clue decided.
    pub clues: BTreeMap<Clue, u64>,
}

impl Requests {
    /// Finds out who began each conversation.
    pub fn of(chart: &Chart, observations: &Observations, policy: &Policy) -> Self {
        let partners = policy.trusts_ports.then(|| Partners::of(observations));
        let mut requests = Self::default();
        for (conversation, sighting) in observations.conversations() {
            requests.add_rejected(conversation, sighting);
            if sighting.accepted().records == 0 {
                continue;
            }
            let (directions, clue) = judge(chart, partners.as_ref(), conversation, sighting);
            if directions.is_empty() {
                requests.unexplained += 1;
                continue;
            }
            *requests.clues.entry(clue).or_default() += 1;
            for direction in directions {
                let request = request(conversation, direction);
                requests.accepted.entry(request).or_default().add(sighting.accepted());
            }
        }
        requests
    }

    fn add_rejected(&mut self, conversation: &Conversation, sighting: &Sighting) {
        let ways = [
            (Direction::Inbound, sighting.rejected_inbound, sighting.accepted_outbound),
            (Direction::Outbound, sighting.rejected_outbound, sighting.accepted_inbound),
        ];
        // Where the other direction was accepted, what was rejected is an answer on its way back.
        let first = ways.into_iter().filter(|(_, _, other)| other.records == 0);
        for (direction, totals, _) in first.filter(|(_, totals, _)| totals.records > 0) {
            let request = request(conversation, direction);
            self.rejected.entry(request).or_default().add(totals);
        }
    }
}

/// Returns a conversation as begun in a direction.
pub(crate) fn request(conversation: &Conversation, direction: Direction) -> Request {
    let Conversation { interface, local, peer, protocol, local_port, peer_port } =
        conversation.clone();
    let port = match direction {
        Direction::Inbound => local_port,
        Direction::Outbound => peer_port,
    };
    Request { interface, local, peer, direction, protocol, port }
}

const BOTH: [Direction; 2] = [Direction::Inbound, Direction::Outbound];

/// Returns which ways a conversation may have been begun, and what tells.
fn judge(
    chart: &Chart,
    partners: Option<&Partners<'_>>,
    conversation: &Conversation,
    sighting: &Sighting,
) -> (Vec<Direction>, Clue) {
    match (sighting.is_begun_by_peer, sighting.is_begun_here) {
        (true, false) => return (vec![Direction::Inbound], Clue::Flags),
        (false, true) => return (vec![Direction::Outbound], Clue::Flags),
        (true, true) => return (BOTH.to_vec(), Clue::Flags),
        (false, false) => {}
    }
    let admitted = begun(conversation, |it| may_leave_and_arrive(chart, it));
    // The other end may have refused it; what was accepted here is needed here all the same.
    let admitted = if admitted.is_empty() {
        begun(conversation, |it| may_pass_here(chart, it))
    } else {
        admitted
    };
    if admitted.len() < BOTH.len() {
        return (admitted, Clue::Rules);
    }
    let partners = partners.filter(|_| conversation.protocol.has_ports());
    let decided = partners.and_then(|partners| {
        let by_ports = by_ports(conversation).map(|direction| (direction, Clue::Ports));
        by_ports.or_else(|| Some((partners.service_side(conversation)?, Clue::Partners)))
    });
    decided.map_or((admitted, Clue::Nothing), |(direction, clue)| (vec![direction], clue))
}

/// Returns the directions in which a conversation may have been begun.
fn begun(conversation: &Conversation, may_begin: impl Fn(&Request) -> bool) -> Vec<Direction> {
    BOTH.into_iter().filter(|direction| may_begin(&request(conversation, *direction))).collect()
}

/// Returns whether the rules at the interface, and at the other end if it is one, may admit a first packet.
fn may_leave_and_arrive(chart: &Chart, request: &Request) -> bool {
    may_pass_here(chart, request)
        && mirrored(chart, request).is_none_or(|other| may_pass_here(chart, &other))
}

fn may_pass_here(chart: &Chart, request: &Request) -> bool {
    let Request { interface, direction, peer, .. } = request;
    chart.admission(interface, *direction, *peer, &request.traffic()).may_pass()
}

/// Returns a request as the interface at the other end sees it, if there is one.
pub(crate) fn mirrored(chart: &Chart, request: &Request) -> Option<Request> {
    Some(Request {
        interface: chart.neighbour(&request.interface, request.peer)?,
        local: request.peer,
        peer: request.local,
        direction: opposite(request.direction),
        ..request.clone()
    })
}

/// Returns the direction that the other end sees.
pub(crate) const fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Inbound => Direction::Outbound,
        Direction::Outbound => Direction::Inbound,
    }
}

/// Returns which way the ports look as if the conversation was begun.
fn by_ports(conversation: &Conversation) -> Option<Direction> {
    let Conversation { protocol, local_port, peer_port, .. } = conversation;
    match initiator(*protocol, None, *peer_port, *local_port)?.0 {
        Initiator::Source => Some(Direction::Inbound),
        Initiator::Destination => Some(Direction::Outbound),
    }
}

/// How many ports each port of a pair of ends talked to.
#[derive(Debug, Default)]
struct Partners<'o> {
    counts: BTreeMap<(&'o InterfaceId, IpAddr, Protocol, Side, u16), u32>,
}

/// Whose port it is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Side {
    Local,
    Peer,
}

impl<'o> Partners<'o> {
    /// Each conversation is one pair of ports, so counting conversations counts partners.
    fn of(observations: &'o Observations) -> Self {
        let mut partners = Self::default();
        for (it, _) in observations.conversations().filter(|(it, _)| it.protocol.has_ports()) {
            for (side, port) in [(Side::Local, it.local_port), (Side::Peer, it.peer_port)] {
                let key = (&it.interface, it.peer, it.protocol, side, port);
                *partners.counts.entry(key).or_default() += 1;
            }
        }
        partners
    }

    fn service_side(&self, of: &Conversation) -> Option<Direction> {
        let count = |side, port| {
            let key = (&of.interface, of.peer, of.protocol, side, port);
            self.counts.get(&key).copied().unwrap_or(0)
        };
        match (count(Side::Local, of.local_port), count(Side::Peer, of.peer_port)) {
            (2.., 1) => Some(Direction::Inbound),
            (1, 2..) => Some(Direction::Outbound),
            _ => None,
        }
    }
}
