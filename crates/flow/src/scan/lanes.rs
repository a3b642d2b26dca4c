//! Sixteen bytes at once.

use wide::u8x16;

/// How many bytes are looked at together: one for each bit of a `u64`.
pub(super) const BLOCK: usize = 64;

/// Returns all ones in place of each byte that is `byte`.
pub(super) fn equal(lanes: u8x16, byte: u8) -> u8x16 {
    lanes.simd_eq(u8x16::splat(byte))
}

/// Returns all ones in place of each byte that is a digit.
pub(super) fn are_digits(lanes: u8x16) -> u8x16 {
    let above_zero = lanes - u8x16::splat(b'0');
    above_zero.min(u8x16::splat(9)).simd_eq(above_zero)
}

/// Returns a bit for each byte of a block, the first being the lowest: whether it is one of those.
#[inline]
pub(super) fn bits(block: &[u8; BLOCK], is_one: impl Fn(u8x16) -> u8x16) -> u64 {
    let (parts, _) = block.as_chunks();
    let bits = |part: &[u8; 16]| u64::from(is_one(u8x16::new(*part)).to_bitmask());
    parts.iter().rev().fold(0, |all, part| (all << 16) | bits(part))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_byte_has_its_bit(block in prop::array::uniform32(any::<u8>())) {
            let block: [u8; BLOCK] = std::array::from_fn(|at| block[at / 2].wrapping_add(u8::from(at % 2 == 1)));
            let digits = bits(&block, are_digits);
            let fives = bits(&block, |lanes| equal(lanes, b'5'));
            for (at, byte) in block.iter().enumerate() {
                prop_assert_eq!(digits >> at & 1 == 1, byte.is_ascii_digit());
                prop_assert_eq!(fives >> at & 1 == 1, *byte == b'5');
            }
        }
    }
}
