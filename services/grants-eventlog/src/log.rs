//! The contract of a log: one writer appends batches durably, any number of readers read them back.
//!
//! ```text
//!   batch      0        1        2       3
//!           [Epoch 1][events 0–2][3–3][Epoch 2]
//!                                              ▲ end: next batch 4, next sequence 4
//! ```
//!
//! A back-end keeps these promises, and `contract::every_rule` holds it to them:
//!
//! 1. A created log begins with the `EpochOpened` of its first writer.
//! 2. `append` returns `Ok` only when the batch is durable, and readers may see it only from then on.
//! 3. A batch that does not stand exactly at the end is refused, and nothing was written.
//! 4. Any other failure is *unknown*: the batch may be there or not. From then on every append of the same object
//!    fails; the caller drops it, opens the log again and reads what is there.
//! 5. `read` gives valid batches only, byte for byte as appended, in order and without gaps. A store that can hold
//!    others (Kafka) judges before it gives.
//! 6. What was durable is there after opening again. A process that opens a log to write begins an epoch of its own
//!    before its first batch.
//! 7. Nothing follows a `LedgerMoved`.

use std::sync::Arc;

use crate::batch::SealedBatch;
use crate::control::ControlError;
use crate::head::Head;
use crate::headfile::Vouched;
use crate::ids::WriterId;

/// How long a log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogEnd {
    /// How many valid batches are durable, which is the number of the next.
    pub next_batch: u64,
    /// How many events they have, which is the sequence of the next.
    pub next_sequence: u64,
}

/// Why nothing was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The batch was built on another end than this log's. Nothing was written.
    #[error(
        "batch {found} does not stand at the end of the log, where {expected} is next; nothing was written"
    )]
    NotNext {
        /// The number of the next batch.
        expected: u64,
        /// The number that the batch carries (which may be the same, on another history).
        found: u64,
    },
    /// The log was opened, but this process has not begun an epoch. Nothing was written.
    #[error("this process has not begun an epoch; nothing was written")]
    EpochNotBegun,
    /// The ledger goes on elsewhere. Nothing was written.
    #[error("the ledger has moved; nothing was written")]
    Moved,
    /// The address of the writer is not acceptable. Nothing was written.
    #[error(transparent)]
    Address(#[from] ControlError),
    /// The batch may be durable or not: open the log again and read.
    #[error("it is unknown whether batch {batch} is durable: {cause}")]
    Unknown {
        /// The number of the batch.
        batch: u64,
        /// What the store said.
        cause: String,
    },
    /// Another writer has taken the ledger over. What was written does not count, and never will.
    #[error("another writer has taken the ledger over in epoch {epoch}; this batch does not count")]
    Superseded {
        /// The epoch that is open now.
        epoch: u64,
    },
    /// An earlier append failed; this object is good for nothing any more. Nothing was written.
    #[error("the log failed before and must be opened again; nothing was written")]
    Dead,
}

/// Why nothing could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The reader asks for a batch that cannot be there yet: it follows another, longer history.
    #[error("batch {from} was asked for, but the log ends before batch {end}")]
    BeyondEnd {
        /// The batch asked for.
        from: u64,
        /// The number of the next batch.
        end: u64,
    },
    /// A batch before the end is gone.
    #[error("batch {0} is missing from the log")]
    Missing(u64),
    /// The store cannot be read.
    #[error("the log cannot be read at batch {batch}: {cause}")]
    Storage {
        /// The batch that was to be read.
        batch: u64,
        /// What the store said.
        cause: String,
    },
}

/// Reads a log. Any number of readers may follow one log, each at its own pace.
pub trait LogReader: Send + Sync {
    /// How far the log can be read now.
    ///
    /// # Errors
    /// The store cannot be asked.
    fn end(&self) -> Result<LogEnd, ReadError>;

    /// The stored bytes of batches from number `from_batch` on: as many as fit into `max_bytes`, but at least one if
    /// there is one; none at the end.
    ///
    /// # Errors
    /// See [`ReadError`]. The bytes are as stored: the caller judges them.
    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError>;
}

/// A log that others write, read up to where it ended when somebody caught up with it last.
pub trait GrowingLog: LogReader {
    /// What may be relied on, as far as it was read: in a folder what the head file vouches for, on brokers what was read
    /// back.
    fn vouched(&self) -> Vouched;

    /// Reads on, and says what may be relied on then.
    ///
    /// # Errors
    /// See [`CatchUpError`].
    fn catch_up(&self) -> Result<Vouched, CatchUpError>;
}

/// Why a log is not read further.
#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    /// The log in a folder.
    #[cfg(feature = "rocksdb")]
    #[error(transparent)]
    Folder(#[from] crate::rocksdb::OpenError),
    /// The log on brokers. Unless these could not be asked, it cannot be trusted any more.
    #[error(transparent)]
    Brokers(#[from] crate::kafka::FollowError),
}

/// Writes a log. `&mut self` says that there is one writer.
pub trait EventLog: LogReader {
    /// Where the log ends, after the last append that returned `Ok`.
    fn head(&self) -> &Head;

    /// Makes one batch durable.
    ///
    /// # Errors
    /// [`AppendError::Unknown`] leaves open whether the batch is there; every other error says that it is not.
    fn append(&mut self, batch: &SealedBatch) -> Result<(), AppendError>;

    /// A reader that lives as long as it likes and sees what is durable.
    fn reader(&self) -> Arc<dyn LogReader>;

    /// Says that this process copies what others decide: the open epoch is theirs, and what they have appended in it may
    /// be appended here. Never for a log that this process decides for.
    fn copy_epoch(&mut self);

    /// Takes the ledger over for this process, reachable at `address`, in the next epoch.
    ///
    /// # Errors
    /// Those of [`EventLog::append`].
    fn begin_epoch(&mut self, writer: WriterId, address: &str) -> Result<(), AppendError> {
        let batch = SealedBatch::epoch_opened(self.head(), writer, address)?;
        self.append(&batch)
    }
}

/// Whether `batch` may be appended behind `head` by a process that has begun its epoch or not.
pub(crate) fn check_next(head: &Head, epoch_begun: bool, batch: &SealedBatch) -> Result<(), AppendError> {
    if head.moved() {
        return Err(AppendError::Moved);
    }
    let header = batch.header();
    let opens = header.epoch == head.epoch() + 1;
    let continues = header.epoch == head.epoch() && header.writer == head.writer();
    let stands = header.ledger == head.ledger()
        && header.batch == head.next_batch()
        && header.first_sequence == head.next_sequence()
        && header.previous_root == head.root();
    if !stands || !(opens || continues) {
        return Err(AppendError::NotNext { expected: head.next_batch(), found: header.batch });
    }
    if continues && !epoch_begun {
        return Err(AppendError::EpochNotBegun);
    }
    Ok(())
}

/// Cuts `batches` after as many as fit into `max_bytes`, but not before the first.
pub(crate) fn take_while_fits(
    batches: impl Iterator<Item = Result<Vec<u8>, ReadError>>,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut taken = Vec::new();
    let mut room = max_bytes;
    for batch in batches {
        // What came before a fault is given first, so that the fault is met where it stands.
        let batch = match batch {
            Err(_) if !taken.is_empty() => break,
            batch => batch?,
        };
        if room < batch.len() && !taken.is_empty() {
            break;
        }
        room = room.saturating_sub(batch.len());
        taken.push(batch);
    }
    Ok(taken)
}
