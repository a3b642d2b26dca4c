//! Network ACLs, compiled: the first entry that matches, decided once per address.

use std::sync::OnceLock;

use portolan_model::{Action, Direction, NetworkAcl, NetworkAclEntry, NetworkAclId};
use portolan_net::{Set as _, StepMap, Traffic};

use crate::bounds::Bounds;
use crate::line::{Spot, spots};
use crate::pool::{TrafficId, TrafficPool};
use crate::shadow::{Overlap, overlaps};

/// What a network ACL passes, from the address at the other end.
#[derive(Clone, Debug)]
pub(crate) struct AclFilter {
    /// The network ACL; `None` where the subnet's was not read, or where the layer is switched off.
    pub(crate) id: Option<NetworkAclId>,
    inbound: StepMap<Spot, Bounds>,
    outbound: StepMap<Spot, Bounds>,
    answered_inbound: StepMap<Spot, Bounds>,
    answered_outbound: StepMap<Spot, Bounds>,
    /// Inbound, then outbound, once asked for.
    overlaps: [OnceLock<Vec<Overlap>>; 2],
}

impl AclFilter {
    pub(crate) fn constant(bounds: Bounds) -> Self {
        let map = StepMap::constant(bounds);
        Self {
            id: None,
            inbound: map.clone(),
            outbound: map.clone(),
            answered_inbound: map.clone(),
            answered_outbound: map,
            overlaps: Default::default(),
        }
    }

    pub(crate) fn compile(acl: &NetworkAcl, pool: &mut TrafficPool) -> Self {
        let inbound = compile_direction(acl, Direction::Inbound, pool);
        let outbound = compile_direction(acl, Direction::Outbound, pool);
        Self {
            id: Some(acl.id.clone()),
            answered_inbound: inbound.map(|bounds| bounds.replies_within(pool)),
            answered_outbound: outbound.map(|bounds| bounds.replies_within(pool)),
            inbound,
            outbound,
            overlaps: Default::default(),
        }
    }

    /// Returns which entries of the network ACL that this was compiled from decide about packets that later ones
    /// match.
    pub(crate) fn overlaps(&self, acl: &NetworkAcl, direction: Direction) -> &[Overlap] {
        let [inbound, outbound] = &self.overlaps;
        let memory = match direction {
            Direction::Inbound => inbound,
            Direction::Outbound => outbound,
        };
        memory.get_or_init(|| overlaps(acl, direction))
    }

    /// Returns which packets pass.
    pub(crate) fn passes(&self, direction: Direction) -> &StepMap<Spot, Bounds> {
        match direction {
            Direction::Inbound => &self.inbound,
            Direction::Outbound => &self.outbound,
        }
    }

    /// Returns the packets whose replies pass. The direction is the replies'.
    pub(crate) fn passes_replies(&self, direction: Direction) -> &StepMap<Spot, Bounds> {
        match direction {
            Direction::Inbound => &self.answered_inbound,
            Direction::Outbound => &self.answered_outbound,
        }
    }
}

/// Decides from the last entry to the first: each entry overrides what the later ones said of its packets.
fn compile_direction(
    acl: &NetworkAcl,
    direction: Direction,
    pool: &mut TrafficPool,
) -> StepMap<Spot, Bounds> {
    let mut entries: Vec<&NetworkAclEntry> =
        acl.entries.iter().filter(|entry| entry.direction == direction).collect();
    entries.sort_by_key(|entry| entry.number);
    let nothing = StepMap::constant(TrafficId::NONE);
    let allowed = entries.iter().rev().fold(nothing, |below, entry| {
        let matched = pool.intern(entry.traffic.to_traffic());
        let mut scope = StepMap::constant(false);
        scope.paint_all(spots(entry.cidr).intervals().iter().map(|interval| (*interval, true)));
        below.zip_with(&scope, |below, inside| match (inside, entry.action) {
            (false, _) => *below,
            (true, Action::Allow) => pool.union(*below, matched),
            (true, Action::Deny) => pool.difference(*below, matched),
        })
    });
    allowed.map(|traffic| Bounds::exactly(*traffic))
}

/// Returns the entry that decides about packets with this header and this address at the other end.
pub(crate) fn deciding_entry(
    acl: &NetworkAcl,
    direction: Direction,
    address: Spot,
    header: portolan_net::Header,
) -> Option<&NetworkAclEntry> {
    let holds = |traffic: &Traffic| traffic.contains(header);
    acl.entries
        .iter()
        .filter(|entry| entry.direction == direction)
        .filter(|entry| spots(entry.cidr).contains(address) && holds(&entry.traffic.to_traffic()))
        .min_by_key(|entry| entry.number)
}

/// Returns whether a person wrote the entry: AWS numbers the closing ones above what a user can.
pub(crate) const fn is_written(entry: &NetworkAclEntry) -> bool {
    entry.number <= LAST_NUMBER
}

/// The greatest number that a user can give an entry.
///
/// Source: EC2 API, `CreateNetworkAclEntry`, parameter `RuleNumber`.
const LAST_NUMBER: u32 = 32766;
