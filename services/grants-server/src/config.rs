//! What the environment says: read here, once, and nowhere else.

/// The locale, by the variables that POSIX names, the stronger first.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
pub(crate) fn locale() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok())
}
