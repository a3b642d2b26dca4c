//! The fewest sets that cover everything: exact where that is feasible, greedy beyond.
//!
//! Minimum set cover is NP-hard, and the inputs here are small: what one port of one group is used for. Elements and
//! sets fall into components that have nothing to do with each other; each is solved by branch and bound over the
//! element that the fewest sets cover, starting from the greedy answer, until a budget of steps is used up.
//! A solver of integer programs was rejected: it is the largest dependency that one can have.

use std::collections::BTreeMap;

/// How much a choice of sets costs: first their number, then the sum of their weights.
type Cost = (usize, u128);

/// One set that may be chosen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Choice {
    /// The elements that it covers, by number.
    pub(crate) covers: Vec<usize>,
    /// What decides between choices of equally many sets: less is better.
    pub(crate) weight: u128,
}

/// The sets that were chosen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Cover {
    /// The sets, by number, in ascending order.
    pub(crate) chosen: Vec<usize>,
    /// Whether it is proved that no choice costs less.
    pub(crate) is_minimal: bool,
}

/// How many steps the search for one component may take.
const BUDGET: u32 = 200_000;

/// Returns the cheapest choice of sets that covers the elements `0..elements`.
///
/// An element that no set covers is left uncovered.
pub(crate) fn cheapest_cover(elements: usize, choices: &[Choice]) -> Cover {
    let mut cover = Cover { chosen: Vec::new(), is_minimal: true };
    for component in components(elements, choices) {
        let mut search = Search::new(&component, choices);
        search.run();
        cover.chosen.extend(search.best.1);
        cover.is_minimal &= search.steps_left > 0;
    }
    cover.chosen.sort_unstable();
    cover
}

/// What of the problem hangs together.
#[derive(Debug, Default)]
struct Component {
    /// For each element, the sets that cover it. Elements that the same sets cover are one.
    elements: Vec<Vec<usize>>,
}

/// Splits the problem into components, in the order of their first elements.
fn components(elements: usize, choices: &[Choice]) -> Vec<Component> {
    let mut covered_by: Vec<Vec<usize>> = vec![Vec::new(); elements];
    for (number, choice) in choices.iter().enumerate() {
        for element in &choice.covers {
            if let Some(sets) = covered_by.get_mut(*element) {
                sets.push(number);
            }
        }
    }
    let mut roots: Vec<usize> = (0..choices.len()).collect();
    for sets in &covered_by {
        for pair in sets.windows(2) {
            if let [one, other] = pair {
                join(&mut roots, *one, *other);
            }
        }
    }
    let mut components: BTreeMap<usize, Component> = BTreeMap::new();
    for mut sets in covered_by {
        let Some(first) = sets.first().copied() else { continue };
        sets.dedup();
        components.entry(root(&mut roots, first)).or_default().elements.push(sets);
    }
    let distinct = |mut component: Component| {
        component.elements.sort_unstable();
        component.elements.dedup();
        component
    };
    components.into_values().map(distinct).collect()
}

fn root(roots: &mut [usize], of: usize) -> usize {
    let mut at = of;
    while let Some(&above) = roots.get(at).filter(|above| **above != at) {
        at = above;
    }
    if let Some(place) = roots.get_mut(of) {
        *place = at;
    }
    at
}

fn join(roots: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(roots, one), root(roots, other));
    if let Some(place) = roots.get_mut(one.max(other)) {
        *place = one.min(other);
    }
}

/// A search in one component.
#[derive(Debug)]
struct Search<'c> {
    component: &'c Component,
    choices: &'c [Choice],
    /// How many elements of the component each set covers, by number of the set.
    sizes: BTreeMap<usize, usize>,
    /// How many chosen sets cover each element.
    depth: Vec<u32>,
    chosen: Vec<usize>,
    best: (Cost, Vec<usize>),
    steps_left: u32,
}

impl<'c> Search<'c> {
    fn new(component: &'c Component, choices: &'c [Choice]) -> Self {
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for set in component.elements.iter().flatten() {
            *sizes.entry(*set).or_default() += 1;
        }
        Self {
            component,
            choices,
            sizes,
            depth: vec![0; component.elements.len()],
            chosen: Vec::new(),
            best: ((usize::MAX, u128::MAX), Vec::new()),
            steps_left: BUDGET,
        }
    }

    fn run(&mut self) {
        let greedy = self.greedy();
        self.best = (self.cost(&greedy), greedy);
        self.branch();
    }

    fn cost(&self, sets: &[usize]) -> Cost {
        (sets.len(), sets.iter().fold(0, |sum, set| sum.saturating_add(self.weight(*set))))
    }

