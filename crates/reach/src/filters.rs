//! Everything that filters and routes, compiled, and numbered like the [`Index`].

use portolan_model::{Direction, Model, NetworkAclId, RouteTableId, SecurityGroupId, SubnetId};
use rustc_hash::FxHashMap;

use crate::acl::AclFilter;
use crate::bounds::Bounds;
use crate::evidence::Component;
use crate::groups::{GroupFilter, GroupSide};
use crate::index::{Index, SubnetNode};
use crate::pool::TrafficPool;
use crate::question::Settings;
use crate::routing::Routing;

/// The compiled filters and routes of a model.
#[derive(Debug)]
pub(crate) struct Filters {
    groups: FxHashMap<SecurityGroupId, GroupFilter>,
    /// By number of the combination of groups.
    group_sets: Vec<GroupFilter>,
    acls: Vec<AclFilter>,
    routings: Vec<Routing>,
    /// By number of the subnet: the number of its network ACL and of its routing.
    subnets: Vec<(usize, usize)>,
}

impl Filters {
    pub(crate) fn new(
        model: &Model,
        index: &Index,
        settings: Settings,
        pool: &mut TrafficPool,
    ) -> Self {
        let mut filters = Self {
            groups: FxHashMap::default(),
            group_sets: Vec::new(),
            acls: Vec::new(),
            routings: Vec::new(),
            subnets: Vec::new(),
        };
        for group in model.security_groups.values() {
            filters.groups.insert(group.id.clone(), GroupFilter::compile(model, group, pool));
        }
        filters.group_sets =
            index.group_sets.iter().map(|set| filters.combine(set, settings, pool)).collect();
        let acl_of = filters.add_acls(model, index, settings, pool);
        let routing_of = filters.add_routings(model, index);
        filters.add_subnets(index, &acl_of, &routing_of);
        filters
    }

    /// Returns what a combination of groups allows.
    fn combine(
        &self,
        set: &[SecurityGroupId],
        settings: Settings,
        pool: &mut TrafficPool,
    ) -> GroupFilter {
        if set.is_empty() || !settings.security_groups {
            return GroupFilter::constant(Bounds::ALL);
        }
        let unread = GroupFilter::constant(Bounds::UNKNOWN);
        set.iter()
            .map(|group| self.groups.get(group).unwrap_or(&unread))
            .fold(GroupFilter::constant(Bounds::NONE), |sum, filter| sum.union(filter, pool))
    }

    /// Compiles the network ACLs. Number 0 is for subnets whose network ACL was not read, or for all
    /// if the layer is switched off.
    fn add_acls(
        &mut self,
        model: &Model,
        index: &Index,
        settings: Settings,
        pool: &mut TrafficPool,
    ) -> Numbers {
        let mut numbers = Numbers::default();
        if !settings.network_acls {
            self.acls.push(AclFilter::constant(Bounds::ALL));
            return numbers;
        }
        self.acls.push(AclFilter::constant(Bounds::UNKNOWN));
        for acl in model.network_acls.values() {
            let number = self.acls.len();
            numbers.explicit.extend(acl.subnets.iter().map(|subnet| (subnet.clone(), number)));
            if let Some(vpc) = index.vpc(&acl.vpc).filter(|_| acl.is_default) {
                numbers.default.insert(vpc, number);
            }
            self.acls.push(AclFilter::compile(acl, pool));
        }
        numbers
    }

    /// Compiles the route tables; returns the number of each subnet's own one, and of each VPC's main one.
    fn add_routings(&mut self, model: &Model, index: &Index) -> Numbers {
        let mut numbers = Numbers::default();
        for table in model.route_tables.values() {
            let number = self.routings.len();
            self.routings.push(Routing::compile(model, index, table));
            numbers.explicit.extend(table.subnets.iter().map(|subnet| (subnet.clone(), number)));
            if let Some(vpc) = index.vpc(&table.vpc).filter(|_| table.is_main) {
                numbers.default.insert(vpc, number);
            }
        }
        numbers
    }

