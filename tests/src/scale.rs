//! How much of a slow test runs: all of it in `make torture`, a tenth otherwise.

/// The number of rounds for a test that wants `full` rounds in `make torture`.
#[must_use]
pub fn rounds(full: u32) -> u32 {
    if torture() { full } else { full.div_ceil(10) }
}

/// Whether the full counts are asked for.
#[must_use]
pub fn torture() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the one switch of the test suites, read in one place")]
    let set = std::env::var("GRANTS_TORTURE");
    set.is_ok_and(|value| value == "1")
}
