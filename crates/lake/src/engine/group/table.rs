//! A hash table from keys of 64 bits to consecutive numbers, and a set of such keys.

/// Mixes the bits of a key.
pub(super) fn hash(key: u64) -> u64 {
    // The finaliser of MurmurHash3, one round of it.
    let mixed = (key ^ (key >> 32)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xc4ce_b9fe_1a85_ec53)
}

/// How many keys are looked up at once.
///
/// Their first slots are read before anything is decided, so that the processor waits for all of them together and not for one after
/// the other; tables of many groups are larger than its caches.
const AT_ONCE: usize = 32;

/// Numbers keys in the order in which they come.
#[derive(Debug, Default)]
pub(super) struct Table {
    // INVARIANT: as many as a power of two, and at most half of them taken.
    /// The number of a key plus one, or zero.
    slots: Vec<u32>,
    keys: Vec<u64>,
}

impl Table {
    /// Returns the keys, in the order of their numbers.
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// Appends the number of each key, a new one if it has none.
    pub(super) fn numbers(&mut self, keys: &[u64], out: &mut Vec<u32>) {
        for keys in keys.chunks(AT_ONCE) {
            self.reserve(keys.len());
            // Times are sorted: many rows are of one group.
            if let Some((first, rest)) = keys.split_first()
                && rest.iter().all(|key| key == first)
            {
                out.extend(std::iter::repeat_n(self.number(*first), keys.len()));
                continue;
            }
            let slots = glimpse(keys, |key| self.slots.get(self.place(key)).copied());
            let known =
                glimpse(&slots, |slot| self.keys.get(slot.checked_sub(1)? as usize).copied());
            for ((key, slot), known) in keys.iter().zip(slots).zip(known) {
                let is_known = slot > 0 && known == *key;
                out.push(if is_known { slot - 1 } else { self.number(*key) });
            }
        }
    }

    /// Returns the number of a key, a new one if it has none.
    pub(super) fn number_of(&mut self, key: u64) -> u32 {
        self.reserve(1);
        self.number(key)
    }

    /// Returns the number of a key. There is room for it.
    fn number(&mut self, key: u64) -> u32 {
        let mut place = self.place(key);
        loop {
            match self.slots.get_mut(place) {
                Some(slot) if *slot == 0 => {
                    let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX - 1);
                    *slot = number + 1;
                    self.keys.push(key);
                    return number;
                }
                Some(slot) if self.keys.get(*slot as usize - 1) == Some(&key) => return *slot - 1,
                Some(_) => place += 1,
                None => place = 0,
            }
        }
    }

    /// Returns the first slot to look at.
    fn place(&self, key: u64) -> usize {
        place(key, self.slots.len())
    }

    fn reserve(&mut self, more: usize) {
        let needed = (self.keys.len() + more) * 2;
        if needed > self.slots.len() {
            self.grow(needed.next_power_of_two());
        }
    }

    fn grow(&mut self, size: usize) {
        self.slots = vec![0; size];
        for (number, key) in (1..).zip(&self.keys) {
            let mut place = place(*key, size);
            loop {
                match self.slots.get_mut(place) {
                    Some(slot) if *slot == 0 => {
                        *slot = number;
                        break;
                    }
                    Some(_) => place += 1,
                    None => place = 0,
                }
            }
        }
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.slots.capacity() * size_of::<u32>() + self.keys.capacity() * size_of::<u64>()
    }
}

/// A key of a set.
pub(super) trait Member: Copy + Default + Eq {
    /// Returns it in 64 bits.
    fn bits(self) -> u64;
}

impl Member for u32 {
    fn bits(self) -> u64 {
        self.into()
    }
}

impl Member for u64 {
    fn bits(self) -> u64 {
        self
    }
}

/// A set of keys other than zero.
#[derive(Debug, Default)]
pub(super) struct Set<K> {
    // INVARIANT: as many as a power of two, and at most three quarters of them taken.
    slots: Vec<K>,
    count: usize,
}

impl<K: Member> Set<K> {
    /// Adds keys; calls `added` with each that is new.
    pub(super) fn insert(&mut self, keys: &[K], mut added: impl FnMut(K)) {
        for keys in keys.chunks(AT_ONCE) {
            self.reserve(keys.len());
            let size = self.slots.len();
            let firsts = glimpse(keys, |key: K| self.slots.get(place(key.bits(), size)).copied());
            for (key, first) in keys.iter().zip(firsts) {
                if first != *key && insert(&mut self.slots, *key) {
                    self.count += 1;
                    added(*key);
                }
            }
        }
    }

    /// Returns the keys.
    fn iter(&self) -> impl Iterator<Item = K> {
        self.slots.iter().copied().filter(|key| *key != K::default())
    }

    fn reserve(&mut self, more: usize) {
        let needed = (self.count + more) * 4 / 3 + 1;
        if needed > self.slots.len() {
            let mut slots = vec![K::default(); needed.next_power_of_two()];
            for key in self.iter() {
                insert(&mut slots, key);
            }
            self.slots = slots;
        }
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.slots.capacity() * size_of::<K>()
    }
}

fn insert<K: Member>(slots: &mut [K], key: K) -> bool {
    let mut place = place(key.bits(), slots.len());
    loop {
        match slots.get_mut(place) {
            Some(slot) if *slot == K::default() => {
                *slot = key;
                return true;
            }
            Some(slot) if *slot == key => return false,
            Some(_) => place += 1,
            None => place = 0,
        }
    }
}

/// Reads something for each of a few values, at most [`AT_ONCE`]; zero where there is nothing.
fn glimpse<T: Copy, U: Copy + Default>(
    values: &[T],
    read: impl Fn(T) -> Option<U>,
) -> [U; AT_ONCE] {
    let mut out = [U::default(); AT_ONCE];
    for (out, value) in out.iter_mut().zip(values) {
        *out = read(*value).unwrap_or_default();
    }
    out
}

/// The first slot to look at. The highest bits choose the bucket and are the same for all keys of a table, so others are used.
fn place(key: u64, size: usize) -> usize {
    usize::try_from(hash(key)).unwrap_or_default() & size.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_numbered_in_order(keys in prop::collection::vec(0..200_u64, 0..500)) {
            let mut table = Table::default();
            let mut found = Vec::new();
            for part in keys.chunks(100) {
                table.numbers(part, &mut found);
            }
            let mut expected: Vec<u64> = Vec::new();
            for (key, number) in keys.iter().zip(found) {
                let place = expected.iter().position(|it| it == key).unwrap_or_else(|| {
                    expected.push(*key);
                    expected.len() - 1
                });
                prop_assert_eq!(number as usize, place);
            }
            prop_assert_eq!(table.keys(), expected);
        }

        #[test]
        fn a_set_holds_each_once(keys in prop::collection::vec(1..200_u64, 0..500)) {
            let mut set = Set::<u64>::default();
            let mut added = Vec::new();
            for part in keys.chunks(100) {
                set.insert(part, |key| added.push(key));
            }
            let expected: BTreeSet<u64> = keys.into_iter().collect();
            added.sort_unstable();
            prop_assert!(added.iter().eq(&expected));
            prop_assert_eq!(set.iter().collect::<BTreeSet<_>>(), expected);
        }
    }
}
