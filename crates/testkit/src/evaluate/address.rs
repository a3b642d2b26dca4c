//! IP addresses and the subnets that hold them.

use std::net::IpAddr;

use portolan_query::{PRIVATE_SUBNETS, RESERVED_SUBNETS};

/// Returns the address that text is.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// A subnet: an address of which only the first bits count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subnet {
    base: IpAddr,
    pub(crate) length: u32,
}

impl Subnet {
    /// Reads `address/length`. Bits behind the length do not count.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (base, length) = text.split_once('/')?;
        let (base, length) = (parse(base)?, length.parse().ok()?);
        let longest = if base.is_ipv4() { 32 } else { 128 };
        (length <= longest).then_some(Self { base, length })
    }

    pub(crate) fn holds(self, address: IpAddr) -> bool {
        self.base.is_ipv4() == address.is_ipv4()
            && prefix(self.base, self.length) == prefix(address, self.length)
    }
}

/// Returns the first bits of an address.
fn prefix(address: IpAddr, length: u32) -> u128 {
    let (bits, width) = match address {
        IpAddr::V4(it) => (u128::from(it.to_bits()), 32),
        IpAddr::V6(it) => (it.to_bits(), 128),
    };
    bits.checked_shr(width - length).unwrap_or(0)
}

pub(crate) fn is_private(address: IpAddr) -> bool {
    is_in(PRIVATE_SUBNETS, address)
}

pub(crate) fn is_reserved(address: IpAddr) -> bool {
    is_in(RESERVED_SUBNETS, address)
}

fn is_in(subnets: &[&str], address: IpAddr) -> bool {
    subnets.iter().filter_map(|it| Subnet::parse(it)).any(|it| it.holds(address))
}
