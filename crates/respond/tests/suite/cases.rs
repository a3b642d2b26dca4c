//! What a log is as cases: who began, who was to answer, and whether it was meant to pass.

use std::net::IpAddr;

use portolan_model::Direction;
use portolan_net::Protocol;
use portolan_reach::{Chart, Settings};
use portolan_respond::{
    Case, Observations, ObservedFlow, Origin, Policy, Requests, Side, Span, cases_of,
};

use super::why::model;

/// Returns a record of TCP: the interface, its address, its port, the peer and its port.
fn flow(
    direction: Direction,
    is_accepted: bool,
    (interface, local, local_port): (&str, &str, u16),
    (peer, peer_port): (&str, u16),
) -> ObservedFlow {
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    ObservedFlow {
        interface: interface.into(),
        local: address(local),
        peer: address(peer),
        direction,
        protocol: Protocol::TCP,
        local_port,
        peer_port,
        is_accepted,
        handshake: None,
        records: 1,
        bytes: 40,
        span: Span { first: 0, last: 60 },
    }
}

fn in_words(case: &Case) -> String {
    let side = |side: &Side| match &side.origin {
        Origin::Declared(text) => text.clone(),
        Origin::Interface(id) => id.to_string(),
        Origin::Address(address, None) => address.to_string(),
        Origin::Address(address, Some(holder)) => format!("{address} of {holder}"),
    };
    let (from, to) = (side(&case.from), side(&case.to));
    let meant = if case.is_intended { "meant" } else { "not meant" };
    format!("{from} -> {to} {} {meant}", case.traffic)
}

#[track_caller]
fn check(flows: impl IntoIterator<Item = ObservedFlow>, expected: &[&str]) {
    let observations: Observations = flows.into_iter().collect();
    let chart = Chart::new(model(), Settings::default());
    let requests = Requests::of(&chart, &observations, &Policy::default());
    let cases: Vec<_> = cases_of(&chart, &requests).iter().map(in_words).collect();
    assert_eq!(cases, expected);
}

use Direction::{Inbound, Outbound};

const WEB: (&str, &str, u16) = ("eni-web", "10.0.1.10", 50_000);
const DB: (&str, &str, u16) = ("eni-db", "10.0.2.20", 5432);

#[test]
fn both_ends_log_what_was_accepted() {
    check(
        [
            flow(Outbound, true, WEB, ("10.0.2.20", 5432)),
            flow(Inbound, true, DB, ("10.0.1.10", 50_000)),
        ],
        &[
            "10.0.1.10 of eni-web -> eni-db tcp 5432 meant",
            "eni-web -> 10.0.2.20 of eni-db tcp 5432 meant",
        ],
    );
}

#[test]
fn what_was_refused_at_the_other_end_was_not_meant() {
    check(
        [
            flow(Outbound, true, WEB, ("10.0.2.30", 5432)),
            flow(Inbound, false, ("eni-list", "10.0.2.30", 5432), ("10.0.1.10", 50_000)),
        ],
        &["10.0.1.10 of eni-web -> eni-list tcp 5432 not meant"],
    );
}

#[test]
fn strangers_have_no_interface() {
    check(
        [flow(Inbound, false, ("eni-web", "10.0.1.10", 22), ("192.0.2.66", 50_000))],
        &["192.0.2.66 -> eni-web tcp 22 not meant"],
    );
}
