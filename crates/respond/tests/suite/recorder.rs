//! Flow logs of made-up networks: what the oracle lets pass, as interfaces would have recorded it.

use std::net::IpAddr;

use portolan_model::{Direction, InterfaceId, Model, NetworkInterface, Reading, ResourceKind};
use portolan_net::Header;
use portolan_respond::{Handshake, Observations, ObservedFlow, Policy, Span};
use portolan_testkit::oracle::{Arrival, Certainty, End, Outcome, Probe};

/// Long enough for the policy.
pub(crate) const WATCH: Span =
    Span { first: 1_767_225_600, last: 1_767_225_600 + Policy::DEFAULT_DAYS * Policy::DAY };

/// Says that every interface was read, so that groups can be judged.
pub(crate) fn with_coverage(mut model: Model) -> Model {
    let places: Vec<_> = model.security_groups.values().map(|it| it.place.clone()).collect();
    let reading = Reading { files: 1, resources: 1, broken: 0 };
    for place in places {
        model.coverage.add(&place, ResourceKind::NetworkInterfaces, reading);
    }
    model
}

/// Returns a log without flows of all interfaces.
pub(crate) fn silence(model: &Model) -> Observations {
    let mut observations = Observations::default();
    for id in model.interfaces.keys() {
        observations.add_silence(id, WATCH);
    }
    observations
}

/// How to record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorder {
    /// Whether TCP flags are logged.
    pub(crate) has_flags: bool,
}

impl Recorder {
    /// Records a packet that is delivered, and its reply if it is answered, at both ends.
    pub(crate) fn record(
        self,
        model: &Model,
        probe: &Probe,
        outcome: &Outcome,
        log: &mut Observations,
    ) {
        if outcome.delivered != Certainty::Yes {
            return;
        }
        let sender = match &probe.from {
            End::Interface { interface, .. } => model.interfaces.get(interface),
            End::Internet(_) => None,
        };
        let receiver = match &outcome.at {
            Some(Arrival::Interface(id)) => model.interfaces.get(id),
            _ => None,
        };
        let is_answered = outcome.answered == Certainty::Yes;
        let from = probe.from.address();
        if let Some(sender) = sender {
            let ends = (&sender.id, from, probe.to);
            self.add(log, ends, Direction::Outbound, probe.header, is_answered);
        }
        if let Some(receiver) = receiver {
            let local = inside(receiver, probe.to);
            let peer = if local == probe.to { from } else { outside(sender, from) };
            let ends = (&receiver.id, local, peer);
            self.add(log, ends, Direction::Inbound, probe.header, is_answered);
        }
    }

    fn add(
        self,
        log: &mut Observations,
        (interface, local, peer): (&InterfaceId, IpAddr, IpAddr),
        direction: Direction,
        header: Header,
        is_answered: bool,
    ) {
        let (source, destination) = match header {
            Header::Ports { source, destination, .. } => (source, destination),
            Header::Icmp { .. } | Header::Other(_) => (0, 0),
        };
        let (local_port, peer_port) = match direction {
            Direction::Inbound => (destination, source),
            Direction::Outbound => (source, destination),
        };
        let is_tcp = header.protocol() == portolan_net::Protocol::TCP;
        let flags = |handshake| (self.has_flags && is_tcp).then_some(handshake);
        let request = ObservedFlow {
            interface: interface.clone(),
            local,
            peer,
            direction,
            protocol: header.protocol(),
            local_port,
            peer_port,
            is_accepted: true,
            handshake: flags(Handshake::Opening),
            records: 1,
            bytes: 100,
            span: WATCH,
        };
        let back = match direction {
            Direction::Inbound => Direction::Outbound,
            Direction::Outbound => Direction::Inbound,
        };
        let handshake = flags(Handshake::Answering);
        let reply = ObservedFlow { direction: back, handshake, ..request.clone() };
        log.add(&request);
        if is_answered {
            log.add(&reply);
        }
    }
}

/// Returns the address on an interface that a destination means.
fn inside(interface: &NetworkInterface, destination: IpAddr) -> IpAddr {
    let mapped = interface.ipv4.iter().find(|own| own.public.map(IpAddr::V4) == Some(destination));
    mapped.map_or(destination, |own| own.address.into())
}

/// Returns the address that a sender has outside.
fn outside(sender: Option<&NetworkInterface>, address: IpAddr) -> IpAddr {
    let own = sender.and_then(|it| it.ipv4.iter().find(|own| IpAddr::V4(own.address) == address));
    own.and_then(|own| own.public).map_or(address, IpAddr::V4)
}
