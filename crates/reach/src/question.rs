//! Questions: who, to whom, with what.

use portolan_model::{EndpointId, InterfaceId};
use portolan_net::Traffic;

use crate::ip_set::IpSet;

/// One question: can any of these packets get from one party to the other?
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// Who begins.
    pub from: Party,
    /// Who is to answer.
    pub to: Party,
    /// The packets that the question is about.
    pub traffic: Traffic,
}

/// One side of a question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Party {
    /// The Internet, all of it.
    Internet,
    /// Addresses: of interfaces where interfaces have them, of the Internet where they are public.
    Addresses(IpSet),
    /// Interfaces, by any of their addresses.
    Interfaces(Vec<InterfaceId>),
    /// What a gateway endpoint leads to. Only a destination.
    Service(EndpointId),
}

/// What the engine takes for granted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Settings {
    /// Whether network ACLs are evaluated; otherwise they pass everything.
    pub network_acls: bool,
    /// Whether security groups are evaluated; otherwise they pass everything.
    pub security_groups: bool,
    /// Whether EC2's default block on outbound traffic to port 25 of public addresses is in force.
    ///
    /// Source: EC2 User Guide, "Restriction on email sent using port 25".
    pub port_25_is_blocked: bool,
}

impl Default for Settings {
    /// Both layers, and the default block.
    fn default() -> Self {
        Self { network_acls: true, security_groups: true, port_25_is_blocked: true }
    }
}
