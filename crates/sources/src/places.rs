//! Where resources are that do not say it themselves.

use std::collections::{BTreeMap, BTreeSet};

use portolan_model::{Model, Place, VpcId};

use crate::resource::each_place;

/// What is known of places when everything was read.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Where each VPC is that something was read of.
    vpcs: BTreeMap<VpcId, Place>,
    /// Where VPCs are, as the peering connections to them say.
    peers: BTreeMap<VpcId, Place>,
    /// The account and the Region of everything, where there is only one.
    only: Place,
    /// Every place of which account and Region are known.
    whole: BTreeSet<Place>,
}

impl Places {
    /// Learns where VPCs are, from themselves and from all that is in them, and then places everything.
    ///
    /// In order: what a resource says itself or its folder's name says; what its VPC says; what peering
    /// connections say of its VPC; the one account and the one Region of the whole reading, if there are
    /// not several.
    pub(crate) fn settle(model: &mut Model) -> Self {
        let mut places = Self::default();
        for vpc in model.vpcs.values() {
            fill(places.vpcs.entry(vpc.id.clone()).or_default(), &vpc.place);
        }
        for subnet in model.subnets.values() {
            fill(places.vpcs.entry(subnet.vpc.clone()).or_default(), &subnet.place);
        }
        each_place(model, |place, vpc| {
            if let Some(vpc) = vpc {
                fill(places.vpcs.entry(vpc.clone()).or_default(), place);
            }
        });
        for side in model.peerings.values().flat_map(|it| [&it.requester, &it.accepter]) {
            let told = Place { account: side.account.clone(), region: side.region.clone() };
            fill(places.peers.entry(side.vpc.clone()).or_default(), &told);
        }
        places.only = only(model);
        each_place(model, |place, vpc| {
            *place = places.complete(place, vpc);
        });
        each_place(model, |place, _| {
            let is_whole = place.account.is_some() && place.region.is_some();
            add(&mut places.whole, is_whole.then_some(&*place));
        });
        places
    }

    /// Returns a place with what else is known of it. Of several VPCs that one counts which was read and fits.
    pub(crate) fn complete<'v>(
        &self,
        place: &Place,
        vpcs: impl IntoIterator<Item = &'v VpcId>,
    ) -> Place {
        let mut place = place.clone();
        let vpcs: Vec<&VpcId> = vpcs.into_iter().collect();
        for known in [&self.vpcs, &self.peers] {
            let mut candidates = vpcs.iter().filter_map(|vpc| known.get(*vpc));
            let first = candidates.clone().next();
            let fitting = candidates.find(|candidate| !are_apart(&place, candidate));
            if let Some(known) = fitting.or(first) {
                fill(&mut place, known);
            }
        }
        fill(&mut place, &self.only);
        place
    }

    /// Returns the places that something from a file may belong to: those that the file held more of, or
    /// else every place that its folder's name does not rule out.
    pub(crate) fn matching(&self, hint: &Place, found: &BTreeMap<Place, u64>) -> Vec<Place> {
        if !found.is_empty() {
            return found.keys().cloned().collect();
        }
        let hint = self.complete(hint, None);
        let is_match = |place: &&Place| {
            (hint.account.is_none() || hint.account == place.account)
                && (hint.region.is_none() || hint.region == place.region)
        };
        let matching: Vec<Place> = self.whole.iter().filter(is_match).cloned().collect();
        if matching.is_empty() { vec![hint] } else { matching }
    }
}

/// Returns whether two places are known to be different.
pub(crate) fn are_apart(a: &Place, b: &Place) -> bool {
    differ(a.account.as_ref(), b.account.as_ref()) || differ(a.region.as_ref(), b.region.as_ref())
}

/// Returns whether both are known and not the same.
fn differ<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a != b)
}

/// Fills what is unknown of a place.
fn fill(place: &mut Place, known: &Place) {
    place.account = place.account.take().or_else(|| known.account.clone());
    place.region = place.region.take().or_else(|| known.region.clone());
}

/// Returns the account and the Region that everything in the model has, or else every VPC.
fn only(model: &mut Model) -> Place {
    let (mut accounts, mut regions) = (BTreeSet::new(), BTreeSet::new());
    each_place(model, |place, _| {
        add(&mut accounts, place.account.as_ref());
        add(&mut regions, place.region.as_ref());
    });
    let vpcs = || model.vpcs.values().map(|vpc| &vpc.place);
    let vpc_accounts = vpcs().filter_map(|place| place.account.clone()).collect();
    let vpc_regions = vpcs().filter_map(|place| place.region.clone()).collect();
    Place {
        account: single(accounts).or_else(|| single(vpc_accounts)),
        region: single(regions).or_else(|| single(vpc_regions)),
    }
}

/// Adds a value, which is copied only if it is new.
fn add<T: Ord + Clone>(values: &mut BTreeSet<T>, value: Option<&T>) {
    if let Some(value) = value.filter(|value| !values.contains(*value)) {
        values.insert(value.clone());
    }
}

fn single<T: Ord>(values: BTreeSet<T>) -> Option<T> {
    if values.len() == 1 { values.into_iter().next() } else { None }
}
