//! A random network whose resources have names that the input chooses.

use std::sync::Arc;

use portolan_model::{Model, Tags};
use portolan_testkit::network;

/// Returns the network that a seed chooses, with each line of `names` as the Name tag of one resource, until either run
/// out.
pub(crate) fn named_network(seed: u8, names: &str) -> Model {
    let mut model = network::random(u64::from(seed));
    // What is typed is trimmed, so that a tag with blanks around it cannot be asked for.
    for (tags, name) in tags(&mut model).zip(names.lines().map(str::trim)) {
        tags.0.insert(Arc::from("Name"), Arc::from(name));
    }
    model
}

fn tags(model: &mut Model) -> impl Iterator<Item = &mut Tags> {
    let interfaces = model.interfaces.values_mut().map(|it| &mut it.tags);
    let endpoints = model.endpoints.values_mut().map(|it| &mut it.tags);
    let subnets = model.subnets.values_mut().map(|it| &mut it.tags);
    let tables = model.route_tables.values_mut().map(|it| &mut it.tags);
    let groups = model.security_groups.values_mut().map(|it| &mut it.tags);
    endpoints.chain(tables).chain(groups).chain(subnets).chain(interfaces)
}
