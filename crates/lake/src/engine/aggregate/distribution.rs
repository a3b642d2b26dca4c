//! Percentiles: how numbers are distributed, exact for small groups, in logarithmic buckets for large ones.
//!
//! A group keeps its numbers until it has [`EXACT_UP_TO`]; from then on it counts them in buckets that are 2^-7 of an octave wide. A
//! percentile is then the middle of a bucket, at most 2^-8 (0.4 %) away from the number that stands at that rank. The bucket is cut
//! out of the bits of the number, which costs nothing; the t-digest of DataFusion costs a sort per group and batch
//! (35 seconds where this takes less than one).

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BinaryBuilder, Float64Builder};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{
    AggregateUDF, ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::groups::{Memory, udaf};

/// How many numbers a group may have before its percentiles become approximate.
pub const EXACT_UP_TO: usize = 1024;
/// For how many numbers a group has room at first.
const FIRST_ROOM: usize = 16;
/// How many low bits of a number do not tell buckets apart: 52 of the mantissa less 7.
const SHIFT: u32 = 45;

/// How the numbers of one group are distributed.
#[derive(Clone, Debug)]
pub(crate) enum Numbers {
    /// All of them, in the order in which they came.
    Exact(Vec<f64>),
    /// How many fall into each bucket from `first` on.
    Buckets { first: u32, counts: Vec<u64> },
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Exact(Vec::new())
    }
}

/// Returns the bucket of a number. Buckets are ordered as their numbers are.
fn bucket(number: f64) -> u32 {
    (ordered(number) >> SHIFT) as u32
}

/// Returns bits that are ordered as numbers are: negative ones are flipped, positive ones put above them.
fn ordered(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

/// Returns the number in the middle of a bucket.
fn middle(bucket: u32) -> f64 {
    let bits = (u64::from(bucket) << SHIFT) | (1 << (SHIFT - 1));
    f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })
}

impl Numbers {
    pub(crate) fn add(&mut self, number: f64) {
        match self {
            Self::Exact(numbers) if numbers.len() < EXACT_UP_TO => {
                // Moving a few numbers costs more than room for some more.
                if numbers.len() == numbers.capacity() {
                    numbers.reserve((3 * numbers.len()).max(FIRST_ROOM));
                }
                numbers.push(number);
            }
            Self::Exact(_) => {
                self.bucketise();
                self.count(bucket(number), 1);
            }
            Self::Buckets { .. } => self.count(bucket(number), 1),
        }
    }

    fn bucketise(&mut self) {
        if let Self::Exact(numbers) = self {
            let numbers = std::mem::take(numbers);
            *self = Self::Buckets { first: 0, counts: Vec::new() };
            for number in numbers {
                self.count(bucket(number), 1);
            }
        }
    }

    /// Counts in a bucket; the window of buckets grows to hold it, a little more than needed so that it rarely grows.
    fn count(&mut self, bucket: u32, times: u64) {
        let Self::Buckets { first, counts } = self else {
            return;
        };
        if counts.is_empty() {
            *first = bucket;
        }
        if bucket < *first {
            let start = bucket.saturating_sub(64);
            let more = usize::try_from(*first - start).unwrap_or_default();
            counts.splice(0..0, std::iter::repeat_n(0, more));
            *first = start;
        }
        let place = usize::try_from(bucket - *first).unwrap_or_default();
        if place >= counts.len() {
            counts.resize(place + 64, 0);
        }
        if let Some(count) = counts.get_mut(place) {
            *count += times;
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        match other {
            Self::Exact(numbers) => numbers.into_iter().for_each(|number| self.add(number)),
            Self::Buckets { first, counts } => {
                self.bucketise();
                for (bucket, times) in (first..).zip(counts).filter(|(_, times)| *times > 0) {
                    self.count(bucket, times);
                }
            }
        }
    }

    /// Returns the number of the nearest rank: the smallest that at least `percent` of a hundred do not exceed.
    fn quantile(&mut self, percent: f64) -> Option<f64> {
        match self {
            Self::Exact(numbers) => {
                let rank = rank(numbers.len() as u64, percent)?;
                let place = usize::try_from(rank - 1).ok()?;
                let (_, found, _) = numbers.select_nth_unstable_by(place, f64::total_cmp);
                Some(*found)
            }
            Self::Buckets { first, counts } => {
                let rank = rank(counts.iter().sum(), percent)?;
                let mut seen = 0;
                let mut buckets = (*first..).zip(counts.iter());
                let found = buckets.find(|(_, count)| {
                    seen += **count;
                    seen >= rank
                });
                found.map(|(bucket, _)| middle(bucket))
            }
        }
    }

    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Exact(numbers) => numbers.capacity() * size_of::<f64>(),
            Self::Buckets { counts, .. } => counts.capacity() * size_of::<u64>(),
        }
    }

    /// Returns a column of distributions, as the aggregate gives it out.
    pub(crate) fn column<'a>(all: impl IntoIterator<Item = &'a Self>) -> ArrayRef {
        let mut builder = BinaryBuilder::new();
        let mut bytes = Vec::new();
        for numbers in all {
            bytes.clear();
            numbers.write(&mut bytes);
            builder.append_value(&bytes);
        }
        Arc::new(builder.finish())
    }

    /// Writes it: a zero and the numbers, or a one, the first bucket and the counts, all little-endian.
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Exact(numbers) => {
                out.push(0);
                for number in numbers {
                    out.extend(number.to_le_bytes());
                }
            }
            Self::Buckets { first, counts } => {
                out.push(1);
                out.extend(first.to_le_bytes());
                for count in counts {
                    out.extend(count.to_le_bytes());
                }
            }
        }
    }

    fn decode(bytes: &[u8]) -> Self {
        let words = |bytes: &[u8]| -> Vec<[u8; 8]> { bytes.as_chunks::<8>().0.to_vec() };
        match bytes.split_first() {
            Some((1, rest)) => {
                let (first, counts) = rest.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
                let counts = words(counts).into_iter().map(u64::from_le_bytes).collect();
                Self::Buckets { first: u32::from_le_bytes(*first), counts }
            }
            Some((_, rest)) => {
                Self::Exact(words(rest).into_iter().map(f64::from_le_bytes).collect())
            }
            None => Self::default(),
        }
    }
}

