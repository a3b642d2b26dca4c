//! MD5 and SHA-256, as their standards describe them.

/// Returns the MD5 of bytes in hexadecimal.
///
/// Source: RFC 1321.
pub(crate) fn md5(bytes: &[u8]) -> String {
    const SHIFTS: [[u32; 4]; 4] =
        [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(bytes, u64::to_le_bytes).chunks_exact(64) {
        let words: Vec<u32> =
            block.chunks_exact(4).map(|it| word(it, u32::from_le_bytes)).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64_usize {
            let (mix, index) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let sum = a
                .wrapping_add(mix)
                .wrapping_add(sine(step))
                .wrapping_add(words.get(index % 16).copied().unwrap_or_default());
            let shift =
                SHIFTS.get(step / 16).and_then(|it| it.get(step % 4)).copied().unwrap_or_default();
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(shift)));
        }
        for (total, part) in state.iter_mut().zip([a, b, c, d]) {
            *total = total.wrapping_add(part);
        }
    }
    hexadecimal(state.iter().flat_map(|it| it.to_le_bytes()))
}

/// Returns the integer part of 2^32 times the sine of a step.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "below 2^32 and above 0"
)]
fn sine(step: usize) -> u32 {
    ((super::number::count(step) + 1.0).sin().abs() * 4_294_967_296.0) as u32
}

/// Returns the SHA-256 of bytes in hexadecimal.
///
/// Source: FIPS 180-4.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let primes = primes(64);
    let constants: Vec<u32> = primes.iter().map(|it| root_fraction(*it, 3)).collect();
    let mut state: Vec<u32> = primes.iter().take(8).map(|it| root_fraction(*it, 2)).collect();
    for block in padded(bytes, u64::to_be_bytes).chunks_exact(64) {
        let words = schedule(block);
        let mut registers = state.clone();
        for (word, constant) in words.iter().zip(&constants) {
            registers = round(&registers, word.wrapping_add(*constant));
        }
        for (total, part) in state.iter_mut().zip(registers) {
            *total = total.wrapping_add(part);
        }
    }
    hexadecimal(state.iter().flat_map(|it| it.to_be_bytes()))
}

/// Returns the registers a to h after one round.
fn round(registers: &[u32], input: u32) -> Vec<u32> {
    let at = |index: usize| registers.get(index).copied().unwrap_or_default();
    let rotations =
        |index, by: [u32; 3]| by.into_iter().fold(0, |all, it| all ^ at(index).rotate_right(it));
    let choice = (at(4) & at(5)) ^ (!at(4) & at(6));
    let majority = (at(0) & at(1)) ^ (at(0) & at(2)) ^ (at(1) & at(2));
    let first =
        [at(7), rotations(4, [6, 11, 25]), choice, input].into_iter().fold(0, u32::wrapping_add);
    let second = rotations(0, [2, 13, 22]).wrapping_add(majority);
    vec![
        first.wrapping_add(second),
        at(0),
        at(1),
        at(2),
        at(3).wrapping_add(first),
        at(4),
        at(5),
        at(6),
    ]
}

fn schedule(block: &[u8]) -> Vec<u32> {
    let mut words: Vec<u32> =
        block.chunks_exact(4).map(|it| word(it, u32::from_be_bytes)).collect();
    while words.len() < 64 {
        let back = |distance| words.get(words.len() - distance).copied().unwrap_or_default();
        let (fifteen, two) = (back(15), back(2));
        let small_zero = fifteen.rotate_right(7) ^ fifteen.rotate_right(18) ^ (fifteen >> 3);
        let small_one = two.rotate_right(17) ^ two.rotate_right(19) ^ (two >> 10);
        let next =
            [back(16), small_zero, back(7), small_one].into_iter().fold(0, u32::wrapping_add);
        words.push(next);
    }
    words
}

fn primes(count: usize) -> Vec<u64> {
    let is_prime = |it: &u64| (2..*it).all(|divisor| !it.is_multiple_of(divisor));
    (2..).filter(is_prime).take(count).collect()
}

/// Returns the first 32 bits of the fraction of a root, in whole numbers: the root of `number` times 2^(32 times `degree`).
fn root_fraction(number: u64, degree: u32) -> u32 {
    let target = u128::from(number) << (32 * degree);
    let (mut low, mut high) = (0_u128, 1_u128 << 40);
    while high - low > 1 {
        let middle = low.midpoint(high);
        let is_below = middle.checked_pow(degree).is_some_and(|power| power <= target);
        (low, high) = if is_below { (middle, high) } else { (low, middle) };
    }
    u32::try_from(low & u128::from(u32::MAX)).unwrap_or_default()
}

/// Returns the bytes with the end that both digests put behind them: a one, zeros, and the length in bits.
fn padded(bytes: &[u8], length: fn(u64) -> [u8; 8]) -> Vec<u8> {
    let bits = u64::try_from(bytes.len()).unwrap_or_default().wrapping_mul(8);
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend(length(bits));
    padded
}

fn word(bytes: &[u8], read: fn([u8; 4]) -> u32) -> u32 {
    bytes.try_into().map(read).unwrap_or_default()
}

fn hexadecimal(bytes: impl Iterator<Item = u8>) -> String {
    bytes.map(|it| format!("{it:02x}")).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test suites of RFC 1321 and FIPS 180-4.
    #[test]
    fn digests_are_the_published_ones() {
        assert_eq!(md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(md5(&b"1234567890".repeat(8)), "57edf4a22be3c955ac49da2e2107b67a");
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(
            sha256(two_blocks),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
    }
}
