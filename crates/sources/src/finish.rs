//! Puts together what several files say about one thing, when everything was read.

mod groups;
mod interfaces;
mod names;

use std::collections::BTreeMap;

use portolan_model::{Model, PrefixList, Target, TransitGatewayRoute};

use crate::builder::Builder;
use crate::places::Places;

/// Returns the finished model.
pub(crate) fn finish(mut builder: Builder) -> Model {
    interfaces::adopt_embedded(&mut builder);
    interfaces::map_addresses(&mut builder);
    groups::join_rules(&mut builder);
    join_listeners(&mut builder);
    join_targets(&mut builder);
    join_entries(&mut builder);
    join_transit_gateway_routes(&mut builder);
    adopt_firewall_names(&mut builder);
    names::find_vpcs(&mut builder.model);
    names::name_database_interfaces(&mut builder);
    builder.report_repetitions();
    builder.report_untold();
    let mut model = builder.model;
    let places = Places::settle(&mut model);
    for (place, mode) in builder.loose.block_public_access {
        model.block_public_access.insert(places.complete(&place, None), mode);
    }
    builder.census.report(&mut model.coverage, &places);
    model
}

/// Gives listeners to their load balancers, with all that their rules forward to.
fn join_listeners(builder: &mut Builder) {
    let mut forwards = BTreeMap::new();
    for (rule, groups) in std::mem::take(&mut builder.loose.listener_rules) {
        if let Some(listener) = crate::aws::listener::of_rule(&rule) {
            forwards.entry(listener).or_insert_with(Vec::new).extend(groups);
        }
    }
    for (arn, (load_balancer, mut listener)) in std::mem::take(&mut builder.loose.listeners) {
        listener.target_groups.extend(forwards.remove(&*arn).unwrap_or_default());
        listener.target_groups.sort_unstable();
        listener.target_groups.dedup();
        if let Some(load_balancer) = builder.model.load_balancers.get_mut(&load_balancer) {
            load_balancer.listeners.push(listener);
        }
    }
    for load_balancer in builder.model.load_balancers.values_mut() {
        load_balancer.listeners.sort_by_key(|listener| listener.port);
    }
}

/// Gives targets to their target groups.
fn join_targets(builder: &mut Builder) {
    for (id, mut targets) in std::mem::take(&mut builder.loose.targets) {
        let key = |target: &Target| (target.id.clone(), target.port);
        targets.sort_by_key(key);
        targets.dedup();
        if let Some(group) = builder.model.target_groups.get_mut(&id) {
            group.targets = Some(targets);
        }
    }
}

/// Gives entries to their prefix lists; a list that was not described is made of its entries.
fn join_entries(builder: &mut Builder) {
    for (id, (place, mut entries)) in std::mem::take(&mut builder.loose.entries) {
        entries.sort_unstable();
        entries.dedup();
        let name = builder.text(id.as_str());
        let list = builder.model.prefix_lists.entry(id.clone());
        let list = list.or_insert_with(|| PrefixList { id, place, name, entries: None });
        list.entries = Some(entries);
    }
}

/// Gives routes and propagations to the route tables of transit gateways.
fn join_transit_gateway_routes(builder: &mut Builder) {
    for (id, mut routes) in std::mem::take(&mut builder.loose.routes) {
        let key = |route: &TransitGatewayRoute| (route.destination, route.prefix_list.clone());
        routes.sort_by_key(key);
        routes.dedup();
        if let Some(table) = builder.model.transit_gateway_route_tables.get_mut(&id) {
            table.routes = Some(routes);
        }
    }
    for (id, mut attachments) in std::mem::take(&mut builder.loose.propagations) {
        attachments.sort_unstable();
        attachments.dedup();
        if let Some(table) = builder.model.transit_gateway_route_tables.get_mut(&id) {
            table.propagations = attachments;
        }
    }
}

/// Takes the firewalls of which only the name is known.
fn adopt_firewall_names(builder: &mut Builder) {
    for firewall in std::mem::take(&mut builder.loose.firewall_names) {
        builder.model.firewalls.entry(firewall.id.clone()).or_insert(firewall);
    }
}
