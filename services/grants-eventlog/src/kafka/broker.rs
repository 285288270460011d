//! A partition on real brokers, by librdkafka.
//!
//! A plain idempotent producer with one request in flight, and a consumer that is told which offset to read: no
//! transactions, no groups, no commits.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::{Client, ClientContext};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::metadata::Metadata;
use rdkafka::producer::{BaseRecord, Producer, ProducerContext, PurgeConfig, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;

use super::config::BrokerConfig;
use super::partition::{Bounds, Fault, Partition, Record};
use super::reading::{Ahead, Reading};
use super::watch::Watch;

/// The one partition of a ledger's topic.
pub(super) const PARTITION: i32 = 0;
/// How long a broker may take to answer a question.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How long a record may be offered before its outcome is unknown.
const OFFERED_FOR: Duration = Duration::from_secs(60);
/// How long a question is asked at first. Whoever is not let in is told between two questions, so they grow.
const ASKED_FOR: Duration = Duration::from_secs(1);
pub(super) const POLL: Duration = Duration::from_millis(100);

/// The partition of a ledger on a cluster.
pub struct Broker {
    config: BrokerConfig,
    // With a thread that hears outcomes as they come: a poll of our own would wait its whole time each time.
    producer: ThreadedProducer<Deliveries>,
    reading: Mutex<Reading>,
    // Looks at single records, so that reading on is not disturbed; made when it is needed.
    looking: Mutex<Option<Reading>>,
    watch: Watch,
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
        let reading = Mutex::new(Reading::new(&config, &watch, Ahead::Much)?);
        Ok(Broker { config, producer, reading, looking: Mutex::new(None), watch })
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

    fn looking(&self) -> MutexGuard<'_, Option<Reading>> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
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
pub(super) fn barred(config: &BrokerConfig, watch: &Watch, asked: Instant) -> Option<Fault> {
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

    fn record(&self, offset: u64) -> Result<Option<Record>, Fault> {
        let mut looking = self.looking();
        let looking = match &mut *looking {
            Some(looking) => looking,
            none => none.insert(Reading::new(&self.config, &self.watch, Ahead::Nothing)?),
        };
        let begun = Instant::now();
        loop {
            let looked = looking.look(&self.config, offset);
            if let Ok(Some(_)) = looked {
                return looked;
            }
            // Where the log ends is asked only where it matters: that is two questions more.
            if self.bounds()?.next <= offset {
                return Ok(None);
            }
            looked?;
            if ANSWER_WITHIN < begun.elapsed() {
                return Err(Fault::new(format!("{}: offset {offset} is not shown", self.name())));
            }
        }
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

/// Faults of a single broker or of an election, while the client goes on connecting: not the end of anything.
pub(super) fn passing(fault: &KafkaError) -> bool {
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
