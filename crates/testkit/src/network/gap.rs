//! Pieces that are left out of a network although others name them.

use portolan_model::VpcId;

use super::Draft;

/// What may be left out.
#[derive(Clone, Copy, Debug)]
enum Gap {
    SecurityGroup,
    NetworkAcl,
    RouteTable,
    Subnet,
    PrefixList,
    InternetGateway,
    EgressOnlyGateway,
    NatGateway,
    Peering,
    Endpoint,
    Instance,
    PeerVpc,
}

const GAPS: [Gap; 12] = [
    Gap::SecurityGroup,
    Gap::NetworkAcl,
    Gap::RouteTable,
    Gap::Subnet,
    Gap::PrefixList,
    Gap::InternetGateway,
    Gap::EgressOnlyGateway,
    Gap::NatGateway,
    Gap::Peering,
    Gap::Endpoint,
    Gap::Instance,
    Gap::PeerVpc,
];

/// Removes one record of a table, whichever the number falls on.
macro_rules! remove_one {
    ($draft:ident . $table:ident) => {{
        let ids: Vec<_> = $draft.model.$table.keys().cloned().collect();
        if let Some(id) = $draft.pick(&ids) {
            $draft.model.$table.remove(&id);
        }
    }};
}

impl Draft {
    pub(super) fn leave_gaps(&mut self) {
        if self.chance(75) {
            return;
        }
        for _ in 0..self.random.within(1..=2) {
            if let Some(gap) = self.pick(&GAPS) {
                self.leave_gap(gap);
            }
        }
    }

    fn leave_gap(&mut self, gap: Gap) {
        match gap {
            Gap::SecurityGroup => remove_one!(self.security_groups),
            Gap::NetworkAcl => remove_one!(self.network_acls),
            Gap::RouteTable => remove_one!(self.route_tables),
            Gap::Subnet => remove_one!(self.subnets),
            Gap::PrefixList => remove_one!(self.prefix_lists),
            Gap::InternetGateway => remove_one!(self.internet_gateways),
            Gap::EgressOnlyGateway => remove_one!(self.egress_only_gateways),
            Gap::NatGateway => remove_one!(self.nat_gateways),
            Gap::Peering => remove_one!(self.peerings),
            Gap::Endpoint => remove_one!(self.endpoints),
            Gap::Instance => remove_one!(self.instances),
            Gap::PeerVpc => self.forget_peer(),
        }
    }

    /// Removes a VPC that has a peer, and everything in it: another account, to which nobody has access.
    fn forget_peer(&mut self) {
        let peers: Vec<VpcId> =
            self.model.peerings.values().map(|peering| peering.accepter.vpc.clone()).collect();
        let Some(vpc) = self.pick(&peers) else { return };
        let model = &mut self.model;
        model.vpcs.remove(&vpc);
        model.subnets.retain(|_, one| one.vpc != vpc);
        model.route_tables.retain(|_, one| one.vpc != vpc);
        model.network_acls.retain(|_, one| one.vpc != vpc);
        model.security_groups.retain(|_, one| one.vpc.as_ref() != Some(&vpc));
        model.interfaces.retain(|_, one| one.vpc != vpc);
        model.internet_gateways.retain(|_, one| one.vpc.as_ref() != Some(&vpc));
        model.egress_only_gateways.retain(|_, one| one.vpc.as_ref() != Some(&vpc));
        model.nat_gateways.retain(|_, one| one.vpc != vpc);
        model.endpoints.retain(|_, one| one.vpc != vpc);
    }
}
