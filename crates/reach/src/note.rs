//! Notes: what is to be told of a rule beside what it says.
//!
//! A rule that names a prefix list does not say which addresses it means, one that comes too late does not say
//! so, and one that names something which is gone looks like any other. Whoever looks for a mistake
//! has to look there, so evidence carries it. Notes explain; they decide nothing.

use portolan_model::{
    Action, Direction, Model, Place, PrefixListId, ResourceKind, RulePeer, Status,
};
use portolan_net::{IpPrefix, Set as _, Traffic};

use crate::code::Code;
use crate::evidence::{Component, RuleReference};
use crate::index::Index;
use crate::line::{Spots, spots};
use crate::path::{Rules, Step};
use crate::rules::{Rulebook, acl_reference, group_reference};

/// Something that is to be told of a rule.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Note {
    /// The rule.
    pub rule: RuleReference,
    /// What is to be told.
    pub remark: Remark,
}

/// What is to be told of a rule.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Remark {
    /// It names a prefix list, and these entries of it hold the addresses in question. Sorted; none is
    /// inside another.
    Entries(PrefixListId, Vec<IpPrefix>),
    /// It says the opposite of the packets in question, and comes too late: this rule matches first.
    TooLate(Box<RuleReference>),
    /// It names something that cannot do what the rule is for.
    Missing(Component, Absence),
}

/// Why something that a rule names cannot do what the rule is for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Absence {
    /// Everything of its kind was read where it would be, and it is not there: it was deleted.
    Gone(ResourceKind),
    /// It was not read.
    NotRead,
    /// It is there and not in a working state.
    OutOfService,
}

/// The packets that evidence is about: the addresses at the other end and what they send or get. On the way
/// back the traffic is that of the requests.
#[derive(Clone, Copy)]
pub(crate) struct Packets<'a> {
    pub(crate) far: &'a Spots,
    pub(crate) traffic: &'a Traffic,
    pub(crate) on_reply: bool,
}

impl Packets<'_> {
    /// Returns whether any of the packets meets a rule for this traffic.
    fn meet(&self, traffic: &Traffic) -> bool {
        if self.on_reply {
            traffic.replies_within().intersects(self.traffic)
        } else {
            traffic.intersects(self.traffic)
        }
    }
}

