//! The engine against the independent oracle, on random networks.
//!
//! The oracle pushes one packet at a time through the raw rules; the engine answers with sets. They must
//! say the same of every packet: whether it is delivered, whether it is answered, and where it ends.

use std::net::IpAddr;

use portolan_model::Model;
use portolan_net::{Ipv4Set, Ipv6Set, Set as _, Traffic};
use portolan_reach::{Answer, Certainty, Chart, End, Flow, IpSet, Party, Question, Settings};
use portolan_testkit::network;
use portolan_testkit::oracle::{self, Arrival, Probe};
use portolan_testkit::random::SplitMix64;

/// How many packets are compared; `PORTOLAN_ORACLE_CASES` asks for more.
const CASES: usize = 20_000;

pub(crate) fn only(address: IpAddr) -> IpSet {
    match address {
        IpAddr::V4(address) => IpSet { v4: Ipv4Set::single(address), v6: Ipv6Set::empty() },
        IpAddr::V6(address) => IpSet { v4: Ipv4Set::empty(), v6: Ipv6Set::single(address) },
    }
}

fn ask(chart: &Chart, probe: &Probe) -> Answer {
    chart.reach(&Question {
        from: Party::Addresses(only(probe.from.address())),
        to: Party::Addresses(only(probe.to)),
        traffic: Traffic::from(probe.header),
    })
}

/// Returns the flows that start where the probe does: other VPCs may use its address too.
fn flows<'a>(answer: &'a Answer, probe: &Probe) -> Vec<&'a Flow> {
    let starts_there = |flow: &&Flow| match (&flow.from, &probe.from) {
        (End::Interface { interface, .. }, oracle::End::Interface { interface: wanted, .. }) => {
            interface == wanted
        }
        (End::Internet, oracle::End::Internet(_)) => true,
        _ => false,
    };
    answer.flows.iter().filter(starts_there).collect()
}

pub(crate) fn best(certainties: impl Iterator<Item = Certainty>) -> oracle::Certainty {
    let word = |certainty| match certainty {
        Certainty::Certain => oracle::Certainty::Yes,
        Certainty::Possible => oracle::Certainty::Maybe,
    };
    certainties.map(word).max().unwrap_or(oracle::Certainty::No)
}

/// Returns what the engine says in the words of the oracle: delivered, answered, and where it ends.
fn verdict(flows: &[&Flow]) -> (oracle::Certainty, oracle::Certainty, Option<Arrival>) {
    let delivered = best(flows.iter().map(|flow| flow.delivery));
    let answered = best(flows.iter().filter(|f| f.is_answered).map(|flow| flow.certainty));
    let certain = flows.iter().find(|flow| flow.delivery == Certainty::Certain);
    let at = certain.map(|flow| match &flow.to {
        End::Interface { interface, .. } => Arrival::Interface(interface.clone()),
        End::Internet => Arrival::Internet,
        _ => Arrival::Service,
    });
    (delivered, answered, at)
}

fn check(model: &Model, chart: &Chart, settings: oracle::Settings, probe: &Probe) {
    let answer = ask(chart, probe);
    let flows = flows(&answer, probe);
    let (delivered, answered, at) = verdict(&flows);
    let expected = oracle::send(model, &settings, probe);
    let is_sure = expected.delivered == oracle::Certainty::Yes;
    let same_end = !is_sure || at == expected.at;
    assert!(
        delivered == expected.delivered && answered == expected.answered && same_end,
        "{probe:?}\nengine: delivered {delivered:?}, answered {answered:?}, at {at:?}\n\
         oracle: delivered {:?}, answered {:?}, at {:?}\n{:#?}\nflows {flows:#?}\nblockers {:#?}\n{}",
        expected.delivered,
        expected.answered,
        expected.at,
        expected.trace,
        answer.blockers,
        network::describe(model),
    );
}

pub(crate) fn settings(random: &mut SplitMix64) -> (Settings, oracle::Settings) {
    let [network_acls, security_groups, port_25] = [85, 85, 85].map(|odds| random.chance(odds));
    (
        Settings { network_acls, security_groups, port_25_is_blocked: port_25 },
        oracle::Settings { network_acls, security_groups, port_25_blocked: port_25 },
    )
}

/// An address that an interface of the model has cannot be somebody else's on the Internet.
pub(crate) fn is_spoofed(chart: &Chart, probe: &Probe) -> bool {
    let oracle::End::Internet(address) = probe.from else { return false };
    let owned = chart.reach(&Question {
        from: Party::Addresses(only(address)),
        to: Party::Internet,
        traffic: Traffic::all(),
    });
    owned.flows.iter().any(|flow| matches!(flow.from, End::Interface { .. }))
        || !owned.blocked_path.is_empty()
}

fn cases() -> usize {
    let text = option_env!("PORTOLAN_ORACLE_CASES");
    text.and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

#[test]
fn says_the_same_as_the_oracle_of_every_packet() {
    let mut compared = 0;
    let mut seed = 0;
    while compared < cases() {
        let model = network::random(seed);
        let mut random = SplitMix64::new(seed);
        let (ours, theirs) = settings(&mut random);
        let chart = Chart::new(model.clone(), ours);
        for probe in network::probes(&model, &mut random) {
            if !is_spoofed(&chart, &probe) {
                check(&model, &chart, theirs, &probe);
                compared += 1;
            }
        }
        seed += 1;
    }
    println!("{compared} packets in {seed} networks");
}
