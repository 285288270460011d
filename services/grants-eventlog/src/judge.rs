//! Decides which batches count: one rule, the same in every reader, writer and verifier.
//!
//! | seen | verdict |
//! |---|---|
//! | ledger, epoch and writer of the last valid `EpochOpened`, next number, chaining, not moved | valid |
//! | `EpochOpened` of exactly the next epoch, next number, chaining, not moved | valid |
//! | a batch with number and SHA-256 of an already valid one | skipped |
//! | any other `EpochOpened` | skipped |
//! | a lower epoch | skipped |
//! | anything else | halt, naming the sequence |

use std::collections::VecDeque;
use std::fmt;

use crate::batch::{Batch, FrameError, Header, Kind};
use crate::control::ControlRecord;
use crate::head::Head;
use crate::ids::{LedgerId, Root};
use crate::tree::{Hash, leaf_hash};

/// How many valid batches a judge remembers by their SHA-256, to recognise them when they come again (2 MiB).
/// A repetition of an older one halts, unless the log can look it up (see [`Past`]).
pub const REMEMBERED_BATCHES_MAX: usize = 65_536;

/// What the rule makes of one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts; the log now ends here.
    Valid(Head),
    /// It does not count and does no harm: tally it and read on.
    Skipped(SkipReason),
    /// The log cannot be trusted from here on.
    Halt(Halt),
}

/// Why a batch does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// A writer that has been replaced wrote it.
    #[error("epoch {found} is over; epoch {current} is open")]
    LowerEpoch {
        /// The open epoch.
        current: u64,
        /// The epoch of the batch.
        found: u64,
    },
    /// Somebody tried to take over and came too late, or did not know the log's end.
    #[error("an EpochOpened for epoch {0} came too late or does not chain")]
    InvalidEpochOpened(u64),
    /// The same batch was delivered twice.
    #[error("batch {0} is here already")]
    Duplicate(u64),
}

/// Where and why a log cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    /// The first sequence that cannot be trusted.
    pub sequence: u64,
    /// The number of the batch expected there.
    pub batch: u64,
    /// What is wrong.
    pub reason: HaltReason,
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the log cannot be trusted from sequence {} (batch {}) on: {}",
            self.sequence, self.batch, self.reason
        )
    }
}

impl std::error::Error for Halt {}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HaltReason {
    /// The bytes are not a batch, or are damaged.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The batch belongs to another ledger.
    #[error("the batch belongs to ledger {found}")]
    ForeignLedger {
        /// The ledger that the batch names.
        found: LedgerId,
    },
    /// No valid `EpochOpened` opened this epoch.
    #[error("epoch {found} was never opened; epoch {current} is open")]
    UnopenedEpoch {
        /// The open epoch; 0 when none is.
        current: u64,
        /// The epoch of the batch.
        found: u64,
    },
    /// The epoch is open, but for another writer.
    #[error("the open epoch belongs to another writer")]
    ForeignWriter,
    /// The ledger has moved away and the writer went on.
    #[error("the ledger had moved before this batch")]
    AfterLedgerMoved,
    /// The current writer's batch has another number than the next.
    #[error("the batch is numbered {found}")]
    BatchNumber {
        /// The number that the batch carries.
        found: u64,
    },
    /// The current writer's batch begins at another sequence than the next.
    #[error("the batch begins at sequence {found}")]
    FirstSequence {
        /// The sequence that the batch carries.
        found: u64,
    },
    /// The current writer's batch was built on another history.
    #[error("the batch was built on root {found}")]
    PreviousRoot {
        /// The root that the batch carries.
        found: Root,
    },
    /// The store keeps valid batches only, and this one is not.
    #[error("{0}, in a store that keeps valid batches only")]
    NotValid(SkipReason),
}

/// A batch with all its hashes: the part of the work that needs no order, so that threads can share it.
#[derive(Clone, Debug)]
pub struct HashedBatch<'a> {
    batch: Batch<'a>,
    // The leaf hashes of the events, or the hash of the one control record.
    items: Vec<Hash>,
    sha256: Hash,
}

