//! The fewest rules within an envelope that serve every need.
//!
//! A rule is a box: one peer, one range of ports. What is minimised: first the number of rules, then the number of
//! pairs of a peer and a header that they admit today, then the number that are not old rules. What constrains: each need
//! is within a rule, and each rule is within the envelope. Which boxes are worth trying: for a group or prefix list
//! each range of its traffic; for CIDRs each range that layers of addresses have in common, with the largest prefixes
//! all of whose addresses have it. Every box within the envelope lies in one of these, so that no cover by other boxes is
//! smaller.

use std::collections::{BTreeMap, BTreeSet};

use portolan_model::{RulePeer, RuleTraffic, SecurityGroupRule};
use portolan_net::{IpPrefix, Product, Set as _, Traffic};
use portolan_reach::IpSet;

use crate::cover::{Choice, cheapest_cover};
use crate::envelope::{Envelope, Scope, named};
use crate::need::{Grounds, Need};

/// What a rule says, without its direction.
pub(crate) type Saying = (RulePeer, RuleTraffic);

/// The rules that were chosen.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) rules: Vec<Saying>,
    /// Whether no choice is smaller.
    pub(crate) is_minimal: bool,
}

/// How many ranges of CIDRs are tried; more come from hostile rules only.
const MAX_RANGES: usize = 1024;

impl Scope<'_> {
    /// Returns the fewest rules within an envelope that serve all needs.
    pub(crate) fn fewest_rules(
        &self,
        envelope: &Envelope,
        needs: &[(&Need, &Grounds)],
        old: &[&SecurityGroupRule],
    ) -> Chosen {
        let (sayings, is_complete) = boxes(envelope, self);
        let choices: Vec<Choice> =
            sayings.iter().map(|saying| self.choice(saying, needs, old)).collect();
        let cover = cheapest_cover(needs.len(), &choices);
        let rules = cover.chosen.iter().filter_map(|it| sayings.get(*it)).cloned().collect();
        Chosen { rules, is_minimal: cover.is_minimal && is_complete }
    }

    fn choice(
        &self,
        saying: &Saying,
        needs: &[(&Need, &Grounds)],
        old: &[&SecurityGroupRule],
    ) -> Choice {
        let (peer, traffic) = (&saying.0, saying.1.to_traffic());
        let serves = |(need, grounds): &(&Need, &Grounds)| {
            traffic.contains_set(&need.traffic.to_traffic()) && self.is_named(peer, need, grounds)
        };
        let covers = needs.iter().enumerate().filter(|(_, it)| serves(it)).map(|(n, _)| n);
        let is_new = !old.iter().any(|rule| rule.peer == saying.0 && rule.traffic == saying.1);
        let weight = self.vocabulary.weight(peer, &traffic);
        Choice {
            covers: covers.collect(),
            weight: weight.saturating_mul(2).saturating_add(is_new.into()),
        }
    }
}

/// Returns the boxes worth trying, and whether these are all.
fn boxes(envelope: &Envelope, scope: &Scope<'_>) -> (Vec<Saying>, bool) {
    let mut sayings = BTreeSet::new();
    let (mut v4, mut v6) = (Product::empty(), Product::empty());
    for (peer, traffic) in envelope {
        match peer {
            RulePeer::Group(_) | RulePeer::PrefixList(_) => {
                sayings.extend(ranges(traffic).into_iter().map(|range| (peer.clone(), range)));
            }
            RulePeer::V4(_) | RulePeer::V6(_) => {
                let set = scope.vocabulary.addresses(peer).unwrap_or_default();
                v4 = v4.union(&Product::of(set.v4, traffic.clone()));
                v6 = v6.union(&Product::of(set.v6, traffic.clone()));
            }
        }
    }
    let layers_v4 = v4.layers().iter();
    let layers_v4 = layers_v4.map(|(set, it)| (IpSet { v4: set.clone(), ..IpSet::default() }, it));
    let layers_v6 = v6.layers().iter();
    let layers_v6 = layers_v6.map(|(set, it)| (IpSet { v6: set.clone(), ..IpSet::default() }, it));
    let one = add_prefixes(&layers_v4.collect::<Vec<_>>(), &mut sayings);
    let other = add_prefixes(&layers_v6.collect::<Vec<_>>(), &mut sayings);
    (sayings.into_iter().collect(), one && other)
}

