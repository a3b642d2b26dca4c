//! A hash table from keys of 64 bits to consecutive numbers, and a set of such keys.

/// Mixes the bits of a key.
pub(super) fn hash(key: u64) -> u64 {
    // The finaliser of MurmurHash3, one round of it.
    let mixed = (key ^ (key >> 32)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xc4ce_b9fe_1a85_ec53)
}

/// Numbers keys in the order in which they come.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The number of a key plus one, or zero.
    slots: Vec<u32>,
    keys: Vec<u64>,
}

impl Table {
    /// Returns the keys, in the order of their numbers.
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// Returns the number of a key, a new one if it has none.
    pub(super) fn number(&mut self, key: u64) -> u32 {
        if (self.keys.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mut place = place(hash(key), self.slots.len());
        loop {
            let Some(slot) = self.slots.get_mut(place) else {
                place = 0;
                continue;
            };
            if *slot == 0 {
                let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX - 1);
                *slot = number + 1;
                self.keys.push(key);
                return number;
            }
            let number = *slot - 1;
            if self.keys.get(number as usize) == Some(&key) {
                return number;
            }
            place += 1;
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        self.slots = vec![0; size];
        for (number, key) in (1..).zip(&self.keys) {
            let mut place = place(hash(*key), size);
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

/// A set of keys other than zero.
#[derive(Debug, Default)]
pub(super) struct Set {
    slots: Vec<u64>,
    count: usize,
}

impl Set {
    /// Adds a key; returns whether it is new.
    pub(super) fn insert(&mut self, key: u64) -> bool {
        if (self.count + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let is_new = insert(&mut self.slots, key);
        self.count += usize::from(is_new);
        is_new
    }

    /// Returns the keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        self.slots.iter().copied().filter(|key| *key != 0)
    }

    fn grow(&mut self) {
        let mut slots = vec![0; (self.slots.len() * 2).max(16)];
        for key in self.iter() {
            insert(&mut slots, key);
        }
        self.slots = slots;
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
    }
}

fn insert(slots: &mut [u64], key: u64) -> bool {
    let mut place = place(hash(key), slots.len());
    loop {
        match slots.get_mut(place) {
            Some(slot) if *slot == 0 => {
                *slot = key;
                return true;
            }
            Some(slot) if *slot == key => return false,
            Some(_) => place += 1,
            None => place = 0,
        }
    }
}

/// The first slot to look at. The highest bits choose the bucket and are the same for all keys of a table, so others are used.
fn place(hash: u64, size: usize) -> usize {
    usize::try_from(hash).unwrap_or_default() & (size - 1)
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
            let mut expected: Vec<u64> = Vec::new();
            for key in &keys {
                let place = expected.iter().position(|it| it == key).unwrap_or_else(|| {
                    expected.push(*key);
                    expected.len() - 1
                });
                prop_assert_eq!(table.number(*key) as usize, place);
            }
            prop_assert_eq!(table.keys(), expected);
        }

        #[test]
        fn a_set_holds_each_once(keys in prop::collection::vec(1..200_u64, 0..500)) {
            let mut set = Set::default();
            let mut expected = BTreeSet::new();
            for key in keys {
                prop_assert_eq!(set.insert(key), expected.insert(key));
            }
            prop_assert_eq!(set.iter().collect::<BTreeSet<_>>(), expected);
        }
    }
}
