//! A partition on real brokers, by librdkafka.
//!
//! A plain idempotent producer with one request in flight, and a consumer that is told which offset to read: no
//! transactions, no groups, no commits.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{DeliveryResult, Message, Timestamp};
use rdkafka::metadata::Metadata;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use super::config::{BrokerConfig, Security};
use super::partition::{Bounds, Fault, Partition, Record};

/// The one partition of a ledger's topic.
pub(super) const PARTITION: i32 = 0;
/// How long a broker may take to answer a question.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How long a record may be offered before its outcome is unknown.
const OFFERED_FOR: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

/// The partition of a ledger on a cluster.
pub struct Broker {
    config: BrokerConfig,
    producer: BaseProducer<Deliveries>,
    reading: Mutex<Reading>,
}

struct Reading {
    consumer: BaseConsumer,
    // Where the consumer stands, so that reading on needs no new assignment.
    next: Option<u64>,
}

/// Hands the outcome of each record to who offered it.
struct Deliveries;

type Outcome = Result<i64, KafkaError>;

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<SyncSender<Outcome>>;

    fn delivery(&self, result: &DeliveryResult<'_>, told: Self::DeliveryOpaque) {
        let outcome = match result {
            Ok(message) => Ok(message.offset()),
            Err((fault, _)) => Err(fault.clone()),
        };
        // Who offered it may have given up.
        let _ = told.send(outcome);
    }
}

impl Broker {
    /// Connects. Brokers that cannot be reached show at the first question.
    ///
    /// # Errors
    /// A setting is not acceptable to librdkafka.
    pub fn connect(config: BrokerConfig) -> Result<Broker, Fault> {
        let producer = client(&config)
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("max.in.flight.requests.per.connection", "1")
            .set("linger.ms", "0")
            .set("message.max.bytes", "4000000")
            .set("message.timeout.ms", OFFERED_FOR.as_millis().to_string())
            .create_with_context(Deliveries)
            .map_err(|fault| told(&config, &fault))?;
        let consumer = client(&config)
            .set("group.id", "grants-ledger")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("enable.partition.eof", "true")
            .set("auto.offset.reset", "error")
            .set("isolation.level", "read_uncommitted")
            .set("check.crcs", "true")
            // What is asked for is there already. A question that waits at the end of a log would hold up the next one,
            // which is about another place.
            .set("fetch.wait.max.ms", "20")
            .set("fetch.queue.backoff.ms", "20")
            .create()
            .map_err(|fault| told(&config, &fault))?;
        let reading = Mutex::new(Reading { consumer, next: None });
        Ok(Broker { config, producer, reading })
    }

    pub(super) fn config(&self) -> &BrokerConfig {
        &self.config
    }

    /// What the brokers say of the topic.
    pub(super) fn metadata(&self) -> Result<Metadata, Fault> {
        let answer = self.reading().consumer.fetch_metadata(Some(&self.config.topic), ANSWER_WITHIN);
        answer.map_err(|fault| told(&self.config, &fault))
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn await_outcome(&self, outcome: &Receiver<Outcome>) -> Result<u64, Fault> {
        loop {
            self.producer.poll(POLL);
            match outcome.try_recv() {
                Ok(Ok(offset)) => {
                    return u64::try_from(offset)
                        .map_err(|_| Fault(format!("{}: no offset was told", self.name())));
                }
                Ok(Err(fault)) => return Err(self.fatal().unwrap_or_else(|| told(&self.config, &fault))),
                // librdkafka reports every record, at the latest when `message.timeout.ms` is over.
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => {
                    return Err(Fault(format!("{}: the producer was closed", self.name())));
                }
            }
        }
    }

    /// Why the producer is good for nothing any more, if it is.
    fn fatal(&self) -> Option<Fault> {
        let (code, cause) = self.producer.client().fatal_error()?;
        Some(Fault(format!("{}: {code}: {cause}", self.name())))
    }
}

/// What every client of ours has alike: where the brokers are, and how the connection to them is protected. Whoever needs a
/// client adds what it is for.
#[must_use]
pub fn client(config: &BrokerConfig) -> ClientConfig {
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", &config.brokers).set("client.id", "grants-ledger");
    match &config.security {
        Security::Plaintext => {}
        Security::ScramOverTls { authority, user, password } => {
            client
                .set("security.protocol", "SASL_SSL")
                .set("sasl.mechanism", "SCRAM-SHA-512")
                .set("ssl.ca.location", authority.display().to_string())
                .set("ssl.endpoint.identification.algorithm", "https")
                .set("sasl.username", user)
                .set("sasl.password", password.reveal());
        }
    }
    client
}

/// A fault with where it happened.
pub(super) fn told(config: &BrokerConfig, fault: &KafkaError) -> Fault {
    Fault(format!("topic {} on {}: {fault}", config.topic, config.brokers))
}

impl Partition for Broker {
    fn name(&self) -> String {
        format!("topic {} on {}", self.config.topic, self.config.brokers)
    }

