//! Which file held how many resources of which kind, until it is known where they are.
//!
//! An Internet gateway names its account and not its Region, but a VPC, and the VPC's Region is told by
//! its subnets, perhaps in a file that is read later. So the counts are kept with what is known of the
//! place, and become [`Coverage`] when everything was read.

use std::collections::BTreeMap;

use portolan_model::{Coverage, Place, Reading, ResourceKind, VpcId};

use crate::places::Places;

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Census(BTreeMap<(ResourceKind, usize), Tally>);

/// What one file held of one kind.
#[derive(Debug, Default)]
struct Tally {
    /// What the names of folders tell.
    hint: Place,
    found: BTreeMap<(Place, Vec<VpcId>), u64>,
    broken: u64,
}

impl Census {
    /// Notes that a file holds a kind, perhaps nothing of it.
    pub(crate) fn open(&mut self, kind: ResourceKind, file: usize, hint: &Place) {
        self.0
            .entry((kind, file))
            .or_insert_with(|| Tally { hint: hint.clone(), ..Tally::default() });
    }

    /// Counts resources; none, for one that another file held too.
    pub(crate) fn count<'v>(
        &mut self,
        (kind, file): (ResourceKind, usize),
        place: &Place,
        vpcs: impl IntoIterator<Item = &'v VpcId>,
        resources: u64,
    ) {
        let tally = self.0.entry((kind, file)).or_default();
        let is_whole = place.account.is_some() && place.region.is_some();
        let vpcs = vpcs.into_iter().filter(|_| !is_whole).cloned().collect();
        *tally.found.entry((place.clone(), vpcs)).or_default() += resources;
    }

    /// Counts a resource that could not be read.
    pub(crate) fn count_broken(&mut self, kind: ResourceKind, file: usize, hint: &Place) {
        self.open(kind, file, hint);
        if let Some(tally) = self.0.get_mut(&(kind, file)) {
            tally.broken += 1;
        }
    }

    /// Adds everything to `coverage`, at the places that are known now.
    pub(crate) fn report(self, coverage: &mut Coverage, places: &Places) {
        for ((kind, _), tally) in self.0 {
            let broken = tally.broken;
            let found = tally.places(places);
            let targets =
                if broken > 0 { places.matching(&tally.hint, &found) } else { Vec::new() };
            for (place, resources) in &found {
                coverage.add(place, kind, Reading { files: 1, resources: *resources, broken: 0 });
            }
            for place in targets {
                let files = u32::from(!found.contains_key(&place));
                coverage.add(&place, kind, Reading { files, resources: 0, broken });
            }
        }
    }
}

impl Tally {
    /// Returns what was found where; an empty list was found where the file is from.
    fn places(&self, places: &Places) -> BTreeMap<Place, u64> {
        let mut found = BTreeMap::new();
        for ((place, vpcs), resources) in &self.found {
            *found.entry(places.complete(place, vpcs)).or_default() += resources;
        }
        if found.is_empty() && self.broken == 0 {
            found.insert(places.complete(&self.hint, None), 0);
        }
        found
    }
}
