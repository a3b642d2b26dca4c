//! Security groups, network ACLs, and the prefix lists that groups name.

use std::net::IpAddr;

use portolan_model::{
    Action, Direction, GroupReference, NetworkAcl, NetworkAclEntry, PrefixList, PrefixListId,
    RulePeer, RuleTraffic, SecurityGroupId, SecurityGroupRule, Subnet, Vpc, VpcId,
};
use portolan_net::{IpPrefix, Ipv4Prefix, Ipv6Prefix};

use super::prefix::{around, halves, v4, v6};
use super::{Draft, piece, traffic};

/// The prefix lists that a customer may have.
const LISTS: [&str; 3] = ["pl-a", "pl-b", "pl-c"];

impl Draft {
    /// Adds security groups without rules, at least one for each VPC.
    pub(super) fn add_groups(&mut self) {
        let vpcs: Vec<Vpc> = self.model.vpcs.values().cloned().collect();
        for number in 0..self.random.within(1..=8).max(vpcs.len()) {
            let any = self.pick(&vpcs);
            let Some(vpc) = vpcs.get(number).cloned().or(any) else { return };
            let group = piece::security_group(&format!("sg-{number}"), &vpc);
            self.model.security_groups.insert(group.id.clone(), group);
        }
    }

    /// Adds customer's prefix lists; the entries of some were not read.
    pub(super) fn add_prefix_lists(&mut self) {
        let pool = self.prefixes();
        for id in LISTS.iter().take(self.random.within(0..=3)) {
            let is_v6 = self.chance(30);
            let family: Vec<IpPrefix> = pool
                .iter()
                .filter(|prefix| matches!(prefix, IpPrefix::V6(_)) == is_v6)
                .copied()
                .collect();
            let entries: Vec<IpPrefix> =
                (0..self.random.within(1..=3)).filter_map(|_| self.pick(&family)).collect();
            let place = self.model.vpcs.values().next().map(|vpc| vpc.place.clone());
            let list = PrefixList {
                id: (*id).into(),
                place: place.unwrap_or_default(),
                name: (*id).into(),
                entries: (!self.random.chance(12)).then_some(entries),
            };
            self.model.prefix_lists.insert(list.id.clone(), list);
        }
    }

    pub(super) fn add_group_rules(&mut self) {
        let pool = self.prefixes();
        let groups: Vec<(SecurityGroupId, VpcId)> = self
            .model
            .security_groups
            .values()
            .filter_map(|group| Some((group.id.clone(), group.vpc.clone()?)))
            .collect();
        for (id, vpc) in groups {
            let referable = self.referable_groups(&vpcs_in_reach(self, &vpc));
            let mut rules = Vec::new();
            if self.chance(65) {
                rules.extend(anyone(Direction::Outbound, RuleTraffic::All));
            }
            if self.chance(30) {
                let traffic = traffic::rule(&mut self.random);
                rules.extend(anyone(Direction::Inbound, traffic));
            }
            for _ in 0..self.random.within(0..=6) {
                rules.extend(self.group_rule(&pool, &referable));
            }
            if let Some(group) = self.model.security_groups.get_mut(&id) {
                group.rules = rules;
            }
        }
    }

    fn group_rule(
        &mut self,
        pool: &[IpPrefix],
        referable: &[GroupReference],
    ) -> Option<SecurityGroupRule> {
        let peer = match self.random.below(100) {
            0..24 => RulePeer::Group(self.pick(referable)?),
            24..36 => RulePeer::PrefixList(self.list()?),
            _ => peer_of(self.pick(pool)?),
        };
        let direction = if self.chance(65) { Direction::Inbound } else { Direction::Outbound };
        Some(rule(direction, traffic::rule(&mut self.random), peer))
    }

    /// Returns the groups of these VPCs as references.
    fn referable_groups(&self, vpcs: &[VpcId]) -> Vec<GroupReference> {
        let groups = self.model.security_groups.values();
        groups
            .filter(|group| group.vpc.as_ref().is_some_and(|vpc| vpcs.contains(vpc)))
            .map(|group| GroupReference {
                group: group.id.clone(),
                account: group.place.account.clone(),
                vpc: group.vpc.clone(),
                peering: None,
            })
            .collect()
    }

    /// Returns a prefix list, of those that are in the model for the most part.
    pub(super) fn list(&mut self) -> Option<PrefixListId> {
        let known: Vec<PrefixListId> = self.model.prefix_lists.keys().cloned().collect();
        if known.is_empty() || self.chance(8) {
            self.chance(20).then(|| PrefixListId::from("pl-unread"))
        } else {
            self.pick(&known)
        }
    }

