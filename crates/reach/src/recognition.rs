//! Whether a security group recognises the interface at the other end by the groups that it holds.

use portolan_model::{Model, PeeringId, PeeringSide, SecurityGroupId};

use crate::bounds::Bounds;
use crate::groups::GroupSide;
use crate::index::Index;
use crate::pool::TrafficPool;

/// What a security group knows of the interface at the other end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Recognition {
    /// Nothing: something on the way hides who sends, or the other end is no interface.
    No,
    /// It is this one, by number.
    Yes(usize),
    /// It is this one, and it is not known whether the group learns it.
    Perhaps(usize),
    /// It may be any.
    Anyone,
}

impl Recognition {
    /// Returns what is recognised over a peering connection: interfaces of the same Region.
    ///
    /// Source: Amazon VPC Peering Guide, "Update your security groups to reference peer security groups".
    pub(crate) fn over_peering(model: &Model, id: &PeeringId, interface: usize) -> Self {
        let region = |side: &PeeringSide| {
            let recorded = || model.vpcs.get(&side.vpc).and_then(|vpc| vpc.place.region.clone());
            side.region.clone().or_else(recorded)
        };
        let regions = model.peerings.get(id).map(|p| (region(&p.requester), region(&p.accepter)));
        match regions {
            Some((Some(one), Some(other))) if one == other => Self::Yes(interface),
            Some((Some(_), Some(_))) => Self::No,
            _ => Self::Perhaps(interface),
        }
    }

    /// Returns what is left of what the groups of an interface allow by naming those that the other end holds.
    pub(crate) fn of(self, held: Bounds) -> Bounds {
        match self {
            Self::No => Bounds::NONE,
            Self::Yes(_) => held,
            Self::Perhaps(_) | Self::Anyone => Bounds::at_most(held.possible()),
        }
    }

    /// Returns what the references of some groups allow.
    pub(crate) fn allowed(self, side: &GroupSide, index: &Index, pool: &mut TrafficPool) -> Bounds {
        match self {
            Self::No => Bounds::NONE,
            Self::Yes(interface) | Self::Perhaps(interface) => {
                self.of(side.held_by(index.groups(interface), pool))
            }
            Self::Anyone => {
                let all = side.by_group.iter();
                let sum = all.fold(Bounds::NONE, |sum, (_, bounds)| sum.union(*bounds, pool));
                Bounds::at_most(sum.possible())
            }
        }
    }

    /// Returns the groups of the interface that certainly is at the other end, for evidence.
    pub(crate) fn groups(self, index: &Index) -> &[SecurityGroupId] {
        match self {
            Self::Yes(interface) | Self::Perhaps(interface) => index.groups(interface),
            Self::No | Self::Anyone => &[],
        }
    }
}