/// Returns the nearest rank, from 1 to `count`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a rank is between 1 and a number of rows"
)]
fn rank(count: u64, percent: f64) -> Option<u64> {
    // Dividing last keeps `95 * 100 / 100` whole, where `0.95 * 100` is not.
    let rank = (percent * count as f64 / 100.0).ceil() as u64;
    (count > 0).then(|| rank.clamp(1, count))
}

/// Returns the aggregate that collects a distribution.
pub(super) fn distribution() -> AggregateUDF {
    let signature = Signature::exact(vec![DataType::Float64], Volatility::Immutable);
    udaf::<Numbers>("insights_distribution", signature, |_| DataType::Binary)
}

impl Memory for Numbers {
    fn add(
        groups: &mut [Self],
        arguments: &[ArrayRef],
        group_of: impl Fn(usize) -> Option<usize>,
    ) -> Result<()> {
        for array in arguments {
            for (row, number) in array.as_primitive::<Float64Type>().iter().enumerate() {
                let group = group_of(row).and_then(|group| groups.get_mut(group));
                if let (Some(number), Some(group)) = (number, group) {
                    group.add(number);
                }
            }
        }
        Ok(())
    }

    fn results(groups: &[Self], _: &DataType) -> Result<ArrayRef> {
        Ok(Self::column(groups))
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.write(out);
    }

    fn merge(&mut self, bytes: &[u8]) {
        self.merge(Self::decode(bytes));
    }

    fn size(&self) -> usize {
        self.size()
    }
}

/// The scalar function that reads a percentile off a distribution.
#[derive(Debug, Eq, Hash, PartialEq)]
pub(super) struct Quantile {
    signature: Signature,
}

impl Default for Quantile {
    fn default() -> Self {
        let kinds = vec![DataType::Binary, DataType::Float64];
        Self { signature: Signature::exact(kinds, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Quantile {
    fn name(&self) -> &'static str {
        "insights_quantile"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let mut builder = Float64Builder::new();
        if let [distributions, percents] = arrays.as_slice() {
            let percents = percents.as_primitive::<Float64Type>();
            for (bytes, percent) in distributions.as_binary::<i32>().iter().zip(percents) {
                let found = bytes.zip(percent);
                builder
                    .append_option(found.and_then(|(bytes, p)| Numbers::decode(bytes).quantile(p)));
            }
        }
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(numbers: &[f64]) -> Numbers {
        let mut out = Numbers::default();
        for number in numbers {
            out.add(*number);
        }
        out
    }

    #[track_caller]
    fn check(numbers: &[f64], percent: f64, expected: Option<f64>) {
        assert_eq!(of(numbers).quantile(percent), expected, "{numbers:?} {percent}");
    }

    #[test]
    fn small_groups_are_exact() {
        check(&[], 50.0, None);
        check(&[7.0], 50.0, Some(7.0));
        check(&[4.0, 1.0, 3.0, 2.0], 50.0, Some(2.0));
        check(&[4.0, 1.0, 3.0, 2.0], 51.0, Some(3.0));
        check(&[4.0, 1.0, 3.0, 2.0], 0.0, Some(1.0));
        check(&[4.0, 1.0, 3.0, 2.0], 100.0, Some(4.0));
    }

    proptest! {
        #[test]
        fn large_groups_are_off_by_less_than_they_say(
            numbers in prop::collection::vec(-1e6..1e12_f64, EXACT_UP_TO + 1..EXACT_UP_TO * 3),
            percent in 0..100_u32,
            cut in 0..EXACT_UP_TO,
        ) {
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            let rank = (percent as usize * sorted.len()).div_ceil(100).max(1);
            let exact = sorted[rank - 1];
            let (left, right) = numbers.split_at(cut);
            let mut merged = of(left);
            let mut bytes = Vec::new();
            of(right).write(&mut bytes);
            merged.merge(Numbers::decode(&bytes));
            for mut approximate in [of(&numbers), merged] {
                let found = approximate.quantile(f64::from(percent)).unwrap();
                prop_assert!((found - exact).abs() <= exact.abs() / 256.0, "{found} {exact}");
            }
        }
    }
}
