//! What the three VPCs must know of each other: places, address plans, peering connections.

use std::net::Ipv4Addr;

use super::super::block::Block4;
use super::super::estate::{Peering, PeeringSide, Vpc};
use super::super::identity::resource_id;
use super::super::place::{Account, IRELAND, Place, Region, VIRGINIA};

/// The addresses of the company's offices.
pub(super) const OFFICE: &str = "198.51.100.0/24";
pub(super) const EVERYWHERE: &str = "0.0.0.0/0";
pub(super) const EVERYWHERE6: &str = "::/0";
/// The blocks of the three VPCs.
pub(super) const PRODUCTION_BLOCK: &str = "10.20.0.0/16";
pub(super) const SHARED_BLOCK: &str = "10.40.0.0/16";
pub(super) const AMERICAS_BLOCK: &str = "10.60.0.0/16";

/// Returns the id of the thing of this name.
pub(super) fn id(prefix: &str, name: &str) -> String {
    resource_id(prefix, &["harbor", name])
}

/// Returns a public address of the range that RFC 5737 keeps for documentation.
pub(super) const fn public(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(203, 0, 113, last)
}

fn place(id: &str, name: &str, region: &'static Region) -> Place {
    Place { account: Account { id: id.to_owned(), name: name.to_owned() }, region }
}

pub(super) fn production_place() -> Place {
    place("111122223333", "production", &IRELAND)
}

pub(super) fn americas_place() -> Place {
    place("111122223333", "production", &VIRGINIA)
}

pub(super) fn shared_place() -> Place {
    place("444455556666", "shared-services", &IRELAND)
}

fn vpc(name: &str, second: u8) -> Vpc {
    let cidr = Block4::new(Ipv4Addr::new(10, second, 0, 0), 16);
    Vpc { id: id("vpc", name), name: name.to_owned(), cidr, ipv6: None }
}

pub(super) fn production_vpc() -> Vpc {
    Vpc { ipv6: Some(IRELAND.ipv6.part(56, 0xa2b4c)), ..vpc("harbor-production", 20) }
}

pub(super) fn shared_vpc() -> Vpc {
    Vpc { ipv6: Some(IRELAND.ipv6.part(56, 0x17e90)), ..vpc("harbor-shared", 40) }
}

pub(super) fn americas_vpc() -> Vpc {
    vpc("harbor-americas", 60)
}

/// Returns the connection between the accounts.
pub(super) fn production_to_shared() -> Peering {
    Peering {
        id: id("pcx", "production-shared"),
        name: "production-shared".to_owned(),
        requester: PeeringSide::new(&production_place(), &production_vpc()),
        accepter: PeeringSide::new(&shared_place(), &shared_vpc()),
    }
}

/// Returns the connection between the Regions; it replaced one that was deleted.
pub(super) fn americas_to_production() -> Peering {
    Peering {
        id: id("pcx", "americas-production"),
        name: "americas-production".to_owned(),
        requester: PeeringSide::new(&americas_place(), &americas_vpc()),
        accepter: PeeringSide::new(&production_place(), &production_vpc()),
    }
}
