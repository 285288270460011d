//! Copies a log into another place, batch for batch and byte for byte: between folders and brokers, either way.
//!
//! A copy has the same batches, and so the same root, and whoever verified one has verified the other. It is made by a
//! process that decides nothing. Where a copy has been written to by somebody else, or the log it comes from is not the
//! one it began with, the next step is refused.

use crate::batch::{Batch, SealedBatch};
use crate::control::ControlRecord;
use crate::ids::{LedgerId, WriterId};
use crate::judge::{Halt, HashedBatch};
use crate::log::{AppendError, EventLog, LogReader, ReadError};

/// How many bytes of batches are read at once.
const READ_BYTES: usize = 8 << 20;

/// Why a log is not copied further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MirrorError {
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A batch of it is not valid.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// A batch could not be written.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The log is empty, or does not begin as one does.
    #[error("the log does not begin with the epoch of its first writer")]
    NotBegun,
    /// The copy has more than the log.
    #[error(
        "the copy has {copy} batches, and the log only {log}: acknowledged history is missing, or it is no copy of it"
    )]
    Ahead {
        /// Batches of the copy.
        copy: u64,
        /// Batches of the log.
        log: u64,
    },
    /// The copy is one of something else, or was written to.
    #[error("batch {batch} of the copy is not that of the log")]
    OtherHistory {
        /// The batch that differs.
        batch: u64,
    },
}

/// How a log began: with this, an empty copy is created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// Which ledger.
    pub ledger: LedgerId,
    /// Its first writer.
    pub writer: WriterId,
    /// Where that one could be reached.
    pub address: String,
}

/// How a log began.
///
/// # Errors
/// It has not begun, or cannot be read.
pub fn beginning(log: &dyn LogReader) -> Result<Beginning, MirrorError> {
    let first = log.read(0, 1)?.into_iter().next().ok_or(MirrorError::NotBegun)?;
    let batch = Batch::decode(&first).map_err(|_| MirrorError::NotBegun)?;
    let header = *batch.header();
    match batch.control() {
        Ok(Some(ControlRecord::EpochOpened { address })) if header.batch == 0 => {
            Ok(Beginning { ledger: header.ledger, writer: header.writer, address })
        }
        Ok(_) | Err(_) => Err(MirrorError::NotBegun),
    }
}

/// Appends to `copy` what it lacks of `log`; how many batches that were.
///
/// # Errors
/// See [`MirrorError`]. Whatever was appended before is there, and the next call goes on behind it.
pub fn mirror(log: &dyn LogReader, copy: &mut dyn EventLog) -> Result<u64, MirrorError> {
    mirror_to(log, copy, log.end()?.next_batch)
}

/// The same, but only batches before number `end`.
///
/// # Errors
/// See [`mirror`].
pub fn mirror_to(log: &dyn LogReader, copy: &mut dyn EventLog, end: u64) -> Result<u64, MirrorError> {
    let begun = copy.head().next_batch();
    if end < begun {
        return Err(MirrorError::Ahead { copy: begun, log: end });
    }
    is_copy(log, copy)?;
    copy.copy_epoch();
    while copy.head().next_batch() < end {
        let next = copy.head().next_batch();
        let batches = log.read(next, READ_BYTES)?;
        if batches.is_empty() {
            return Err(ReadError::Missing(next).into());
        }
        for bytes in batches {
            if end <= copy.head().next_batch() {
                break;
            }
            let batch = SealedBatch::copied(bytes, copy.head())?;
            copy.append(&batch)?;
        }
    }
    Ok(end - begun)
}

/// Whether the last batch of the copy is that of the log: every batch names the root before it, so the others are too.
fn is_copy(log: &dyn LogReader, copy: &dyn EventLog) -> Result<(), MirrorError> {
    let Some(last) = copy.head().next_batch().checked_sub(1) else { return Ok(()) };
    let there = log.read(last, 1)?.into_iter().next().ok_or(ReadError::Missing(last))?;
    let same =
        HashedBatch::decode(&there).is_ok_and(|there| there.sha256() == copy.head().last_batch_sha256());
    if same { Ok(()) } else { Err(MirrorError::OtherHistory { batch: last }) }
}
