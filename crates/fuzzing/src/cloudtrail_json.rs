//! Files of CloudTrail.

use portolan_flow::{Outcome, read_trail};

/// Reads the bytes as a file of CloudTrail.
///
/// An error must point into the bytes, and no call that failed may count as a change.
pub fn cloudtrail_json(bytes: &[u8]) {
    let trail = read_trail(bytes);
    for error in &trail.errors {
        assert!(error.offset <= bytes.len(), "{error}");
    }
    for event in &trail.events {
        assert_eq!(event.change().is_some(), event.outcome == Outcome::Done);
    }
    // The same bytes twice are the same events twice, unless they were cut off.
    if trail.errors.is_empty() && !bytes.starts_with("\u{feff}".as_bytes()) {
        let twice = read_trail(&[bytes, b"\n", bytes].concat());
        assert_eq!(twice.events.len(), 2 * trail.events.len());
        assert_eq!(twice.passed, 2 * trail.passed);
    }
}
