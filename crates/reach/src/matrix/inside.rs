//! Subnets as far as they matter between interfaces: where their routes lead, which VPCs that joins, and
//! which subnets nothing tells apart.

use std::collections::BTreeSet;

use portolan_model::{Direction, NatGatewayId, PeeringId};
use portolan_net::{Interval, Set as _, StepMap};
use rustc_hash::FxHashMap;

use crate::bounds::Bounds;
use crate::chart::Chart;
use crate::evidence::Unknown;
use crate::index::SubnetNode;
use crate::line::{Spot, Spots, all_ipv4, scope};
use crate::matrix::grid::Numbering;
use crate::routing::{Identity, Routed, Way};
use crate::walk::is_nowhere;

/// Where a route leads, as far as interfaces of the model are concerned.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Passage {
    /// To none.
    Nowhere,
    Local,
    Peering(PeeringId, usize),
    /// Perhaps to some.
    Lost(Unknown, Identity),
    /// Perhaps to some, behind a gateway's address.
    Nat(NatGatewayId),
}

/// The numbers of two passages that are certain.
const NOWHERE: usize = 0;
const LOCAL: usize = 1;

/// What routes do between interfaces.
#[derive(Debug)]
pub(super) struct Inside {
    /// The different functions of the address that route tables are, from address to number of the passage.
    routings: Vec<StepMap<Spot, usize>>,
    /// By number of the subnet: the number of its routing.
    by_subnet: Vec<usize>,
    /// By number of the routing: the addresses that packets may get lost on the way to.
    lost: Vec<Spots>,
    /// By number of the VPC: the subnets of it.
    pub(super) subnets: Vec<Vec<usize>>,
    /// By number of the VPC: the VPCs whose interfaces its own may talk to directly, itself among them.
    pub(super) joined: Vec<BTreeSet<usize>>,
    /// By number of the VPC: the others, if its packets may come there by a way that is not known.
    pub(super) bridged: Vec<BTreeSet<usize>>,
    /// By number of the VPC: the VPCs whose rules and routes decide about its addresses, itself among them.
    pub(super) seen_by: Vec<BTreeSet<usize>>,
    /// By number of the subnet: the first subnet that is the same to all interfaces.
    pub(super) representative: Vec<usize>,
    /// By number of the subnet: whether it has no network ACL or route that does anything within it. If
    /// not, its own interfaces meet others within the subnet otherwise than outside.
    pub(super) is_plain: Vec<bool>,
}

impl Inside {
    pub(super) fn new(chart: &Chart) -> Self {
        let vpcs = chart.index.vpcs.len();
        let mut passages = Numbering::default();
        passages.number((Passage::Nowhere, true));
        passages.number((Passage::Local, true));
        let (routings, by_subnet) = routings(chart, &mut passages);
        let is_lost = |number: &usize| {
            let passage = passages.values.get(*number);
            matches!(passage, Some((Passage::Lost(..) | Passage::Nat(_), _)))
        };
        let lost = routings.iter().map(|routing| places(routing, is_lost)).collect();
        let mut inside = Self {
            routings,
            by_subnet,
            lost,
            subnets: vec![Vec::new(); vpcs],
            joined: (0..vpcs).map(|vpc| BTreeSet::from([vpc])).collect(),
            bridged: vec![BTreeSet::new(); vpcs],
            seen_by: (0..vpcs).map(|vpc| BTreeSet::from([vpc])).collect(),
            representative: Vec::new(),
            is_plain: Vec::new(),
        };
        for (number, subnet) in chart.index.subnets.iter().enumerate() {
            if let Some(subnets) = inside.subnets.get_mut(subnet.vpc) {
                subnets.push(number);
            }
        }
        let addresses: Vec<Spots> = (0..vpcs).map(|vpc| addresses(chart, vpc)).collect();
        inside.join(&passages.values);
        inside.bridge(&addresses);
        inside.see();
        inside.is_plain = plain(chart, &inside, &addresses);
        inside.representative = inside.representatives(chart);
        inside
    }

    /// Returns the routing of a subnet as far as it matters inside.
    pub(super) fn routing(&self, subnet: usize) -> Option<&StepMap<Spot, usize>> {
        self.routings.get(*self.by_subnet.get(subnet)?)
    }

