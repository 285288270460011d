//! A consumer of one partition that is told where to stand.

use std::time::Instant;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message, Timestamp};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use super::broker::{ANSWER_WITHIN, PARTITION, POLL, barred, passing, told};
use super::config::BrokerConfig;
use super::partition::{Fault, Record};
use super::watch::Watch;

/// How much a consumer fetches before it is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    /// As much as it can keep: it reads on.
    Much,
    /// No more than comes with what was asked for: it looks somewhere else next.
    Nothing,
}

/// A consumer, told where to stand.
pub(super) struct Reading {
    consumer: BaseConsumer<Watch>,
    ahead: Ahead,
    // Where the consumer stands, so that reading on needs no new assignment.
    next: Option<u64>,
}

impl Reading {
    /// Connects; what it is to read is said later.
    pub(super) fn new(config: &BrokerConfig, watch: &Watch, ahead: Ahead) -> Result<Reading, Fault> {
        let mut client = config.client();
        client
            .set("group.id", "grants-ledger")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("enable.partition.eof", "true")
            .set("auto.offset.reset", "error")
            .set("isolation.level", "read_uncommitted")
            .set("check.crcs", "true")
            // What is asked for is there already, and a broker answers in turn: a question that waits at the end of a log
            // holds up the next one, about another place, for so long.
            .set("fetch.wait.max.ms", "20");
        match ahead {
            Ahead::Much => client.set("fetch.queue.backoff.ms", "20"),
            // One record is enough in its queue, and it looks soon whether the queue was thrown away.
            Ahead::Nothing => client.set("queued.min.messages", "1").set("fetch.queue.backoff.ms", "1"),
        };
        let consumer = client.create_with_context(watch.clone()).map_err(|fault| told(config, &fault))?;
        Ok(Reading { consumer, ahead, next: None })
    }

    /// Stands at an offset: what is read next lies there.
    pub(super) fn stand_at(&mut self, config: &BrokerConfig, from: u64) -> Result<(), Fault> {
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

    /// Takes the record that lies at an offset now; none if nothing seems to be there.
    pub(super) fn look(&mut self, config: &BrokerConfig, offset: u64) -> Result<Option<Record>, Fault> {
        self.stand_at(config, offset)?;
        let records = self.take(config, offset.saturating_add(1), 1)?;
        // What came with it may be of a log that is not there any more when the next is looked at.
        self.next = None;
        self.consumer.unassign().map_err(|fault| told(config, &fault))?;
        Ok(records.into_iter().next().filter(|record| record.offset == offset))
    }

    /// Takes records up to `end` or `max_bytes`, waiting for the first only.
    pub(super) fn take(
        &mut self,
        config: &BrokerConfig,
        end: u64,
        max_bytes: usize,
    ) -> Result<Vec<Record>, Fault> {
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
                Some(Err(KafkaError::PartitionEOF(_))) if records.is_empty() && self.ahead == Ahead::Much => {
                }
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
