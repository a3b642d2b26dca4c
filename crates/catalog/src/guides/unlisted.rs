//! The guides for the ports of which we have nothing special to say.

use crate::guide::{AllowedSource, Guide, Kind};
use crate::severity::Severity;
use crate::transport::{Transport, Transports};

/// Every transport: the fallback must answer for all of them.
const EVERY: Transports = Transports::TCP_AND_UDP.with(Transport::Sctp).with(Transport::Dccp);

/// For a system port.
pub(crate) static SYSTEM: Guide = Guide {
    name: "unlisted",
    title: "A system port that the catalogue does not judge",
    aliases: &[],
    ports: &[0..=1023],
    transports: EVERY,
    kind: Kind::Unlisted,
    severity: Severity::Medium,
    allow: AllowedSource::Application,
    why: "System ports carry standard services that run with high privilege. The catalogue does \
          not know this one, and what is not known is not safe.",
    recommended: "Find out what listens. If nothing does, remove the rule; if something does, \
                  open the port to those who use it and to nobody else.",
    sources: &[],
};

/// For a user port.
pub(crate) static USER: Guide = Guide {
    name: "unlisted",
    title: "A user port that the catalogue does not judge",
    aliases: &[],
    ports: &[1024..=49151],
    transports: EVERY,
    kind: Kind::Unlisted,
    severity: Severity::Medium,
    allow: AllowedSource::LoadBalancer,
    why: "Anything may listen here: an application, an agent, a forgotten test. The catalogue \
          does not know this port, and what is not known is not safe.",
    recommended: "Publish the application behind a load balancer at port 443, and open this port \
                  to the security group of the load balancer alone.",
    sources: &[],
};

/// For a dynamic port.
pub(crate) static DYNAMIC: Guide = Guide {
    name: "unlisted",
    title: "A dynamic port that the catalogue does not judge",
    aliases: &[],
    ports: &[49152..=65535],
    transports: EVERY,
    kind: Kind::Unlisted,
    severity: Severity::Medium,
    allow: AllowedSource::Nobody,
    why: "No service is ever assigned a port of this range; it serves clients, and Windows RPC. \
          A security group lets answers in by itself, so a rule for them only adds ways in.",
    recommended: "Remove the rule from the security group. Only a network ACL needs these ports \
                  open, for the answers to connections that began inside.",
    sources: &[],
};