    pub(super) fn add_network_acls(&mut self) {
        let pool = self.prefixes();
        let vpcs: Vec<Vpc> = self.model.vpcs.values().cloned().collect();
        for vpc in vpcs {
            let mut acls = vec![piece::network_acl(&format!("acl-{}", vpc.id), &vpc, true)];
            for number in 0..self.random.within(0..=2) {
                let id = format!("acl-{}-{number}", vpc.id);
                acls.push(piece::network_acl(&id, &vpc, false));
            }
            for acl in &mut acls {
                self.fill(acl, &pool);
            }
            let subnets: Vec<Subnet> = self.model.subnets.values().cloned().collect();
            for subnet in subnets.iter().filter(|subnet| subnet.vpc == vpc.id) {
                let number = self.random.below(acls.len());
                let is_listed = number > 0 || self.chance(80);
                if let Some(acl) = acls.get_mut(number).filter(|_| is_listed) {
                    acl.subnets.push(subnet.id.clone());
                }
            }
            self.model.network_acls.extend(acls.into_iter().map(|acl| (acl.id.clone(), acl)));
        }
    }

    /// Adds the entries: often a few exceptions in front of one that allows everything, and always the closing ones.
    fn fill(&mut self, acl: &mut NetworkAcl, pool: &[IpPrefix]) {
        for direction in [Direction::Inbound, Direction::Outbound] {
            let mut number = 100;
            let exceptions = if self.chance(55) { 0 } else { self.random.within(1..=8) };
            for _ in 0..exceptions {
                let Some(cidr) = self.pick(pool) else { continue };
                let action = if self.chance(60) { Action::Allow } else { Action::Deny };
                let traffic = traffic::rule(&mut self.random);
                acl.entries.push(NetworkAclEntry { number, direction, cidr, traffic, action });
                number += 10;
            }
            let (everyone, action) = (ANYWHERE, Action::Allow);
            let traffic =
                if self.chance(12) { traffic::rule(&mut self.random) } else { RuleTraffic::All };
            for cidr in everyone {
                if self.chance(80) {
                    acl.entries.push(NetworkAclEntry { number, direction, cidr, traffic, action });
                    number += 1;
                }
            }
            for (number, cidr) in [32_767, 32_768].into_iter().zip(everyone) {
                let (traffic, action) = (RuleTraffic::All, Action::Deny);
                acl.entries.push(NetworkAclEntry { number, direction, cidr, traffic, action });
            }
        }
    }

    /// Returns prefixes that hold, touch or cut the addresses of the network.
    pub(super) fn prefixes(&self) -> Vec<IpPrefix> {
        let mut pool: Vec<IpPrefix> = vec![
            v4([10, 0, 0, 0], 8).into(),
            v4([192, 0, 2, 0], 24).into(),
            v4([192, 0, 2, 96], 30).into(),
            v4([203, 0, 113, 0], 24).into(),
            v4([203, 0, 113, 0], 29).into(),
            v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32).into(),
        ];
        pool.extend([ANYWHERE, ANYWHERE, ANYWHERE].into_iter().flatten());
        pool.extend(self.model.vpcs.values().flat_map(|vpc| vpc.cidrs.iter().copied()));
        for subnet in self.model.subnets.values() {
            let ipv4 = subnet.ipv4.map(IpPrefix::from);
            let cidrs = ipv4.into_iter().chain(subnet.ipv6.iter().map(|cidr| (*cidr).into()));
            pool.extend(cidrs.flat_map(|cidr| halves(cidr).into_iter().chain([cidr, cidr])));
        }
        for interface in self.model.interfaces.values() {
            let ipv4 = interface.ipv4.iter().flat_map(|one| [Some(one.address), one.public]);
            let ipv6 = interface.ipv6.iter().map(|one| IpAddr::from(*one));
            let all = ipv4.flatten().map(IpAddr::from).chain(ipv6);
            pool.extend(all.flat_map(around));
        }
        pool
    }
}

const ANYWHERE: [IpPrefix; 2] = [IpPrefix::V4(Ipv4Prefix::ALL), IpPrefix::V6(Ipv6Prefix::ALL)];

fn peer_of(prefix: IpPrefix) -> RulePeer {
    match prefix {
        IpPrefix::V4(prefix) => RulePeer::V4(prefix),
        IpPrefix::V6(prefix) => RulePeer::V6(prefix),
    }
}

fn rule(direction: Direction, traffic: RuleTraffic, peer: RulePeer) -> SecurityGroupRule {
    SecurityGroupRule { id: None, direction, traffic, peer, description: None }
}

/// Returns the rules that name every address of either family.
fn anyone(direction: Direction, traffic: RuleTraffic) -> impl Iterator<Item = SecurityGroupRule> {
    ANYWHERE.into_iter().map(move |anywhere| rule(direction, traffic, peer_of(anywhere)))
}

/// Returns a VPC and those that have a peering connection with it, whose groups its own may name.
fn vpcs_in_reach(draft: &Draft, vpc: &VpcId) -> Vec<VpcId> {
    let peers = draft.model.peerings.values().filter_map(|peering| peering.opposite(vpc));
    peers.map(|side| side.vpc.clone()).chain([vpc.clone()]).collect()
}
