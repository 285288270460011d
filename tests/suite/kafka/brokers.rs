//! The clusters of these tests, or word that there can be none.

use grants_tests::{kafka::Cluster, scale};

/// A cluster; nothing where no broker can be had, which is told, and where that is allowed.
///
/// # Panics
/// None can be had, and this is a run that must have one.
pub(super) fn cluster(brokers: usize, settings: &[(&str, &str)]) -> Option<Cluster> {
    match Cluster::start(brokers, settings) {
        Ok(cluster) => Some(cluster),
        Err(fault) => {
            scale::not_run("kafka", &fault.0);
            None
        }
    }
}
