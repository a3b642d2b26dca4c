//! What follows from other resources: the VPC of a database, the name of a database's interface.

use std::collections::BTreeMap;
use std::sync::Arc;

use portolan_model::{
    BelongingKind, Database, DatabaseId, Model, NetworkInterface, SecurityGroupId, SubnetId,
};

use crate::builder::Builder;

/// Finds the VPC of databases whose answers leave it out, from their security groups.
pub(super) fn find_vpcs(model: &mut Model) {
    for database in model.databases.values_mut().filter(|one| one.vpc.is_none()) {
        let groups = database.security_groups.iter();
        let vpc =
            groups.filter_map(|id| model.security_groups.get(id)).find_map(|one| one.vpc.clone());
        database.vpc = vpc;
    }
}

/// Names the interfaces of RDS, whose description says no more than that they are RDS's.
///
/// An interface is a database's if it has the database's security groups and is in one of its subnets.
/// Where two databases fit, the name stays unknown.
pub(super) fn name_database_interfaces(builder: &mut Builder) {
    let subnets = std::mem::take(&mut builder.loose.database_subnets);
    let model = &mut builder.model;
    let by_groups = databases_by_groups(model, &subnets);
    for interface in model.interfaces.values_mut().filter(|one| is_nameless(one)) {
        let candidates = by_groups.get(interface.security_groups.as_slice());
        let mut fitting =
            candidates.into_iter().flatten().filter(|one| one.1.contains(&interface.subnet));
        interface.belonging.name = match (fitting.next(), fitting.next()) {
            (Some((name, _)), None) => Some(Arc::clone(name)),
            _ => None,
        };
    }
}

fn is_nameless(interface: &NetworkInterface) -> bool {
    interface.belonging.kind == BelongingKind::Database
        && interface.belonging.name.is_none()
        && &*interface.description == "RDSNetworkInterface"
}

/// The name of a database, and the subnets that it may be in.
type Candidate<'a> = (Arc<str>, &'a [SubnetId]);

fn databases_by_groups<'a>(
    model: &Model,
    subnets: &'a BTreeMap<DatabaseId, Vec<SubnetId>>,
) -> BTreeMap<Vec<SecurityGroupId>, Vec<Candidate<'a>>> {
    let mut by_groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let candidate = |database: &Database| {
        let subnets = subnets.get(&database.id)?;
        Some((Arc::clone(&database.name), subnets.as_slice()))
    };
    for database in model.databases.values() {
        let groups = database.security_groups.clone();
        by_groups.entry(groups).or_default().extend(candidate(database));
    }
    by_groups
}
