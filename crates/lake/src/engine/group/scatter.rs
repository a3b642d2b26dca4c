//! Rows of a batch, put in the order of their buckets.

/// Which row of a batch goes to which bucket.
#[derive(Debug, Default)]
pub(super) struct Scatter {
    buckets: Vec<u8>,
    /// The rows, those of one bucket after those of another; empty if all are of one.
    order: Vec<u32>,
    /// The buckets that have rows, and how many.
    counts: Vec<(usize, usize)>,
}

impl Scatter {
    /// Takes the bucket of each row.
    pub(super) fn plan(&mut self, buckets: impl Iterator<Item = u8>) {
        self.buckets.clear();
        self.buckets.extend(buckets);
        self.order.clear();
        self.counts.clear();
        let mut counts = [0; 1 << u8::BITS];
        if let Some((first, rest)) = self.buckets.split_first()
            // Times are sorted: a batch of one time has but one bucket.
            && rest.iter().all(|bucket| bucket == first)
        {
            self.counts.push((usize::from(*first), self.buckets.len()));
            return;
        }
        for bucket in &self.buckets {
            if let Some(count) = counts.get_mut(usize::from(*bucket)) {
                *count += 1;
            }
        }
        self.counts.extend(counts.iter().copied().enumerate().filter(|(_, count)| *count > 0));
        self.sort(&counts);
    }

    /// Sorts the rows by bucket, given how many each has.
    fn sort(&mut self, counts: &[usize; 1 << u8::BITS]) {
        let mut sum = 0;
        let mut places = counts.map(|count| {
            sum += count;
            sum - count
        });
        self.order.resize(self.buckets.len(), 0);
        for (row, bucket) in (0..).zip(&self.buckets) {
            let place = places.get_mut(usize::from(*bucket));
            if let Some(place) = place
                && let Some(slot) = self.order.get_mut(*place)
            {
                *slot = row;
                *place += 1;
            }
        }
    }

    /// Returns the buckets that have rows.
    pub(super) fn buckets(&self) -> impl Iterator<Item = usize> {
        self.counts.iter().map(|(bucket, _)| *bucket)
    }

    /// Hands each of the `buckets` the values of its rows by calling `put`, if it has some. `room` is for what is on the way.
    pub(super) fn spread<T: Copy + Default, B>(
        &self,
        values: &[T],
        room: &mut Vec<T>,
        buckets: &mut [B],
        put: impl Fn(&mut B, &[T]),
    ) {
        let mut left = values;
        if !self.order.is_empty() {
            room.clear();
            room.extend(
                self.order.iter().map(|row| values.get(*row as usize).copied().unwrap_or_default()),
            );
            left = room;
        }
        for (bucket, count) in &self.counts {
            let (part, rest) = left.split_at_checked(*count).unwrap_or_default();
            if let Some(bucket) = buckets.get_mut(*bucket) {
                put(bucket, part);
            }
            left = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_bucket_gets_its_rows_in_order(
            kinds in 1..5_u8,
            rows in prop::collection::vec(any::<(u8, u64)>(), 0..300)
        ) {
            let bucket = |row: &(u8, u64)| 250 + row.0 % kinds;
            let mut scatter = Scatter::default();
            scatter.plan(rows.iter().map(bucket));
            let values: Vec<u64> = rows.iter().map(|row| row.1).collect();
            let mut found = vec![Vec::new(); 256];
            scatter.spread(&values, &mut Vec::new(), &mut found, Vec::extend_from_slice);
            let mut expected = vec![Vec::new(); 256];
            for row in &rows {
                expected[usize::from(bucket(row))].push(row.1);
            }
            let with_rows = expected.iter().enumerate().filter(|(_, rows)| !rows.is_empty());
            prop_assert!(scatter.buckets().eq(with_rows.map(|(bucket, _)| bucket)));
            prop_assert_eq!(found, expected);
        }
    }
}
