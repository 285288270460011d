//! The log on a real Apache Kafka, of one broker and of three.

mod contract;
mod demonstration;
mod deployed;
mod elections;
mod feed;
mod topics;

use std::sync::Arc;

use grants_eventlog::{
    LedgerId, WriterId,
    kafka::{Broker, BrokerConfig, Security},
};
use grants_tests::kafka::Cluster;

const LEDGER: LedgerId = LedgerId([0x4b; 16]);

fn writer(number: u8) -> WriterId {
    WriterId([number; 16])
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