/// Adds the boxes of layers of addresses; returns whether these are all.
fn add_prefixes(layers: &[(IpSet, &Traffic)], sayings: &mut BTreeSet<Saying>) -> bool {
    let (common, is_complete) = common_ranges(layers);
    for range in common {
        let traffic = range.to_traffic();
        let holding = layers.iter().filter(|(_, it)| it.contains_set(&traffic));
        let prefixes: Vec<IpPrefix> =
            holding.flat_map(|(set, _)| set.prefixes().collect::<Vec<_>>()).collect();
        let joined: IpSet = prefixes.into_iter().collect();
        sayings.extend(joined.prefixes().map(|prefix| (named(prefix), range)));
    }
    is_complete
}

/// Returns the ranges of the layers and whatever any of them have in common, and whether these are all.
fn common_ranges(layers: &[(IpSet, &Traffic)]) -> (BTreeSet<RuleTraffic>, bool) {
    let single: BTreeSet<RuleTraffic> =
        layers.iter().flat_map(|(_, traffic)| ranges(traffic)).collect();
    let traffics: BTreeMap<RuleTraffic, Traffic> =
        single.iter().map(|range| (*range, range.to_traffic())).collect();
    let mut all = single.clone();
    let mut fresh: Vec<RuleTraffic> = single.iter().copied().collect();
    while let Some(range) = fresh.pop() {
        let traffic = range.to_traffic();
        for other in traffics.values().filter(|other| other.intersects(&traffic)) {
            if all.len() > MAX_RANGES {
                return (all, false);
            }
            let common = ranges(&traffic.intersection(other)).into_iter();
            fresh.extend(common.filter(|it| all.insert(*it)));
        }
    }
    (all, true)
}

