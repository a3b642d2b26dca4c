//! Sets of IP protocols.
//!
//! Bits and not intervals: protocol numbers are names without an order that means anything, and
//! two words are smaller and faster than any list.

use num_bigint::BigUint;

use crate::algebra::Set;
use crate::protocol::Protocol;

/// A set of protocols, one bit for each of the 256.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ProtocolSet {
    low: u128,
    high: u128,
}

impl ProtocolSet {
    /// Returns the set of a single protocol.
    pub const fn single(protocol: Protocol) -> Self {
        let bit = 1 << (protocol.0 & 0x7f);
        if protocol.0 < 0x80 { Self { low: bit, high: 0 } } else { Self { low: 0, high: bit } }
    }

    /// Yields the protocols, lowest number first.
    pub fn protocols(self) -> impl Iterator<Item = Protocol> {
        (0..=u8::MAX).map(Protocol).filter(move |protocol| self.contains(*protocol))
    }
}

impl FromIterator<Protocol> for ProtocolSet {
    fn from_iter<I: IntoIterator<Item = Protocol>>(protocols: I) -> Self {
        protocols
            .into_iter()
            .fold(Self::empty(), |set, protocol| set.union(&Self::single(protocol)))
    }
}

impl Set for ProtocolSet {
    type Member = Protocol;

    fn empty() -> Self {
        Self { low: 0, high: 0 }
    }

    fn full() -> Self {
        Self { low: !0, high: !0 }
    }

    fn is_empty(&self) -> bool {
        *self == Self::empty()
    }

    fn is_full(&self) -> bool {
        *self == Self::full()
    }

    fn contains(&self, member: Protocol) -> bool {
        self.intersects(&Self::single(member))
    }

    fn union(&self, other: &Self) -> Self {
        Self { low: self.low | other.low, high: self.high | other.high }
    }

    fn intersection(&self, other: &Self) -> Self {
        Self { low: self.low & other.low, high: self.high & other.high }
    }

    fn difference(&self, other: &Self) -> Self {
        Self { low: self.low & !other.low, high: self.high & !other.high }
    }

    fn count(&self) -> BigUint {
        (self.low.count_ones() + self.high.count_ones()).into()
    }
}
