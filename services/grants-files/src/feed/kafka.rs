//! A topic on real brokers, by librdkafka: an idempotent producer, every record acknowledged by all replicas that count.
//!
//! A record never times out: while the brokers are away it waits, so that none behind it can overtake it. Whoever waits
//! for acknowledgements gives up after a while, and then nothing more is sent.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use grants_eventlog::kafka::{BrokerConfig, check_public_topic};
use rdkafka::{
    client::{ClientContext, DefaultClientContext},
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer},
    error::KafkaError,
    message::{DeliveryResult, Header, Message, OwnedHeaders},
    producer::{BaseProducer, BaseRecord, Producer, ProducerContext},
    types::RDKafkaErrorCode,
};

use super::{
    outlet::{Outlet, OutletError, Places},
    record::Record,
};

/// How long brokers may take to answer a question.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How long nothing may be acknowledged before the feed gives up.
const PATIENCE: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(50);

/// A public topic.
pub struct KafkaOutlet {
    config: BrokerConfig,
    producer: BaseProducer<Deliveries>,
    asking: BaseConsumer,
    deliveries: Arc<Mutex<Delivered>>,
}

/// What became of what was sent.
#[derive(Default)]
struct Delivered {
    waiting: u64,
    places: BTreeMap<i32, i64>,
    // Invariant: once something failed, nothing more is sent.
    failed: Option<KafkaError>,
}

/// Notes the outcome of each record.
struct Deliveries(Arc<Mutex<Delivered>>);

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        // It says that the setting which keeps the order is young. The order is checked by whoever reads, too.
        if facility != "CONFWARN" {
            DefaultClientContext.log(level, facility, message);
        }
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let mut delivered = lock(&self.0);
        delivered.waiting = delivered.waiting.saturating_sub(1);
        match result {
            Ok(message) => {
                let behind = message.offset().saturating_add(1);
                let place = delivered.places.entry(message.partition()).or_default();
                *place = behind.max(*place);
            }
            Err((fault, _)) => drop(delivered.failed.get_or_insert_with(|| fault.clone())),
        }
    }
}

fn lock(delivered: &Mutex<Delivered>) -> MutexGuard<'_, Delivered> {
    delivered.lock().unwrap_or_else(PoisonError::into_inner)
}

impl KafkaOutlet {
    /// Connects, and sees that the topic is there and keeps every record: the operator makes it.
    ///
    /// # Errors
    /// A setting is not acceptable, no broker answers, there is no such topic, with how to make it, or it is compacted, with
    /// how to change that.
    pub fn connect(config: BrokerConfig) -> Result<KafkaOutlet, OutletError> {
        let deliveries = Arc::new(Mutex::new(Delivered::default()));
        let told = |fault: KafkaError| told(&config, &fault);
        let producer = config
            .client()
            .set("enable.idempotence", "true")
            .set("acks", "all")
            // Whatever would leave a hole in the order ends the producer instead.
            .set("enable.gapless.guarantee", "true")
            .set("message.timeout.ms", "0")
            .set("linger.ms", "5")
            // As Java's clients place records, so that other programs may write beside it.
            .set("partitioner", "murmur2_random")
            .create_with_context(Deliveries(Arc::clone(&deliveries)))
            .map_err(told)?;
        let asking = config.client().set("group.id", "grants-feed").create().map_err(told)?;
        let outlet = KafkaOutlet { config, producer, asking, deliveries };
        if outlet.partitions()?.is_empty() {
            return Err(OutletError(format!(
                "there is no topic {topic} on {brokers}; create it first: kafka-topics --bootstrap-server {brokers} --create --topic {topic} --partitions 3 --replication-factor 3 --config min.insync.replicas=2 --config cleanup.policy=delete --config retention.ms=-1",
                topic = outlet.config.topic,
                brokers = outlet.config.brokers,
            )));
        }
        check_public_topic(&outlet.config).map_err(|fault| OutletError(fault.to_string()))?;
        Ok(outlet)
    }

    /// The numbers of the partitions; none if there is no such topic.
    fn partitions(&self) -> Result<Vec<i32>, OutletError> {
        let asked = self.asking.fetch_metadata(Some(&self.config.topic), ANSWER_WITHIN);
        let metadata = asked.map_err(|fault| told(&self.config, &fault))?;
        let topic = metadata.topics().iter().find(|one| one.name() == self.config.topic);
        Ok(topic.map_or_else(Vec::new, |one| one.partitions().iter().map(|part| part.id()).collect()))
    }

    fn failed(&self) -> Option<OutletError> {
        let fatal = self.producer.client().fatal_error();
        let fatal =
            fatal.map(|(code, cause)| OutletError(format!("{}: {code}: {cause}", name(&self.config))));
        fatal.or_else(|| lock(&self.deliveries).failed.as_ref().map(|fault| told(&self.config, fault)))
    }

    /// Waits a moment for outcomes. `since` is when the last one came.
    fn wait(&self, (waiting, since): &mut (u64, Instant)) -> Result<(), OutletError> {
        self.producer.poll(POLL);
        if let Some(failed) = self.failed() {
            return Err(failed);
        }
        let now = lock(&self.deliveries).waiting;
        if now != *waiting {
            (*waiting, *since) = (now, Instant::now());
        }
        match PATIENCE < since.elapsed() {
            true => Err(OutletError(format!(
                "{}: nothing was acknowledged for {} s",
                name(&self.config),
                PATIENCE.as_secs()
            ))),
            false => Ok(()),
        }
    }
}

impl Outlet for KafkaOutlet {
    fn send(&mut self, record: &Record) -> Result<(), OutletError> {
        let headers = record.headers.iter().fold(OwnedHeaders::new(), |headers, (key, value)| {
            headers.insert(Header { key, value: Some(value.as_bytes()) })
        });
        let mut offered = BaseRecord::to(&self.config.topic)
            .key(record.key.as_str())
            .payload(&record.value)
            .headers(headers);
        let mut waited = (0, Instant::now());
        lock(&self.deliveries).waiting += 1;
        loop {
            match self.producer.send(offered) {
                Ok(()) => break,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                    offered = back;
                    self.wait(&mut waited)?;
                }
                Err((fault, _)) => return Err(self.failed().unwrap_or_else(|| told(&self.config, &fault))),
            }
        }
        self.producer.poll(Duration::ZERO);
        self.failed().map_or(Ok(()), Err)
    }

    fn settle(&mut self) -> Result<Places, OutletError> {
        let mut waited = (0, Instant::now());
        while 0 < lock(&self.deliveries).waiting {
            self.wait(&mut waited)?;
        }
        match self.failed() {
            Some(failed) => Err(failed),
            None => Ok(lock(&self.deliveries).places.clone()),
        }
    }

    fn ends(&mut self) -> Result<Places, OutletError> {
        let mut ends = Places::new();
        for partition in self.partitions()? {
            let asked = self.asking.fetch_watermarks(&self.config.topic, partition, ANSWER_WITHIN);
            let (_, end) = asked.map_err(|fault| told(&self.config, &fault))?;
            ends.insert(partition, end);
        }
        Ok(ends)
    }
}

fn name(config: &BrokerConfig) -> String {
    format!("topic {} on {}", config.topic, config.brokers)
}

fn told(config: &BrokerConfig, fault: &KafkaError) -> OutletError {
    OutletError(format!("{}: {fault}", name(config)))
}
