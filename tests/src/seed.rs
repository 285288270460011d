//! Randomness for tests: xorshift64*, so that a printed seed repeats a run exactly.

/// A stream of numbers from one seed.
#[derive(Clone, Debug)]
pub struct Seed(u64);

impl Seed {
    /// The stream of a seed; 0 stands for another fixed number.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(if seed == 0 { 0x9e37_79b9_7f4a_7c15 } else { seed })
    }

    /// The seed of this run: `GRANTS_SEED` if it is set, else the default. Print it.
    #[must_use]
    pub fn of_run(default: u64) -> u64 {
        #[expect(clippy::disallowed_methods, reason = "a run is repeated by naming its seed")]
        let set = std::env::var("GRANTS_SEED");
        set.ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// An index into something of this length.
    pub fn index(&mut self, length: usize) -> usize {
        let bound = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(bound)).unwrap_or(0)
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}