impl<'a> HashedBatch<'a> {
    /// Decodes and hashes a batch.
    ///
    /// # Errors
    /// The bytes are not a batch.
    pub fn decode(bytes: &'a [u8]) -> Result<HashedBatch<'a>, FrameError> {
        let batch = Batch::decode(bytes)?;
        let items: Vec<Hash> = batch.items().map(leaf_hash).collect();
        let sha256 = crate::batch::batch_digest(batch.header_bytes(), &items);
        Ok(HashedBatch { batch, items, sha256 })
    }

    /// The decoded batch.
    pub fn batch(&self) -> &Batch<'a> {
        &self.batch
    }

    /// The SHA-256 that names the batch: over its header and the leaf hashes of its items.
    pub fn sha256(&self) -> Hash {
        self.sha256
    }

    /// The leaf hashes of the events; none for a control batch.
    pub fn leaves(&self) -> &[Hash] {
        match self.batch.header().kind {
            Kind::Events => &self.items,
            Kind::Control => &[],
        }
    }

    /// The leaf hashes of the events, taken out.
    pub fn into_leaves(self) -> Vec<Hash> {
        match self.batch.header().kind {
            Kind::Events => self.items,
            Kind::Control => Vec::new(),
        }
    }
}

/// A log that can look up its own past, for repetitions older than [`REMEMBERED_BATCHES_MAX`].
pub trait Past {
    /// The SHA-256 of the valid batch with this number, if the log still knows it.
    fn sha256_of(&self, batch: u64) -> Option<Hash>;
}

/// The rule, and what it has to remember.
pub struct Judge {
    head: Head,
    // Invariant: the last of these belongs to batch `head.next_batch() - 1`.
    remembered: VecDeque<Hash>,
    past: Option<Box<dyn Past + Send + Sync>>,
}

impl Judge {
    /// Goes on behind `head`: [`Head::genesis`], or one that was judged before.
    pub fn new(head: Head) -> Judge {
        let mut remembered = VecDeque::new();
        if 0 < head.next_batch() {
            remembered.push_back(head.last_batch_sha256());
        }
        Judge { head, remembered, past: None }
    }

    /// The same, with a log that knows the batches before `head`.
    pub fn with_past(head: Head, past: Box<dyn Past + Send + Sync>) -> Judge {
        Judge { past: Some(past), ..Judge::new(head) }
    }

    /// Where the valid batches end.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Judges one batch; a valid one becomes the head. After a halt the caller stops reading.
    pub fn judge(&mut self, bytes: &[u8]) -> Verdict {
        match HashedBatch::decode(bytes) {
            Ok(batch) => self.judge_hashed(&batch),
            Err(fault) => Verdict::Halt(self.halt_at(fault.into())),
        }
    }

    /// Judges a batch that has been hashed before.
    pub fn judge_hashed(&mut self, batch: &HashedBatch<'_>) -> Verdict {
        let header = batch.batch().header();
        let control = match batch.batch().control() {
            Ok(control) => control,
            Err(fault) => return Verdict::Halt(self.halt_at(FrameError::from(fault).into())),
        };
        if header.ledger != self.head.ledger() {
            return Verdict::Halt(self.halt_at(HaltReason::ForeignLedger { found: header.ledger }));
        }
        if self.knows(header.batch, batch.sha256()) {
            return Verdict::Skipped(SkipReason::Duplicate(header.batch));
        }
        let checked = match &control {
            Some(ControlRecord::EpochOpened { .. }) => self.check_epoch_opened(header),
            Some(ControlRecord::LedgerMoved { .. }) | None => self.check_current_writer(header),
        };
        match checked {
            Ok(()) => Verdict::Valid(self.advance(batch, control.as_ref())),
            Err(Objection::Skip(reason)) => Verdict::Skipped(reason),
            Err(Objection::Halt(reason)) => Verdict::Halt(self.halt_at(reason)),
        }
    }

