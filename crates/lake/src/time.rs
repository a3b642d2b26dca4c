//! Times as text.

use jiff::Timestamp;

/// Returns a time in seconds since 1970 UTC as ISO 8601 writes it, or the number if no calendar has it.
pub fn time_text(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |it| it.to_string())
}
