//! Random numbers whose sequence never changes.
//!
//! Generated accounts are compared byte by byte and quoted in benchmarks, so a seed must mean the same
//! account for ever. The `rand` crate keeps its named generators reproducible but not the derived
//! operations (ranges, choices, shuffles), and the default generator may change with a minor release;
//! sixty lines of our own change only when we change them. Nothing here is fit for secrets.

use std::ops::RangeInclusive;

/// A generator of 64-bit numbers with a period of 2^64 in which every number occurs exactly once.
///
/// That last property is why ids drawn from one generator never collide.
///
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, figure 17.
#[derive(Clone, Debug)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// Starts the sequence that belongs to `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Returns the next number; all 2^64 are equally likely.
    pub const fn next_number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// Returns a number below `bound`, or 0 if `bound` is 0.
    ///
    /// The bias of the multiplication is below `bound` / 2^64, far below what any test could see.
    pub fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.next_number()) * (bound as u128);
        usize::try_from(product >> 64).unwrap_or(0)
    }

    /// Returns a number of the range, both ends included; the start of an empty range.
    pub fn within(&mut self, range: RangeInclusive<usize>) -> usize {
        let (first, last) = range.into_inner();
        first + self.below((last + 1).saturating_sub(first))
    }

    /// Returns true `percent` times out of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Returns one of the choices, or `None` if there are none.
    pub fn pick<'choices, T>(&mut self, choices: &'choices [T]) -> Option<&'choices T> {
        choices.get(self.below(choices.len()))
    }

    /// Returns one of the weighted choices, each as often as its weight says.
    ///
    /// Returns `None` if no weight is above zero.
    pub fn pick_weighted<'choices, T>(
        &mut self,
        choices: &'choices [(usize, T)],
    ) -> Option<&'choices T> {
        let mut ticket = self.below(choices.iter().map(|(weight, _)| weight).sum());
        choices.iter().find_map(|(weight, choice)| {
            let hit = ticket < *weight;
            ticket = ticket.saturating_sub(*weight);
            hit.then_some(choice)
        })
    }
}

/// Returns the number at which the state `z` is scattered: a bijection on 64 bits without visible pattern.
pub const fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of seed 1234567, as the reference implementation prints them.
    #[test]
    fn sequence_is_the_published_one() {
        let mut random = SplitMix64::new(1_234_567);
        let numbers: Vec<u64> = std::iter::repeat_with(|| random.next_number()).take(3).collect();
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn numbers_stay_in_range_and_fill_it() {
        let mut random = SplitMix64::new(7);
        let mut seen = [0_usize; 6];
        for _ in 0..600 {
            seen[random.within(0..=5)] += 1;
        }
        assert!(seen.iter().all(|count| (50..=150).contains(count)), "{seen:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn weights_are_respected() {
        let mut random = SplitMix64::new(7);
        let choices = [(0, 'a'), (90, 'b'), (10, 'c')];
        let picks: String = (0..1000).filter_map(|_| random.pick_weighted(&choices)).collect();
        let rare = picks.matches('c').count();
        assert_eq!(picks.len(), 1000);
        assert!(!picks.contains('a') && (50..=150).contains(&rare), "{rare}");
        assert_eq!(random.pick_weighted::<char>(&[]), None);
        assert_eq!(random.pick::<char>(&[]), None);
    }
}
