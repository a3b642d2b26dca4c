//! The views of a whole account against single packets: exposure, the matrix, and a changed rule.

use std::net::IpAddr;

use portolan_model::{InterfaceId, Model, SecurityGroupId};
use portolan_net::{Header, Set as _};
use portolan_reach::{Certainty, Chart, Component, Exposure, Matrix, Zone};
use portolan_testkit::network;
use portolan_testkit::oracle::{self, Arrival, End, Probe};
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

/// Returns what the matrix says of a packet between two interfaces.
fn paired(
    matrix: &Matrix,
    from: &InterfaceId,
    to: &InterfaceId,
    header: Header,
) -> oracle::Certainty {
    let pairs = matrix.pairs().filter(|(a, b, _)| *a == from && *b == to);
    pairs
        .map(|(_, _, cell)| {
            if matrix.traffic(cell.certain).contains(header) {
                oracle::Certainty::Yes
            } else if matrix.traffic(cell.possible).contains(header) {
                oracle::Certainty::Maybe
            } else {
                oracle::Certainty::No
            }
        })
        .max()
        .unwrap_or(oracle::Certainty::No)
}

fn addresses(model: &Model, id: &InterfaceId) -> Vec<IpAddr> {
    let interface = &model.interfaces[id];
    let v4 = interface.ipv4.iter().map(|own| own.address.into());
    v4.chain(interface.ipv6.iter().map(|own| (*own).into())).collect()
}

/// Returns what the oracle says of a packet between any addresses of two interfaces, or `None` if it may end
/// in any other VPC.
fn sent(
    model: &Model,
    settings: oracle::Settings,
    from: &InterfaceId,
    to: &InterfaceId,
    header: Header,
) -> Option<oracle::Certainty> {
    let mut best = oracle::Certainty::No;
    for source in addresses(model, from) {
        for destination in addresses(model, to) {
            let sender = End::Interface { interface: from.clone(), address: source };
            let probe = Probe { from: sender, to: destination, header };
            let outcome = oracle::send(model, &settings, &probe);
            // The matrix is about the inside: what goes round by the Internet enters by step 9.
            let is_inside = !outcome.trace.iter().any(|step| step.starts_with("9 "));
            let is_there = outcome.at == Some(Arrival::Interface(to.clone()));
            let is_lost = is_inside && is_lost_at_the_route(&outcome);
            if is_lost && !is_same_vpc(model, from, to) {
                return None;
            }
            if is_inside && (is_there || is_lost) {
                best = best.max(outcome.answered);
            }
        }
    }
    Some(best)
}

/// Returns whether a packet went a way that is not known straight from its subnet: it may end anywhere.
fn is_lost_at_the_route(outcome: &oracle::Outcome) -> bool {
    let gateway = |step: &String| step.contains("NAT") || step.contains("IGW");
    outcome.at.is_none()
        && outcome.delivered == oracle::Certainty::Maybe
        && !outcome.trace.iter().any(gateway)
}

fn is_same_vpc(model: &Model, from: &InterfaceId, to: &InterfaceId) -> bool {
    let vpc = |id: &InterfaceId| &model.interfaces[id].vpc;
    vpc(from) == vpc(to)
}

fn has_delegated_prefixes(model: &Model) -> bool {
    model.interfaces.values().any(|i| !i.ipv4_prefixes.is_empty() || !i.ipv6_prefixes.is_empty())
}

#[test]
fn the_matrix_agrees_with_packets_between_interfaces() {
    let mut compared = 0;
    for seed in 0..NETWORKS {
        let model = network::random(seed);
        if has_delegated_prefixes(&model) {
            continue;
        }
        let mut random = SplitMix64::new(seed);
        let (ours, theirs) = settings(&mut random);
        let chart = Chart::new(model.clone(), ours);
        let matrix = chart.matrix();
        let headers: Vec<Header> =
            network::probes(&model, &mut random).iter().map(|probe| probe.header).take(6).collect();
        for from in model.interfaces.keys() {
            for to in model.interfaces.keys().filter(|to| *to != from) {
                for header in &headers {
                    let found = paired(&matrix, from, to, *header);
                    let expected = sent(&model, theirs, from, to, *header);
                    let Some(expected) = expected else { continue };
                    assert_eq!(
                        found,
                        expected,
                        "{from} to {to} {header}\n{}",
                        network::describe(&model)
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 10_000, "only {compared} packets went between interfaces");
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