    fn weight(&self, set: usize) -> u128 {
        self.choices.get(set).map_or(u128::MAX, |choice| choice.weight)
    }

    /// Takes the set that covers the most of what is left, again and again: at most `1 + ln n` times the fewest.
    fn greedy(&self) -> Vec<usize> {
        let mut left: Vec<&Vec<usize>> = self.component.elements.iter().collect();
        let mut taken = Vec::new();
        while !left.is_empty() {
            let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
            for set in left.iter().copied().flatten() {
                *counts.entry(*set).or_default() += 1;
            }
            let best = counts
                .into_iter()
                .min_by_key(|(set, count)| (std::cmp::Reverse(*count), self.weight(*set), *set));
            let Some((best, _)) = best else { break };
            taken.push(best);
            left.retain(|sets| !sets.contains(&best));
        }
        taken
    }

    /// Tries every set that covers the uncovered element with the fewest sets.
    fn branch(&mut self) {
        if self.steps_left == 0 {
            return;
        }
        self.steps_left -= 1;
        let cost = self.cost(&self.chosen);
        let Some(sets) = self.narrowest() else {
            if cost < self.best.0 {
                self.best = (cost, self.chosen.clone());
            }
            return;
        };
        if !self.may_improve(cost) {
            return;
        }
        let mut sets = sets.clone();
        sets.sort_by_key(|set| (std::cmp::Reverse(self.sizes.get(set)), self.weight(*set), *set));
        for set in sets {
            self.choose(set, true);
            self.branch();
            self.choose(set, false);
        }
    }

    /// Returns the sets that cover the uncovered element with the fewest, or `None` if all are covered.
    fn narrowest(&self) -> Option<&'c Vec<usize>> {
        let open =
            self.component.elements.iter().zip(&self.depth).filter(|(_, depth)| **depth == 0);
        open.map(|(sets, _)| sets).min_by_key(|sets| sets.len())
    }

    /// Returns whether what is left can be covered for less than the best, as far as counting tells.
    fn may_improve(&self, cost: Cost) -> bool {
        let open = self.depth.iter().filter(|depth| **depth == 0).count();
        let largest = self.sizes.values().max().copied().unwrap_or(1).max(1);
        let least = (cost.0.saturating_add(open.div_ceil(largest)), cost.1);
        least < self.best.0
    }

    fn choose(&mut self, set: usize, is_chosen: bool) {
        for (sets, depth) in self.component.elements.iter().zip(&mut self.depth) {
            if sets.contains(&set) {
                *depth = if is_chosen { *depth + 1 } else { depth.saturating_sub(1) };
            }
        }
        if is_chosen {
            self.chosen.push(set);
        } else {
            self.chosen.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Returns the least cost of all choices, by trying each.
    fn brute_force(elements: usize, choices: &[Choice]) -> Cost {
        let coverable: Vec<usize> =
            (0..elements).filter(|it| choices.iter().any(|c| c.covers.contains(it))).collect();
        let all = 0_u32..1 << choices.len();
        let picked = |bits: u32| {
            let chosen = choices.iter().enumerate().filter(move |(n, _)| bits >> n & 1 == 1);
            chosen.map(|(_, choice)| choice).collect::<Vec<_>>()
        };
        let covers_all = |chosen: &[&Choice]| {
            coverable.iter().all(|it| chosen.iter().any(|choice| choice.covers.contains(it)))
        };
        let costs = all.map(picked).filter(|chosen| covers_all(chosen));
        costs.map(|it| (it.len(), it.iter().map(|c| c.weight).sum())).min().unwrap()
    }

    proptest! {
        #[test]
        fn nothing_is_cheaper(
            elements in 1_usize..8,
            sets in vec((vec(0_usize..8, 0..5), 0_u128..4), 0..10),
        ) {
            let choices: Vec<Choice> = sets
                .into_iter()
                .map(|(mut covers, weight)| {
                    covers.retain(|element| *element < elements);
                    covers.sort_unstable();
                    covers.dedup();
                    Choice { covers, weight }
                })
                .collect();
            let cover = cheapest_cover(elements, &choices);
            let chosen: Vec<&Choice> = cover.chosen.iter().map(|it| &choices[*it]).collect();
            for element in 0..elements {
                let covers = |choice: &Choice| choice.covers.contains(&element);
                let is_covered = chosen.iter().any(|choice| covers(choice));
                prop_assert_eq!(is_covered, choices.iter().any(covers));
            }
            let cost = (chosen.len(), chosen.iter().map(|it| it.weight).sum());
            prop_assert!(cover.is_minimal);
            prop_assert_eq!(cost, brute_force(elements, &choices));
        }
    }
}
