//! The book-keeping of one packet: how sure its delivery is, how sure its reply, and what each step said.

use std::fmt::Display;

use portolan_net::{Header, IcmpKind, Protocol};

use super::{Arrival, Certainty, Outcome};

/// The requests of ICMP and ICMPv6 that are answered, with the types of their answers.
///
/// Source: `docs/design/reachability.md`, "Delivered, and answered".
const ICMP_ANSWERS: [(Protocol, u8, u8); 5] = [
    (Protocol::ICMP, 8, 0),
    (Protocol::ICMP, 13, 14),
    (Protocol::ICMP, 15, 16),
    (Protocol::ICMP, 17, 18),
    (Protocol::ICMPV6, 128, 129),
];

/// What is known so far of one packet and its reply.
#[derive(Clone, Debug)]
pub(super) struct Trip {
    delivered: Certainty,
    /// Whether the way back leads back, whatever filters say.
    returns: Certainty,
    /// The replies that may be on their way, each with its chance to pass the filters so far. They differ in their
    /// ports only; none if the packet is of a kind that needs no reply.
    replies: Vec<(Header, Certainty)>,
    /// Whether the packet is beyond a way that is not known, so that later steps say nothing.
    is_lost: bool,
    /// The same for its reply.
    is_reply_lost: bool,
    at: Option<Arrival>,
    trace: Vec<String>,
}

impl Trip {
    /// Starts a packet on its trip.
    pub(super) fn new(header: Header) -> Self {
        Self {
            delivered: Certainty::Yes,
            returns: Certainty::Yes,
            replies: reply_to(header).map(|reply| (reply, Certainty::Yes)).into_iter().collect(),
            is_lost: false,
            is_reply_lost: false,
            at: None,
            trace: Vec::new(),
        }
    }

    /// Records a step of the packet.
    pub(super) fn forward(&mut self, passes: Certainty, step: impl Display) {
        if !self.is_lost {
            self.delivered = self.delivered.min(passes);
            self.note(passes, "", step);
        }
    }

    /// Records that the packet is where its destination is, before what filters it there.
    pub(super) fn arrive(&mut self, at: Arrival) {
        if !self.is_lost {
            self.at = Some(at);
        }
    }

    /// Records that nothing after this step is known.
    pub(super) fn lose(&mut self, step: impl Display) {
        self.forward(Certainty::Maybe, step);
        self.is_lost = true;
        self.is_reply_lost = true;
        self.at = None;
    }

    /// Records a step of the way back.
    pub(super) fn back(&mut self, passes: Certainty, step: impl Display) {
        if !self.is_reply_lost {
            self.returns = self.returns.min(passes);
            self.note(passes, "reply: ", step);
        }
    }

    /// Records that nothing of the reply is known after this step.
    pub(super) fn lose_reply(&mut self, step: impl Display) {
        self.back(Certainty::Maybe, step);
        self.is_reply_lost = true;
    }

    /// Records a filter on the way back.
    pub(super) fn filter_replies(
        &mut self,
        passes: impl Fn(Header) -> Certainty,
        step: impl Display,
    ) {
        if !self.is_reply_lost {
            for (reply, certainty) in &mut self.replies {
                *certainty = passes(*reply).min(*certainty);
            }
            self.note(summary(&self.replies), "reply so far: ", step);
        }
    }

    /// Lets the reply come back to any of several ports, if it is of a kind that has ports.
    pub(super) fn spread_replies(&mut self, ports: &[u16]) {
        self.replies = std::mem::take(&mut self.replies)
            .into_iter()
            .flat_map(|(reply, certainty)| {
                spread(reply, ports).into_iter().map(move |reply| (reply, certainty))
            })
            .collect();
    }

    /// Puts one reply in the place of several.
    pub(super) fn gather_replies(&mut self, header: Header) {
        let certainty = summary(&self.replies);
        self.replies = reply_to(header).map(|reply| (reply, certainty)).into_iter().collect();
    }

    /// Ends the trip.
    pub(super) fn finish(self) -> Outcome {
        let answered = self.delivered.min(self.returns).min(summary(&self.replies));
        Outcome { delivered: self.delivered, answered, at: self.at, trace: self.trace }
    }

    fn note(&mut self, passes: Certainty, whose: &str, step: impl Display) {
        self.trace.push(format!("{whose}{step}: {passes:?}"));
    }
}

/// Returns how sure one reply of several is to pass, where any of them may be the one that is sent.
fn summary(replies: &[(Header, Certainty)]) -> Certainty {
    let certainties = || replies.iter().map(|(_, certainty)| *certainty);
    match (certainties().min(), certainties().max()) {
        (Some(Certainty::Yes) | None, _) => Certainty::Yes,
        (_, Some(Certainty::No)) => Certainty::No,
        _ => Certainty::Maybe,
    }
}

/// Returns the header of the reply, unless none is needed.
fn reply_to(header: Header) -> Option<Header> {
    match header {
        Header::Ports { protocol, source, destination } => {
            Some(Header::Ports { protocol, source: destination, destination: source })
        }
        Header::Icmp { protocol, kind } => ICMP_ANSWERS
            .iter()
            .find(|(of, request, _)| *of == protocol && *request == kind.kind)
            .map(|(_, _, answer)| Header::Icmp { protocol, kind: IcmpKind::new(*answer, 0) }),
        Header::Other(_) => Some(header),
    }
}

fn spread(reply: Header, ports: &[u16]) -> Vec<Header> {
    match reply {
        Header::Ports { protocol, source, destination: _ } => ports
            .iter()
            .map(|port| Header::Ports { protocol, source, destination: *port })
            .collect(),
        Header::Icmp { .. } | Header::Other(_) => vec![reply],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: Header, expected: Option<Header>) {
        assert_eq!(reply_to(header), expected);
    }

    fn icmp(protocol: Protocol, kind: u8, code: u8) -> Header {
        Header::Icmp { protocol, kind: IcmpKind::new(kind, code) }
    }

    #[test]
    fn replies_swap_ports_and_answer_requests() {
        let tcp =
            |source, destination| Header::Ports { protocol: Protocol::TCP, source, destination };
        check(tcp(40_000, 22), Some(tcp(22, 40_000)));
        check(icmp(Protocol::ICMP, 8, 3), Some(icmp(Protocol::ICMP, 0, 0)));
        check(icmp(Protocol::ICMP, 3, 4), None);
        check(icmp(Protocol::ICMPV6, 128, 0), Some(icmp(Protocol::ICMPV6, 129, 0)));
        check(icmp(Protocol::ICMPV6, 8, 0), None);
        check(Header::Other(Protocol::ESP), Some(Header::Other(Protocol::ESP)));
    }

    #[test]
    fn several_replies_are_sure_only_together() {
        use Certainty::{Maybe, No, Yes};
        let of = |list: &[Certainty]| {
            let header = Header::Other(Protocol::ESP);
            summary(&list.iter().map(|certainty| (header, *certainty)).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), Yes);
        assert_eq!(of(&[Yes, Yes]), Yes);
        assert_eq!(of(&[Yes, No]), Maybe);
        assert_eq!(of(&[No, No]), No);
        assert_eq!(of(&[No, Maybe]), Maybe);
    }
}
