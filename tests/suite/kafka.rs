//! The log on a real Apache Kafka, of one broker and of three.

mod contract;
mod demonstration;
mod deployed;
mod elections;
mod feed;
mod killed;
mod lost;
mod processes;
mod secured;
mod topics;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use grants_eventlog::{
    LedgerId, WriterId,
    kafka::{Broker, BrokerConfig, Security},
};
use grants_tests::{
    brokers::had,
    kafka::{Cluster, Plan},
};

const LEDGER: LedgerId = LedgerId([0x4b; 16]);

fn writer(number: u8) -> WriterId {
    WriterId([number; 16])
}

/// Brokers for tests that only add topics of their own: they begin with the first of these and end with the last.
fn shared(test: &str, brokers: usize) -> Option<Arc<Cluster>> {
    static RUNNING: Mutex<BTreeMap<usize, Weak<Cluster>>> = Mutex::new(BTreeMap::new());
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let place = running.entry(brokers).or_default();
    if let Some(cluster) = place.upgrade() {
        return Some(cluster);
    }
    let cluster = Arc::new(had(test, Plan::of(brokers).start())?);
    *place = Arc::downgrade(&cluster);
    Some(cluster)
}

/// Where a ledger's topic lies on a cluster.
fn config(cluster: &Cluster, topic: &str) -> BrokerConfig {
    let (brokers, topic) = (cluster.addresses(), topic.to_owned());
    BrokerConfig { brokers, topic, security: Security::Plaintext, single_broker: cluster.len() == 1 }
}

/// A connection of a process of its own.
fn connect(cluster: &Cluster, topic: &str) -> Arc<Broker> {
    Arc::new(Broker::connect(config(cluster, topic)).expect("the settings are acceptable"))
}
