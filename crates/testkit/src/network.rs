//! Random small networks, made to be hard: where the engine and the oracle can disagree, they should meet.
//!
//! A network has up to 3 VPCs, 6 subnets and 14 interfaces (and those of NAT gateways), so that a failure can be read.
//! It is one that AWS could have, except for pieces that are left out on purpose ([`random`] tells which). Values are
//! drawn from few: the same dozen ports, and CIDRs that hold, touch or cut the addresses of the interfaces. Uniform
//! values were rejected: almost no rule would ever match.
//!
//! A seed means the same network for as long as this module does not change; failures are quoted by seed.

mod describe;
mod endpoint;
mod filter;
mod gap;
mod gateway;
mod interface;
pub(crate) mod piece;
mod prefix;
mod probe;
mod route;
mod site;
mod traffic;

use portolan_model::{Model, VpcId};

use crate::random::SplitMix64;

pub use describe::describe;
pub use probe::probes;

/// Returns the network of a seed.
///
/// Every fourth network lacks one or two pieces that others name: a security group, network ACL, route table, subnet,
/// prefix list, gateway, peering connection, endpoint, instance, or a whole peer VPC.
pub fn random(seed: u64) -> Model {
    let mut draft = Draft::new(seed);
    draft.add_sites();
    draft.add_gateways();
    draft.add_groups();
    draft.add_interfaces();
    draft.add_nat_gateways();
    draft.add_prefix_lists();
    draft.add_endpoints();
    draft.add_group_rules();
    draft.add_network_acls();
    draft.add_route_tables();
    draft.block_public_access();
    draft.leave_gaps();
    draft.model
}

/// A network in the making.
#[derive(Debug)]
struct Draft {
    random: SplitMix64,
    model: Model,
    /// How many public IPv4 addresses are given away.
    public_addresses: u8,
}

impl Draft {
    fn new(seed: u64) -> Self {
        Self { random: SplitMix64::new(seed), model: Model::default(), public_addresses: 0 }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.random.chance(percent)
    }

    /// Returns one of the choices.
    fn pick<T: Clone>(&mut self, choices: &[T]) -> Option<T> {
        self.random.pick(choices).cloned()
    }

    fn vpc_ids(&self) -> Vec<VpcId> {
        self.model.vpcs.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
