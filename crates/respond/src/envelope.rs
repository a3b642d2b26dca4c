//! What a tightened group may admit: for each peer that a rule can name, the traffic that it was seen with.
//!
//! "The smallest rule set" alone would be one rule that admits everything. So what may be admitted is settled first, and
//! only then are rules counted. Of each port (the traffic of one need), every peer seen gets the narrowest name that
//! does not break tomorrow:
//!
//! 1. *Groups.* A peer that is an interface of the same VPC is named by a group that it holds, if the old rules allow
//!    it: by every group of which at least half of the members were seen, else by the one with the fewest members.
//!    A peer that an old rule names by a group keeps that name.
//! 2. *Prefix lists.* Any other peer is named by the smallest prefix list that holds it, if it is smaller than any CIDR
//!    that could, or as small and named by an old rule.
//! 3. *The Internet.* A public address of a stranger is never named alone: such addresses are rented, and change hands. It
//!    gets the narrowest CIDR that the model knows, which may be the `0.0.0.0/0` of the old rule.
//! 4. *Private addresses* get the narrowest CIDR that the model knows of which at least two and at least half of the
//!    addresses that interfaces have were seen, or more than [`Policy::max_hosts`] whoever has them; else they are
//!    named one by one.
//!
//! A name is used only if the old rules admit all of it on that port. Ports that one peer was seen with in more
//! than [`Policy::max_ranges`] ranges become one range from the first to the last, if the old rules admit that.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use portolan_model::{
    GroupReference, InterfaceId, PrefixListId, RulePeer, RuleTraffic, SecurityGroup,
    SecurityGroupId,
};
use portolan_net::{IpPrefix, PortSet, Protocol, Set as _, Traffic};
use portolan_reach::{Admitted, IpSet};

use crate::need::{Grounds, Need};
use crate::plan::Policy;
use crate::vocabulary::{Vocabulary, prefix, size};

/// For each peer that a rule may name, the traffic that it may admit.
pub(crate) type Envelope = BTreeMap<RulePeer, Traffic>;

/// What the envelope of one direction of a group is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'s> {
    pub(crate) vocabulary: &'s Vocabulary<'s>,
    pub(crate) policy: &'s Policy,
    pub(crate) group: &'s SecurityGroup,
    /// What the old rules admit.
    pub(crate) admitted: &'s Admitted,
}

/// Some needs that have the traffic in common.
type Peers<'n> = Vec<(&'n Need, &'n Grounds)>;

