//! Exposure: what of an account can be reached from outside.

mod compute;

use std::net::IpAddr;
use std::sync::Arc;

use portolan_model::InterfaceId;
use portolan_net::Traffic;

use crate::answer::Certainty;
use crate::evidence::{Blocker, Component, RuleReference, Unknown};
use crate::ip_set::IpSet;
use crate::note::Note;

pub(crate) use crate::exposure::compute::ExposureMemory;

/// Every address of every interface that something outside can or may reach.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Exposure {
    /// The exposed addresses, sorted by interface, then address.
    pub addresses: Vec<ExposedAddress>,
}

/// One address of an interface that something outside can or may reach.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExposedAddress {
    /// The interface.
    pub interface: InterfaceId,
    /// The address on the interface.
    pub inside: IpAddr,
    /// The address by which it is reached: the mapped public one, or the same.
    pub outside: IpAddr,
    /// What is open. Shared by all addresses that no filter or route tells apart.
    pub openings: Arc<[Opening]>,
}

/// One set of packets from outside that passes or may pass.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Opening {
    /// Where the packets come from.
    pub zone: Zone,
    /// The component that they come in by: an Internet gateway, a transit gateway, a load balancer, …
    pub via: Component,
    /// The addresses they come from.
    pub sources: IpSet,
    /// Protocols, ports and ICMP kinds.
    pub traffic: Traffic,
    /// Whether they pass, or only may.
    pub certainty: Certainty,
    /// Whether replies go back. Packets that are not answered are delivered all the same.
    pub is_answered: bool,
    /// The rules that let them pass: security group rules, network ACL entries, the route of the replies.
    pub rules: Vec<RuleReference>,
    /// What stops the replies, where they do not go back.
    pub reply_blockers: Vec<Blocker>,
    /// What is to be told of rules on the way, beside what they say.
    pub notes: Vec<Note>,
    /// What is not known, where they only may pass.
    pub unknowns: Vec<Unknown>,
}

/// A part of the world outside the account.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Zone {
    /// The Internet.
    Internet,
    /// Networks behind a component that leads out of the model, such as a transit gateway.
    Beyond(Component),
}
