//! A partition on real brokers, by librdkafka.
//!
//! A plain idempotent producer with one request in flight, and a consumer that is told which offset to read: no
//! transactions, no groups, no commits.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::{Client, ClientContext};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, DeliveryResult, Message, Timestamp};
use rdkafka::metadata::Metadata;
use rdkafka::producer::{BaseRecord, Producer, ProducerContext, PurgeConfig, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use super::config::BrokerConfig;
use super::partition::{Bounds, Fault, Partition, Record};
use super::watch::Watch;

/// The one partition of a ledger's topic.
pub(super) const PARTITION: i32 = 0;
/// How long a broker may take to answer a question.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How long a record may be offered before its outcome is unknown.
const OFFERED_FOR: Duration = Duration::from_secs(60);
/// How long a question is asked at first. Whoever is not let in is told between two questions, so they grow.
const ASKED_FOR: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_millis(100);

/// The partition of a ledger on a cluster.
pub struct Broker {
    config: BrokerConfig,
    // With a thread that hears outcomes as they come: a poll of our own would wait its whole time each time.
    producer: ThreadedProducer<Deliveries>,
    reading: Mutex<Reading>,
    watch: Watch,
}

struct Reading {
    consumer: BaseConsumer<Watch>,
    // Where the consumer stands, so that reading on needs no new assignment.
    next: Option<u64>,
}

/// Hands the outcome of each record to who offered it.
struct Deliveries(Watch);

type Outcome = Result<i64, KafkaError>;

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.0.error(error, reason);
    }
}

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
        let watch = Watch::default();
        let producer = (config.client())
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("max.in.flight.requests.per.connection", "1")
            .set("linger.ms", "0")
            .set("message.max.bytes", "4000000")
            .set("message.timeout.ms", OFFERED_FOR.as_millis().to_string())
            .create_with_context(Deliveries(watch.clone()))
            .map_err(|fault| told(&config, &fault))?;
        let consumer = (config.client())
            .set("group.id", "grants-ledger")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("enable.partition.eof", "true")
            .set("auto.offset.reset", "error")
            .set("isolation.level", "read_uncommitted")
            .set("check.crcs", "true")
            // What is asked for is there already, and a broker answers in turn: a question that waits at the end of a log
            // holds up the next one, about another place, for so long.
            .set("fetch.wait.max.ms", "20")
            .set("fetch.queue.backoff.ms", "20")
            .create_with_context(watch.clone())
            .map_err(|fault| told(&config, &fault))?;
        let reading = Mutex::new(Reading { consumer, next: None });
        Ok(Broker { config, producer, reading, watch })
    }

    pub(super) fn config(&self) -> &BrokerConfig {
        &self.config
    }

    /// What the brokers say of the topic.
    pub(super) fn metadata(&self) -> Result<Metadata, Fault> {
        self.patiently(|client, within| client.fetch_metadata(Some(&self.config.topic), within))
    }

    /// Asks again while a leader is being elected or connected to, for as long as an answer may take; not for as long
    /// if the brokers do not let us in.
    ///
    /// The producer's connections are asked: those of the consumer wait for records, and a broker answers in turn.
    fn patiently<T>(
        &self,
        ask: impl Fn(&Client<Deliveries>, Duration) -> Result<T, KafkaError>,
    ) -> Result<T, Fault> {
        let (begun, mut within) = (Instant::now(), ASKED_FOR);
        loop {
            let answer = self.let_in(within);
            let fault = match answer.and_then(|()| ask(self.producer.client(), within)) {
                Ok(answer) => {
                    self.watch.answered();
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            self.barred(begun).map_or(Ok(()), Err)?;
            if !passing(&fault) || ANSWER_WITHIN <= begun.elapsed() {
                return Err(told(&self.config, &fault));
            }
            std::thread::sleep(POLL);
            within = within.saturating_mul(2).min(ANSWER_WITHIN);
        }
    }

    /// Waits for a first answer of any broker: the one that is asked next may be away.
    fn let_in(&self, within: Duration) -> Result<(), KafkaError> {
        if !self.watch.let_in() {
            self.producer.client().fetch_metadata(Some(&self.config.topic), within)?;
            self.watch.answered();
        }
        Ok(())
    }

    /// Why we are not let in since something was asked, if that is so.
    fn barred(&self, asked: Instant) -> Option<Fault> {
        barred(&self.config, &self.watch, asked)
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn await_outcome(&self, outcome: &Receiver<Outcome>) -> Result<u64, Fault> {
        let begun = Instant::now();
        loop {
            match outcome.recv_timeout(POLL) {
                Ok(Ok(offset)) => {
                    self.watch.answered();
                    return u64::try_from(offset)
                        .map_err(|_| Fault::new(format!("{}: no offset was told", self.name())));
                }
                Ok(Err(fault)) => {
                    let named = self.fatal().or_else(|| self.barred(begun));
                    return Err(named.unwrap_or_else(|| told(&self.config, &fault)));
                }
                // librdkafka reports every record, at the latest when `message.timeout.ms` is over.
                Err(RecvTimeoutError::Timeout) if self.watch.barred(begun).is_none() => {}
                Err(RecvTimeoutError::Timeout) => self.producer.purge(PurgeConfig::default().queue()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Fault::new(format!("{}: the producer was closed", self.name())));
                }
            }
        }
    }

    /// Why the producer is good for nothing any more, if it is.
    fn fatal(&self) -> Option<Fault> {
        let (code, cause) = self.producer.client().fatal_error()?;
        Some(Fault::new(format!("{}: {code}: {cause}", self.name())))
    }
}

/// Why a client is not let in since it asked, if that is so.
fn barred(config: &BrokerConfig, watch: &Watch, asked: Instant) -> Option<Fault> {
    let (barred, words) = watch.barred(asked)?;
    let told = format!("topic {} on {}: {barred} ({words})", config.topic, config.brokers);
    Some(Fault { told, barred: Some(barred) })
}

/// A fault with where it happened.
pub(super) fn told(config: &BrokerConfig, fault: &KafkaError) -> Fault {
    Fault::new(format!("topic {} on {}: {fault}", config.topic, config.brokers))
}

impl Partition for Broker {
    fn name(&self) -> String {
        format!("topic {} on {}", self.config.topic, self.config.brokers)
    }

    fn bounds(&self) -> Result<Bounds, Fault> {
        let topic = &self.config.topic;
        let (first, next) =
            self.patiently(|client, within| client.fetch_watermarks(topic, PARTITION, within))?;
        let offset = |mark: i64| {
            u64::try_from(mark).map_err(|_| Fault::new(format!("{}: offset {mark}", self.name())))
        };
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
        let offset = i64::try_from(from).map_err(|_| Fault::new(format!("offset {from} is too large")))?;
        let mut assignment = TopicPartitionList::new();
        let added = assignment.add_partition_offset(&config.topic, PARTITION, Offset::Offset(offset));
        added.and_then(|()| self.consumer.assign(&assignment)).map_err(|fault| told(config, &fault))?;
        self.next = Some(from);
        Ok(())
    }

    /// Takes records up to `end` or `max_bytes`, waiting for the first only.
    fn take(&mut self, config: &BrokerConfig, end: u64, max_bytes: usize) -> Result<Vec<Record>, Fault> {
        let begun = Instant::now();
        let (mut records, mut room, mut stood_anew) = (Vec::new(), max_bytes, false);
        while self.next.is_some_and(|next| next < end) && (records.is_empty() || 0 < room) {
            match self.consumer.poll(POLL) {
                Some(Ok(message)) => {
                    let record = taken(config, &message)?;
                    room = room.saturating_sub(record.bytes.len());
                    self.next = Some(record.offset.saturating_add(1));
                    records.push(record);
                }
                // It may tell of an end that was met before what is read now had come.
                Some(Err(KafkaError::PartitionEOF(_))) if records.is_empty() => {}
                Some(Err(KafkaError::PartitionEOF(_))) => break,
                Some(Err(fault)) if passing(&fault) => {}
                // Where it stood, there was no record for a while. What that means is judged by what lies there now.
                Some(Err(fault)) if lost_its_place(&fault) && !stood_anew => {
                    stood_anew = true;
                    let next = self.next.take().unwrap_or(end);
                    self.stand_at(config, next)?;
                }
                Some(Err(fault)) => return Err(self.leave(told(config, &fault))),
                None => {}
            }
            if !records.is_empty() {
                continue;
            }
            if let Some(fault) = barred(config, self.consumer.context(), begun) {
                return Err(self.leave(fault));
            }
            if ANSWER_WITHIN < begun.elapsed() {
                let late = format!("topic {} on {}: no answer in time", config.topic, config.brokers);
                return Err(self.leave(Fault::new(late)));
            }
        }
        if !records.is_empty() {
            self.consumer.context().answered();
        }
        Ok(records)
    }

    /// After a fault, where to read on is said anew.
    fn leave(&mut self, fault: Fault) -> Fault {
        self.next = None;
        fault
    }
}

/// A record as it came, with its bytes.
fn taken(config: &BrokerConfig, message: &BorrowedMessage<'_>) -> Result<Record, Fault> {
    let offset = u64::try_from(message.offset())
        .map_err(|_| Fault::new(format!("topic {}: a record without offset", config.topic)))?;
    // What the producer claims is no witness of the broker's clock.
    let appended_ms = match message.timestamp() {
        Timestamp::LogAppendTime(at) => Some(at),
        Timestamp::NotAvailable | Timestamp::CreateTime(_) => None,
    };
    Ok(Record { offset, bytes: message.payload().unwrap_or_default().to_vec(), appended_ms })
}

/// The log was shorter than where the client stood, some time since it was told to stand there.
fn lost_its_place(fault: &KafkaError) -> bool {
    use RDKafkaErrorCode::{AutoOffsetReset, LogTruncation};
    fault.rdkafka_error_code().is_some_and(|code| [AutoOffsetReset, LogTruncation].contains(&code))
}

/// Faults of a single broker or of an election, while the client goes on connecting: not the end of anything.
fn passing(fault: &KafkaError) -> bool {
    use RDKafkaErrorCode::{
        AllBrokersDown, Authentication, BrokerTransportFailure, DestroyBroker, FencedLeaderEpoch,
        LeaderNotAvailable, NotLeaderForPartition, OffsetNotAvailable, OperationTimedOut, RequestTimedOut,
        Resolve, SSL, TimedOutQueue, UnknownLeaderEpoch, UnknownPartition, UnknownTopicOrPartition,
    };
    let connecting = [
        AllBrokersDown,
        BrokerTransportFailure,
        DestroyBroker,
        OperationTimedOut,
        RequestTimedOut,
        Resolve,
        TimedOutQueue,
    ];
    // One broker may not let us in; whether another does, `Watch` finds out.
    let keeping_out = [Authentication, SSL];
    let electing = [
        FencedLeaderEpoch,
        LeaderNotAvailable,
        NotLeaderForPartition,
        OffsetNotAvailable,
        UnknownLeaderEpoch,
        // A topic that was just made is not known everywhere yet.
        UnknownPartition,
        UnknownTopicOrPartition,
    ];
    let code = fault.rdkafka_error_code();
    let among = |codes: &[RDKafkaErrorCode]| code.is_some_and(|code| codes.contains(&code));
    among(&connecting) || among(&keeping_out) || among(&electing)
}