impl Scope<'_> {
    /// Returns what rules may admit that serve these needs.
    pub(crate) fn envelope(&self, needs: &[(&Need, &Grounds)]) -> Envelope {
        let mut by_traffic: BTreeMap<RuleTraffic, Peers<'_>> = BTreeMap::new();
        for (need, grounds) in needs {
            by_traffic.entry(need.traffic).or_default().push((need, grounds));
        }
        let mut envelope = Envelope::new();
        for (traffic, peers) in by_traffic {
            let traffic = traffic.to_traffic();
            for name in self.names(&traffic, peers) {
                let sum = envelope.entry(name).or_insert_with(Traffic::empty);
                *sum = sum.union(&traffic);
            }
        }
        for (peer, traffic) in &mut envelope {
            for protocol in [Protocol::TCP, Protocol::UDP] {
                self.join_ranges(peer, traffic, protocol);
            }
        }
        envelope
    }

    /// Returns whether a name stands for the peer of a need.
    pub(crate) fn is_named(&self, name: &RulePeer, need: &Need, grounds: &Grounds) -> bool {
        match name {
            RulePeer::Group(reference) => {
                self.old_references(grounds).any(|old| old.group == reference.group)
                    || self.local_groups(need).any(|it| it.group == reference.group)
            }
            other => self.vocabulary.addresses(other).is_some_and(|it| it.contains(need.peer)),
        }
    }

    /// Returns the names of the peers that were seen with some traffic.
    fn names(&self, traffic: &Traffic, peers: Peers<'_>) -> BTreeSet<RulePeer> {
        let mut names = BTreeSet::new();
        let rest = self.name_by_group(traffic, peers, &mut names);
        let rest = self.name_by_list(traffic, rest, &mut names);
        let (public, private): (BTreeSet<_>, BTreeSet<_>) =
            rest.into_iter().partition(|peer| self.vocabulary.is_public(*peer));
        names.extend(public.into_iter().map(|peer| self.narrowest(traffic, peer)));
        self.name_by_cidr(traffic, private, &mut names);
        names
    }

    fn permits(&self, name: &RulePeer, traffic: &Traffic) -> bool {
        self.vocabulary.permits(self.admitted, name, traffic)
    }

    /// Returns the groups that old rules which admit a need refer to.
    fn old_references<'s>(
        &'s self,
        grounds: &'s Grounds,
    ) -> impl Iterator<Item = &'s GroupReference> {
        let rules = grounds.rules.iter().filter_map(|place| self.group.rules.get(*place));
        rules.filter_map(|rule| match &rule.peer {
            RulePeer::Group(reference) => Some(reference),
            _ => None,
        })
    }

    /// Returns references to the groups of an interface at the other end that is in the same VPC.
    fn local_groups(&self, need: &Need) -> impl Iterator<Item = GroupReference> {
        let model = self.vocabulary.model;
        let interface = need.neighbour.as_ref().and_then(|id| model.interfaces.get(id));
        let local = interface.filter(|it| self.group.vpc.as_ref() == Some(&it.vpc));
        local.into_iter().flat_map(|it| &it.security_groups).map(|id| self.reference(id))
    }

    /// Returns a reference to a group of the same VPC, written as the old rules write it if they do.
    fn reference(&self, id: &SecurityGroupId) -> GroupReference {
        let written = self.group.rules.iter().find_map(|rule| match &rule.peer {
            RulePeer::Group(reference) if reference.group == *id => Some(reference.clone()),
            _ => None,
        });
        let group = self.vocabulary.model.security_groups.get(id);
        let account = group.and_then(|group| group.place.account.clone());
        written.unwrap_or_else(|| GroupReference {
            group: id.clone(),
            account,
            vpc: None,
            peering: None,
        })
    }

    /// Names peers by the groups that they hold; returns those that no group may name.
    fn name_by_group<'n>(
        &self,
        traffic: &Traffic,
        peers: Peers<'n>,
        names: &mut BTreeSet<RulePeer>,
    ) -> Peers<'n> {
        let mut seen: BTreeMap<RulePeer, BTreeSet<&InterfaceId>> = BTreeMap::new();
        let mut candidates = Vec::new();
        for (need, grounds) in peers {
            let old = self.old_references(grounds).map(|old| self.reference(&old.group));
            let mut groups: BTreeSet<_> = old.map(RulePeer::Group).collect();
            groups.extend(self.local_groups(need).map(RulePeer::Group));
            groups.retain(|name| self.permits(name, traffic));
            for name in &groups {
                seen.entry(name.clone()).or_default().extend(&need.neighbour);
            }
            candidates.push((need, grounds, groups));
        }
        let members = |name: &RulePeer| match name {
            RulePeer::Group(reference) => self.vocabulary.members(&reference.group),
            _ => u32::MAX,
        };
        let is_half_seen = |name: &&RulePeer| {
            let count = seen.get(*name).map_or(0, BTreeSet::len);
            count.saturating_mul(2) >= usize::try_from(members(name)).unwrap_or(usize::MAX)
        };
        let mut rest = Vec::new();
        for (need, grounds, groups) in candidates {
            let common: Vec<_> = groups.iter().filter(is_half_seen).cloned().collect();
            let fewest = || groups.iter().min_by_key(|it| (members(it), (*it).clone())).cloned();
            match (common.is_empty(), fewest()) {
                (false, _) => names.extend(common),
                (true, Some(fewest)) => drop(names.insert(fewest)),
                (true, None) => rest.push((need, grounds)),
            }
        }
        rest
    }

    /// Names peers by prefix lists; returns those that no list may name.
    fn name_by_list(
        &self,
        traffic: &Traffic,
        peers: Peers<'_>,
        names: &mut BTreeSet<RulePeer>,
    ) -> BTreeSet<IpAddr> {
        let mut rest = BTreeSet::new();
        for (need, grounds) in peers {
            let cidr = self.narrowest(traffic, need.peer);
            let cidr = self.vocabulary.addresses(&cidr).map_or(u128::MAX, |set| size(&set));
            let is_better = |id: &PrefixListId, set: &IpSet| {
                let is_old = self.old_lists(grounds).any(|old| old == id);
                size(set) < cidr || (is_old && size(set) == cidr)
            };
            let lists = self.vocabulary.lists_of(need.peer);
            let better = lists.filter(|(id, set)| is_better(id, set));
            let mut named = better.map(|(id, _)| RulePeer::PrefixList((*id).clone()));
            match named.find(|name| self.permits(name, traffic)) {
                Some(name) => drop(names.insert(name)),
                None => drop(rest.insert(need.peer)),
            }
        }
        rest
    }

    /// Returns the prefix lists that old rules which admit a need name.
    fn old_lists<'s>(&'s self, grounds: &'s Grounds) -> impl Iterator<Item = &'s PrefixListId> {
        let rules = grounds.rules.iter().filter_map(|place| self.group.rules.get(*place));
        rules.filter_map(|rule| match &rule.peer {
            RulePeer::PrefixList(id) => Some(id),
            _ => None,
        })
    }

    /// Returns the narrowest CIDR that the model knows and the old rules allow.
    fn narrowest(&self, traffic: &Traffic, peer: IpAddr) -> RulePeer {
        let known = self.vocabulary.cidrs_of(peer).map(|(prefix, _)| named(*prefix));
        known
            .into_iter()
            .find(|name| self.permits(name, traffic))
            .unwrap_or_else(|| named(prefix(peer)))
    }

    /// Names private addresses, together where enough of them are of one known CIDR.
    fn name_by_cidr(
        &self,
        traffic: &Traffic,
        mut peers: BTreeSet<IpAddr>,
        names: &mut BTreeSet<RulePeer>,
    ) {
        let known: BTreeMap<_, _> = peers
            .iter()
            .flat_map(|peer| self.vocabulary.cidrs_of(*peer))
            .map(|(prefix, set)| ((size(set), *prefix), set))
            .collect();
        for ((_, prefix), set) in known {
            let seen = peers.iter().filter(|peer| set.contains(**peer)).count();
            let name = named(prefix);
            if self.is_enough(seen, set) && self.permits(&name, traffic) {
                peers.retain(|peer| !set.contains(*peer));
                names.insert(name);
            }
        }
        names.extend(peers.into_iter().map(|peer| named(prefix(peer))));
    }

    /// Returns whether a CIDR may stand for so many of its addresses.
    fn is_enough(&self, seen: usize, set: &IpSet) -> bool {
        let known = self.vocabulary.known_addresses(set);
        let is_half =
            known > 0 && u128::try_from(seen).unwrap_or(u128::MAX).saturating_mul(2) >= known;
        seen > self.policy.max_hosts || (seen >= 2 && is_half)
    }

    /// Makes one range of the ports of a peer, if there are too many ranges and the old rules allow it.
    fn join_ranges(&self, peer: &RulePeer, traffic: &mut Traffic, protocol: Protocol) {
        let ports = match protocol {
            Protocol::TCP => traffic.tcp_ports(),
            _ => traffic.udp_ports(),
        };
        let ports = ports.firsts();
        let Some(hull) = ports.hull().filter(|_| ports.intervals().len() > self.policy.max_ranges)
        else {
            return;
        };
        let joined = Traffic::with_ports(protocol, hull.into(), PortSet::full());
        if self.permits(peer, &joined) {
            *traffic = traffic.union(&joined);
        }
    }
}

/// Returns the peer of a rule that names a prefix.
pub(crate) const fn named(prefix: IpPrefix) -> RulePeer {
    match prefix {
        IpPrefix::V4(prefix) => RulePeer::V4(prefix),
        IpPrefix::V6(prefix) => RulePeer::V6(prefix),
    }
}
