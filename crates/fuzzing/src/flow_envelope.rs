//! Flow logs within the JSON of CloudWatch Logs.

use portolan_flow::{Content, EnvelopeError, message_lines, read_envelope};

/// Reads the bytes as JSON with messages.
///
/// An error must point into the bytes, and every message that is not blank must come out as a line.
pub fn flow_envelope(bytes: &[u8]) {
    Content::of(bytes);
    let (batches, errors) = read_envelope(bytes);
    for error in errors {
        if let EnvelopeError::Json { offset, .. } = error {
            assert!(offset <= bytes.len(), "{error}");
        }
    }
    let events = batches.iter().flat_map(|it| &it.events);
    let lines = events.map(|it| it.message.lines().count()).sum::<usize>();
    assert_eq!(message_lines(&batches).count(), lines);
}
