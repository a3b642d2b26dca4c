//! Everything in a model that has a name, and what its names stand for.

use std::collections::BTreeSet;

use portolan_model::{
    EndpointId, EndpointKind, Function, InterfaceKind, LoadBalancer, Model, NetworkInterface, Place,
};
use portolan_net::IpPrefix;

/// One thing that has a name.
pub(super) struct Row<'a> {
    /// What kind of thing it is, in words.
    pub(super) kind: &'static str,
    /// Its id, and whatever else people call it.
    pub(super) names: Vec<&'a str>,
    /// What its names stand for.
    pub(super) meaning: Meaning<'a>,
}

/// What a name stands for.
pub(super) enum Meaning<'a> {
    /// The interfaces that satisfy the predicate.
    Interfaces(Box<dyn Fn(&NetworkInterface) -> bool + 'a>),
    /// What a gateway endpoint leads to.
    Service(&'a EndpointId),
    /// Addresses.
    Addresses(&'a [IpPrefix]),
    /// Addresses that were not read.
    Unread,
    /// The Internet.
    Internet,
    /// Nothing: packets only pass through the resource.
    Passage,
}

impl<'a> Meaning<'a> {
    /// Returns the gateway endpoint that it leads through, if it is a service.
    pub(super) fn service(&self) -> Option<&'a EndpointId> {
        if let Self::Service(id) = self { Some(id) } else { None }
    }

    /// Returns the addresses, none if it is something else.
    pub(super) fn addresses(&self) -> &'a [IpPrefix] {
        if let Self::Addresses(prefixes) = self { prefixes } else { &[] }
    }
}

/// Returns everything that has a name.
pub(super) fn rows(model: &Model) -> impl Iterator<Item = Row<'_>> {
    PRODUCERS.iter().flat_map(move |producer| producer(model))
}

type Producer = for<'a> fn(&'a Model) -> Box<dyn Iterator<Item = Row<'a>> + 'a>;

/// Writes one producer per line: kind, table of the model, other names than the id, what they stand for.
macro_rules! producers {
    ($($kind:literal, $table:ident, |$it:ident| [$($name:expr),*] => $meaning:expr;)*) => {
        /// Where rows come from.
        static PRODUCERS: &[Producer] = &[$(|model| {
            Box::new(model.$table.values().map(|$it| {
                let others = [$($name),*];
                let names = std::iter::once($it.id.as_str()).chain(others.into_iter().flatten());
                Row { kind: $kind, names: names.collect(), meaning: $meaning }
            }))
        },)*];
    };
}

producers! {
    "network interface", interfaces, |it| [it.tags.name(), it.belonging.name.as_deref()] =>
        owns(|interface| interface.id == it.id);
    "instance", instances, |it| [it.tags.name()] =>
        owns(|interface| interface.instance.as_ref() == Some(&it.id)
            || it.interfaces.contains(&interface.id));
    "load balancer", load_balancers, |it| [Some(&*it.name), it.tags.name()] =>
        owns(|interface| is_of_load_balancer(interface, it));
    "database", databases, |it| [Some(&*it.name)] =>
        owns(|interface| belongs_to(interface, &it.name, &it.place));
    "function", functions, |it| [Some(&*it.name)] =>
        owns(|interface| is_of_function(interface, it));
    "subnet", subnets, |it| [it.tags.name()] =>
        owns(|interface| interface.subnet == it.id);
    "VPC", vpcs, |it| [it.tags.name()] =>
        owns(|interface| interface.vpc == it.id);
    "security group", security_groups, |it| [Some(&*it.name), it.tags.name()] =>
        owns(|interface| interface.security_groups.contains(&it.id));
    "NAT gateway", nat_gateways, |it| [it.tags.name()] =>
        owns(|interface| it.addresses.iter().any(|address| {
            address.interface.as_ref() == Some(&interface.id)
        }));
    "VPC endpoint", endpoints, |it| [it.tags.name()] => match it.kind {
        EndpointKind::Gateway => Meaning::Service(&it.id),
        _ => owns(|interface| it.interfaces.contains(&interface.id)),
    };
    "prefix list", prefix_lists, |it| [Some(&*it.name)] =>
        it.entries.as_deref().map_or(Meaning::Unread, Meaning::Addresses);
    "Internet gateway", internet_gateways, |it| [it.tags.name()] => Meaning::Internet;
    "route table", route_tables, |it| [it.tags.name()] => Meaning::Passage;
    "network ACL", network_acls, |it| [it.tags.name()] => Meaning::Passage;
    "egress-only Internet gateway", egress_only_gateways, |it| [it.tags.name()] => Meaning::Passage;
    "peering connection", peerings, |it| [it.tags.name()] => Meaning::Passage;
    "transit gateway", transit_gateways, |it| [it.tags.name()] => Meaning::Passage;
    "virtual private gateway", vpn_gateways, |it| [it.tags.name()] => Meaning::Passage;
    "VPN connection", vpn_connections, |it| [it.tags.name()] => Meaning::Passage;
    "customer gateway", customer_gateways, |it| [it.tags.name()] => Meaning::Passage;
    "target group", target_groups, |it| [Some(&*it.name)] => Meaning::Passage;
    "network firewall", firewalls, |it| [Some(&*it.name)] => Meaning::Passage;
}

fn owns<'a>(predicate: impl Fn(&NetworkInterface) -> bool + 'a) -> Meaning<'a> {
    Meaning::Interfaces(Box::new(predicate))
}

/// Names of services are unique within an account and Region only.
fn belongs_to(interface: &NetworkInterface, name: &str, place: &Place) -> bool {
    let can_be_in = |it: &Place| {
        can_equal(it.account.as_ref(), place.account.as_ref())
            && can_equal(it.region.as_ref(), place.region.as_ref())
    };
    interface.belonging.name.as_deref() == Some(name) && can_be_in(&interface.place)
}

/// Returns whether two values may be the same: what is not known may be anything.
fn can_equal<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The description of its interfaces names a load balancer by the tail of its ARN, a Classic one by its name.
fn is_of_load_balancer(interface: &NetworkInterface, it: &LoadBalancer) -> bool {
    let id = it.id.as_str();
    let tail = id.split_once(":loadbalancer/").map_or(id, |(_, tail)| tail);
    belongs_to(interface, tail, &it.place) || belongs_to(interface, &it.name, &it.place)
}

/// Functions of an account that have the same security groups share one interface in each subnet.
///
/// Source: AWS Lambda Developer Guide, "Understanding Hyperplane Elastic Network Interfaces (ENIs)".
fn is_of_function(interface: &NetworkInterface, it: &Function) -> bool {
    belongs_to(interface, &it.name, &it.place)
        || interface.kind == InterfaceKind::Lambda
            && it.subnets.contains(&interface.subnet)
            && same(&it.security_groups, &interface.security_groups)
}

fn same<T: Ord>(one: &[T], other: &[T]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}
