//! What closes: the exact difference of what the old rules admit and the new ones do.

use std::cmp::Reverse;

use portolan_model::{Direction, RulePeer, SecurityGroupRule};
use portolan_net::{Ipv4Set, Ipv6Set, Product, Set as _, Traffic};
use portolan_reach::{Admitted, IpSet};

use crate::plan::{Closing, Peers};
use crate::vocabulary::{Vocabulary, size};

/// Returns what new rules no longer admit. Addresses of interfaces that a new rule admits by a group that they hold are not
/// in it.
pub(crate) fn closings(
    vocabulary: &Vocabulary<'_>,
    direction: Direction,
    old: &Admitted,
    new: &[&SecurityGroupRule],
) -> Vec<Closing> {
    let (mut v4, mut v6, mut groups) = (old.v4.clone(), old.v6.clone(), old.groups.clone());
    for rule in new {
        let traffic = rule.traffic.to_traffic();
        let addresses = match &rule.peer {
            RulePeer::Group(reference) => {
                if let Some(rest) = groups.get_mut(&reference.group) {
                    *rest = rest.difference(&traffic);
                }
                vocabulary.holders(&reference.group)
            }
            other => vocabulary.addresses(other).unwrap_or_default(),
        };
        v4 = v4.difference(&Product::of(addresses.v4, traffic.clone()));
        v6 = v6.difference(&Product::of(addresses.v6, traffic));
    }
    let closing = |peers: IpSet, traffic: &Traffic| Closing {
        direction,
        is_public: vocabulary.has_public(&peers),
        peers: Peers::Addresses(peers),
        traffic: traffic.clone(),
    };
    let of_v4 = |(v4, traffic): &(Ipv4Set, Traffic)| {
        closing(IpSet { v4: v4.clone(), v6: Ipv6Set::empty() }, traffic)
    };
    let of_v6 = |(v6, traffic): &(Ipv6Set, Traffic)| {
        closing(IpSet { v4: Ipv4Set::empty(), v6: v6.clone() }, traffic)
    };
    let of_group = groups.into_iter().filter(|(_, rest)| !rest.is_empty()).map(|(id, traffic)| {
        Closing { direction, peers: Peers::Group(id), traffic, is_public: false }
    });
    let by_address = v4.layers().iter().map(of_v4).chain(v6.layers().iter().map(of_v6));
    by_address.chain(of_group).collect()
}

/// Returns the order of badness: inbound before outbound, the Internet first, then the most addresses, then the most
/// headers.
pub(crate) fn rank(closing: &Closing) -> impl Ord + use<> {
    let peers = match &closing.peers {
        Peers::Addresses(set) => size(set),
        Peers::Group(_) => 0,
    };
    let headers = closing.traffic.count();
    (closing.direction, Reverse(closing.is_public), Reverse(peers), Reverse(headers))
}