    fn add_subnets(&mut self, index: &Index, acl_of: &Numbers, routing_of: &Numbers) {
        for subnet in &index.subnets {
            let acl = acl_of.of(subnet).unwrap_or(0);
            let routing = routing_of.of(subnet).filter(|_| index.is_vpc_read(subnet.vpc));
            let routing = routing.unwrap_or_else(|| {
                self.routings.push(Routing::unread(Component::Subnet(subnet.id.clone())));
                self.routings.len() - 1
            });
            self.subnets.push((acl, routing));
        }
    }

    /// Compiles a changed group again; returns the combinations that hold it.
    pub(crate) fn replace_group(
        &mut self,
        model: &Model,
        index: &Index,
        settings: Settings,
        id: &SecurityGroupId,
        pool: &mut TrafficPool,
    ) -> Vec<usize> {
        if let Some(group) = model.security_groups.get(id) {
            self.groups.insert(id.clone(), GroupFilter::compile(model, group, pool));
        }
        let mut changed = Vec::new();
        for (number, set) in index.group_sets.iter().enumerate() {
            if set.binary_search(id).is_ok() {
                let filter = self.combine(set, settings, pool);
                if let Some(place) = self.group_sets.get_mut(number) {
                    *place = filter;
                    changed.push(number);
                }
            }
        }
        changed
    }

    /// Returns what a security group allows, or `None` if it was not read.
    pub(crate) fn group(&self, id: &SecurityGroupId) -> Option<&GroupFilter> {
        self.groups.get(id)
    }

    /// Returns what a combination of groups allows in a direction.
    #[expect(clippy::indexing_slicing, reason = "made for every combination of the index")]
    pub(crate) fn group_side(&self, set: usize, direction: Direction) -> &GroupSide {
        self.group_sets[set].side(direction)
    }

    /// Returns the number of a subnet's network ACL.
    #[expect(clippy::indexing_slicing, reason = "made for every subnet of the index")]
    pub(crate) fn acl_number(&self, subnet: usize) -> usize {
        self.subnets[subnet].0
    }

    /// Returns the number of a subnet's routing.
    #[expect(clippy::indexing_slicing, reason = "made for every subnet of the index")]
    pub(crate) fn routing_number(&self, subnet: usize) -> usize {
        self.subnets[subnet].1
    }

    /// Returns the network ACL of a subnet.
    #[expect(clippy::indexing_slicing, reason = "numbers come from `acl_number`")]
    pub(crate) fn acl(&self, number: usize) -> &AclFilter {
        &self.acls[number]
    }

    /// Returns a compiled route table.
    #[expect(clippy::indexing_slicing, reason = "numbers come from `routing_number`")]
    pub(crate) fn routing(&self, number: usize) -> &Routing {
        &self.routings[number]
    }

    /// Returns the compiled route table that gateways are associated with.
    pub(crate) fn routing_of_table(&self, table: &RouteTableId) -> Option<&Routing> {
        self.routings.iter().find(|routing| routing.table.as_ref() == Some(table))
    }

    /// Returns the id of a network ACL.
    pub(crate) fn acl_id(&self, number: usize) -> Option<&NetworkAclId> {
        self.acls.get(number)?.id.as_ref()
    }
}

/// Which network ACL or routing serves which subnet.
#[derive(Default)]
struct Numbers {
    /// By subnet, where it is listed.
    explicit: FxHashMap<SubnetId, usize>,
    /// By number of the VPC, for the subnets that are not.
    default: FxHashMap<usize, usize>,
}

impl Numbers {
    /// Returns the number for a subnet that was read.
    fn of(&self, subnet: &SubnetNode) -> Option<usize> {
        let explicit = self.explicit.get(&subnet.id);
        let number = explicit.or_else(|| self.default.get(&subnet.vpc)).copied();
        number.filter(|_| subnet.is_read)
    }
}
