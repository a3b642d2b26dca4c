//! What a question is answered with.

use std::net::IpAddr;

use portolan_model::{EndpointId, InterfaceId};
use portolan_net::Traffic;

use crate::evidence::{Blocker, Component, Hop, Unknown, Witness};
use crate::ip_set::IpSet;

/// What is known of a question as a whole.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// Some packets certainly pass and are answered.
    Reachable,
    /// Some packets may pass, and what would decide it is not known.
    Unknown,
    /// No packet passes.
    Unreachable,
}

impl Verdict {
    /// Returns the verdict in one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Unknown => "unknown",
            Self::Unreachable => "unreachable",
        }
    }
}

/// One end of a flow.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum End {
    /// Addresses of the Internet.
    Internet,
    /// One address of an interface: a private IPv4 or an IPv6 address.
    Interface {
        /// The interface.
        interface: InterfaceId,
        /// The address on it.
        address: IpAddr,
    },
    /// A service behind a gateway endpoint.
    Service(EndpointId),
    /// A service of AWS at a link-local or reserved address.
    LinkLocalService(&'static str),
    /// Networks behind a component that leads out of the model, such as a transit gateway.
    Beyond(Component),
}

/// How sure a flow is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Certainty {
    /// It passes.
    Certain,
    /// It may pass; the flow's reasons say what is not known.
    Possible,
}

/// A set of packets that go one way between two ends, with evidence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flow {
    /// Where they come from.
    pub from: End,
    /// Where they arrive.
    pub to: End,
    /// Source addresses, as the sender writes them.
    pub sources: IpSet,
    /// Destination addresses, as the sender writes them.
    pub destinations: IpSet,
    /// Protocols, ports and ICMP kinds.
    pub traffic: Traffic,
    /// Whether they pass, or only may: they are delivered and, if `is_answered`, their replies come back.
    pub certainty: Certainty,
    /// Whether they are delivered, or only may be, whatever becomes of the replies.
    pub delivery: Certainty,
    /// Whether replies come back. A flow that is not answered delivers packets all the same.
    pub is_answered: bool,
    /// A packet of the set.
    pub witness: Witness,
    /// The way of the witness, from source to destination.
    pub hops: Vec<Hop>,
    /// The way of its reply, from destination to source. Empty for a flow that is not answered.
    pub reply_hops: Vec<Hop>,
    /// What stops its reply. Empty for a flow that is answered.
    pub reply_blockers: Vec<Blocker>,
    /// What is not known, for a flow that is only possible.
    pub unknowns: Vec<Unknown>,
}

/// The answer to one question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The answer in one word.
    pub verdict: Verdict,
    /// Every set of packets that passes or may pass, certain and answered ones first.
    pub flows: Vec<Flow>,
    /// Everything that is in the way on the most promising path, in the order of the path. Empty if
    /// the verdict is `Reachable`.
    pub blockers: Vec<Blocker>,
    /// The hops of that path.
    pub blocked_path: Vec<Hop>,
    /// Everything that is not known and could change the answer.
    pub unknowns: Vec<Unknown>,
}