    /// Returns the addresses that packets from a subnet may get lost on the way to.
    pub(super) fn lost(&self, subnet: usize) -> Option<&Spots> {
        self.lost.get(*self.by_subnet.get(subnet)?).filter(|lost| !lost.is_empty())
    }

    /// Notes the VPCs that peering joins.
    fn join(&mut self, passages: &[(Passage, bool)]) {
        for (subnets, joined) in self.subnets.iter().zip(&mut self.joined) {
            for routing in subnets.iter().filter_map(|subnet| self.by_subnet.get(*subnet)) {
                let numbers = self.routings.get(*routing).into_iter().flat_map(StepMap::values);
                joined.extend(numbers.filter_map(|number| match passages.get(*number) {
                    Some((Passage::Peering(_, vpc), _)) => Some(*vpc),
                    _ => None,
                }));
            }
        }
    }

    /// Notes the VPCs that only a way which is not known joins.
    fn bridge(&mut self, addresses: &[Spots]) {
        for (vpc, joined) in self.joined.iter().enumerate() {
            let subnets = self.subnets.get(vpc).into_iter().flatten();
            let lost: BTreeSet<&Spots> = subnets.filter_map(|subnet| self.lost(*subnet)).collect();
            let others = addresses.iter().enumerate().filter(|(other, _)| !joined.contains(other));
            let reached = others
                .filter(|(_, addresses)| lost.iter().any(|lost| lost.intersects(addresses)))
                .map(|(other, _)| other)
                .collect();
            if let Some(bridged) = self.bridged.get_mut(vpc) {
                *bridged = reached;
            }
        }
    }

    fn see(&mut self) {
        let ways = self.joined.iter().zip(&self.bridged).enumerate();
        for (vpc, (joined, bridged)) in ways {
            for other in joined.iter().chain(bridged) {
                for (seen, by) in [(vpc, *other), (*other, vpc)] {
                    self.seen_by.get_mut(seen).into_iter().for_each(|s| _ = s.insert(by));
                }
            }
        }
    }

    fn representatives(&self, chart: &Chart) -> Vec<usize> {
        let mut first: FxHashMap<(usize, usize, usize), usize> = FxHashMap::default();
        let mut of = |(number, subnet): (usize, &SubnetNode)| {
            let is_plain = self.is_plain.get(number).is_some_and(|is_plain| *is_plain);
            let routing = self.by_subnet.get(number).filter(|_| is_plain);
            routing.map_or(number, |routing| {
                let key = (subnet.vpc, chart.filters.acl_number(number), *routing);
                *first.entry(key).or_insert(number)
            })
        };
        chart.index.subnets.iter().enumerate().map(&mut of).collect()
    }
}

/// Returns the different routings, and the number of each subnet's.
fn routings(
    chart: &Chart,
    passages: &mut Numbering<(Passage, bool)>,
) -> (Vec<StepMap<Spot, usize>>, Vec<usize>) {
    let mut routings = Numbering::default();
    let mut known = FxHashMap::default();
    let mut number_of = |subnet| {
        let table = chart.filters.routing_number(subnet);
        *known.entry(table).or_insert_with(|| {
            let mut number =
                |routed: &Routed| passages.number((passage(&routed.way), routed.is_certain));
            let routing = chart.filters.routing(table);
            let mut map = routing.map(&mut number);
            for routed in routing.hops() {
                if let Way::NatGateway(id) = &routed.way {
                    let (nat, loses) = (number(routed), nat_loses(chart, id));
                    map = map.zip_with(&loses, |number, loses| {
                        if *number == nat && !loses { NOWHERE } else { *number }
                    });
                }
            }
            routings.number(map)
        })
    };
    let by_subnet = (0..chart.index.subnets.len()).map(&mut number_of).collect();
    (routings.values, by_subnet)
}

fn passage(way: &Way) -> Passage {
    match way {
        Way::Local => Passage::Local,
        Way::Peering(id, vpc) => Passage::Peering(id.clone(), *vpc),
        Way::Opaque(unknown, identity) | Way::Undecided(unknown, identity) => {
            Passage::Lost(unknown.clone(), *identity)
        }
        Way::NatGateway(id) => Passage::Nat(id.clone()),
        Way::InternetGateway(_)
        | Way::EgressOnlyGateway(_)
        | Way::GatewayEndpoint(_)
        | Way::Dropped(..) => Passage::Nowhere,
    }
}