impl Rulebook<'_> {
    /// Returns what is to be told where packets pass by these rules: the entries of prefix lists that hold them,
    /// and the entries of network ACLs that would have stopped them.
    pub(crate) fn notes_on_passing(
        &self,
        step: &Step,
        rules: &[RuleReference],
        packets: Packets<'_>,
    ) -> Vec<Note> {
        let far = addresses(step, packets.far);
        let mut notes = self.too_late(step, Action::Deny, &far, packets);
        for rule in rules {
            let lists = rule.names.iter().filter_map(|named| match named {
                Component::PrefixList(list) => Some(list),
                _ => None,
            });
            notes.extend(lists.filter_map(|list| self.entries(rule, list, &far)));
        }
        notes
    }

    /// Returns what is to be told where packets are stopped, perhaps by this rule: what the rule names and is
    /// missing, the groups that are missing of rules which would let the packets pass, and the entries of
    /// network ACLs that would have let them.
    pub(crate) fn notes_on_stopping(
        &self,
        step: &Step,
        rule: Option<&RuleReference>,
        packets: Packets<'_>,
    ) -> Vec<Note> {
        let far = addresses(step, packets.far);
        let mut notes = self.too_late(step, Action::Allow, &far, packets);
        if let Rules::Groups { interface, .. } = &step.rules {
            let direction = step.direction.unwrap_or(Direction::Inbound);
            notes.extend(self.missing_groups(*interface, direction, packets));
        }
        let is_blackhole = step.pass.code() == Some(Code::BadStateRoute);
        for rule in rule.into_iter().filter(|rule| is_route(rule)) {
            notes.extend(rule.names.iter().filter_map(|named| {
                let place = self.place(&rule.component);
                let found = self.absence(&place, named);
                let absence = found.or(is_blackhole.then_some(Absence::OutOfService))?;
                Some(missing(rule.clone(), named.clone(), absence))
            }));
        }
        notes
    }

    fn entries(&self, rule: &RuleReference, list: &PrefixListId, far: &Spots) -> Option<Note> {
        let entries = self.model.prefix_lists.get(list)?.entries.as_ref()?;
        let holding = entries.iter().copied().filter(|entry| spots(*entry).intersects(far));
        let entries = outermost(holding.collect());
        let remark = Remark::Entries(list.clone(), entries);
        Some(Note { rule: rule.clone(), remark })
    }

    /// Returns the entries of a step's network ACL that do `action` with some of the packets, but come behind one
    /// that does the opposite.
    fn too_late(
        &self,
        step: &Step,
        action: Action,
        far: &Spots,
        packets: Packets<'_>,
    ) -> Vec<Note> {
        let Rules::Acl { acl, .. } = &step.rules else { return Vec::new() };
        let filter = self.filters.acl(*acl);
        let Some(acl) = filter.id.as_ref().and_then(|id| self.model.network_acls.get(id)) else {
            return Vec::new();
        };
        let reference = |entry| acl_reference(Component::NetworkAcl(acl.id.clone()), entry);
        filter
            .overlaps(acl, step.direction.unwrap_or(Direction::Inbound))
            .iter()
            .filter(|it| it.later.action == action && it.earlier.action != action)
            .filter(|it| {
                let mut parts = it.packets.steps();
                parts.any(|(part, traffic)| {
                    packets.meet(traffic) && far.intersects(&Spots::from(part))
                })
            })
            .map(|it| Note {
                rule: reference(&it.later),
                remark: Remark::TooLate(Box::new(reference(&it.earlier))),
            })
            .collect()
    }

    /// Returns the rules of an interface's security groups that would let some of the packets pass if the group
    /// that they name were there.
    fn missing_groups(
        &self,
        interface: usize,
        direction: Direction,
        packets: Packets<'_>,
    ) -> Vec<Note> {
        let rules =
            self.group_rules(interface, direction, |rule| packets.meet(&rule.traffic.to_traffic()));
        let mut notes = Vec::new();
        for (group, place, rule) in rules {
            let RulePeer::Group(named) = &rule.peer else { continue };
            let account = named.account.clone().or_else(|| group.place.account.clone());
            let home = Place { account, region: group.place.region.clone() };
            let component = Component::SecurityGroup(named.group.clone());
            if let Some(absence) = self.absence(&home, &component) {
                notes.push(missing(group_reference(group, place, rule), component, absence));
            }
        }
        notes
    }

    /// Returns where a route table is.
    fn place(&self, table: &Component) -> Place {
        let Component::RouteTable(id) = table else { return Place::default() };
        let table = self.model.route_tables.get(id);
        table.map(|table| table.place.clone()).unwrap_or_default()
    }

    /// Returns why a component that would be in `place` cannot do what it is for, or `None` if nothing is known to
    /// be wrong with it.
    fn absence(&self, place: &Place, component: &Component) -> Option<Absence> {
        let (state, kind) = state(self.model, self.index, component)?;
        match state {
            State::InService => None,
            State::OutOfService => Some(Absence::OutOfService),
            State::Named => Some(Absence::NotRead),
            State::Absent => match self.model.coverage.status(place, kind) {
                Status::Present => Some(Absence::Gone(kind)),
                Status::Broken | Status::Absent => Some(Absence::NotRead),
            },
        }
    }
}

/// Returns the addresses at the other end as a step sees them.
fn addresses(step: &Step, far: &Spots) -> Spots {
    let fixed = match &step.rules {
        Rules::Groups { address, .. }
        | Rules::Acl { address, .. }
        | Rules::Route { address, .. } => *address,
        Rules::None => None,
    };
    fixed.map_or_else(|| far.clone(), Spots::single)
}

/// What the model knows of a component.
enum State {
    InService,
    OutOfService,
    /// Something holds it, so that it exists, and it was not read.
    Named,
    Absent,
}