/// Returns the rules that together say some traffic.
fn ranges(traffic: &Traffic) -> Vec<RuleTraffic> {
    let rules = traffic.to_aws().unwrap_or_default().into_iter();
    let ranges =
        rules.map(|rule| RuleTraffic::from_aws(&rule.protocol, rule.from_port, rule.to_port));
    ranges.filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use portolan_model::{Direction, Model, Place, SecurityGroup, Tags};
    use portolan_net::{Ipv4Prefix, PortRange, Protocol};
    use portolan_reach::{Admitted, Chart, Settings};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::plan::Policy;
    use crate::vocabulary::Vocabulary;

    /// The addresses and ports of the small world in which every rule can be tried.
    const HOSTS: u8 = 8;
    const PORTS: u16 = 4;

    fn prefix(host: u8, length: u8) -> Ipv4Prefix {
        Ipv4Prefix::truncating(Ipv4Addr::new(10, 0, 0, host), length).unwrap()
    }

    fn range(first: u16, last: u16) -> RuleTraffic {
        RuleTraffic::Ports(Protocol::TCP, PortRange::new(first, last).unwrap())
    }

    /// Returns every rule of the world.
    fn every_rule() -> Vec<(Ipv4Prefix, RuleTraffic)> {
        let prefixes: BTreeSet<_> =
            (0..HOSTS).flat_map(|host| (29..=32).map(move |length| prefix(host, length))).collect();
        let ranges =
            (1..=PORTS).flat_map(|first| (first..=PORTS).map(move |last| range(first, last)));
        let ranges: Vec<_> = ranges.collect();
        prefixes.into_iter().flat_map(|it| ranges.iter().map(move |range| (it, *range))).collect()
    }

    /// Returns how few rules within the envelope serve all needs, by trying ever more of them.
    fn fewest(allowed: impl Fn(Ipv4Prefix, RuleTraffic) -> bool, needs: &[(u8, u16)]) -> usize {
        let served = |(prefix, traffic): (Ipv4Prefix, RuleTraffic)| {
            let traffic = traffic.to_traffic();
            let serves = |(host, port): &(u8, u16)| {
                prefix.covers(self::prefix(*host, 32))
                    && traffic.contains_set(&range(*port, *port).to_traffic())
            };
            let bits = needs.iter().enumerate().filter(|(_, need)| serves(need));
            bits.fold(0_u32, |mask, (number, _)| mask | 1 << number)
        };
        let rules: BTreeSet<u32> =
            every_rule().into_iter().filter(|it| allowed(it.0, it.1)).map(served).collect();
        let all = (1 << needs.len()) - 1;
        let mut reached = BTreeSet::from([0_u32]);
        let mut count = 0;
        while !reached.contains(&all) {
            count += 1;
            let more = reached.iter().flat_map(|mask| rules.iter().map(move |it| mask | it));
            reached = more.collect();
        }
        count
    }

    proptest! {
        #[test]
        fn no_fewer_rules_within_the_envelope_serve_all(
            named in vec((0..HOSTS, 29_u8..=32, 1..=PORTS, 0..PORTS), 1..7),
            picks in vec((any::<prop::sample::Index>(), 0..HOSTS, 0..PORTS), 1..7),
        ) {
            let mut envelope = Envelope::new();
            for (host, length, first, more) in &named {
                let traffic = range(*first, (first + more).min(PORTS)).to_traffic();
                let sum = envelope
                    .entry(RulePeer::V4(prefix(*host, *length)))
                    .or_insert_with(Traffic::empty);
                *sum = sum.union(&traffic);
            }
            let needs: BTreeSet<(u8, u16)> = picks
                .iter()
                .map(|(pick, host, port)| {
                    let (network, length, first, more) = named[pick.index(named.len())];
                    let network = prefix(network, length);
                    let hosts = HOSTS >> (length - 29);
                    let host = network.network().octets()[3] + host % hosts;
                    let last = (first + more).min(PORTS);
                    (host, first + port % (last - first + 1))
                })
                .collect();
            let needs: Vec<_> = needs.into_iter().collect();
            let allowed = |prefix: Ipv4Prefix, traffic: RuleTraffic| {
                let traffic = traffic.to_traffic();
                (0..HOSTS).map(|host| self::prefix(host, 32)).filter(|it| prefix.covers(*it)).all(
                    |host| {
                        let holds = |peer: &RulePeer| {
                            matches!(peer, RulePeer::V4(prefix) if prefix.covers(host))
                        };
                        let layers = envelope.iter().filter(|(peer, _)| holds(peer));
                        let sum = Traffic::union_all(layers.map(|(_, traffic)| traffic.clone()));
                        sum.contains_set(&traffic)
                    },
                )
            };
            let chosen = choose(&envelope, &needs);
            prop_assert!(chosen.is_minimal);
            for (peer, traffic) in &chosen.rules {
                let RulePeer::V4(prefix) = peer else { panic!("{peer:?}") };
                prop_assert!(allowed(*prefix, *traffic), "{peer:?} {traffic:?} is outside");
            }
            for need in &needs {
                let serves = |(peer, traffic): &Saying| {
                    matches!(peer, RulePeer::V4(it) if it.covers(prefix(need.0, 32)))
                        && traffic.to_traffic().contains_set(&range(need.1, need.1).to_traffic())
                };
                prop_assert!(chosen.rules.iter().any(serves), "{need:?} is not served");
            }
            prop_assert_eq!(chosen.rules.len(), fewest(allowed, &needs));
        }
    }

    fn choose(envelope: &Envelope, needs: &[(u8, u16)]) -> Chosen {
        let chart = Chart::new(Model::default(), Settings::default());
        let vocabulary = Vocabulary::of(&chart);
        let admitted =
            Admitted { v4: Product::full(), v6: Product::full(), groups: BTreeMap::new() };
        let group = SecurityGroup {
            id: "sg-1".into(),
            place: Place::default(),
            tags: Tags::default(),
            name: "one".into(),
            vpc: None,
            rules: Vec::new(),
        };
        let policy = &Policy::default();
        let scope = Scope { vocabulary: &vocabulary, policy, group: &group, admitted: &admitted };
        let needs: BTreeMap<Need, Grounds> = needs
            .iter()
            .map(|(host, port)| {
                let peer = Ipv4Addr::new(10, 0, 0, *host).into();
                let traffic = range(*port, *port);
                let direction = Direction::Inbound;
                (Need { direction, peer, neighbour: None, traffic }, Grounds::default())
            })
            .collect();
        scope.fewest_rules(envelope, &needs.iter().collect::<Vec<_>>(), &[])
    }
}
