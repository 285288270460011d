//! The log on Apache Kafka: one topic partition per ledger, one record per batch, and the same rule as everywhere.
//!
//! ```text
//!   offset     0        1        2          3          4        5
//!           [Epoch 1][batch 1][Epoch 2][batch 2, epoch 1][batch 3][batch 3 again]
//!                                        ▲ too late: skipped          ▲ skipped
//!   <folder>/lock   held while a process follows the log with this folder
//!   <folder>/head   how far it has followed: offset, batch and root, see `headfile.rs`
//! ```
//!
//! Nothing rests on what a broker promises about writers. A record counts if the rule says so, and every process finds
//! the same. The writer answers for a batch only when the broker gave its record the offset that follows what the writer
//! has judged, or when it has judged what lies between, and when what it has judged is seen to lie there still; anything
//! else is unknown, and the log is opened again.
//!
//! A broker's answer says that the record is held by every replica that counts, not that it is on their disks. So each
//! process keeps a head file of its own, and one that has seen more than the log has now, or another log, stops. Where
//! only processes remain that never saw what was lost, the loss shows when one that did returns, or with a checkpoint.

#[cfg(feature = "kafka")]
mod broker;
#[cfg(feature = "kafka")]
mod config;
#[cfg(any(test, feature = "contract"))]
pub mod double;
mod election;
mod follower;
mod index;
mod open;
mod partition;
mod places;
mod pulse;
mod reader;
#[cfg(feature = "kafka")]
mod reading;
#[cfg(feature = "kafka")]
mod topic;
#[cfg(feature = "kafka")]
mod watch;

#[cfg(feature = "kafka")]
pub use broker::Broker;
#[cfg(feature = "kafka")]
pub use config::{BrokerConfig, Password, Security};
pub use election::{CLOCK_APART_MS_MAX, ElectionError, Heart, Now, SILENT_INTERVALS, Sign, Standby};
pub use follower::{FollowError, Tally};
pub use open::KafkaOpenError;
pub use partition::{Barred, Bounds, Fault, Partition, Record};
pub use pulse::{Heard, NoPulse, Pulse, PulseKind, Pulses};
pub use reader::KafkaReader;
#[cfg(feature = "kafka")]
pub use topic::{Carries, IN_SYNC_MIN, REPLICAS_MIN, TopicError, WrongSetting, check_public_topic};

use std::fs::File;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::batch::SealedBatch;
use crate::head::Head;
use crate::headfile::{HeadKeeper, KeeperFailed, Vouched};
use crate::log::{AppendError, EventLog, LogEnd, LogReader, ReadError, check_next};
use follower::Follower;
use index::Index;

/// The log of a ledger on a broker, followed by this process; once it has begun an epoch, it may write.
pub struct KafkaLog {
    shared: Arc<Shared>,
    // Invariant: the head of `shared.follower`.
    head: Head,
    keeper: HeadKeeper,
    epoch_begun: bool,
    // Invariant: once true, nothing is written or followed any more.
    dead: bool,
}

/// What the writer and the readers of this process hold together.
struct Shared {
    index: Arc<Index>,
    follower: Mutex<Follower>,
    /// Held by whoever keeps the head file of the folder; whoever only looks has none.
    _lock: Option<File>,
}

/// A reader in the process of a [`KafkaLog`].
#[derive(Clone)]
struct Handle(Arc<Shared>);

impl KafkaLog {
    /// Judges what was added since, by whomever. A standby calls it to keep up; a writer need not.
    ///
    /// # Errors
    /// See [`FollowError`]. The log is good for nothing any more, unless the broker could not be asked.
    pub fn follow(&mut self) -> Result<(), FollowError> {
        let followed = self.shared.follow();
        self.dead |= matches!(&followed, Err(fault) if !matches!(fault, FollowError::Broker { .. }));
        self.settle();
        followed
    }

    /// How many records did not count, by reason, since this process opened the log.
    pub fn tally(&self) -> Tally {
        self.shared.follower().tally().clone()
    }

    /// The offset behind the last record that was judged.
    pub fn next_offset(&self) -> u64 {
        self.shared.follower().next_offset()
    }

    /// The thread that writes the head file: ask it what is vouched for and whether it failed.
    pub fn keeper(&self) -> HeadKeeper {
        self.keeper.clone()
    }

    /// Writes the head file up to the end and lets go of the log.
    ///
    /// # Errors
    /// The head file could not be written; the batches are durable all the same.
    pub fn close(self) -> Result<Vouched, KeeperFailed> {
        self.keeper.close()
    }

