//! Sets of pairs.

use portolan_net::{IntervalSet, Product, Set as _, StepMap};
use proptest::prelude::*;

use crate::laws::{check_exactly, check_laws, members};
use crate::line::{Tiny, interval, set};

type TinySet = IntervalSet<Tiny>;
type Pairs = Product<TinySet, TinySet>;

fn boxes() -> impl Strategy<Value = Vec<(TinySet, TinySet)>> {
    prop::collection::vec((set(), set()), 0..5)
}

fn pairs() -> impl Strategy<Value = Pairs> {
    boxes().prop_map(|boxes| boxes.into_iter().collect())
}

fn all_pairs() -> Vec<(Tiny, Tiny)> {
    Tiny::all().into_iter().flat_map(|a| Tiny::all().into_iter().map(move |b| (a, b))).collect()
}

proptest! {
    #[test]
    fn agrees_with_a_set_of_pairs(a in pairs(), b in pairs()) {
        check_exactly(&a, &b, &all_pairs());
    }

    #[test]
    fn is_a_boolean_algebra(a in pairs(), b in pairs(), c in pairs()) {
        check_laws(&a, &b, &c);
    }

    #[test]
    fn nests(a in pairs(), b in pairs(), on in set::<6>(), off in set::<6>()) {
        let a = Product::of(on, a);
        let b = Product::of(off, b);
        let triples: Vec<_> =
            Tiny::all().into_iter().flat_map(|x| all_pairs().into_iter().map(move |y| (x, y))).collect();
        check_exactly(&a, &b, &triples);
        check_exactly(&a.union(&b), &b.complement(), &triples);
    }

    #[test]
    fn holds_what_its_boxes_hold(boxes in boxes()) {
        let set: Pairs = boxes.iter().cloned().collect();
        for (first, second) in all_pairs() {
            let held = boxes.iter().any(|(a, b)| a.contains(first) && b.contains(second));
            prop_assert_eq!(set.contains((first, second)), held);
        }
    }

    #[test]
    fn is_canonical(set in pairs()) {
        let layers = set.layers();
        prop_assert!(layers.iter().all(|(a, b)| !a.is_empty() && !b.is_empty()));
        prop_assert!(layers.is_sorted());
        for (index, (a, b)) in layers.iter().enumerate() {
            for (other, with) in &layers[index + 1..] {
                prop_assert!(!a.intersects(other) && b != with, "{set:?}");
            }
        }
    }

    #[test]
    fn transposes(set in pairs()) {
        let swapped: Vec<_> = members(&set, &all_pairs()).into_iter().map(|(a, b)| (b, a)).collect();
        let transposed = set.transpose();
        prop_assert_eq!(members(&transposed, &all_pairs()), swapped.into_iter().collect());
        prop_assert_eq!(transposed.transpose(), set);
    }

    #[test]
    fn projects(set in pairs()) {
        let pairs = members(&set, &all_pairs());
        prop_assert_eq!(set.firsts(), pairs.iter().map(|(a, _)| *a).collect());
        prop_assert_eq!(set.seconds(), pairs.iter().map(|(_, b)| *b).collect());
        for first in Tiny::all() {
            let paired: TinySet = pairs.iter().filter(|(a, _)| *a == first).map(|(_, b)| *b).collect();
            prop_assert_eq!(set.paired_with(first).cloned().unwrap_or_default(), paired);
        }
    }

    #[test]
    fn comes_of_a_step_map(paints in prop::collection::vec((interval::<6>(), set::<6>()), 0..5)) {
        let mut steps = StepMap::constant(TinySet::empty());
        steps.paint_all(paints);
        let product = Pairs::from(steps.clone());
        let boxes = steps.steps().map(|(step, value)| (step.into(), value.clone()));
        prop_assert_eq!(product, boxes.collect());
    }
}
