//! How much of a slow test runs: all of it in `make torture`, a tenth otherwise; and what may be left out.

/// The number of rounds for a test that wants `full` rounds in `make torture`.
#[must_use]
pub fn rounds(full: u32) -> u32 {
    if torture() { full } else { full.div_ceil(10) }
}

/// Whether the full counts are asked for.
#[must_use]
pub fn torture() -> bool {
    set("GRANTS_TORTURE", "1")
}

/// Whether everything must run, because nobody would notice what does not.
#[must_use]
pub fn in_ci() -> bool {
    set("CI", "true")
}

/// Whether a test that this machine cannot run may be passed over: on a laptop, and in CI only where somebody has
/// said with `GRANTS_UNTRACED=1` that its machines forbid tracing.
#[must_use]
pub fn may_skip_tracing() -> bool {
    !in_ci() || set("GRANTS_UNTRACED", "1")
}

#[expect(clippy::disallowed_methods, reason = "the switches of the test suites, read in one place")]
fn set(name: &str, wanted: &str) -> bool {
    std::env::var(name).is_ok_and(|value| value == wanted)
}
