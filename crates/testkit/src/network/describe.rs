//! A network as text, for the message of a test that failed.

use std::fmt::{Debug, Display, Write as _};

use portolan_model::{
    Action, Direction, Model, NetworkAcl, NetworkInterface, Peering, Route, RouteDestination,
    RouteOrigin, RouteState, RouteTable, RulePeer, RuleTraffic, SecurityGroup,
};

/// Returns a description of everything in a model that decides about packets, one resource or rule per line.
pub fn describe(model: &Model) -> String {
    let mut text = Text::default();
    for vpc in model.vpcs.values() {
        text.line(format_args!("{} {} {}", vpc.id, vpc.place, list(&vpc.cidrs)));
    }
    for subnet in model.subnets.values() {
        let ipv4 = subnet.ipv4.map_or_else(String::new, |cidr| cidr.to_string());
        let cidrs = format!("{ipv4} {}", list(&subnet.ipv6));
        text.line(format_args!("{} in {}: {}", subnet.id, subnet.vpc, cidrs.trim()));
    }
    model.interfaces.values().for_each(|interface| text.interface(interface));
    model.security_groups.values().for_each(|group| text.security_group(group));
    model.network_acls.values().for_each(|acl| text.network_acl(acl));
    model.route_tables.values().for_each(|table| text.route_table(table));
    text.gateways(model);
    model.peerings.values().for_each(|peering| text.peering(peering));
    for list in model.prefix_lists.values() {
        let entries = list.entries.as_ref().map(|entries| self::list(entries));
        text.line(format_args!("{}: {}", list.id, entries.as_deref().unwrap_or("not read")));
    }
    for (place, mode) in &model.block_public_access {
        text.line(format_args!("public access in {place}: {mode:?}"));
    }
    text.lines
}

#[derive(Debug, Default)]
struct Text {
    lines: String,
}

impl Text {
    fn line(&mut self, line: impl Display) {
        // Writing to a string does not fail.
        writeln!(self.lines, "{line}").unwrap_or_default();
    }

    fn interface(&mut self, interface: &NetworkInterface) {
        let ipv4 = interface.ipv4.iter().map(|own| match own.public {
            Some(public) => format!("{} ({public})", own.address),
            None => own.address.to_string(),
        });
        let ipv6 = interface.ipv6.iter().map(ToString::to_string);
        let prefixes_v4 = interface.ipv4_prefixes.iter().map(ToString::to_string);
        let prefixes_v6 = interface.ipv6_prefixes.iter().map(ToString::to_string);
        let addresses: Vec<String> =
            ipv4.chain(ipv6).chain(prefixes_v4).chain(prefixes_v6).collect();
        let check = if interface.source_dest_check { "" } else { ", forwards" };
        let instance =
            interface.instance.as_ref().map_or_else(String::new, |id| format!(", of {id}"));
        self.line(format_args!(
            "{} {:?} in {}: {}; groups {}{check}{instance}",
            interface.id,
            interface.kind,
            interface.subnet,
            addresses.join(" "),
            list(&interface.security_groups),
        ));
    }

    fn security_group(&mut self, group: &SecurityGroup) {
        let vpc = group.vpc.as_ref().map_or("no VPC", |vpc| vpc.as_str());
        self.line(format_args!("{} in {vpc}", group.id));
        for rule in &group.rules {
            let peer = match &rule.peer {
                RulePeer::V4(prefix) => prefix.to_string(),
                RulePeer::V6(prefix) => prefix.to_string(),
                RulePeer::PrefixList(list) => list.to_string(),
                RulePeer::Group(reference) => reference.group.to_string(),
            };
            let way = preposition(rule.direction);
            self.line(format_args!("  {} {way} {peer}", traffic(rule.traffic)));
        }
    }

    fn network_acl(&mut self, acl: &NetworkAcl) {
        let default = if acl.is_default { " default" } else { "" };
        self.line(format_args!("{} in {}{default}: {}", acl.id, acl.vpc, list(&acl.subnets)));
        for entry in &acl.entries {
            let action = match entry.action {
                Action::Allow => "allow",
                Action::Deny => "deny",
            };
            let way = preposition(entry.direction);
            let traffic = traffic(entry.traffic);
            self.line(format_args!("  {} {action} {traffic} {way} {}", entry.number, entry.cidr));
        }
    }

    fn route_table(&mut self, table: &RouteTable) {
        let main = if table.is_main { " main" } else { "" };
        let gateways = table.gateways.join(" ");
        let serves = format!("{} {gateways}", list(&table.subnets));
        self.line(format_args!("{} in {}{main}: {}", table.id, table.vpc, serves.trim()));
        table.routes.iter().for_each(|route| self.route(route));
    }

    fn route(&mut self, route: &Route) {
        let destination = match &route.destination {
            RouteDestination::V4(prefix) => prefix.to_string(),
            RouteDestination::V6(prefix) => prefix.to_string(),
            RouteDestination::PrefixList(list) => list.to_string(),
        };
        let state = match route.state {
            RouteState::Active => "",
            RouteState::Blackhole => " blackhole",
            RouteState::Unknown => " state unknown",
        };
        let origin = match route.origin {
            RouteOrigin::CreateRouteTable | RouteOrigin::CreateRoute => "",
            RouteOrigin::Propagated => " propagated",
            RouteOrigin::Other => " origin unknown",
        };
        self.line(format_args!("  {destination} -> {:?}{state}{origin}", route.target));
    }

    fn gateways(&mut self, model: &Model) {
        for gateway in model.internet_gateways.values() {
            self.line(format_args!("{} at {:?}", gateway.id, gateway.vpc));
        }
        for gateway in model.egress_only_gateways.values() {
            self.line(format_args!("{} at {:?}", gateway.id, gateway.vpc));
        }
        for nat in model.nat_gateways.values() {
            let reach = if nat.is_public { "public" } else { "private" };
            let state = if nat.is_available { "available" } else { "not available" };
            let addresses: Vec<_> =
                nat.addresses.iter().map(|address| (address.private, address.public)).collect();
            let id = &nat.id;
            self.line(format_args!("{id} {reach} {state} in {:?}: {addresses:?}", nat.subnet));
        }
        for endpoint in model.endpoints.values() {
            let state = if endpoint.is_available { "available" } else { "not available" };
            self.line(format_args!(
                "{} {:?} {state} in {}",
                endpoint.id, endpoint.kind, endpoint.vpc
            ));
        }
        for instance in model.instances.values() {
            self.line(format_args!("{}: {}", instance.id, list(&instance.interfaces)));
        }
    }

    fn peering(&mut self, peering: &Peering) {
        let state = if peering.is_active { "active" } else { "not active" };
        let (one, other) = (&peering.requester, &peering.accepter);
        self.line(format_args!("{} {state} {} - {}", peering.id, one.vpc, other.vpc));
    }
}

const fn preposition(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "from",
        Direction::Outbound => "to",
    }
}

fn traffic(traffic: RuleTraffic) -> String {
    match traffic {
        RuleTraffic::All => "all".to_owned(),
        RuleTraffic::Ports(protocol, range) => format!("{protocol} {range}"),
        RuleTraffic::Icmp { protocol, kind, code } => {
            let part = |value: Option<u8>| value.map_or("*".to_owned(), |value| value.to_string());
            format!("{protocol} {}/{}", part(kind), part(code))
        }
        RuleTraffic::Protocol(protocol) => protocol.to_string(),
    }
}

fn list<T: Debug + Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
