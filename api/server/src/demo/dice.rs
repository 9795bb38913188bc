//! Chance that falls the same way on every machine and with every version of every library.

use aws_lc_rs::digest::{SHA256, digest};

/// The seed of the whole demo: with another, all invented people change.
const SEED: &str = "concilia demo 1";

/// SHA-256 of the seed and a label.
pub(super) fn hash(label: &str) -> [u8; 32] {
    let digest = digest(&SHA256, format!("{SEED}\0{label}").as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

/// A generator of numbers (SplitMix64) started from a label.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn of(label: &str) -> Self {
        let bytes = hash(label);
        Self(bytes[..8].iter().fold(0, |state, byte| state << 8 | u64::from(*byte)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is above zero.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A number from `first` to `last`, both included.
    pub(super) fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first + 1) as usize) as i64
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.below(among.len()))
    }
}

/// Whether the item at `index` belongs to the `percent` of items that have a trait, spread evenly: of any
/// hundred items in a row exactly `percent` do.
pub(super) fn spread(index: usize, percent: usize) -> bool {
    (index + 1) * percent / 100 > index * percent / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_label_falls_the_same_way() {
        let throw = |label| {
            (0..5)
                .map(|_| 0)
                .fold((Dice::of(label), vec![]), |(mut dice, mut all), _: i32| {
                    all.push(dice.below(1000));
                    (dice, all)
                })
                .1
        };
        assert_eq!(throw("a"), throw("a"));
        assert_ne!(throw("a"), throw("b"));
    }

    #[test]
    fn shares_are_exact() {
        for percent in [5, 9, 19, 72] {
            assert_eq!((0..100).filter(|i| spread(*i, percent)).count(), percent);
            assert_eq!((300..400).filter(|i| spread(*i, percent)).count(), percent);
        }
    }
}
