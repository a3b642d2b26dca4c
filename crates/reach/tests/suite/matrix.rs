//! The matrix against single packets of the oracle, and against the walk.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use portolan_model::{InterfaceId, Model};
use portolan_net::{Header, Set as _, Traffic};
use portolan_reach::{
    Certainty, Chart, End as Place, Flow, Matrix, Party, Question, Settings, Unknown,
};
use portolan_testkit::network;
use portolan_testkit::oracle::{self, Arrival, End, Probe};
use portolan_testkit::random::SplitMix64;

use crate::oracle::settings;

const NETWORKS: u64 = 200;

/// What a matrix says of each pair: what certainly passes, and what may.
type Pairs = BTreeMap<(InterfaceId, InterfaceId), (Arc<Traffic>, Arc<Traffic>)>;

fn pairs(matrix: &Matrix<'_>) -> Pairs {
    let mut pairs = Pairs::new();
    for pair in matrix.pairs() {
        assert!(pair.possible.contains_set(&pair.certain), "{pair:?}");
        let ends = (pair.from.clone(), pair.to.clone());
        let before = pairs.insert(ends, (pair.certain, pair.possible));
        assert_eq!(before, None, "{} to {} is there twice", pair.from, pair.to);
    }
    pairs
}

fn word(pairs: &Pairs, from: &InterfaceId, to: &InterfaceId, header: Header) -> oracle::Certainty {
    match pairs.get(&(from.clone(), to.clone())) {
        Some((certain, _)) if certain.contains(header) => oracle::Certainty::Yes,
        Some((_, possible)) if possible.contains(header) => oracle::Certainty::Maybe,
        _ => oracle::Certainty::No,
    }
}

fn addresses(model: &Model, id: &InterfaceId) -> Vec<IpAddr> {
    let interface = &model.interfaces[id];
    let v4 = interface.ipv4.iter().map(|own| own.address.into());
    v4.chain(interface.ipv6.iter().map(|own| (*own).into())).collect()
}

/// Returns what the oracle says of a packet between any addresses of two interfaces.
fn sent(
    model: &Model,
    settings: oracle::Settings,
    from: &InterfaceId,
    to: &InterfaceId,
    header: Header,
) -> oracle::Certainty {
    let mut best = oracle::Certainty::No;
    for source in addresses(model, from) {
        for destination in addresses(model, to) {
            let sender = End::Interface { interface: from.clone(), address: source };
            let probe = Probe { from: sender, to: destination, header };
            let outcome = oracle::send(model, &settings, &probe);
            let is_there = outcome.at == Some(Arrival::Interface(to.clone()));
            let is_lost = outcome.at.is_none() && outcome.delivered == oracle::Certainty::Maybe;
            if is_inside(&outcome) && (is_there || is_lost) {
                best = best.max(outcome.answered);
            }
        }
    }
    best
}

/// Returns whether a packet did not go round by the Internet: the matrix is about the inside.
fn is_inside(outcome: &oracle::Outcome) -> bool {
    let is_outside = |step: &String| step.starts_with("9 ") || step.contains("public access");
    !outcome.trace.iter().any(is_outside)
}

fn has_delegated_prefixes(model: &Model) -> bool {
    model.interfaces.values().any(|i| !i.ipv4_prefixes.is_empty() || !i.ipv6_prefixes.is_empty())
}

/// Returns the seeds of networks in which every interface is exactly its addresses.
fn seeds(networks: u64) -> impl Iterator<Item = u64> {
    (0..networks).filter(|seed| !has_delegated_prefixes(&network::random(*seed)))
}