/// Returns at which destinations a packet through a NAT gateway may come to an interface of the model: not
/// where it certainly leaves to the Internet or is dropped.
fn nat_loses(chart: &Chart, id: &NatGatewayId) -> StepMap<Spot, bool> {
    let gateway = chart.model.nat_gateways.get(id).filter(|gateway| gateway.is_public);
    let subnet = gateway.and_then(|gateway| chart.index.subnet(gateway.subnet.as_ref()?));
    let Some(subnet) = subnet else { return StepMap::constant(true) };
    let routing = chart.filters.routing(chart.filters.routing_number(subnet));
    let goes_on = routing.map(|routed| match &routed.way {
        Way::InternetGateway(_) => false,
        Way::Dropped(code, component) => !is_nowhere(*code, component),
        _ => true,
    });
    goes_on.zip_with(&scope(&all_ipv4()), |goes_on, is_ipv4| *goes_on || !is_ipv4)
}

fn places(routing: &StepMap<Spot, usize>, wanted: impl Fn(&usize) -> bool) -> Spots {
    let steps = routing.steps().filter(|(_, number)| wanted(number));
    steps.map(|(step, _)| step).collect()
}

/// Returns the addresses that interfaces of a VPC have.
fn addresses(chart: &Chart, vpc: usize) -> Spots {
    let interfaces = chart.index.vpcs.get(vpc).map_or(&[][..], |vpc| &vpc.interfaces);
    let nodes = interfaces.iter().filter_map(|number| chart.index.interfaces.get(*number));
    let owned = nodes.flat_map(|node| {
        let exact = node.addresses.iter().map(|address| Interval::single(address.inside));
        exact.chain(node.delegated.iter().flat_map(|prefix| prefix.intervals().iter().copied()))
    });
    owned.collect()
}

/// Returns which subnets have no network ACL and no route that does anything within them, and no
/// addresses of others.
fn plain(chart: &Chart, inside: &Inside, addresses: &[Spots]) -> Vec<bool> {
    let mut is_plain: Vec<bool> = (0..chart.index.subnets.len())
        .map(|subnet| passes_everything(chart, inside, subnet))
        .collect();
    let mut spoil = |subnet: usize| is_plain.get_mut(subnet).into_iter().for_each(|p| *p = false);
    let cidrs = |subnet: usize| chart.index.subnets.get(subnet).map(|subnet| &subnet.cidrs);
    for node in &chart.index.interfaces {
        let own = node.addresses.iter().map(|address| Spots::single(address.inside));
        for place in own.chain(node.delegated.iter().cloned()) {
            for subnet in inside.subnets.get(node.vpc).into_iter().flatten() {
                let is_home = *subnet == node.subnet;
                let fits = |cidrs: &Spots| {
                    if is_home { cidrs.contains_set(&place) } else { !cidrs.intersects(&place) }
                };
                if !cidrs(*subnet).is_some_and(fits) {
                    spoil(*subnet);
                }
            }
        }
    }
    for (vpc, seen_by) in inside.seen_by.iter().enumerate() {
        for other in seen_by.iter().filter(|other| **other != vpc) {
            let Some(foreign) = addresses.get(*other) else { continue };
            let subnets = inside.subnets.get(vpc).into_iter().flatten();
            subnets
                .filter(|subnet| cidrs(**subnet).is_some_and(|cidrs| cidrs.intersects(foreign)))
                .for_each(|subnet| spoil(*subnet));
        }
    }
    is_plain
}

fn passes_everything(chart: &Chart, inside: &Inside, subnet: usize) -> bool {
    let Some(node) = chart.index.subnets.get(subnet) else { return false };
    let acl = chart.filters.acl(chart.filters.acl_number(subnet));
    node.is_read
        && node.cidrs.intervals().iter().all(|interval| {
            let open = |map: &StepMap<Spot, Bounds>| {
                map.steps_within(*interval).all(|(_, bounds)| *bounds == Bounds::ALL)
            };
            let is_open = [Direction::Inbound, Direction::Outbound].into_iter().all(|direction| {
                open(acl.passes(direction)) && open(acl.passes_replies(direction))
            });
            let mut routes = inside
                .routing(subnet)
                .into_iter()
                .flat_map(|routing| routing.steps_within(*interval));
            is_open && routes.all(|(_, number)| *number == LOCAL)
        })
}