    /// Takes over what the follower has found.
    fn settle(&mut self) {
        let follower = self.shared.follower();
        if self.head.epoch() != follower.head().epoch() {
            // Somebody else writes now.
            self.epoch_begun = false;
        }
        self.head = follower.head().clone();
        self.keeper.vouch(Vouched::from(&self.head).up_to(follower.next_offset()));
    }
}

impl Drop for KafkaLog {
    fn drop(&mut self) {
        // The keeper has logged a failure already, and a head file that lags is only a weaker witness.
        let _ = self.keeper.close();
    }
}

impl EventLog for KafkaLog {
    fn head(&self) -> &Head {
        &self.head
    }

    fn append(&mut self, batch: &SealedBatch) -> Result<(), AppendError> {
        if self.dead {
            return Err(AppendError::Dead);
        }
        check_next(&self.head, self.epoch_begun, batch)?;
        let appended = self.shared.append(batch);
        self.dead = appended.is_err();
        self.settle();
        self.epoch_begun = appended.is_ok();
        appended
    }

    fn copy_epoch(&mut self) {
        self.epoch_begun = true;
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        Arc::new(Handle(Arc::clone(&self.shared)))
    }
}

impl LogReader for KafkaLog {
    fn end(&self) -> Result<LogEnd, ReadError> {
        Ok(self.shared.end())
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        self.shared.read(from_batch, max_bytes)
    }
}

impl LogReader for Handle {
    fn end(&self) -> Result<LogEnd, ReadError> {
        Ok(self.0.end())
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        self.0.read(from_batch, max_bytes)
    }
}

impl Shared {
    fn follower(&self) -> MutexGuard<'_, Follower> {
        self.follower.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) -> LogEnd {
        let follower = self.follower();
        LogEnd { next_batch: follower.head().next_batch(), next_sequence: follower.head().next_sequence() }
    }

    fn follow(&self) -> Result<(), FollowError> {
        let mut follower = self.follower();
        let read = follower.next_offset();
        let bounds =
            self.index.partition().bounds().map_err(|fault| FollowError::Broker { offset: read, fault })?;
        if bounds.next < read {
            return Err(FollowError::HistoryMissing { end: bounds.next, read });
        }
        follower.catch_up(bounds.next, |_| ())
    }

    /// Offers a batch that stands at the judged end, and says what became of it.
    fn append(&self, batch: &SealedBatch) -> Result<(), AppendError> {
        let unknown = |cause: String| AppendError::Unknown { batch: batch.batch(), cause };
        let offset =
            self.index.partition().produce(batch.bytes()).map_err(|fault| unknown(fault.to_string()))?;
        let mut follower = self.follower();
        let read = follower.next_offset();
        if offset < read {
            let missing = FollowError::HistoryMissing { end: offset, read };
            return Err(unknown(missing.to_string()));
        }
        // Whatever lies between was written by others, and decides whether this batch counts.
        let between = follower.catch_up(offset, |_| ());
        let stands = between.and_then(|()| follower.check_past());
        stands.map_err(|fault| unknown(fault.to_string()))?;
        match follower.take(offset, batch.bytes()) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(AppendError::Superseded { epoch: follower.head().epoch() }),
            Err(fault) => Err(unknown(fault.to_string())),
        }
    }

    /// Valid batches from `from` on, as many as fit.
    fn read(&self, from: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        let end = self.end().next_batch;
        if end < from {
            return Err(ReadError::BeyondEnd { from, end });
        }
        let (mut taken, mut room, mut batch) = (Vec::new(), max_bytes, from);
        while batch < end {
            // What came before a fault is given first, so that the fault is met where it stands.
            let records = match self.fetch(batch, room) {
                Err(_) if !taken.is_empty() => break,
                records => records?,
            };
            for record in records {
                if room < record.len() && !taken.is_empty() {
                    return Ok(taken);
                }
                room = room.saturating_sub(record.len());
                taken.push(record);
                batch += 1;
                if batch == end {
                    break;
                }
            }
        }
        Ok(taken)
    }

    /// Batches from `batch` on, which is there: some, and at least that one.
    fn fetch(&self, batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        let storage = |cause: String| ReadError::Storage { batch, cause };
        let place_of = |batch| self.index.place_of(batch).map_err(|fault| storage(fault.to_string()));
        let place = place_of(batch)?.ok_or(ReadError::Missing(batch))?;
        let records = self.index.partition().fetch(place, max_bytes);
        let (mut batches, mut next) = (Vec::new(), batch);
        for record in records.map_err(|fault| storage(fault.to_string()))? {
            // The others do not count, or were not judged yet.
            if place_of(next)? == Some(record.offset) {
                batches.push(record.bytes);
                next += 1;
            }
        }
        if batches.is_empty() { Err(ReadError::Missing(batch)) } else { Ok(batches) }
    }
}
