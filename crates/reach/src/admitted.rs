//! What security groups admit, as sets and rule by rule: for those who want to change them.
//!
//! A question needs two ends; a change of rules is about all of them. So the filters that questions pass are shown
//! here as they are, before routes and network ACLs, and nobody else has to evaluate a security group.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use portolan_model::{Direction, InterfaceId, RulePeer, SecurityGroupId};
use portolan_net::{Interval, Ipv4Set, Ipv6Set, Product, Set as _, Traffic};

use crate::chart::Chart;
use crate::groups::prefix_list_spots;
use crate::ip_set::IpSet;
use crate::line::{Spot, to_ip_set};
use crate::recognition::Recognition;

/// What a security group certainly admits in one direction, whoever holds it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Admitted {
    /// By IPv4 address at the other end.
    pub v4: Product<Ipv4Set, Traffic>,
    /// By IPv6 address at the other end.
    pub v6: Product<Ipv6Set, Traffic>,
    /// By security group that the interface at the other end holds, whatever its address.
    pub groups: BTreeMap<SecurityGroupId, Traffic>,
}

impl Admitted {
    /// Returns whether all of `traffic` from or to all of `peers` is admitted by address alone.
    pub fn contains(&self, peers: &IpSet, traffic: &Traffic) -> bool {
        self.v4.contains_set(&Product::of(peers.v4.clone(), traffic.clone()))
            && self.v6.contains_set(&Product::of(peers.v6.clone(), traffic.clone()))
    }

    /// Returns what is admitted whoever holds a group at the other end.
    pub fn by_group(&self, group: &SecurityGroupId) -> Traffic {
        self.groups.get(group).cloned().unwrap_or_else(Traffic::empty)
    }
}

/// Adds the IPv4-mapped block, which no packet has as an IPv6 address, to a set that holds the addresses around it, so that
/// all of IPv6 is `::/0` again.
fn with_mapped(mut set: IpSet) -> IpSet {
    let before = Ipv6Addr::from_bits(0xfffe_ffff_ffff);
    let after = Ipv6Addr::from_bits(0x1_0000_0000_0000);
    if set.v6.contains(before) && set.v6.contains(after) {
        let mapped = Interval::between(Ipv6Addr::from_bits(0xffff_0000_0000), after);
        set.v6 = set.v6.union(&mapped.into());
    }
    set
}

/// What the security groups of one interface do with some traffic.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Admission {
    /// The rules that let some of it pass: the group, and the place in its list of rules.
    pub rules: Vec<(SecurityGroupId, usize)>,
    /// Whether everything that could let it pass was read.
    pub is_exact: bool,
    /// Whether the interface has security groups at all; otherwise everything passes.
    pub is_filtered: bool,
}

impl Admission {
    /// Returns whether the traffic passes for certain.
    pub fn passes(&self) -> bool {
        !self.rules.is_empty() || (!self.is_filtered && self.is_exact)
    }

    /// Returns whether the traffic passes as far as is known: not if it certainly does not.
    pub fn may_pass(&self) -> bool {
        self.passes() || !self.is_exact
    }
}

impl Chart {
    /// Returns what a security group admits, or `None` if it was not read.
    ///
    /// Rules with a prefix list whose entries were not read admit nothing certainly, and so nothing here.
    pub fn admitted(&self, group: &SecurityGroupId, direction: Direction) -> Option<Admitted> {
        let side = self.filters.group(group)?.side(direction);
        let memory = self.memory();
        let mut admitted =
            Admitted { v4: Product::empty(), v6: Product::empty(), groups: BTreeMap::new() };
        for (spots, bounds) in side.by_address.group() {
            let traffic = memory.pool.traffic(bounds.certain());
            let addresses = with_mapped(to_ip_set(&spots));
            admitted.v4 = admitted.v4.union(&Product::of(addresses.v4, traffic.clone()));
            admitted.v6 = admitted.v6.union(&Product::of(addresses.v6, traffic.clone()));
        }
        for (group, bounds) in &side.by_group {
            let traffic = memory.pool.traffic(bounds.certain()).clone();
            admitted.groups.insert(group.clone(), traffic);
        }
        Some(admitted)
    }

    /// Returns the interface that has an address, as seen from another one: in its VPC, else over an active
    /// peering connection. Addresses of the Internet are nobody's here.
    pub fn neighbour(&self, from: &InterfaceId, address: IpAddr) -> Option<InterfaceId> {
        let (number, _) = self.neighbour_number(from, address.into())?;
        self.index.interfaces.get(number).map(|node| node.id.clone())
    }

    /// Returns what an interface's security groups do with `traffic` from or to an address.
    ///
    /// A neighbour is recognised by its groups, as if the way between the two hid nobody. An interface that was not
    /// read has no rules, and its admission is not exact.
    pub fn admission(
        &self,
        interface: &InterfaceId,
        direction: Direction,
        peer: IpAddr,
        traffic: &Traffic,
    ) -> Admission {
        let mut admission = Admission { rules: Vec::new(), is_exact: true, is_filtered: false };
        let Some(number) = self.index.interface(interface) else {
            return Admission { is_exact: false, ..admission };
        };
        let recognition = self.neighbour_number(interface, peer.into()).map(|(_, it)| it);
        let peer_groups = recognition.unwrap_or(Recognition::No).groups(&self.index);
        let rulebook = self.rulebook();
        for id in self.index.groups(number) {
            admission.is_filtered = true;
            let Some(group) = self.model.security_groups.get(id) else {
                admission.is_exact = false;
                continue;
            };
            for (place, rule) in group.rules.iter().enumerate() {
                if rule.direction != direction || !rule.traffic.to_traffic().intersects(traffic) {
                    continue;
                }
                admission.is_exact &= self.is_read(&rule.peer);
                if rulebook.peer_matches(&rule.peer, peer.into(), peer_groups) {
                    admission.rules.push((id.clone(), place));
                }
            }
        }
        admission
    }

    /// Returns the addresses of the Internet.
    pub fn internet(&self) -> IpSet {
        to_ip_set(&self.index.internet)
    }

    fn is_read(&self, peer: &RulePeer) -> bool {
        match peer {
            RulePeer::PrefixList(id) => prefix_list_spots(&self.model, id).is_some(),
            RulePeer::V4(_) | RulePeer::V6(_) | RulePeer::Group(_) => true,
        }
    }

    /// Returns the number of the interface that has an address, and how far groups recognise it.
    fn neighbour_number(&self, from: &InterfaceId, address: Spot) -> Option<(usize, Recognition)> {
        let vpc = self.index.interfaces.get(self.index.interface(from)?)?.vpc;
        let holder = |vpc: usize| {
            let node = self.index.vpcs.get(vpc)?;
            let delegated = || {
                let holds = node.delegated.iter().find(|(prefix, _)| prefix.contains(address));
                holds.map(|(_, interface)| *interface)
            };
            node.addresses.get(&address).copied().or_else(delegated)
        };
        if let Some(number) = holder(vpc) {
            return Some((number, Recognition::Yes(number)));
        }
        let here = &self.index.vpcs.get(vpc)?.id;
        let mut peerings = self.model.peerings.values().filter(|peering| peering.is_active);

        peerings.find_map(|peering| {
            let sides = [&peering.requester, &peering.accepter];
            let position = sides.iter().position(|side| side.vpc == *here)?;
            let other = sides.get(1 - position)?;
            let number = holder(self.index.vpc(&other.vpc)?)?;
            Some((number, Recognition::over_peering(&self.model, &peering.id, number)))
        })
    }
}