    fn bounds(&self) -> Result<Bounds, Fault> {
        let ask = || self.reading().consumer.fetch_watermarks(&self.config.topic, PARTITION, ANSWER_WITHIN);
        let (first, next) = patiently(ask).map_err(|fault| told(&self.config, &fault))?;
        let offset =
            |mark: i64| u64::try_from(mark).map_err(|_| Fault(format!("{}: offset {mark}", self.name())));
        Ok(Bounds { first: offset(first)?, next: offset(next)? })
    }

    fn fetch(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, Fault> {
        let end = self.bounds()?.next;
        if end <= from {
            return Ok(Vec::new());
        }
        let mut reading = self.reading();
        reading.stand_at(&self.config, from)?;
        reading.take(&self.config, end, max_bytes)
    }

    fn produce(&self, bytes: &[u8]) -> Result<u64, Fault> {
        let (tell, outcome) = sync_channel(1);
        let record: BaseRecord<'_, (), [u8], _> =
            BaseRecord::with_opaque_to(&self.config.topic, Box::new(tell))
                .partition(PARTITION)
                .payload(bytes);
        self.producer
            .send(record)
            .map_err(|(fault, _)| self.fatal().unwrap_or_else(|| told(&self.config, &fault)))?;
        self.await_outcome(&outcome)
    }
}

impl Reading {
    fn stand_at(&mut self, config: &BrokerConfig, from: u64) -> Result<(), Fault> {
        if self.next == Some(from) {
            return Ok(());
        }
        let offset = i64::try_from(from).map_err(|_| Fault(format!("offset {from} is too large")))?;
        let mut assignment = TopicPartitionList::new();
        let added = assignment.add_partition_offset(&config.topic, PARTITION, Offset::Offset(offset));
        added.and_then(|()| self.consumer.assign(&assignment)).map_err(|fault| told(config, &fault))?;
        self.next = Some(from);
        Ok(())
    }

    /// Takes records up to `end` or `max_bytes`, waiting for the first only.
    fn take(&mut self, config: &BrokerConfig, end: u64, max_bytes: usize) -> Result<Vec<Record>, Fault> {
        let begun = Instant::now();
        let (mut records, mut room) = (Vec::new(), max_bytes);
        while self.next.is_some_and(|next| next < end) && (records.is_empty() || 0 < room) {
            match self.consumer.poll(POLL) {
                Some(Ok(message)) => {
                    let offset = u64::try_from(message.offset())
                        .map_err(|_| Fault(format!("topic {}: a record without offset", config.topic)))?;
                    let bytes = message.payload().unwrap_or_default().to_vec();
                    room = room.saturating_sub(bytes.len());
                    self.next = Some(offset.saturating_add(1));
                    // What the producer claims is no witness of the broker's clock.
                    let appended_ms = match message.timestamp() {
                        Timestamp::LogAppendTime(at) => Some(at),
                        Timestamp::NotAvailable | Timestamp::CreateTime(_) => None,
                    };
                    records.push(Record { offset, bytes, appended_ms });
                }
                // It may tell of an end that was met before what is read now had come.
                Some(Err(KafkaError::PartitionEOF(_))) if records.is_empty() => {}
                Some(Err(KafkaError::PartitionEOF(_))) => break,
                Some(Err(fault)) if passing(&fault) => {}
                Some(Err(fault)) => {
                    self.next = None;
                    return Err(told(config, &fault));
                }
                None => {}
            }
            if records.is_empty() && ANSWER_WITHIN < begun.elapsed() {
                self.next = None;
                return Err(Fault(format!(
                    "topic {} on {}: no answer in time",
                    config.topic, config.brokers
                )));
            }
        }
        Ok(records)
    }
}

/// Asks again while a leader is being elected or connected to, for as long as an answer may take.
fn patiently<T>(mut ask: impl FnMut() -> Result<T, KafkaError>) -> Result<T, KafkaError> {
    let begun = Instant::now();
    loop {
        match ask() {
            Err(fault) if passing(&fault) && begun.elapsed() < ANSWER_WITHIN => std::thread::sleep(POLL),
            answer => return answer,
        }
    }
}

/// Faults of a single broker or of an election, while the client goes on connecting: not the end of anything.
fn passing(fault: &KafkaError) -> bool {
    use RDKafkaErrorCode::{
        AllBrokersDown, BrokerTransportFailure, LeaderNotAvailable, NotLeaderForPartition, OperationTimedOut,
        RequestTimedOut, Resolve, UnknownPartition, UnknownTopicOrPartition,
    };
    let connecting = [AllBrokersDown, BrokerTransportFailure, OperationTimedOut, RequestTimedOut, Resolve];
    // A topic that was just made is not known everywhere yet.
    let electing = [LeaderNotAvailable, NotLeaderForPartition, UnknownPartition, UnknownTopicOrPartition];
    let code = fault.rdkafka_error_code();
    code.is_some_and(|code| connecting.contains(&code) || electing.contains(&code))
}
