//! The three ranges into which RFC 6335 divides the port numbers.

use std::fmt;
use std::ops::RangeInclusive;

/// The range to which a port number belongs.
///
/// Source: RFC 6335, section 6.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum PortClass {
    /// 0 to 1023, once called "well known": assigned by IETF standards and expert review.
    System,
    /// 1024 to 49151, once called "registered": assigned on request.
    User,
    /// 49152 to 65535, also called private or ephemeral: never assigned, free for every use.
    Dynamic,
}

impl PortClass {
    /// Every class, from the lowest ports to the highest.
    pub const ALL: [Self; 3] = [Self::System, Self::User, Self::Dynamic];

    /// Returns the class of `port`.
    pub const fn of(port: u16) -> Self {
        match port {
            0..=1023 => Self::System,
            1024..=49151 => Self::User,
            49152..=u16::MAX => Self::Dynamic,
        }
    }

    /// Returns the ports of the class.
    pub const fn ports(self) -> RangeInclusive<u16> {
        match self {
            Self::System => 0..=1023,
            Self::User => 1024..=49151,
            Self::Dynamic => 49152..=u16::MAX,
        }
    }

    /// Returns the name in lower case, such as `system`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Dynamic => "dynamic",
        }
    }
}

impl fmt::Display for PortClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
