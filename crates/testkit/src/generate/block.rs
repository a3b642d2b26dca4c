//! CIDR blocks, just enough to lay out networks.
//!
//! `portolan-net` has the real algebra. Generated accounts test that algebra, so they don't build on it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An IPv4 CIDR block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Block4 {
    base: Ipv4Addr,
    length: u8,
}

impl Block4 {
    pub(crate) const fn new(base: Ipv4Addr, length: u8) -> Self {
        Self { base, length }
    }

    /// Returns the address `offset` after the first one.
    pub(crate) fn address(self, offset: u32) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.base.to_bits().wrapping_add(offset))
    }

    /// Returns the block of the given length that starts `index` such blocks after this one.
    pub(crate) fn part(self, length: u8, index: u32) -> Self {
        Self::new(self.address(index << (32 - length)), length)
    }

    /// Returns how many addresses an interface can have: AWS keeps the first four and the last.
    pub(crate) const fn usable(self) -> u32 {
        (1 << (32 - self.length)) - 5
    }
}

impl From<Block4> for String {
    fn from(block: Block4) -> Self {
        block.to_string()
    }
}

impl fmt::Display for Block4 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.base, self.length)
    }
}

/// An IPv6 CIDR block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Block6 {
    base: Ipv6Addr,
    length: u8,
}

impl Block6 {
    pub(crate) const fn new(base: Ipv6Addr, length: u8) -> Self {
        Self { base, length }
    }

    /// Returns the address `offset` after the first one.
    pub(crate) fn address(self, offset: u64) -> Ipv6Addr {
        Ipv6Addr::from_bits(self.base.to_bits().wrapping_add(offset.into()))
    }

    /// Returns the block of the given length that starts `index` such blocks after this one.
    pub(crate) fn part(self, length: u8, index: u32) -> Self {
        let offset = u128::from(index) << (128 - length);
        Self::new(Ipv6Addr::from_bits(self.base.to_bits().wrapping_add(offset)), length)
    }
}

impl From<Block6> for String {
    fn from(block: Block6) -> Self {
        block.to_string()
    }
}

impl fmt::Display for Block6 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.base, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_side_by_side() {
        let vpc = Block4::new(Ipv4Addr::new(10, 20, 0, 0), 16);
        assert_eq!(vpc.part(20, 3).to_string(), "10.20.48.0/20");
        assert_eq!(vpc.part(24, 30).address(14).to_string(), "10.20.30.14");
        assert_eq!(vpc.part(24, 0).usable(), 251);
        let vpc = Block6::new(Ipv6Addr::new(0x2a05, 0xd018, 0, 0, 0, 0, 0, 0), 36).part(56, 77);
        assert_eq!(vpc.to_string(), "2a05:d018:0:4d00::/56");
        assert_eq!(vpc.part(64, 48).address(0x1f).to_string(), "2a05:d018:0:4d30::1f");
    }
}
