//! Answers are sets: every witness must replay, and a packet must be in the set exactly if it passes.

use std::collections::BTreeMap;
use std::net::IpAddr;

use portolan_model::InterfaceId;
use portolan_net::{Ipv4Set, Ipv6Set, Set as _, Traffic};
use portolan_reach::{Certainty, Chart, End, Flow, IpSet, Party, Question};
use portolan_testkit::network;
use portolan_testkit::oracle::{self, Probe};
use portolan_testkit::random::SplitMix64;

use crate::oracle::{best, is_spoofed, settings};

const NETWORKS: u64 = 150;

fn everywhere() -> Party {
    Party::Addresses(IpSet { v4: Ipv4Set::full(), v6: Ipv6Set::full() })
}

/// Asks who can reach anything at all, from a party.
fn ask_all(chart: &Chart, from: Party) -> Vec<Flow> {
    chart.reach(&Question { from, to: everywhere(), traffic: Traffic::all() }).flows
}

fn holds(flow: &Flow, probe: &Probe) -> bool {
    let starts_there = match (&flow.from, &probe.from) {
        (End::Interface { interface, .. }, oracle::End::Interface { interface: wanted, .. }) => {
            interface == wanted
        }
        (End::Internet, oracle::End::Internet(_)) => true,
        _ => false,
    };
    starts_there
        && flow.sources.contains(probe.from.address())
        && flow.destinations.contains(probe.to)
        && flow.traffic.contains(probe.header)
}

#[test]
fn a_packet_is_in_the_answer_exactly_if_it_passes() {
    for seed in 0..NETWORKS {
        let model = network::random(seed);
        let mut random = SplitMix64::new(seed);
        let (ours, theirs) = settings(&mut random);
        let chart = Chart::new(model.clone(), ours);
        let mut answers: BTreeMap<Option<InterfaceId>, Vec<Flow>> = BTreeMap::new();
        for probe in network::probes(&model, &mut random) {
            if is_spoofed(&chart, &probe) || is_delegated(&chart, &probe) {
                continue;
            }
            let from = match &probe.from {
                oracle::End::Interface { interface, .. } => Some(interface.clone()),
                oracle::End::Internet(_) => None,
            };
            let flows = answers.entry(from.clone()).or_insert_with(|| {
                let party = from.map_or(Party::Internet, |from| Party::Interfaces(vec![from]));
                ask_all(&chart, party)
            });
            let holding: Vec<&Flow> = flows.iter().filter(|flow| holds(flow, &probe)).collect();
            let delivered = best(holding.iter().map(|flow| flow.delivery));
            let answered = holding.iter().filter(|flow| flow.is_answered);
            let answered = best(answered.map(|flow| flow.certainty));
            let expected = oracle::send(&model, &theirs, &probe);
            assert_eq!(
                (delivered, answered),
                (expected.delivered, expected.answered),
                "{probe:?} {:#?}\n{holding:#?}\n{}",
                expected.trace,
                network::describe(&model)
            );
        }
    }
}

/// A question that names an interface speaks of the first address of each prefix delegated to it.
fn is_delegated(chart: &Chart, probe: &Probe) -> bool {
    let oracle::End::Interface { interface, address } = &probe.from else { return false };
    chart.model().interfaces.get(interface).is_some_and(|interface| {
        let own = interface.ipv4.iter().map(|own| IpAddr::V4(own.address));
        !own.chain(interface.ipv6.iter().map(|own| IpAddr::V6(*own))).any(|own| own == *address)
    })
}

#[test]
fn every_witness_replays() {
    for seed in 0..NETWORKS {
        let model = network::random(seed);
        let (ours, theirs) = settings(&mut SplitMix64::new(seed));
        let chart = Chart::new(model.clone(), ours);
        let inside = Party::Interfaces(model.interfaces.keys().cloned().collect());
        let mut flows = ask_all(&chart, inside);
        flows.extend(ask_all(&chart, Party::Internet));
        for flow in &flows {
            match flow.from {
                // The oracle has no networks behind what is not modelled.
                End::Beyond(_) => assert_eq!(flow.delivery, Certainty::Possible, "{flow:#?}"),
                _ => replay(&model, theirs, flow),
            }
        }
    }
}

fn replay(model: &portolan_model::Model, settings: oracle::Settings, flow: &Flow) {
    let from = match &flow.from {
        End::Interface { interface, address } => {
            oracle::End::Interface { interface: interface.clone(), address: *address }
        }
        _ => oracle::End::Internet(flow.witness.source),
    };
    let probe = Probe { from, to: flow.witness.destination, header: flow.witness.header };
    let outcome = oracle::send(model, &settings, &probe);
    let expected = match (flow.is_answered, flow.certainty) {
        (true, Certainty::Certain) => oracle::Certainty::Yes,
        (true, Certainty::Possible) => oracle::Certainty::Maybe,
        (false, _) => oracle::Certainty::No,
    };
    assert_eq!(outcome.answered, expected, "{flow:#?}\n{:#?}", outcome.trace);
    assert_eq!(outcome.delivered, best(std::iter::once(flow.delivery)), "{flow:#?}");
    assert!(flow.is_answered || flow.reply_hops.is_empty());
    assert_eq!(flow.unknowns.is_empty(), flow.certainty == Certainty::Certain, "{flow:#?}");
}
