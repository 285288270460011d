//! Runs the domain on a history that may be a lie. The domain stops with a panic where a history contradicts itself,
//! because for a writer that is a bug; for an auditor it is a finding.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; a panic in it becomes its message. What `work` has changed in between must be thrown away.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    GUARDED.set(true);
    // Only drafts are changed inside, and after a panic they are dropped.
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    outcome.map_err(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a contradiction").to_owned()
    })
}

/// Keeps contradictions that become findings from being printed as crashes as well. Called once by a program.
pub fn keep_contradictions_quiet() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            before(info);
        }
    }));
}
