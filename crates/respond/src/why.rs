//! Why a flow was rejected: which rule refused it, which the log does not say.
//!
//! A record of an interface is about two filters only: the security groups of that interface and the network ACL of its
//! subnet. Both are asked for the packet of the record. Security groups refuse first packets only; so the answer also
//! says whether the packet may have been an answer, and what then. The way from end to end is asked too, because a packet
//! that passes here may be stopped elsewhere.
//!
//! The rules are those of the model, and the log is older. Where they let the packet pass, they have changed since, and
//! that is said instead of a guess.

use portolan_flow::{Initiator, initiator};
use portolan_model::{Direction, InterfaceId, SecurityGroupId};
use portolan_net::{Header, IcmpKind, Protocol, Traffic};
use portolan_reach::{
    AclDecision, Admission, Answer, Chart, IpSet, Party, Question, RuleReference, Unknown,
};

use crate::observe::{Handshake, ObservedFlow};
use crate::request::opposite;
use crate::vocabulary::prefix;

/// What the log itself says about a rejection.
///
/// Source: Amazon VPC User Guide, "Flow log records", `reject-reason`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum LoggedReason {
    /// VPC Block Public Access.
    BlockPublicAccess,
    /// VPC Encryption Controls.
    EncryptionControl,
}

impl LoggedReason {
    /// Returns what a value of the field `reject-reason` means, if it says anything.
    pub fn from_field(value: &str) -> Option<Self> {
        match value {
            "BPA" => Some(Self::BlockPublicAccess),
            "EC" => Some(Self::EncryptionControl),
            _ => None,
        }
    }
}

/// Why a packet was rejected, or that it would not be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// The log says it.
    Logged(LoggedReason),
    /// This entry of the network ACL refuses the packet, whether it is a first one or an answer.
    NetworkAcl(RuleReference),
    /// No rule of these security groups admits the packet as a first one.
    NoRule(Vec<SecurityGroupId>),
    /// The groups and the network ACL admit it: they have changed since, or what was read is not all.
    AdmittedToday,
    /// What would tell was not read.
    NotKnown(Vec<Unknown>),
}

/// Everything that can be said about one flow.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Why {
    /// Why the configuration refuses it, if it does.
    pub reason: Reason,
    /// What the network ACL does with it.
    pub network_acl: AclDecision,
    /// What the security groups do with it as a first packet.
    pub groups: Admission,
    /// Whether it may be the answer to a packet that the groups admit the other way, and neither flags nor ports look as if its
    /// sender began. Groups let such answers pass as long as they remember the conversation.
    pub may_be_answer: bool,
    /// The interface at the other end, if it is one that was read.
    pub neighbour: Option<InterfaceId>,
    /// What becomes of it from end to end today; `None` where one of its ends is outside what was read.
    pub today: Option<Answer>,
    /// The packet that was asked about.
    pub header: Header,
    /// Whether the log lacks what filters look at: the type of ICMP messages, taken for an echo request.
    pub is_header_guessed: bool,
}

/// Returns why a flow was rejected, or what admits it.
pub fn why(chart: &Chart, flow: &ObservedFlow, logged: Option<LoggedReason>) -> Why {
    let (header, is_header_guessed) = header(flow);
    let traffic = Traffic::from(header);
    let ObservedFlow { interface, direction, peer, .. } = flow;
    let network_acl = chart.acl_decision(interface, *direction, *peer, header);
    let groups = chart.admission(interface, *direction, *peer, &traffic);
    let may_be_answer = !looks_like_first(flow.handshake, header)
        && chart
            .admission(interface, opposite(*direction), *peer, &Traffic::from(reply(header)))
            .may_pass();
    let reason = if let Some(logged) = logged {
        Reason::Logged(logged)
    } else {
        match &network_acl {
            AclDecision::Denies(entry) => Reason::NetworkAcl(entry.clone()),
            AclDecision::NotRead(unknown) => Reason::NotKnown(vec![unknown.clone()]),
            _ if !groups.may_pass() => Reason::NoRule(groups_of(chart, flow)),
            _ if !groups.passes() => Reason::NotKnown(Vec::new()),
            _ => Reason::AdmittedToday,
        }
    };
    let today = question(chart, flow, traffic).map(|question| chart.reach(&question));
    Why {
        reason,
        network_acl,
        groups,
        may_be_answer,
        neighbour: chart.neighbour(interface, *peer),
        today,
        header,
        is_header_guessed,
    }
}

/// Returns whether flags prove, or ports suggest, that the sender of a packet began.
fn looks_like_first(handshake: Option<Handshake>, header: Header) -> bool {
    match (handshake, header) {
        (Some(handshake), _) => handshake == Handshake::Opening,
        (None, Header::Ports { protocol, source, destination }) => {
            matches!(initiator(protocol, None, source, destination), Some((Initiator::Source, _)))
        }
        (None, _) => false,
    }
}

/// Returns the header of the flow's packets, and whether part of it was not logged.
fn header(flow: &ObservedFlow) -> (Header, bool) {
    let protocol = flow.protocol;
    let (source, destination) = match flow.direction {
        Direction::Inbound => (flow.peer_port, flow.local_port),
        Direction::Outbound => (flow.local_port, flow.peer_port),
    };
    if protocol.has_ports() {
        (Header::Ports { protocol, source, destination }, false)
    } else if protocol.is_icmp() {
        let kind = if protocol == Protocol::ICMP { 8 } else { 128 };
        (Header::Icmp { protocol, kind: IcmpKind::new(kind, 0) }, true)
    } else {
        (Header::Other(protocol), false)
    }
}

/// Returns the header of a packet that goes the other way.
const fn reply(header: Header) -> Header {
    match header {
        Header::Ports { protocol, source, destination } => {
            Header::Ports { protocol, source: destination, destination: source }
        }
        other => other,
    }
}

fn groups_of(chart: &Chart, flow: &ObservedFlow) -> Vec<SecurityGroupId> {
    let interface = chart.model().interfaces.get(&flow.interface);
    interface.map(|it| it.security_groups.clone()).unwrap_or_default()
}

/// Returns the question whether the packet passes from end to end, if both ends can be asked about.
fn question(chart: &Chart, flow: &ObservedFlow, traffic: Traffic) -> Option<Question> {
    chart.model().interfaces.get(&flow.interface)?;
    let here = Party::Interfaces(vec![flow.interface.clone()]);
    let is_outside = !chart.internet().contains(flow.peer)
        && chart.neighbour(&flow.interface, flow.peer).is_none();
    let peer = Party::Addresses(IpSet::from_iter([prefix(flow.peer)]));
    match flow.direction {
        Direction::Inbound if is_outside => None,
        Direction::Inbound => Some(Question { from: peer, to: here, traffic }),
        Direction::Outbound => Some(Question { from: here, to: peer, traffic }),
    }
}
