//! What each port is: the registry, what AWS runs there, the recommended setting.
//!
//! The catalogue joins five tables, and always has an answer for every port:
//!
//! - the IANA registry of names ([`registry`]), which says what a port was meant for;
//! - the ranges of RFC 6335 ([`PortClass`]) and the ports that clients choose
//!   ([`EPHEMERAL_RANGES`]);
//! - what AWS runs at which port ([`aws_services`]);
//! - our own judgement of a port that the whole Internet can reach ([`Guide`]): how bad that is,
//!   why, and who should reach it instead;
//! - the ports that the benchmarks of others name ([`BENCHMARKS`]).
//!
//! Facts and judgement stay apart: each row of the first, second, third, and fifth table has a
//! source, and only the fourth has an opinion. One merged table was rejected, because it could not
//! be checked against any of its sources.
//!
//! Invariants: no port has two guides for one transport; every port has a severity, and one that
//! nobody has judged is never less than [`Severity::Medium`], for what is not known is not safe.
//!
//! ```
//! use portolan_catalog::{Severity, Transport, describe, severity, worst_severity};
//!
//! assert_eq!(describe(5432).name(), Some("postgresql"));
//! assert_eq!(severity(Transport::Tcp, 443), Severity::Info);
//! assert_eq!(worst_severity(Transport::Tcp, 20..=25), Severity::Critical);
//! ```

mod aws_use;
mod benchmark;
mod entry;
mod ephemeral;
mod exposure;
mod guide;
mod guides;
mod port_class;
mod registry;
mod search;
mod security_group_rule;
mod severity;
mod transport;

pub use aws_use::{AwsService, AwsUse, Listener, aws_services, aws_uses_of};
pub use benchmark::{BENCHMARKS, Benchmark, Verdict, benchmarks_naming};
pub use entry::{Entry, describe, service_name};
pub use ephemeral::{EPHEMERAL_RANGES, EphemeralRange, ephemeral_ranges_of};
pub use exposure::{ALL_TRAFFIC, guide, guides_in, severity, worst_severity};
pub use guide::{AllowedSource, Guide, Kind};
pub use guides::guides;
pub use port_class::PortClass;
pub use registry::{
    Assignment, REGISTRY_EDITION, Registration, assignment, registered_name, registrations,
    registry,
};
pub use search::{Match, MatchKind, find, suggest};
pub use security_group_rule::{ExampleRule, close_to_internet};
pub use severity::{Severity, UnknownSeverity};
pub use transport::{Transport, Transports};
