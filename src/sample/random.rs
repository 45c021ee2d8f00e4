//! Numbers that look drawn and are the same every time: `SplitMix64`, seeded by words.

/// A stream of numbers; the same words give the same stream, on any machine.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
/// fig. 17. The seed is the FNV-1a hash of the words.
pub(super) struct Random(u64);

impl Random {
    /// Starts the stream that belongs to these words.
    pub(super) fn seeded(words: &[&str]) -> Random {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in words.join("/").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Random(hash)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number, from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.abs_diff(low) + 1;
        let step = i64::try_from(self.draw() % width).expect("the width of a range of i64 amounts");
        low + step
    }

    /// One of the words; there is at least one.
    pub(super) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let last = i64::try_from(words.len()).expect("a short list") - 1;
        let place = usize::try_from(self.between(0, last)).expect("a place in the list");
        words[place]
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_stream_is_splitmix64() {
        // The published generator's first numbers from seed 1234567.
        let mut random = Random(1_234_567);
        assert_eq!(random.draw(), 6_457_827_717_110_365_317);
        assert_eq!(random.draw(), 3_203_168_211_198_807_973);
        assert_eq!(random.draw(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn a_range_holds_both_its_ends() {
        let mut random = Random::seeded(&["range"]);
        let drawn: Vec<i64> = (0..200).map(|_| random.between(-2, 2)).collect();
        for wanted in -2..=2 {
            assert!(drawn.contains(&wanted), "{wanted} was never drawn");
        }
        assert!(drawn.iter().all(|number| -2 <= *number && *number <= 2));
    }
}
