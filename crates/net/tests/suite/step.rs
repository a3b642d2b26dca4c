//! Step maps, compared with a list that has a value for each key.

use portolan_net::{Interval, IntervalSet, StepMap};
use proptest::prelude::*;

use crate::line::{Small, interval};

type Paint = (Interval<Small>, u8);

fn paints() -> impl Strategy<Value = Vec<Paint>> {
    prop::collection::vec((interval::<64>(), 0_u8..4), 0..8)
}

fn painted(paints: &[Paint]) -> StepMap<Small, u8> {
    let mut map = StepMap::constant(0);
    map.paint_all(paints.iter().copied());
    map
}

fn model(paints: &[Paint]) -> Vec<u8> {
    let top = |key| paints.iter().rev().find(|(interval, _)| interval.contains(key));
    Small::all().into_iter().map(|key| top(key).map_or(0, |(_, value)| *value)).collect()
}

/// Checks the values at each key, and that the form is canonical.
#[track_caller]
fn check<V: Eq + Clone + std::fmt::Debug>(map: &StepMap<Small, V>, expected: &[V]) {
    let values: Vec<V> = Small::all().into_iter().map(|key| map.get(key).clone()).collect();
    assert_eq!(values, expected);
    let changes = expected.array_windows().filter(|[one, next]| one != next).count();
    assert_eq!(map.steps().len(), changes + 1, "{map:?}");
    assert_eq!(map.values().len(), changes + 1);
    let mut unrolled = Vec::new();
    for (step, value) in map.steps() {
        assert_eq!(usize::from(step.first().0), unrolled.len(), "steps follow each other");
        unrolled.extend((step.first().0..=step.last().0).map(|_| value.clone()));
    }
    assert_eq!(unrolled, expected);
}

proptest! {
    #[test]
    fn paints_many(paints in paints()) {
        check(&painted(&paints), &model(&paints));
    }

    #[test]
    fn paints_one_by_one(paints in paints()) {
        let mut map = StepMap::constant(0);
        for (interval, value) in &paints {
            map.paint(*interval, *value);
        }
        check(&map, &model(&paints));
        prop_assert_eq!(map, painted(&paints));
    }

    #[test]
    fn paints_over_what_is_there(below in paints(), above in paints()) {
        let mut map = painted(&below);
        map.paint_all(above.iter().copied());
        let all: Vec<Paint> = below.into_iter().chain(above).collect();
        check(&map, &model(&all));
    }

    #[test]
    fn updates(paints in paints(), interval in interval::<64>()) {
        let mut map = painted(&paints);
        map.update(interval, |value| value / 2);
        let expected: Vec<u8> = Small::all()
            .into_iter()
            .zip(model(&paints))
            .map(|(key, value)| if interval.contains(key) { value / 2 } else { value })
            .collect();
        check(&map, &expected);
    }

    #[test]
    fn maps_and_zips(one in paints(), other in paints()) {
        let (left, right) = (painted(&one), painted(&other));
        let (a, b) = (model(&one), model(&other));
        check(&left.map(|value| value / 2), &a.iter().map(|value| value / 2).collect::<Vec<_>>());
        let sums: Vec<u8> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        check(&left.zip_with(&right, |a, b| a + b), &sums);
        prop_assert_eq!(left == right, a == b);
    }

    #[test]
    fn zips_once_for_each_overlap(one in paints(), other in paints()) {
        let (left, right) = (painted(&one), painted(&other));
        let mut calls = 0_usize;
        left.zip_with(&right, |_, _| calls += 1);
        let overlaps = left.steps().flat_map(|(a, _)| right.steps().map(move |(b, _)| (a, b)));
        prop_assert_eq!(calls, overlaps.filter(|(a, b)| a.intersection(*b).is_some()).count());
    }

    #[test]
    fn shows_a_part(paints in paints(), interval in interval::<64>()) {
        let map = painted(&paints);
        let whole = map.steps().filter_map(|(step, value)| Some((step.intersection(interval)?, value)));
        prop_assert_eq!(map.steps_within(interval).collect::<Vec<_>>(), whole.collect::<Vec<_>>());
    }

    #[test]
    fn groups_by_value(paints in paints()) {
        let map = painted(&paints);
        let values = model(&paints);
        let groups = map.group();
        for (set, value) in &groups {
            let keys: IntervalSet<Small> =
                Small::all().into_iter().filter(|key| values[usize::from(key.0)] == *value).collect();
            prop_assert_eq!(set, &keys);
        }
        prop_assert!(groups.is_sorted_by_key(|(set, _)| set.first()));
        prop_assert_eq!(groups.iter().map(|(set, _)| set.intervals().len()).sum::<usize>(), map.steps().len());
    }

    #[test]
    fn piles_up(items in paints()) {
        let expected: Vec<Vec<u8>> = Small::all()
            .into_iter()
            .map(|key| items.iter().filter(|(i, _)| i.contains(key)).map(|(_, item)| *item).collect())
            .collect();
        check(&StepMap::pile(items), &expected);
    }
}

#[test]
fn a_constant_is_one_step() {
    check(&StepMap::constant('x'), &['x'; 64]);
    let groups = StepMap::<u16, _>::constant('x').group();
    assert_eq!(groups, [(Interval::ALL.into(), 'x')]);
}
