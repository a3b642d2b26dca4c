//! The laws that every set obeys.

use std::collections::BTreeSet;
use std::fmt::Debug;

use portolan_net::{BigUint, Set};

/// Returns the members of the set among the candidates.
pub(crate) fn members<S: Set<Member: Ord>>(
    set: &S,
    candidates: &[S::Member],
) -> BTreeSet<S::Member> {
    candidates.iter().copied().filter(|member| set.contains(*member)).collect()
}

/// Compares each operation with the same one on plain sets of the candidates.
#[track_caller]
pub(crate) fn check_membership<S: Set<Member: Ord + Debug>>(
    a: &S,
    b: &S,
    candidates: &[S::Member],
) {
    let of = |set: &S| members(set, candidates);
    assert_eq!(of(&a.union(b)), &of(a) | &of(b), "{a:?} and {b:?}");
    assert_eq!(of(&a.intersection(b)), &of(a) & &of(b), "{a:?} and {b:?}");
    assert_eq!(of(&a.difference(b)), &of(a) - &of(b), "{a:?} and {b:?}");
    assert_eq!(of(&a.complement()), &of(&S::full()) - &of(a), "{a:?}");
    assert_eq!(of(&S::full()).len(), candidates.len());
    assert!(of(&S::empty()).is_empty());
}

/// Compares what is said of sets with the same for plain sets. The candidates must be all that
/// there is.
#[track_caller]
pub(crate) fn check_exactly<S: Set<Member: Ord + Debug>>(a: &S, b: &S, universe: &[S::Member]) {
    check_membership(a, b, universe);
    let (model, other) = (members(a, universe), members(b, universe));
    assert_eq!(a == b, model == other, "equal sets compare equal: {a:?} and {b:?}");
    assert_eq!(a.is_empty(), model.is_empty(), "{a:?}");
    assert_eq!(a.is_full(), model.len() == universe.len(), "{a:?}");
    assert_eq!(a.count(), BigUint::from(model.len()), "{a:?}");
    assert_eq!(a.intersects(b), !model.is_disjoint(&other), "{a:?} and {b:?}");
    assert_eq!(a.contains_set(b), model.is_superset(&other), "{a:?} and {b:?}");
}

/// Checks the laws of a Boolean algebra. As they compare sets that were computed in different
/// ways, they also say that the form is canonical.
#[track_caller]
pub(crate) fn check_laws<S: Set>(a: &S, b: &S, c: &S) {
    let full = S::full();
    assert_eq!(a.union(b), b.union(a));
    assert_eq!(a.intersection(b), b.intersection(a));
    assert_eq!(a.union(b).union(c), a.union(&b.union(c)));
    assert_eq!(a.intersection(b).intersection(c), a.intersection(&b.intersection(c)));
    assert_eq!(a.union(&a.intersection(b)), *a);
    assert_eq!(a.intersection(&a.union(b)), *a);
    assert_eq!(
        a.intersection(&b.union(c)),
        a.intersection(b).union(&a.intersection(c)),
        "intersection distributes"
    );
    assert_eq!(a.complement().complement(), *a);
    assert_eq!(a.union(b).complement(), a.complement().intersection(&b.complement()), "De Morgan");
    assert_eq!(a.intersection(b).complement(), a.complement().union(&b.complement()), "De Morgan");
    assert_eq!(a.difference(b), a.intersection(&b.complement()));
    assert_eq!(a.union(&a.complement()), full);
    assert_eq!(a.union(&S::empty()), *a);
    assert_eq!(a.intersection(&full), *a);
    assert_eq!(S::union_all([a.clone(), b.clone(), c.clone()]), a.union(b).union(c));
    check_predicates(a, b);
}

fn check_predicates<S: Set>(a: &S, b: &S) {
    assert_eq!(a.intersects(b), !a.intersection(b).is_empty());
    assert_eq!(a.contains_set(b), a.union(b) == *a);
    assert_eq!(a.is_empty(), *a == S::empty());
    assert_eq!(a.is_full(), *a == S::full());
    assert_eq!(a.count() + b.count(), a.union(b).count() + a.intersection(b).count());
    assert_eq!(a.count() + a.complement().count(), S::full().count());
}
