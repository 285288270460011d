//! Where each valid batch lies, and the batches themselves, for those who read the past.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::follower::{FollowError, Follower};
use super::partition::Partition;
use super::places::Places;
use crate::head::Head;
use crate::ids::LedgerId;
use crate::judge::{HashedBatch, Past};
use crate::tree::Hash;

/// The valid batches of a partition, by number.
pub(super) struct Index {
    partition: Arc<dyn Partition>,
    ledger: LedgerId,
    /// Batches before this one were judged by an earlier process; they lie before `opened_at` and are looked for when
    /// somebody asks for one.
    start: u64,
    opened_at: u64,
    before: OnceLock<Places>,
    since: Mutex<Places>,
}

impl Index {
    /// An index of a log that is followed behind `head`, from an offset on.
    pub(super) fn new(partition: Arc<dyn Partition>, head: &Head, opened_at: u64) -> Index {
        let (before, since) = (OnceLock::new(), Mutex::new(Places::default()));
        Index { partition, ledger: head.ledger(), start: head.next_batch(), opened_at, before, since }
    }

    pub(super) fn partition(&self) -> &dyn Partition {
        &*self.partition
    }

    /// Notes where the next valid batch lies.
    pub(super) fn push(&self, batch: u64, offset: u64) {
        self.since.lock().unwrap_or_else(PoisonError::into_inner).push(batch, offset);
    }

    /// Where a batch lies, of which the caller knows that it is there.
    ///
    /// # Errors
    /// The beginning of the log cannot be judged again.
    pub(super) fn place_of(&self, batch: u64) -> Result<Option<u64>, FollowError> {
        if self.start <= batch {
            return Ok(self.since.lock().unwrap_or_else(PoisonError::into_inner).of(batch));
        }
        if let Some(places) = self.before.get() {
            return Ok(places.of(batch));
        }
        // Whoever was faster has found the same.
        let places = self.look_back()?;
        Ok(self.before.get_or_init(|| places).of(batch))
    }

    /// Judges the log from its beginning to where this process opened it.
    fn look_back(&self) -> Result<Places, FollowError> {
        let genesis = Head::genesis(self.ledger);
        let early = Arc::new(Index::new(Arc::clone(&self.partition), &genesis, 0));
        let mut follower = Follower::new(Arc::clone(&early), genesis, 0);
        follower.catch_up(self.opened_at, |_| ())?;
        let places = early.since.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(places.clone())
    }
}

/// The index as the past of a judge, who remembers only so much.
pub(super) struct PastOf(pub(super) Arc<Index>);

impl Past for PastOf {
    fn sha256_of(&self, batch: u64) -> Option<Hash> {
        let place = self.0.place_of(batch).ok()??;
        let record = self.0.partition.record(place).ok()??;
        HashedBatch::decode(&record.bytes).ok().map(|batch| batch.sha256())
    }
}
