//! What answers take for granted because it was not read, and where.

use std::collections::BTreeSet;
use std::net::IpAddr;

use portolan_model::{
    EndpointKind, InterfaceId, Model, Route, RouteDestination, RouteTableId, RouteTarget,
};

/// Returns the prefix lists that were not read and by which these route tables lead to gateway endpoints.
///
/// The engine routes public addresses as if the lists held none of them: `docs/design/reachability.md`.
pub(crate) fn unread_services<'m>(
    model: &'m Model,
    tables: impl IntoIterator<Item = &'m RouteTableId>,
) -> Option<String> {
    let tables = tables.into_iter().filter_map(|id| model.route_tables.get(id));
    let lists: BTreeSet<&str> =
        tables.flat_map(|table| &table.routes).filter_map(|it| unread_service(model, it)).collect();
    (!lists.is_empty()).then(|| {
        let lists = lists.into_iter().collect::<Vec<_>>().join(", ");
        format!("no address is in {lists}, whose entries were not read, and so routed to its gateway endpoint")
    })
}

fn unread_service<'m>(model: &'m Model, route: &'m Route) -> Option<&'m str> {
    let (RouteDestination::PrefixList(list), RouteTarget::Endpoint(endpoint)) =
        (&route.destination, &route.target)
    else {
        return None;
    };
    let entries = model.prefix_lists.get(list).and_then(|list| list.entries.as_ref());
    let endpoint = model.endpoints.get(endpoint)?;
    let is_unread = entries.is_none() && endpoint.kind == EndpointKind::Gateway;
    is_unread.then_some(list.as_str())
}

/// Returns whether an address is in a prefix that is delegated to the interface.
pub(crate) fn is_delegated(model: &Model, interface: &InterfaceId, address: IpAddr) -> bool {
    let Some(interface) = model.interfaces.get(interface) else { return false };
    match address {
        IpAddr::V4(address) => interface.ipv4_prefixes.iter().any(|it| it.contains(address)),
        IpAddr::V6(address) => interface.ipv6_prefixes.iter().any(|it| it.contains(address)),
    }
}

#[cfg(test)]
mod tests {
    use portolan_model::{Endpoint, PrefixList, RouteOrigin, RouteState, RouteTable, Tags};

    use super::*;
    use crate::fixture::{model, place};

    fn with_service(kind: EndpointKind, is_read: bool) -> Model {
        let mut model = model("bastion");
        let endpoint = Endpoint {
            id: "vpce-1".into(),
            place: place(),
            tags: Tags::default(),
            vpc: "vpc-0a1".into(),
            service: "com.amazonaws.eu-west-1.s3".into(),
            kind,
            is_available: true,
            route_tables: Vec::new(),
            interfaces: Vec::new(),
            security_groups: Vec::new(),
        };
        model.endpoints.insert(endpoint.id.clone(), endpoint);
        let route = Route {
            destination: RouteDestination::PrefixList("pl-1".into()),
            target: RouteTarget::Endpoint("vpce-1".into()),
            state: RouteState::Active,
            origin: RouteOrigin::CreateRoute,
        };
        let table = RouteTable {
            id: "rtb-1".into(),
            place: place(),
            tags: Tags::default(),
            vpc: "vpc-0a1".into(),
            is_main: true,
            subnets: Vec::new(),
            gateways: Vec::new(),
            routes: vec![route],
        };
        model.route_tables.insert(table.id.clone(), table);
        let list = PrefixList {
            id: "pl-1".into(),
            place: place(),
            name: "com.amazonaws.eu-west-1.s3".into(),
            entries: is_read.then(Vec::new),
        };
        model.prefix_lists.insert(list.id.clone(), list);
        model
    }

    #[test]
    fn only_lists_that_were_not_read_are_assumed() {
        let check = |kind, is_read, tables: &[RouteTableId], expected: Option<&str>| {
            let model = with_service(kind, is_read);
            let text = unread_services(&model, tables);
            assert_eq!(text.as_deref().and_then(|text| text.split(',').next()), expected);
        };
        let ours = [RouteTableId::from("rtb-1")];
        check(EndpointKind::Gateway, false, &ours, Some("no address is in pl-1"));
        check(EndpointKind::Gateway, true, &ours, None);
        check(EndpointKind::Interface, false, &ours, None);
        check(EndpointKind::Gateway, false, &["rtb-2".into()], None);
    }

    #[test]
    fn delegated_is_what_lies_in_a_prefix() {
        let mut model = model("bastion");
        let interface = model.interfaces.get_mut("eni-0a1").unwrap();
        interface.ipv4_prefixes = vec!["10.0.1.32/28".parse().unwrap()];
        interface.ipv6_prefixes = vec!["2001:db8::/80".parse().unwrap()];
        let check = |address: &str, expected| {
            let address = address.parse().unwrap();
            assert_eq!(is_delegated(&model, &"eni-0a1".into(), address), expected, "{address}");
        };
        check("10.0.1.40", true);
        check("10.0.1.10", false);
        check("2001:db8::7", true);
        check("2001:db8:0:0:1::", false);
    }
}
