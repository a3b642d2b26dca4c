//! Ids, and the values that only have to look right, made from what they belong to.
//!
//! Attachment ids, rule ids, hardware addresses and creation times need no place in the plan of an
//! account: each is a hash of the names around it. Adding a resource therefore changes no other
//! resource's bytes, which keeps the diff of a changed example readable.

use std::fmt::Write as _;

use crate::random::{SplitMix64, mix};

/// Returns a 64-bit hash of the parts: FNV-1a with a separator, scattered once more.
///
/// Source: Fowler, Noll, Vo, the 64-bit offset basis and prime of FNV-1a.
pub(crate) fn fingerprint(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    mix(bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// Returns a resource id of the current, 17-digit form, such as `vpc-0a12…`.
pub(crate) fn resource_id(prefix: &str, parts: &[&str]) -> String {
    let number = fingerprint(&[prefix, &parts.join("/")]);
    format!("{prefix}-0{number:016x}")
}

/// Returns sixteen hexadecimal digits, as in load balancer ARNs.
pub(crate) fn short_hash(parts: &[&str]) -> String {
    format!("{:016x}", fingerprint(parts))
}

/// Returns a number of ten digits, as in load balancer names.
pub(crate) fn ten_digits(parts: &[&str]) -> u64 {
    1_000_000_000 + fingerprint(parts) % 9_000_000_000
}

/// Returns `count` characters of the alphabet.
pub(crate) fn characters(count: usize, alphabet: &[u8], parts: &[&str]) -> String {
    let mut random = SplitMix64::new(fingerprint(parts));
    (0..count).filter_map(|_| random.pick(alphabet).map(|byte| char::from(*byte))).collect()
}

/// Returns an id of the form of IAM and RDS, such as `AROA…`: capital letters and digits.
pub(crate) fn capital_id(prefix: &str, count: usize, parts: &[&str]) -> String {
    prefix.to_owned() + &characters(count, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", parts)
}

/// Returns a random-looking UUID of version 4 (RFC 9562, section 5.4).
pub(crate) fn uuid(parts: &[&str]) -> String {
    let mut random = SplitMix64::new(fingerprint(parts));
    let (high, low) = (random.next_number(), random.next_number());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff,
    )
}

/// Returns a hardware address; like EC2's, its first byte marks it as locally administered.
pub(crate) fn hardware_address(interface: &str) -> String {
    let bytes = fingerprint(&[interface, "mac"]).to_be_bytes();
    bytes.iter().take(5).fold(String::from("06"), |mut text, byte| {
        // Writing to a string cannot fail.
        write!(text, ":{byte:02x}").unwrap_or_default();
        text
    })
}

/// A moment in 2023 to 2025 that belongs to a resource. The clock of this machine is never read.
pub(crate) struct Moment {
    date: String,
    time: String,
    millisecond: usize,
}

impl Moment {
    pub(crate) fn of(resource: &str) -> Self {
        let mut random = SplitMix64::new(fingerprint(&[resource, "moment"]));
        let mut draw = |first, last| random.within(first..=last);
        // No month is shorter than 28 days.
        let date = format!("{}-{:02}-{:02}", draw(2023, 2025), draw(1, 12), draw(1, 28));
        let time = format!("{:02}:{:02}:{:02}", draw(6, 19), draw(0, 59), draw(0, 59));
        Self { date, time, millisecond: draw(0, 999) }
    }

    /// Formats as the CLI prints EC2's times.
    pub(crate) fn in_seconds(&self) -> String {
        format!("{}T{}+00:00", self.date, self.time)
    }

    /// Formats as the CLI prints the times of services that answer in milliseconds.
    pub(crate) fn in_microseconds(&self) -> String {
        format!("{}T{}.{:03}000+00:00", self.date, self.time, self.millisecond)
    }

    /// Formats as Lambda writes `LastModified`, a string that the CLI passes on.
    pub(crate) fn lambda(&self) -> String {
        format!("{}T{}.{:03}+0000", self.date, self.time, self.millisecond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_shape() {
        assert_eq!(resource_id("vpc", &["a"]).len(), "vpc-".len() + 17);
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_eq!(hardware_address("eni-1").len(), 17);
        assert_eq!(uuid(&["a"]).len(), 36);
        assert_eq!(uuid(&["a"]).as_bytes()[14], b'4');
        assert_eq!(Moment::of("i-1").in_seconds().len(), "2024-01-01T00:00:00+00:00".len());
        assert_eq!(capital_id("AROA", 17, &["a"]).len(), 21);
    }
}
