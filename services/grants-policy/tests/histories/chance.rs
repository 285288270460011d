//! Chance from a printed seed, and how much of it: `GRANTS_TORTURE=1` runs ten times as much, `GRANTS_SEED` one
//! named history again.

/// A stream of numbers from one seed (xorshift64*).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    /// A number below `bound`; 0 if there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let number = self.next() >> 11;
        if bound == 0 { 0 } else { (number % bound as u64) as usize }
    }
    /// One of these.
    pub(crate) fn pick<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())].clone()
    }
    /// One of these, if there are any.
    pub(crate) fn perhaps<T: Clone>(&mut self, things: &[T]) -> Option<T> {
        things.get(self.below(things.len())).cloned()
    }
    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
    /// A number from the first to the last, both included.
    pub(crate) fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below(usize::try_from(last - first + 1).unwrap_or(1)) as i64
    }
}

/// The one seed that is asked for, if one is.
pub(crate) fn named_seed() -> Option<u64> {
    setting("GRANTS_SEED").and_then(|seed| seed.parse().ok())
}

/// Whether the full counts are asked for.
pub(crate) fn torture() -> bool {
    setting("GRANTS_TORTURE").is_some_and(|value| value == "1")
}

fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the switches of the test suites, read in one place")]
    let value = std::env::var(name);
    value.ok()
}
