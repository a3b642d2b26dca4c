//! Gives the lists of a document that do not name what they are about to it, when the document has ended.

use std::sync::Arc;

use crate::builder::Builder;
use crate::document::{Document, Owner, PREFIX_LIST, ROUTE_TABLE, TARGET_GROUP};

/// Settles a document.
pub(crate) fn settle(builder: &mut Builder, document: &mut Document) {
    settle_entries(builder, document);
    settle_targets(builder, document);
    settle_routes(builder, document);
    settle_propagations(builder, document);
    settle_firewall(builder, document);
    if let Some(code) = document.error() {
        let message = format!("AWS answered with the error `{code}`");
        builder.problem(
            None,
            message,
            "capture it again: the call must be allowed, and what it asks for must exist",
        );
    }
}

fn settle_entries(builder: &mut Builder, document: &mut Document) {
    let is_empty = document.entries.is_empty();
    if let Some(id) = owner(builder, document, "Entries", PREFIX_LIST, is_empty) {
        let place = builder.hint.clone();
        let entries = builder.loose.entries.entry(id).or_insert_with(|| (place, Vec::new()));
        entries.1.append(&mut document.entries);
    }
}

fn settle_targets(builder: &mut Builder, document: &mut Document) {
    let (list, is_empty) = ("TargetHealthDescriptions", document.targets.is_empty());
    if let Some(id) = owner(builder, document, list, TARGET_GROUP, is_empty) {
        builder.loose.targets.entry(id).or_default().append(&mut document.targets);
    }
}

fn settle_routes(builder: &mut Builder, document: &mut Document) {
    let is_empty = document.routes.is_empty();
    if let Some(id) = owner(builder, document, "Routes", ROUTE_TABLE, is_empty) {
        builder.loose.routes.entry(id).or_default().append(&mut document.routes);
    }
    if document.has_more_routes() {
        let help = "search again with filters that find fewer routes at a time";
        builder.problem(None, "there are more `Routes` than are here".to_owned(), help);
    }
}

fn settle_propagations(builder: &mut Builder, document: &mut Document) {
    let (list, is_empty) =
        ("TransitGatewayRouteTablePropagations", document.propagations.is_empty());
    if let Some(id) = owner(builder, document, list, ROUTE_TABLE, is_empty) {
        builder.loose.propagations.entry(id).or_default().append(&mut document.propagations);
    }
}

fn settle_firewall(builder: &mut Builder, document: &mut Document) {
    let firewall = document.firewall.take().and_then(|id| builder.model.firewalls.get_mut(&id));
    if let Some(firewall) = firewall
        && !document.firewall_endpoints.is_empty()
    {
        firewall.endpoints = std::mem::take(&mut document.firewall_endpoints);
    }
}

/// Returns the id of what a list is about, if the document has the list. It is a problem if nothing tells the
/// id, unless the list is empty.
fn owner<I: From<Arc<str>>>(
    builder: &mut Builder,
    document: &Document,
    list: &'static str,
    owner: Owner,
    is_empty: bool,
) -> Option<I> {
    if !document.lists.contains(list) {
        return None;
    }
    let id = document.owner(owner, builder.path());
    if id.is_none() && !is_empty {
        let message = format!("nothing tells which {} the `{list}` belong to", owner.name);
        let help = format!("put the id of the {} into the name of the file", owner.name);
        builder.problem(None, message, &help);
    }
    id.map(|id| builder.id(&id))
}
