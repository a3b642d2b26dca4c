//! The views of a whole account against single packets: exposure, and a changed rule.

use std::net::IpAddr;

use portolan_model::SecurityGroupId;
use portolan_net::{Header, Set as _};
use portolan_reach::{Certainty, Chart, Component, Exposure, Zone};
use portolan_testkit::network;
use portolan_testkit::oracle::{self, End};
use portolan_testkit::random::SplitMix64;

use crate::oracle::{best, is_spoofed, settings};

const NETWORKS: u64 = 200;

/// Returns what exposure says of a packet from the Internet: whether it is answered.
fn exposed(exposure: &Exposure, from: IpAddr, to: IpAddr, header: Header) -> oracle::Certainty {
    let addresses = exposure.addresses.iter().filter(|exposed| exposed.outside == to);
    let openings = addresses.flat_map(|exposed| exposed.openings.iter());
    best(
        openings
            .filter(|o| o.zone == Zone::Internet && !matches!(o.via, Component::LoadBalancer(_)))
            .filter(|o| o.is_answered && o.sources.contains(from) && o.traffic.contains(header))
            .map(|opening| opening.certainty),
    )
}

#[test]
fn exposure_agrees_with_packets_from_the_internet() {
    let mut compared = 0;
    for seed in 0..NETWORKS {
        let model = network::random(seed);
        let mut random = SplitMix64::new(seed);
        let (ours, theirs) = settings(&mut random);
        let chart = Chart::new(model.clone(), ours);
        let exposure = chart.exposure();
        for probe in network::probes(&model, &mut random) {
            let End::Internet(from) = probe.from else { continue };
            let is_public = chart.model().interfaces.values().any(|interface| {
                interface.ipv4.iter().any(|own| own.public.map(Into::into) == Some(probe.to))
                    || interface.ipv6.iter().any(|own| IpAddr::V6(*own) == probe.to)
            });
            if !is_public || is_spoofed(&chart, &probe) {
                continue;
            }
            let expected = oracle::send(&model, &theirs, &probe);
            let found = exposed(&exposure, from, probe.to, probe.header);
            assert_eq!(found, expected.answered, "{probe:?}\n{:#?}", expected.trace);
            compared += 1;
        }
    }
    assert!(compared > 1_000, "only {compared} packets came from the Internet");
}

#[test]
fn a_changed_group_answers_like_a_new_chart() {
    for seed in 0..NETWORKS {
        let (ours, _) = settings(&mut SplitMix64::new(seed));
        let mut chart = Chart::new(network::random(seed), ours);
        let before = chart.exposure();
        let ids: Vec<SecurityGroupId> = chart.model().security_groups.keys().cloned().collect();
        for (first, second) in ids.iter().zip(ids.iter().skip(1)) {
            // The rules of another group of the same account: a change that AWS would accept.
            let mut changed = chart.model().security_groups[first].clone();
            changed.rules.clone_from(&chart.model().security_groups[second].rules);
            chart.replace_security_group(changed);
            let fresh = Chart::new(chart.model().clone(), ours);
            assert_eq!(chart.exposure(), fresh.exposure(), "seed {seed}, {first}");
        }
        let original = network::random(seed);
        for group in original.security_groups.into_values() {
            chart.replace_security_group(group);
        }
        assert_eq!(chart.exposure(), before, "seed {seed}: going back");
    }
}

#[test]
fn nothing_is_certain_where_nothing_was_read() {
    for seed in 0..NETWORKS {
        let mut model = network::random(seed);
        model.security_groups.clear();
        model.network_acls.clear();
        model.route_tables.clear();
        let chart = Chart::new(model, portolan_reach::Settings::default());
        let exposure = chart.exposure();
        let openings = exposure.addresses.iter().flat_map(|address| address.openings.iter());
        let filtered = openings.filter(|opening| opening.is_answered);
        assert!(filtered.into_iter().all(|opening| opening.certainty == Certainty::Possible));
    }
}