#[test]
fn agrees_with_packets_between_interfaces() {
    let mut compared = 0;
    let mut may_leave_the_vpc = 0;
    for seed in seeds(NETWORKS) {
        let model = network::random(seed);
        let mut random = SplitMix64::new(seed);
        let (ours, theirs) = settings(&mut random);
        let chart = Chart::new(model.clone(), ours);
        let pairs = pairs(&chart.matrix());
        let headers: Vec<Header> =
            network::probes(&model, &mut random).iter().map(|probe| probe.header).take(6).collect();
        for from in model.interfaces.keys() {
            for to in model.interfaces.keys().filter(|to| *to != from) {
                for header in &headers {
                    let found = word(&pairs, from, to, *header);
                    let expected = sent(&model, theirs, from, to, *header);
                    assert_eq!(
                        found,
                        expected,
                        "{from} to {to} {header}, seed {seed}\n{}",
                        network::describe(&model)
                    );
                    let is_away = model.interfaces[from].vpc != model.interfaces[to].vpc;
                    may_leave_the_vpc +=
                        usize::from(is_away && expected == oracle::Certainty::Maybe);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 10_000, "only {compared} packets went between interfaces");
    assert!(may_leave_the_vpc > 300, "only {may_leave_the_vpc} may have come to another VPC");
}

/// Returns what a single question says of a pair, the Internet left out.
fn asked(chart: &Chart, from: &InterfaceId, to: &InterfaceId) -> Vec<Flow> {
    let party = |id: &InterfaceId| Party::Interfaces(vec![id.clone()]);
    let question = Question { from: party(from), to: party(to), traffic: Traffic::all() };
    let flows = chart.reach(&question).flows.into_iter();
    flows.filter(|flow| flow.is_answered && flow.to != Place::Internet).collect()
}

fn traffic<'f>(flows: impl Iterator<Item = &'f Flow>) -> Traffic {
    flows.fold(Traffic::empty(), |sum, flow| sum.union(&flow.traffic))
}

#[test]
fn agrees_with_single_questions() {
    let mut unknown = 0;
    for seed in seeds(NETWORKS) {
        let chart = Chart::new(network::random(seed), settings(&mut SplitMix64::new(seed)).0);
        let pairs = pairs(&chart.matrix());
        for from in chart.model().interfaces.keys() {
            for to in chart.model().interfaces.keys().filter(|to| *to != from) {
                let flows = asked(&chart, from, to);
                let certain = flows.iter().filter(|flow| flow.certainty == Certainty::Certain);
                let expected = (traffic(certain), traffic(flows.iter()));
                let found = pairs.get(&(from.clone(), to.clone()));
                let found = found.map_or_else(
                    || (Traffic::empty(), Traffic::empty()),
                    |(certain, possible)| ((**certain).clone(), (**possible).clone()),
                );
                assert_eq!(
                    found,
                    expected,
                    "{from} to {to}, seed {seed}\n{}",
                    network::describe(chart.model())
                );
                unknown += usize::from(found.0.is_empty() && !found.1.is_empty());
            }
        }
    }
    assert!(unknown > 300, "only {unknown} pairs are unknown");
}

/// A matrix says why, like a question about any pair of the classes.
#[test]
fn gives_the_reasons_of_single_questions() {
    let mut bridges = 0;
    for seed in seeds(3 * NETWORKS) {
        let chart = Chart::new(network::random(seed), Settings::default());
        let matrix = chart.matrix();
        let members = |class: u32| &matrix.classes[class as usize].interfaces;
        for bridge in matrix.bridges() {
            let (from, to) = (members(bridge.from[0]), members(bridge.to[0]));
            let flows = asked(&chart, &from[0], &to[0]);
            let reasons: BTreeSet<Unknown> =
                flows.iter().flat_map(|flow| flow.unknowns.clone()).collect();
            assert!(!bridge.unknowns.is_empty());
            assert!(bridge.unknowns.iter().all(|unknown| reasons.contains(unknown)), "seed {seed}");
            bridges += 1;
        }
        for cell in matrix.cells() {
            let unknowns = matrix.unknowns(cell.from, cell.to);
            assert!(
                cell.certain == cell.possible || !unknowns.is_empty(),
                "{cell:?}, seed {seed}\n{}",
                network::describe(chart.model())
            );
        }
    }
    assert!(bridges > 100, "only {bridges} bridges");
}

/// Every interface is in exactly one class, and members of a class are told apart by nothing.
#[test]
fn classes_are_a_partition() {
    for seed in 0..NETWORKS {
        let chart = Chart::new(network::random(seed), Settings::default());
        let matrix = chart.matrix();
        let mut members: Vec<&InterfaceId> =
            matrix.classes.iter().flat_map(|class| &class.interfaces).collect();
        members.sort();
        assert_eq!(members, chart.model().interfaces.keys().collect::<Vec<_>>());
        for class in &matrix.classes {
            for id in &class.interfaces {
                let interface = &chart.model().interfaces[id];
                assert_eq!((&class.vpc, class.kind), (&interface.vpc, interface.kind));
                assert!(class.subnets.contains(&interface.subnet));
            }
        }
        assert!(matrix.cells().all(|cell| !cell.possible.is_empty()), "seed {seed}");
    }
}
