//! Chance from a printed seed, and how much of it: `GRANTS_TORTURE=1` runs ten times as much, `GRANTS_SEED` one
//! named run again.

/// A stream of numbers from one seed (xorshift64*).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 11) as usize % bound
    }
    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }
    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// The seeds of this run: the named one, or the usual ones.
pub(crate) fn seeds(usual: u64) -> Vec<u64> {
    match setting("GRANTS_SEED").and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => (1..=usual).collect(),
    }
}

/// How many, of something that is to be done `usual` times.
pub(crate) fn scaled(usual: usize) -> usize {
    if setting("GRANTS_TORTURE").is_some_and(|value| value == "1") { usual * 10 } else { usual }
}

fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the switches of the test suites, read in one place")]
    let value = std::env::var(name);
    value.ok()
}
