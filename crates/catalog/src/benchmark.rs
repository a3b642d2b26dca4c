//! Which ports the benchmarks of others name.
//!
//! The lists are theirs, not ours: an auditor asks for them by number, so they are kept apart from
//! our own judgement and never mixed into a severity.

use std::fmt;
use std::ops::RangeInclusive;

/// One rule of a benchmark, and the TCP ports that it names.
#[derive(Debug)]
pub struct Benchmark {
    /// Who publishes the rule, such as `Security Hub`.
    pub publisher: &'static str,
    /// The number or name of the rule there, such as `EC2.19`.
    pub rule: &'static str,
    /// What the rule says of its ports when the whole Internet can reach them.
    pub verdict: Verdict,
    /// The TCP ports, sorted.
    pub ports: &'static [RangeInclusive<u16>],
    /// The page that lists them.
    pub source: &'static str,
}

impl Benchmark {
    /// Returns whether the rule names `port`.
    pub fn names(&self, port: u16) -> bool {
        self.ports.iter().any(|ports| ports.contains(&port))
    }
}

/// What a benchmark says of a port that the whole Internet can reach.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Verdict {
    /// The port must not be open.
    Forbidden,
    /// The port may be open.
    Accepted,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Forbidden => "forbidden",
            Self::Accepted => "accepted",
        })
    }
}

/// Every rule that names ports, by publisher and rule.
pub static BENCHMARKS: &[Benchmark] = &[
    Benchmark {
        publisher: "AWS Config",
        rule: "restricted-common-ports",
        verdict: Verdict::Forbidden,
        ports: &[20..=21, 3306..=3306, 3389..=3389, 4333..=4333],
        source: "AWS Config Developer Guide, restricted-common-ports, default parameters",
    },
    Benchmark {
        publisher: "AWS Config",
        rule: "restricted-ssh",
        verdict: Verdict::Forbidden,
        ports: &[22..=22],
        source: "AWS Config Developer Guide, restricted-ssh",
    },
    Benchmark {
        publisher: "CIS AWS Foundations 7.0",
        rule: "6.1.2",
        verdict: Verdict::Forbidden,
        ports: &[445..=445],
        source: "CIS AWS Foundations Benchmark 7.0, section 6.1",
    },
    Benchmark {
        publisher: "CIS AWS Foundations 7.0",
        rule: "6.3 and 6.4",
        verdict: Verdict::Forbidden,
        ports: &[22..=22, 3389..=3389],
        source: "CIS AWS Foundations Benchmark 7.0, remote server administration ports",
    },
    Benchmark {
        publisher: "Security Hub",
        rule: "EC2.13",
        verdict: Verdict::Forbidden,
        ports: &[22..=22],
        source: "Security Hub User Guide, Amazon EC2 controls",
    },
    Benchmark {
        publisher: "Security Hub",
        rule: "EC2.14",
        verdict: Verdict::Forbidden,
        ports: &[3389..=3389],
        source: "Security Hub User Guide, Amazon EC2 controls",
    },
    Benchmark {
        publisher: "Security Hub",
        rule: "EC2.18",
        verdict: Verdict::Accepted,
        ports: &[80..=80, 443..=443],
        source: "Security Hub User Guide, Amazon EC2 controls, default parameters",
    },
    Benchmark {
        publisher: "Security Hub",
        rule: "EC2.19",
        verdict: Verdict::Forbidden,
        ports: &[
            20..=23,
            25..=25,
            110..=110,
            135..=135,
            143..=143,
            445..=445,
            1433..=1434,
            3000..=3000,
            3306..=3306,
            3389..=3389,
            4333..=4333,
            5000..=5000,
            5432..=5432,
            5500..=5500,
            5601..=5601,
            8080..=8080,
            8088..=8088,
            8888..=8888,
            9200..=9200,
            9300..=9300,
        ],
        source: "Security Hub User Guide, Amazon EC2 controls",
    },
    Benchmark {
        publisher: "Security Hub",
        rule: "EC2.21 (network ACLs)",
        verdict: Verdict::Forbidden,
        ports: &[22..=22, 3389..=3389],
        source: "Security Hub User Guide, Amazon EC2 controls",
    },
    Benchmark {
        publisher: "Trusted Advisor",
        rule: "HCP4007jGY, green",
        verdict: Verdict::Accepted,
        ports: &[25..=25, 80..=80, 443..=443, 465..=465],
        source: "AWS Support User Guide, Security Groups – Specific Ports Unrestricted",
    },
    Benchmark {
        publisher: "Trusted Advisor",
        rule: "HCP4007jGY, red",
        verdict: Verdict::Forbidden,
        ports: &[
            20..=21,
            1433..=1434,
            3306..=3306,
            3389..=3389,
            4333..=4333,
            5432..=5432,
            5500..=5500,
        ],
        source: "AWS Support User Guide, Security Groups – Specific Ports Unrestricted",
    },
];

/// Iterates over the rules that name the TCP port `port`.
pub fn benchmarks_naming(port: u16) -> impl Iterator<Item = &'static Benchmark> {
    BENCHMARKS.iter().filter(move |benchmark| benchmark.names(port))
}
