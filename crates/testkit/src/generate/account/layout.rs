//! Which VPCs there are, where, how large, and who is peered with whom.

use std::net::Ipv4Addr;

use super::super::block::Block4;
use super::super::estate::{Peering, PeeringSide, Vpc};
use super::super::identity::{fingerprint, resource_id};
use super::super::place::{Account, FRANKFURT, IRELAND, Place, Region, VIRGINIA};
use super::Shape;
use crate::random::SplitMix64;

const ACCOUNTS: [(&str, &str); 4] = [
    ("210000000001", "platform"),
    ("210000000002", "commerce"),
    ("210000000003", "logistics"),
    ("210000000004", "analytics"),
];
static REGIONS: [&Region; 3] = [&IRELAND, &VIRGINIA, &FRANKFURT];

/// All VPCs, by place.
pub(super) struct Layout {
    // INVARIANT: no place is without VPCs.
    places: Vec<(Place, Vec<VpcPlan>)>,
}

/// What is decided about a VPC before any other is looked at.
pub(super) struct VpcPlan {
    pub(super) place: Place,
    pub(super) vpc: Vpc,
    pub(super) interfaces: usize,
    /// True for the first VPC of its place, with which the others are peered.
    pub(super) is_hub: bool,
    seed: u64,
    number: usize,
}

impl Layout {
    pub(super) fn new(shape: &Shape, seed: u64) -> Self {
        let count = shape.interfaces.div_ceil(shape.interfaces_per_vpc.max(1));
        let places = all_places().take(count).enumerate();
        let places = places.map(|(index, place)| {
            // VPCs are dealt out to the places like cards.
            let numbers = (index..count).step_by(ACCOUNTS.len() * REGIONS.len());
            let plan = |number| VpcPlan::new(shape.interfaces, count, number, &place, seed, index);
            let plans = numbers.map(plan).collect();
            (place, plans)
        });
        Self { places: places.collect() }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = (&Place, &[VpcPlan])> {
        self.places.iter().map(|(place, plans)| (place, plans.as_slice()))
    }

    /// Returns the VPCs with which this one is peered.
    pub(super) fn peers<'layout>(
        &'layout self,
        plan: &'layout VpcPlan,
    ) -> impl Iterator<Item = &'layout VpcPlan> {
        let here = self.places().filter(|(place, _)| place.folder() == plan.place.folder());
        here.flat_map(|(_, plans)| plans)
            .filter(|other| other.is_hub != plan.is_hub && other.vpc.cidr != plan.vpc.cidr)
    }
}

/// Returns every account in every Region, spread so that the first few differ in both.
fn all_places() -> impl Iterator<Item = Place> {
    let indices = 0..ACCOUNTS.len() * REGIONS.len();
    indices.filter_map(|index| {
        let (id, name) = ACCOUNTS.get(index % ACCOUNTS.len())?;
        let region = REGIONS.get(index % REGIONS.len())?;
        let account = Account { id: (*id).to_owned(), name: (*name).to_owned() };
        Some(Place { account, region })
    })
}

impl VpcPlan {
    fn new(
        interfaces: usize,
        count: usize,
        number: usize,
        place: &Place,
        seed: u64,
        place_index: usize,
    ) -> Self {
        let id = resource_id("vpc", &[&seed.to_string(), &number.to_string()]);
        let (name, second) = (format!("{}-{number:03}", place.account.name), number % 256);
        let second = u8::try_from(second).unwrap_or(0);
        let block = u32::try_from(number).unwrap_or(0);
        let ipv6 = number.is_multiple_of(3).then(|| place.region.ipv6.part(56, 0x51_000 + block));
        let cidr = Block4::new(Ipv4Addr::new(10, second, 0, 0), 16);
        let remainder = usize::from(number < interfaces % count.max(1));
        Self {
            place: place.clone(),
            vpc: Vpc { id, name, cidr, ipv6 },
            interfaces: interfaces / count.max(1) + remainder,
            is_hub: number == place_index,
            seed,
            number,
        }
    }

    /// Returns the id of something in this VPC.
    pub(super) fn id(&self, prefix: &str, name: &str) -> String {
        resource_id(prefix, &[&self.vpc.id, name])
    }

    /// Returns the random numbers for one part of this VPC.
    pub(super) fn random(&self, part: &str) -> SplitMix64 {
        let [seed, number] = [self.seed.to_string(), self.number.to_string()];
        SplitMix64::new(fingerprint(&[&seed, &number, part]))
    }

    /// Returns the public address of this number in this VPC: each VPC has 256 of its own.
    ///
    /// The range is the one that RFC 2544 keeps for benchmarks, so that no address is anybody's. A VPC
    /// beyond the 512th shares its addresses with another.
    pub(super) fn public_address(&self, number: usize) -> Ipv4Addr {
        let offset = u32::try_from(self.number % 512 * 256 + number % 256).unwrap_or(0);
        Block4::new(Ipv4Addr::new(198, 18, 0, 0), 15).address(offset)
    }

    /// Returns the peering connection between two VPCs, the same seen from either.
    pub(super) fn peering(&self, other: &Self) -> Peering {
        let (hub, spoke) = if self.is_hub { (self, other) } else { (other, self) };
        Peering {
            id: resource_id("pcx", &[&hub.vpc.id, &spoke.vpc.id]),
            name: format!("{}-{}", spoke.vpc.name, hub.vpc.name),
            requester: PeeringSide::new(&spoke.place, &spoke.vpc),
            accepter: PeeringSide::new(&hub.place, &hub.vpc),
        }
    }
}
