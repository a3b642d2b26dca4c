//! What the network ACL at one interface does with one packet: for those who ask why a log says so.

use std::net::IpAddr;

use portolan_model::{Direction, InterfaceId};
use portolan_net::{Header, Set as _};

use crate::chart::Chart;
use crate::evidence::{Component, RuleReference, Unknown, UnknownReason};

/// What the network ACL of an interface's subnet does with one packet that passes the border of the subnet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AclDecision {
    /// The packet stays within the subnet, where no network ACL is.
    NotPassed,
    /// Network ACLs are not evaluated.
    Off,
    /// This entry lets it pass.
    Allows(RuleReference),
    /// This entry, or the lack of any, drops it.
    Denies(RuleReference),
    /// It was not read which network ACL the subnet has, or what it says.
    NotRead(Unknown),
}

impl Chart {
    /// Returns what the network ACL at an interface does with a packet: its other end, and what it says above IP.
    ///
    /// Security groups, routes and what lies behind them are not asked.
    pub fn acl_decision(
        &self,
        interface: &InterfaceId,
        direction: Direction,
        peer: IpAddr,
        header: Header,
    ) -> AclDecision {
        let node = self.index.interface(interface).and_then(|it| self.index.interfaces.get(it));
        let Some(node) = node else {
            let component = Component::Interface(interface.clone());
            return AclDecision::NotRead(Unknown { reason: UnknownReason::NotRead, component });
        };
        let subnet = self.index.subnets.get(node.subnet);
        if subnet.is_some_and(|subnet| subnet.cidrs.contains(peer.into())) {
            return AclDecision::NotPassed;
        }
        if !self.settings.network_acls {
            return AclDecision::Off;
        }
        let number = self.filters.acl_number(node.subnet);
        let entries = self.rulebook().acl_entry(number, direction, peer.into(), header);
        let decision = entries.into_iter().next().map(|reference| {
            let passing = self.filters.acl(number).passes(direction).get(peer.into()).certain();
            let passes = self.memory().pool.traffic(passing).contains(header);
            if passes { AclDecision::Allows(reference) } else { AclDecision::Denies(reference) }
        });
        decision.unwrap_or_else(|| {
            let component = subnet.map_or_else(
                || Component::Interface(interface.clone()),
                |subnet| Component::Subnet(subnet.id.clone()),
            );
            AclDecision::NotRead(Unknown { reason: UnknownReason::NoNetworkAcl, component })
        })
    }
}
