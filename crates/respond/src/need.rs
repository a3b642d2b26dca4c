//! What each security group is needed for.
//!
//! A request needs a rule at both ends: inbound where it arrives, outbound where it left. A log shows it at both, but
//! one of the two may have been lost, so each sighting counts for both.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use portolan_model::{Direction, InterfaceId, RuleTraffic, SecurityGroupId};
use portolan_reach::Chart;

use crate::observe::Totals;
use crate::request::{Request, Requests, mirrored};

/// One thing that a security group must go on admitting.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Need {
    pub(crate) direction: Direction,
    pub(crate) peer: IpAddr,
    /// The interface at the other end, if it is one.
    pub(crate) neighbour: Option<InterfaceId>,
    /// The narrowest traffic of a rule that admits it.
    pub(crate) traffic: RuleTraffic,
}

/// How a need came about.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Grounds {
    pub(crate) totals: Totals,
    /// The rules that admit it today, by place in the group.
    pub(crate) rules: BTreeSet<usize>,
}

/// The needs of every group.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    pub(crate) by_group: BTreeMap<SecurityGroupId, BTreeMap<Need, Grounds>>,
    /// How many requests more than one group of the interface that saw them admits.
    pub(crate) shared: u64,
}

impl Needs {
    pub(crate) fn of(chart: &Chart, requests: &Requests) -> Self {
        let mut needs = Self::default();
        for (request, totals) in &requests.accepted {
            let groups = needs.add(chart, request, *totals);
            needs.shared += u64::from(groups > 1);
            if let Some(mirrored) = mirrored(chart, request) {
                // Seen there too, if that interface is logged: only the time counts here.
                needs.add(chart, &mirrored, Totals { span: totals.span, ..Totals::default() });
            }
        }
        needs
    }

    /// Adds what a request needs at its interface; returns how many groups admit it.
    fn add(&mut self, chart: &Chart, request: &Request, totals: Totals) -> usize {
        let Request { interface, peer, direction, .. } = request;
        let admission = chart.admission(interface, *direction, *peer, &request.traffic());
        let mut groups = BTreeSet::new();
        for (group, place) in admission.rules {
            let need = Need {
                direction: *direction,
                peer: *peer,
                neighbour: chart.neighbour(interface, *peer),
                traffic: rule_traffic(chart, request, &group, place),
            };
            let needs = self.by_group.entry(group.clone()).or_default();
            let grounds = needs.entry(need).or_default();
            grounds.rules.insert(place);
            // Two rules of one group may admit one request: it counts once.
            if groups.insert(group) {
                grounds.totals.add(totals);
            } else {
                grounds.totals.touch(totals.span);
            }
        }
        groups.len()
    }
}

/// Returns the narrowest traffic that a rule may be narrowed to. Of ICMP the logs have no types, so a rule that
/// names one keeps it.
fn rule_traffic(
    chart: &Chart,
    request: &Request,
    group: &SecurityGroupId,
    place: usize,
) -> RuleTraffic {
    let group = chart.model().security_groups.get(group);
    match group.and_then(|group| group.rules.get(place)).map(|rule| rule.traffic) {
        Some(traffic @ RuleTraffic::Icmp { .. }) => traffic,
        _ => request.rule_traffic(),
    }
}