/// Returns what the model knows of something that a rule names, and as what it is read; `None` of what rules do
/// not name, or is in no table.
fn state(model: &Model, index: &Index, component: &Component) -> Option<(State, ResourceKind)> {
    let state = |in_service: Option<bool>| match in_service {
        Some(true) => State::InService,
        Some(false) => State::OutOfService,
        None => State::Absent,
    };
    let is_there = |is_there: bool| state(is_there.then_some(true));
    Some(match component {
        Component::Peering(id) => {
            (state(model.peerings.get(id).map(|it| it.is_active)), ResourceKind::PeeringConnections)
        }
        Component::NatGateway(id) => {
            (state(model.nat_gateways.get(id).map(|it| it.is_available)), ResourceKind::NatGateways)
        }
        Component::Endpoint(id) => {
            (state(model.endpoints.get(id).map(|it| it.is_available)), ResourceKind::Endpoints)
        }
        Component::InternetGateway(id) => (
            state(model.internet_gateways.get(id).map(|it| it.vpc.is_some())),
            ResourceKind::InternetGateways,
        ),
        Component::EgressOnlyGateway(id) => (
            state(model.egress_only_gateways.get(id).map(|it| it.vpc.is_some())),
            ResourceKind::EgressOnlyInternetGateways,
        ),
        Component::TransitGateway(id) => {
            (is_there(model.transit_gateways.contains_key(id)), ResourceKind::TransitGateways)
        }
        Component::VpnGateway(id) => {
            (is_there(model.vpn_gateways.contains_key(id)), ResourceKind::VpnGateways)
        }
        Component::Interface(id) => {
            (is_there(model.interfaces.contains_key(id)), ResourceKind::NetworkInterfaces)
        }
        Component::Other(id) if id.starts_with("i-") => {
            (is_there(model.instances.contains_key(id.as_ref())), ResourceKind::Instances)
        }
        Component::SecurityGroup(id) => {
            let is_held = || index.group_sets.iter().any(|set| set.binary_search(id).is_ok());
            let state = match model.security_groups.contains_key(id) {
                true => State::InService,
                false if is_held() => State::Named,
                false => State::Absent,
            };
            (state, ResourceKind::SecurityGroups)
        }
        _ => return None,
    })
}

const fn missing(rule: RuleReference, component: Component, absence: Absence) -> Note {
    Note { rule, remark: Remark::Missing(component, absence) }
}

const fn is_route(rule: &RuleReference) -> bool {
    matches!(rule.component, Component::RouteTable(_))
}

/// Returns the prefixes that are not inside others, sorted.
fn outermost(mut prefixes: Vec<IpPrefix>) -> Vec<IpPrefix> {
    // A prefix comes before those that it covers.
    prefixes.sort_unstable();
    prefixes.dedup_by(|next, kept| match (*kept, *next) {
        (IpPrefix::V4(kept), IpPrefix::V4(next)) => kept.covers(next),
        (IpPrefix::V6(kept), IpPrefix::V6(next)) => kept.covers(next),
        _ => false,
    });
    prefixes
}

#[cfg(test)]
mod tests {
    use portolan_model::{Peering, PeeringSide, Reading, Tags, VpcId};

    use super::*;
    use crate::chart::Chart;
    use crate::question::Settings;

    fn side(vpc: &str) -> PeeringSide {
        PeeringSide {
            vpc: VpcId::from(vpc),
            account: None,
            region: None,
            ipv4: Vec::new(),
            ipv6: Vec::new(),
        }
    }

    fn peering(id: &str, is_active: bool) -> Peering {
        let (requester, accepter) = (side("vpc-1"), side("vpc-2"));
        Peering { id: id.into(), tags: Tags::default(), is_active, requester, accepter }
    }

    #[test]
    fn gone_is_what_was_looked_for_and_not_found() {
        let place = Place::default();
        let check = |broken: Option<u64>, id: &str, expected: Option<Absence>| {
            let mut model = Model::default();
            for peering in [peering("pcx-1", true), peering("pcx-2", false)] {
                model.peerings.insert(peering.id.clone(), peering);
            }
            let kind = ResourceKind::PeeringConnections;
            if let Some(broken) = broken {
                model.coverage.add(&place, kind, Reading { files: 1, resources: 2, broken });
            }
            let chart = Chart::new(model, Settings::default());
            let component = Component::Peering(id.into());
            assert_eq!(chart.rulebook().absence(&place, &component), expected, "{broken:?} {id}");
        };
        check(Some(0), "pcx-1", None);
        check(Some(0), "pcx-2", Some(Absence::OutOfService));
        check(Some(0), "pcx-3", Some(Absence::Gone(ResourceKind::PeeringConnections)));
        check(Some(1), "pcx-3", Some(Absence::NotRead));
        check(None, "pcx-3", Some(Absence::NotRead));
    }

    #[test]
    fn entries_inside_others_say_nothing_more() {
        let check = |entries: &[&str], expected: &[&str]| {
            let parse = |texts: &[&str]| texts.iter().map(|it| it.parse().unwrap()).collect();
            assert_eq!(outermost(parse(entries)), parse(expected));
        };
        check(&["128.0.0.0/1", "0.0.0.0/1"], &["0.0.0.0/1", "128.0.0.0/1"]);
        check(
            &["10.1.0.0/16", "10.0.0.0/8", "10.1.2.0/24", "11.0.0.0/8"],
            &["10.0.0.0/8", "11.0.0.0/8"],
        );
        check(&["fd00::/8", "::/0", "0.0.0.0/0"], &["0.0.0.0/0", "::/0"]);
    }
}
