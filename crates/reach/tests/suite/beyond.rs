//! Networks behind what is not modelled: exposure and single questions say the same of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portolan_net::Traffic;
use portolan_reach::{Certainty, Chart, End, ExposedAddress, Party, Question, Settings, Zone};
use portolan_testkit::network;

use crate::oracle::only;

const NETWORKS: u64 = 200;

/// A host in each family that is on the Internet and in no model.
const OUTSIDE: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)), IpAddr::V6(Ipv6Addr::new(0x2600, 0, 0, 0, 0, 0, 0, 1))];

/// What may come in by a component: its id, the packets, and whether they are answered.
type Entry = (String, Traffic, bool);

/// Returns what exposure says may come from an address beyond a component.
fn exposed_to(exposed: &ExposedAddress, from: IpAddr) -> Vec<Entry> {
    let openings = exposed.openings.iter().filter(|opening| opening.sources.contains(from));
    let beyond = openings.filter_map(|opening| match &opening.zone {
        Zone::Beyond(component) => {
            Some((component.to_string(), opening.traffic.clone(), opening.is_answered))
        }
        Zone::Internet => None,
    });
    beyond.collect()
}

/// Returns what an answer says may come from a party beyond a component.
fn answered(chart: &Chart, from: Party, exposed: &ExposedAddress) -> Vec<Entry> {
    let to = Party::Interfaces(vec![exposed.interface.clone()]);
    let answer = chart.reach(&Question { from, to, traffic: Traffic::all() });
    let beyond = answer.flows.into_iter().filter_map(|flow| match (flow.from, flow.to) {
        (End::Beyond(component), End::Interface { address, .. }) if address == exposed.inside => {
            assert_eq!(flow.delivery, Certainty::Possible, "{component:?}");
            Some((component.to_string(), flow.traffic, flow.is_answered))
        }
        _ => None,
    });
    beyond.collect()
}

/// Returns addresses that no interface has: on the Internet, and the first ones that openings are for.
fn hosts(chart: &Chart, exposed: &ExposedAddress) -> Vec<IpAddr> {
    let first = exposed.openings.iter().flat_map(|opening| {
        let v4 = opening.sources.v4.first().map(IpAddr::V4);
        v4.into_iter().chain(opening.sources.v6.first().map(IpAddr::V6))
    });
    let is_owned = |host: &IpAddr| {
        let from = Party::Addresses(only(*host));
        let traffic = Traffic::all();
        let answer = chart.reach(&Question { from, to: Party::Internet, traffic });
        !answer.flows.is_empty() || !answer.blocked_path.is_empty()
    };
    OUTSIDE.into_iter().chain(first).filter(|host| !is_owned(host)).collect()
}

#[test]
fn exposure_and_questions_agree_about_networks_beyond() {
    let mut compared = 0;
    for seed in 0..NETWORKS {
        let chart = Chart::new(network::random(seed), Settings::default());
        for exposed in chart.exposure().addresses {
            for host in hosts(&chart, &exposed) {
                let from = Party::Addresses(only(host));
                let expected = exposed_to(&exposed, host);
                assert_eq!(answered(&chart, from, &exposed), expected, "seed {seed}, {host}");
                compared += expected.len();
            }
        }
    }
    assert!(compared > 300, "only {compared} entries came from beyond");
}

#[test]
fn the_internet_may_be_beyond_too() {
    let mut compared = 0;
    for seed in 0..NETWORKS {
        let chart = Chart::new(network::random(seed), Settings::default());
        for exposed in chart.exposure().addresses {
            let found = answered(&chart, Party::Internet, &exposed);
            for host in OUTSIDE {
                let expected = exposed_to(&exposed, host);
                assert!(expected.iter().all(|entry| found.contains(entry)), "seed {seed}");
                compared += expected.len();
            }
        }
    }
    assert!(compared > 40, "only {compared} entries came from beyond");
}
