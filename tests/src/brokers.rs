//! Brokers for tests that cannot run without: where there are none, it is said which test did not run, and why.

use crate::{
    kafka::{Cluster, NotToBeHad},
    scale::in_ci,
};
use std::io::Write;

/// One broker or three; nothing where none can be had. A machine of CI has them.
///
/// # Panics
/// They can be had and do not start, or this is CI.
#[must_use]
pub fn cluster(test: &str, brokers: usize, settings: &[(&str, &str)]) -> Option<Cluster> {
    had(test, Cluster::start(brokers, settings))
}

/// What could be had for a test; what could not is told beside the tests' own lines, where the runner collects it.
///
/// # Panics
/// It could not be had, and this is CI.
pub fn had<T>(test: &str, had: Result<T, NotToBeHad>) -> Option<T> {
    match had {
        Ok(had) => Some(had),
        Err(NotToBeHad(why)) => {
            assert!(!in_ci(), "{test}: no brokers can be had: {why}");
            // Past the test runner, which keeps what a test says to itself unless it fails.
            let _ = writeln!(std::io::stderr(), "not run: {test}: {why}");
            None
        }
    }
}
