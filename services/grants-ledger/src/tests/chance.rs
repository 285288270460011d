//! Chance from a printed seed, and how much of it: `GRANTS_TORTURE=1` runs ten times as much, `GRANTS_SEED` one
//! named run again.

/// A stream of numbers from one seed (splitmix64).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of this run; prints its seed, which `cargo test` shows when the test fails.
    pub(super) fn of_run(test: &str, default: u64) -> Chance {
        let seed = setting("GRANTS_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(default);
        println!("{test}: GRANTS_SEED={seed}");
        Chance(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }

    /// The same things in another order.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }

    pub(super) fn bytes(&mut self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes()
    }
}

/// How many, of something that is to be done `usual` times.
pub(super) fn scaled(usual: usize) -> usize {
    if setting("GRANTS_TORTURE").is_some_and(|value| value == "1") { usual * 10 } else { usual }
}

fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the switches of the test suites, read in one place")]
    let value = std::env::var(name);
    value.ok()
}
