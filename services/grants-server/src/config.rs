//! What the environment says: read here, once, and nowhere else.

/// The locales, by the variables that POSIX names, the stronger first.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
pub(crate) fn locales() -> [Option<String>; 3] {
    ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok())
}