    /// Judges a batch of a store that keeps valid batches only.
    ///
    /// # Errors
    /// It is not valid.
    pub fn accept(&mut self, bytes: &[u8]) -> Result<Head, Halt> {
        match HashedBatch::decode(bytes) {
            Ok(batch) => self.accept_hashed(&batch),
            Err(fault) => Err(self.halt_at(fault.into())),
        }
    }

    /// The same for a batch that has been hashed before.
    ///
    /// # Errors
    /// It is not valid.
    pub fn accept_hashed(&mut self, batch: &HashedBatch<'_>) -> Result<Head, Halt> {
        match self.judge_hashed(batch) {
            Verdict::Valid(head) => Ok(head),
            Verdict::Skipped(reason) => Err(self.halt_at(HaltReason::NotValid(reason))),
            Verdict::Halt(halt) => Err(halt),
        }
    }

    /// A halt at the head, for a reader that finds by itself what is wrong.
    pub fn halt_at(&self, reason: HaltReason) -> Halt {
        Halt { sequence: self.head.next_sequence(), batch: self.head.next_batch(), reason }
    }

    fn knows(&self, batch: u64, sha256: Hash) -> bool {
        let Some(age) = self.head.next_batch().checked_sub(batch) else {
            return false;
        };
        let remembered = usize::try_from(age)
            .ok()
            .and_then(|age| self.remembered.len().checked_sub(age))
            .and_then(|place| self.remembered.get(place));
        match remembered {
            Some(known) => *known == sha256,
            None if 0 < age => {
                self.past.as_ref().and_then(|past| past.sha256_of(batch)).is_some_and(|known| known == sha256)
            }
            None => false,
        }
    }

    fn check_epoch_opened(&self, header: &Header) -> Result<(), Objection> {
        let valid = self.head.epoch().checked_add(1) == Some(header.epoch)
            && !self.head.moved()
            && chains(&self.head, header).is_ok();
        if !valid {
            return Err(Objection::Skip(SkipReason::InvalidEpochOpened(header.epoch)));
        }
        Ok(())
    }

    fn check_current_writer(&self, header: &Header) -> Result<(), Objection> {
        let (current, found) = (self.head.epoch(), header.epoch);
        if found < current {
            return Err(Objection::Skip(SkipReason::LowerEpoch { current, found }));
        }
        if current < found || current == 0 {
            return Err(Objection::Halt(HaltReason::UnopenedEpoch { current, found }));
        }
        if header.writer != self.head.writer() {
            return Err(Objection::Halt(HaltReason::ForeignWriter));
        }
        if self.head.moved() {
            return Err(Objection::Halt(HaltReason::AfterLedgerMoved));
        }
        chains(&self.head, header).map_err(Objection::Halt)
    }

    fn advance(&mut self, batch: &HashedBatch<'_>, control: Option<&ControlRecord>) -> Head {
        let header = batch.batch().header();
        self.head = match control {
            Some(record) => self.head.after_control(header, record, batch.sha256()),
            None => {
                let mut edge = self.head.edge().clone();
                for leaf in batch.leaves() {
                    edge.push(*leaf);
                }
                self.head.after_batch(header, edge, batch.sha256())
            }
        };
        if self.remembered.len() == REMEMBERED_BATCHES_MAX {
            self.remembered.pop_front();
        }
        self.remembered.push_back(batch.sha256());
        self.head.clone()
    }
}

enum Objection {
    Skip(SkipReason),
    Halt(HaltReason),
}

/// Whether a batch stands exactly where the log ends.
fn chains(head: &Head, header: &Header) -> Result<(), HaltReason> {
    if header.batch != head.next_batch() {
        return Err(HaltReason::BatchNumber { found: header.batch });
    }
    if header.first_sequence != head.next_sequence() {
        return Err(HaltReason::FirstSequence { found: header.first_sequence });
    }
    if header.previous_root != head.root() {
        return Err(HaltReason::PreviousRoot { found: header.previous_root });
    }
    Ok(())
}
