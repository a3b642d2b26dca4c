//! Small numbers, packed: the hybrid of runs and bits that Parquet keeps levels and numbers of words in.
//!
//! Source: Apache Parquet, Encodings, “Run Length Encoding / Bit-Packing Hybrid”.

/// How many numbers a group of packed bits has.
const GROUP: usize = 8;

/// Returns how many bits the largest of `count` numbers from 0 needs.
pub(super) const fn width_of(count: usize) -> u32 {
    if count <= 1 { 0 } else { usize::BITS - (count - 1).leading_zeros() }
}

/// Appends numbers of `width` bits, which is 32 at most.
///
/// Eight or more equal numbers are a run; the rest is packed.
pub(super) fn append(out: &mut Vec<u8>, width: u32, numbers: &[u32]) {
    let mut rest = numbers;
    // Where the groups begin that are to be packed.
    let mut before = rest;
    while let Some(first) = rest.first() {
        let run = if begins_with_run(rest) { run_of(*first, rest) } else { 0 };
        if run >= GROUP {
            append_packed(out, width, until(before, rest));
            append_run(out, width, *first, run);
            rest = rest.get(run..).unwrap_or_default();
            before = rest;
        } else {
            rest = rest.get(GROUP..).unwrap_or_default();
        }
    }
    append_packed(out, width, before);
}

/// Appends numbers of one bit, packed already, the lowest of each byte first.
///
/// Bytes of one number are runs; the others are groups as they are.
pub(super) fn append_flags(out: &mut Vec<u8>, bytes: &[u8], count: usize) {
    let run = |byte: u8| [0x00, 0xff].contains(&byte).then_some(byte);
    let bytes = bytes.get(..count.div_ceil(GROUP)).unwrap_or(bytes);
    let mut rest = count;
    for alike in bytes.chunk_by(|a, b| run(*a) == run(*b)) {
        let length = rest.min(alike.len() * GROUP);
        match alike.first().and_then(|it| run(*it)) {
            Some(byte) => append_run(out, 1, u32::from(byte & 1), length),
            None => {
                append_varint(out, (alike.len() as u64) << 1 | 1);
                out.extend_from_slice(alike);
            }
        }
        rest -= length;
    }
}

/// Returns what is before the rest.
fn until<'a>(all: &'a [u32], rest: &[u32]) -> &'a [u32] {
    all.get(..all.len() - rest.len()).unwrap_or_default()
}

/// Returns whether the first group is of one number.
fn begins_with_run(numbers: &[u32]) -> bool {
    let group: Option<&[u32; GROUP]> = numbers.first_chunk();
    group.is_some_and(|[first, rest @ ..]| rest.iter().fold(0, |all, it| all | (it ^ first)) == 0)
}

/// Returns how many numbers are the first.
fn run_of(first: u32, numbers: &[u32]) -> usize {
    let (groups, _) = numbers.as_chunks::<GROUP>();
    let is_run = |group: &&[u32; GROUP]| group.iter().fold(0, |all, it| all | (it ^ first)) == 0;
    let whole = groups.iter().take_while(is_run).count() * GROUP;
    whole + numbers.iter().skip(whole).take_while(|it| **it == first).count()
}

fn append_run(out: &mut Vec<u8>, width: u32, number: u32, length: usize) {
    append_varint(out, (length as u64) << 1);
    let bytes = width.div_ceil(8) as usize;
    out.extend(number.to_le_bytes().iter().take(bytes));
}

/// Appends groups of eight; what the last one lacks is zero, and is not read.
fn append_packed(out: &mut Vec<u8>, width: u32, numbers: &[u32]) {
    if numbers.is_empty() {
        return;
    }
    let groups = numbers.len().div_ceil(GROUP);
    append_varint(out, (groups as u64) << 1 | 1);
    let (whole, _) = numbers.as_chunks();
    if width <= NARROW {
        append_narrow(out, width, whole);
        let rest = numbers.get(whole.len() * GROUP..).unwrap_or_default();
        append_bits(out, width, rest);
    } else {
        append_bits(out, width, numbers);
    }
}

/// The most bits that four numbers of a group may have so that they fit into 64.
const NARROW: u32 = 16;

