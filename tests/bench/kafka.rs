//! The ledger on real brokers, against a plain producer: the same bytes to another topic of the same brokers, over the same
//! kind of connection with the same settings, one record after the other.

use crate::{
    Fallible,
    city::City,
    raw::Keeps,
    rounds::{self, Rounds},
};
use grants_eventlog::kafka::{Broker, BrokerConfig, Carries, Partition, Security};
use grants_tests::kafka::Cluster;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// What one cluster came to.
pub(crate) struct OnBrokers {
    pub(crate) full: Rounds,
    pub(crate) single: Rounds,
}

/// A topic that only takes bytes.
struct Plain(Arc<dyn Partition>);

impl Keeps for Plain {
    fn append(&mut self, batches: &[Vec<u8>]) -> Fallible<Duration> {
        let start = Instant::now();
        for batch in batches {
            self.0.produce(batch)?;
        }
        Ok(start.elapsed())
    }
}

impl OnBrokers {
    /// Starts brokers, founds a city on them, and decides in full batches and one at a time.
    pub(crate) fn measure(brokers: usize, decisions: u32, singles: u32) -> Fallible<OnBrokers> {
        let cluster = Cluster::start(brokers, &[]).map_err(|missing| missing.0)?;
        let folder = TempDir::new()?;
        let city = City::found_on(topic(&cluster, "ledger")?, folder.path(), decisions, singles)?;
        let mut plain = Plain(topic(&cluster, "plain")?);
        let full = rounds::full(&city, &mut plain, None)?;
        let single = rounds::single(&city, &mut plain, None)?;
        city.ledger.close()?;
        Ok(OnBrokers { full, single })
    }
}

fn topic(cluster: &Cluster, topic: &str) -> Fallible<Arc<dyn Partition>> {
    let config = BrokerConfig {
        brokers: cluster.addresses(),
        topic: topic.to_owned(),
        security: Security::Plaintext,
        single_broker: cluster.len() == 1,
    };
    let broker = Broker::connect(config)?;
    broker.create_topic(Carries::Log)?;
    Ok(Arc::new(broker))
}
