//! Follows a partition record by record and judges each, so that only valid batches are ever given on.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::{Index, PastOf};
use super::partition::Fault;
use crate::head::Head;
use crate::judge::{Halt, HashedBatch, Judge, SkipReason, Verdict};
use crate::tree::Hash;

/// How many bytes of records are fetched at once.
pub(super) const FETCH_BYTES: usize = 8 * 1_024 * 1_024;

/// Why a partition cannot be followed further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// A record is not what the rule allows.
    #[error("at offset {offset}: {halt}")]
    Halt {
        /// Where it lies.
        offset: u64,
        /// What is wrong.
        halt: Halt,
    },
    /// Offsets are not without gaps: records were deleted or compacted, or transactions were used on the topic.
    #[error("offset {expected} is missing from the log; the next record lies at {found}")]
    Gap {
        /// The offset that comes next.
        expected: u64,
        /// The offset that came.
        found: u64,
    },
    /// The log is shorter than what was read of it before.
    #[error("acknowledged history missing: the log ends before offset {end}, and was read up to {read}")]
    HistoryMissing {
        /// The offset that the next record would get.
        end: u64,
        /// The offset up to which it was read before.
        read: u64,
    },
    /// The log is long enough, but what was read of it before is not there any more.
    #[error("acknowledged history missing: the record at offset {offset} is not the one that was read there")]
    HistoryDiffers {
        /// Where it lies.
        offset: u64,
    },
    /// The broker cannot be asked.
    #[error("at offset {offset}: {fault}")]
    Broker {
        /// What was asked for.
        offset: u64,
        /// What the broker said.
        fault: Fault,
    },
}

/// How many records did not count, by reason.
pub type Tally = BTreeMap<&'static str, u64>;

/// How far a partition was judged.
pub(super) struct Follower {
    judge: Judge,
    // Invariant: every record before this offset was judged, and each valid one is in `index`.
    next_offset: u64,
    // Invariant: the SHA-256 of the record right before `next_offset`, if there is one.
    last_sha256: Option<Hash>,
    index: Arc<Index>,
    tally: Tally,
}

impl Follower {
    /// Goes on behind `head`, whose last batch lies before `next_offset`.
    pub(super) fn new(index: Arc<Index>, head: Head, next_offset: u64) -> Follower {
        let last_sha256 = (0 < next_offset).then(|| head.last_batch_sha256());
        let judge = Judge::with_past(head, Box::new(PastOf(Arc::clone(&index))));
        Follower { judge, next_offset, last_sha256, index, tally: Tally::new() }
    }

    pub(super) fn head(&self) -> &Head {
        self.judge.head()
    }

    pub(super) fn next_offset(&self) -> u64 {
        self.next_offset
    }

    pub(super) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Judges the next record; the head behind it if it counts. Whether it lies behind what was judged, see
    /// [`Follower::check_past`].
    ///
    /// # Errors
    /// It is not the next one, or the log cannot be trusted from here on.
    pub(super) fn take(&mut self, offset: u64, bytes: &[u8]) -> Result<Option<Head>, FollowError> {
        if offset != self.next_offset {
            return Err(FollowError::Gap { expected: self.next_offset, found: offset });
        }
        let halt = |halt| FollowError::Halt { offset, halt };
        let batch = HashedBatch::decode(bytes).map_err(|fault| halt(self.judge.halt_at(fault.into())))?;
        let number = self.judge.head().next_batch();
        let verdict = self.judge.judge_hashed(&batch);
        let head = match verdict {
            Verdict::Halt(found) => return Err(halt(found)),
            Verdict::Skipped(reason) => {
                tracing::warn!(offset, %reason, "a record of the log does not count");
                let seen = self.tally.entry(word(&reason)).or_default();
                *seen = seen.saturating_add(1);
                None
            }
            Verdict::Valid(head) => {
                self.index.push(number, offset);
                Some(head)
            }
        };
        self.next_offset = self.next_offset.saturating_add(1);
        self.last_sha256 = Some(batch.sha256());
        Ok(head)
    }

    /// Looks whether the last record that was judged still lies where it lay. Asked after a record was read or written
    /// behind it: between two questions, the log may have become another one.
    ///
    /// No record shows that by itself, not even the next batch of the same writer: if all of its records were lost and
    /// others have written as many, it would lie at the right offset, and count for nobody else.
    ///
    /// # Errors
    /// It does not, or the broker cannot be asked.
    pub(super) fn check_past(&self) -> Result<(), FollowError> {
        let Some(offset) = self.next_offset.checked_sub(1) else { return Ok(()) };
        let record = self.index.partition().record(offset);
        let record = record.map_err(|fault| FollowError::Broker { offset, fault })?;
        let found = record.as_ref().and_then(|record| HashedBatch::decode(&record.bytes).ok());
        match found.map(|batch| batch.sha256()) == self.last_sha256 {
            true => Ok(()),
            false => Err(FollowError::HistoryDiffers { offset }),
        }
    }

    /// Judges everything up to offset `until`, telling `seen` each head on the way.
    ///
    /// # Errors
    /// Those of [`Follower::take`] and [`Follower::check_past`], and the broker's.
    pub(super) fn catch_up(&mut self, until: u64, mut seen: impl FnMut(&Head)) -> Result<(), FollowError> {
        let index = Arc::clone(&self.index);
        while self.next_offset < until {
            let offset = self.next_offset;
            let broker = |fault| FollowError::Broker { offset, fault };
            let records = index.partition().fetch(offset, FETCH_BYTES).map_err(broker)?;
            if records.is_empty() {
                let end = index.partition().bounds().map_err(broker)?.next;
                return Err(FollowError::HistoryMissing { end, read: until });
            }
            self.check_past()?;
            // What another writer adds meanwhile is judged when somebody asks for it.
            for record in records.iter().take_while(|record| record.offset < until) {
                if let Some(head) = self.take(record.offset, &record.bytes)? {
                    seen(&head);
                }
            }
        }
        Ok(())
    }
}

fn word(reason: &SkipReason) -> &'static str {
    match reason {
        SkipReason::LowerEpoch { .. } => "lower-epoch",
        SkipReason::InvalidEpochOpened(_) => "invalid-epoch-opened",
        SkipReason::Duplicate(_) => "duplicate",
    }
}