/// Appends groups of eight numbers of up to [`NARROW`] bits, each of which takes as many bytes as a number has bits.
fn append_narrow(out: &mut Vec<u8>, width: u32, groups: &[[u32; GROUP]]) {
    out.reserve(groups.len() * width as usize + size_of::<u128>());
    let join = |half: [u32; 4]| {
        half.iter().rev().fold(0_u64, |bits, number| (bits << width) | u64::from(*number))
    };
    for [a, b, c, d, e, f, g, h] in groups {
        let (low, high) = (join([*a, *b, *c, *d]), join([*e, *f, *g, *h]));
        let bits = u128::from(low) | (u128::from(high) << (4 * width));
        let end = out.len() + width as usize;
        out.extend_from_slice(&bits.to_le_bytes());
        out.truncate(end);
    }
}

/// Appends numbers one by one; what the last group lacks is zero.
fn append_bits(out: &mut Vec<u8>, width: u32, numbers: &[u32]) {
    let groups = numbers.len().div_ceil(GROUP);
    let (mut bits, mut held) = (0_u64, 0);
    let padding = groups * GROUP - numbers.len();
    for number in numbers.iter().copied().chain(std::iter::repeat_n(0, padding)) {
        bits |= u64::from(number) << held;
        held += width;
        if held >= u32::BITS {
            let [a, b, c, d, ..] = bits.to_le_bytes();
            out.extend_from_slice(&[a, b, c, d]);
            bits >>= u32::BITS;
            held -= u32::BITS;
        }
    }
    let bytes = held.div_ceil(8) as usize;
    out.extend(bits.to_le_bytes().iter().take(bytes));
}

/// Appends a number, seven bits a byte.
fn append_varint(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads what the format says, bit by bit.
    fn decode(bytes: &[u8], width: u32, count: usize) -> Vec<u32> {
        let mut numbers = Vec::new();
        let mut at = 0;
        while numbers.len() < count {
            let (mut header, mut shift) = (0_u64, 0);
            loop {
                let byte = bytes[at];
                at += 1;
                header |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 {
                    break;
                }
            }
            let bit = |position: usize| u32::from(bytes[at + position / 8] >> (position % 8) & 1);
            if header & 1 == 0 {
                let number: u32 = (0..width as usize).map(|it| bit(it) << it).sum();
                numbers.extend(std::iter::repeat_n(number, (header >> 1) as usize));
                at += width.div_ceil(8) as usize;
            } else {
                let groups = (header >> 1) as usize;
                for index in 0..groups * 8 {
                    let bits = index * width as usize;
                    numbers.push((0..width as usize).map(|it| bit(bits + it) << it).sum());
                }
                at += groups * width as usize;
            }
        }
        assert_eq!(at, bytes.len());
        numbers.truncate(count);
        numbers
    }

    fn some_numbers() -> impl Strategy<Value = (u32, Vec<u32>)> {
        (0_u32..=32).prop_flat_map(|width| {
            let most = u32::try_from((1_u64 << width) - 1).unwrap();
            let runs = prop::collection::vec((0..=most, 1_usize..20), 0..30);
            let numbers = runs.prop_map(|runs| {
                runs.into_iter().flat_map(|(it, length)| std::iter::repeat_n(it, length)).collect()
            });
            (Just(width), numbers)
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_again((width, numbers) in some_numbers()) {
            let mut bytes = Vec::new();
            append(&mut bytes, width, &numbers);
            prop_assert_eq!(decode(&bytes, width, numbers.len()), numbers);
        }

        #[test]
        fn flags_are_read_again(
            flags in prop::collection::vec(prop_oneof![4 => Just(0xff), 2 => Just(0), 1 => any::<u8>()], 0..30),
            cut in 0..8_usize,
        ) {
            let count = (flags.len() * 8).saturating_sub(cut);
            let mut bytes = Vec::new();
            append_flags(&mut bytes, &flags, count);
            let expected: Vec<_> = (0..count).map(|it| u32::from(flags[it / 8] >> (it % 8) & 1)).collect();
            prop_assert_eq!(decode(&bytes, 1, count), expected);
        }
    }

    #[test]
    fn widths_hold_the_largest_number() {
        for (count, width) in [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (65_536, 16)] {
            assert_eq!(width_of(count), width, "{count}");
        }
    }
}
