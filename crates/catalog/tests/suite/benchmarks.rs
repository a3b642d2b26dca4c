//! What the benchmarks of others name.

use portolan_catalog::{BENCHMARKS, Severity, Transport, Verdict, benchmarks_naming, severity};

#[test]
fn every_row_is_well_formed() {
    assert!(BENCHMARKS.is_sorted_by(|a, b| (a.publisher, a.rule) < (b.publisher, b.rule)));
    for benchmark in BENCHMARKS {
        assert!(!benchmark.source.is_empty(), "{}", benchmark.rule);
        assert!(benchmark.ports.is_sorted_by(|a, b| a.end() < b.start()), "{}", benchmark.rule);
    }
}

#[test]
fn names_the_ports_that_it_should() {
    let check = |port, expected: &[&str]| {
        let rules: Vec<&str> = benchmarks_naming(port).map(|benchmark| benchmark.rule).collect();
        assert_eq!(rules, expected, "port {port}");
    };
    check(22, &["restricted-ssh", "6.3 and 6.4", "EC2.13", "EC2.19", "EC2.21 (network ACLs)"]);
    check(25, &["EC2.19", "HCP4007jGY, green"]);
    check(443, &["EC2.18", "HCP4007jGY, green"]);
    check(445, &["6.1.2", "EC2.19"]);
    check(5432, &["EC2.19", "HCP4007jGY, red"]);
    check(9201, &[]);
}

/// Where a benchmark forbids a port and accepts it nowhere, our own judgement must not be mild.
#[test]
fn what_a_benchmark_forbids_is_not_low() {
    let forbidden = BENCHMARKS.iter().filter(|rule| rule.verdict == Verdict::Forbidden);
    for port in forbidden.flat_map(|rule| rule.ports.iter().cloned().flatten()) {
        let ours = severity(Transport::Tcp, port);
        assert!(ours >= Severity::Medium, "port {port} is {ours}");
        let accepted = benchmarks_naming(port).any(|rule| rule.verdict == Verdict::Accepted);
        assert!(accepted || ours >= Severity::High, "port {port} is {ours}");
    }
}
