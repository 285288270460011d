//! Opens a log on a broker, and refuses one that has lost or changed what this process has seen before.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::follower::{FETCH_BYTES, FollowError, Follower};
use super::index::Index;
use super::partition::{Bounds, Fault, Partition};
use super::{KafkaLog, Shared};
use crate::files;
use crate::head::Head;
use crate::headfile::{Found, HeadFile, HeadFileError, HeadKeeper, Vouched};
use crate::ids::{LedgerId, WriterId};
use crate::judge::HashedBatch;
use crate::log::{AppendError, EventLog};

/// Why a log on a broker was not opened.
#[derive(Debug, thiserror::Error)]
pub enum KafkaOpenError {
    /// Another process follows the log with this folder.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// There are records already where a ledger was to be created.
    #[error("{0} holds {1} records already; a ledger needs a partition of its own")]
    AlreadyCreated(String, u64),
    /// No ledger was ever created there.
    #[error("{0} holds no ledger")]
    NotCreated(String),
    /// This process has never followed the log, or its head file is gone.
    #[error(
        "the head file {} is {}; a process that has never followed this log joins it, and any other has lost its witness",
        path.display(),
        if *.unreadable { "unreadable" } else { "missing" }
    )]
    NoHeadFile {
        /// Where it should be.
        path: PathBuf,
        /// Whether there is a file at all.
        unreadable: bool,
    },
    /// This process has followed the log before, and may not begin as if it had seen nothing.
    #[error("{} has followed a log already; open it instead", .0.display())]
    AlreadyJoined(PathBuf),
    /// The head file cannot be used.
    #[error(transparent)]
    HeadFile(#[from] HeadFileError),
    /// The head file belongs to another ledger.
    #[error("the head file belongs to ledger {found}, not to {expected}")]
    ForeignHeadFile {
        /// The ledger to be opened.
        expected: LedgerId,
        /// The ledger that the head file names.
        found: LedgerId,
    },
    /// The broker has deleted records from the front.
    #[error(
        "acknowledged history missing: the log begins at offset {first}; its topic must keep everything (retention.ms=-1, retention.bytes=-1)"
    )]
    BeginsLate {
        /// The first offset that is kept.
        first: u64,
    },
    /// The log is shorter than this process has seen it.
    #[error(
        "acknowledged history missing: the head file vouches for {vouched_batches} batches up to offset {vouched_offset}, the log ends before offset {end}"
    )]
    HistoryMissing {
        /// How many batches there must be.
        vouched_batches: u64,
        /// Behind which offset.
        vouched_offset: u64,
        /// The offset that the next record would get.
        end: u64,
    },
    /// The log is long enough, but it is another one.
    #[error(
        "acknowledged history missing: batch {batch} at offset {offset} is not the one the head file vouches for"
    )]
    HistoryDiffers {
        /// The batch that differs.
        batch: u64,
        /// Where it was.
        offset: u64,
    },
    /// What the caller holds for judged is not in the log: its state is ahead of the log, or of another history.
    #[error("the log does not contain the position the caller holds: batch {batch}, sequence {sequence}")]
    TrustedMissing {
        /// The batch before the caller's position.
        batch: u64,
        /// The caller's next sequence.
        sequence: u64,
    },
    /// The log cannot be judged to its end.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The broker cannot be asked.
    #[error(transparent)]
    Broker(#[from] Fault),
    /// The first batch could not be written.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// A file or folder of this process cannot be used.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl KafkaLog {
    /// Creates a ledger in an empty partition, with `writer` in epoch 1. `folder` is this process's own.
    ///
    /// Of two processes that create at once, one succeeds: the other's first batch does not count.
    ///
    /// # Errors
    /// The partition is not empty, or cannot be written.
    pub fn create(
        partition: Arc<dyn Partition>,
        folder: &Path,
        ledger: LedgerId,
        writer: WriterId,
        address: &str,
    ) -> Result<KafkaLog, KafkaOpenError> {
        let Bounds { next, .. } = partition.bounds()?;
        if 0 < next {
            return Err(KafkaOpenError::AlreadyCreated(partition.name(), next));
        }
        let (lock, file) = begin_folder(folder, ledger)?;
        let follower = follower_at(partition, Head::genesis(ledger), 0);
        let mut log = assemble(folder, lock, follower, file)?;
        log.begin_epoch(writer, address)?;
        log.keeper.settle().map_err(|fault| io_at(folder, io::Error::other(fault)))?;
        Ok(log)
    }

    /// Follows a log for the first time: `folder` becomes this process's own. What was lost before cannot be seen.
    ///
    /// # Errors
    /// See [`KafkaOpenError`]; also when the folder has followed a log before.
    pub fn join(
        partition: Arc<dyn Partition>,
        folder: &Path,
        ledger: LedgerId,
    ) -> Result<KafkaLog, KafkaOpenError> {
        let (lock, file) = begin_folder(folder, ledger)?;
        let follower = follow_to_end(partition, Head::genesis(ledger), file.1)?;
        assemble(folder, lock, follower, file)
    }

    /// Follows a log on from where this process left it, and judges only what follows `trusted`, which it has judged
    /// before.
    ///
    /// # Errors
    /// See [`KafkaOpenError`]; also when the log does not contain `trusted`.
    pub fn open_from(
        partition: Arc<dyn Partition>,
        folder: &Path,
        trusted: Head,
    ) -> Result<KafkaLog, KafkaOpenError> {
        let vouched = vouched_in(folder, trusted.ledger())?;
        let lock = take_lock(folder)?;
        let follower = follow_to_end(partition, trusted, vouched)?;
        assemble(folder, lock, follower, (HeadFile::open(&folder.join("head"))?, vouched))
    }
}

/// What the head file of a folder vouches for.
pub(super) fn vouched_in(folder: &Path, ledger: LedgerId) -> Result<Vouched, KafkaOpenError> {
    let path = folder.join("head");
    let vouched = match HeadFile::read(&path)? {
        Found::Slot(vouched) => vouched,
        Found::Nothing => return Err(KafkaOpenError::NoHeadFile { path, unreadable: false }),
        Found::Unreadable => return Err(KafkaOpenError::NoHeadFile { path, unreadable: true }),
    };
    if vouched.ledger != ledger {
        return Err(KafkaOpenError::ForeignHeadFile { expected: ledger, found: vouched.ledger });
    }
    Ok(vouched)
}

/// Takes a folder that has followed no log yet, and writes its head file.
fn begin_folder(folder: &Path, ledger: LedgerId) -> Result<(File, (HeadFile, Vouched)), KafkaOpenError> {
    fs::create_dir_all(folder).map_err(|cause| io_at(folder, cause))?;
    let lock = take_lock(folder)?;
    let path = folder.join("head");
    // A creation or joining that was cut off before anything was seen can be repeated.
    if matches!(HeadFile::read(&path)?, Found::Slot(vouched) if 0 < vouched.next_batch) {
        return Err(KafkaOpenError::AlreadyJoined(folder.to_owned()));
    }
    let vouched = Vouched::from(&Head::genesis(ledger));
    let file = HeadFile::create(&path, &vouched)?;
    files::sync_folder(folder).map_err(|cause| io_at(folder, cause))?;
    Ok((lock, (file, vouched)))
}

fn assemble(
    folder: &Path,
    lock: File,
    (index, follower): (Arc<Index>, Follower),
    (file, vouched): (HeadFile, Vouched),
) -> Result<KafkaLog, KafkaOpenError> {
    let keeper = HeadKeeper::start(file, vouched).map_err(|cause| io_at(folder, cause))?;
    let head = follower.head().clone();
    keeper.vouch(Vouched::from(&head).up_to(follower.next_offset()));
    let shared = Shared { index, follower: Mutex::new(follower), _lock: Some(lock) };
    Ok(KafkaLog { shared: Arc::new(shared), head, keeper, epoch_begun: false, dead: false })
}

fn follower_at(partition: Arc<dyn Partition>, head: Head, next_offset: u64) -> (Arc<Index>, Follower) {
    let index = Arc::new(Index::new(partition, &head, next_offset));
    (Arc::clone(&index), Follower::new(index, head, next_offset))
}

/// Compares the log with what this process knows of it, and judges the rest.
pub(super) fn follow_to_end(
    partition: Arc<dyn Partition>,
    trusted: Head,
    vouched: Vouched,
) -> Result<(Arc<Index>, Follower), KafkaOpenError> {
    let Bounds { first, next } = partition.bounds()?;
    if 0 < first {
        return Err(KafkaOpenError::BeginsLate { first });
    }
    if next < vouched.next_offset {
        let (vouched_batches, vouched_offset) = (vouched.next_batch, vouched.next_offset);
        return Err(KafkaOpenError::HistoryMissing { vouched_batches, vouched_offset, end: next });
    }
    if next == 0 {
        return Err(KafkaOpenError::NotCreated(partition.name()));
    }
    let offset = locate(&*partition, &trusted, next)?;
    let mut met = match vouched.next_batch < trusted.next_batch() {
        true => lies_before(&*partition, &vouched)?,
        false => is_vouched(&trusted, &vouched),
    };
    let (index, mut follower) = follower_at(partition, trusted, offset);
    follower.catch_up(next, |head| met |= is_vouched(head, &vouched))?;
    if !met {
        let batch = vouched.next_batch.saturating_sub(1);
        return Err(KafkaOpenError::HistoryDiffers { batch, offset: vouched.next_offset });
    }
    Ok((index, follower))
}

fn is_vouched(head: &Head, vouched: &Vouched) -> bool {
    let found = (head.next_batch(), head.next_sequence(), head.root(), head.last_batch_sha256());
    found == (vouched.next_batch, vouched.next_sequence, vouched.root, vouched.last_batch_sha256)
}

/// Whether the batch that a head file vouches for lies before its offset: right before, but for what does not count.
fn lies_before(partition: &dyn Partition, vouched: &Vouched) -> Result<bool, KafkaOpenError> {
    let Some(last) = vouched.next_batch.checked_sub(1) else { return Ok(true) };
    let found = find(partition, last, vouched.last_batch_sha256, vouched.next_offset)?;
    Ok(found.is_some())
}

/// The offset behind the last batch of `trusted`.
fn locate(partition: &dyn Partition, trusted: &Head, end: u64) -> Result<u64, KafkaOpenError> {
    let Some(batch) = trusted.next_batch().checked_sub(1) else { return Ok(0) };
    let found = find(partition, batch, trusted.last_batch_sha256(), end)?;
    let missing = || KafkaOpenError::TrustedMissing { batch, sequence: trusted.next_sequence() };
    Ok(found.ok_or_else(missing)?.saturating_add(1))
}

/// Where a batch lies first. A valid batch takes a record, so its offset is never below its number.
fn find(
    partition: &dyn Partition,
    batch: u64,
    sha256: [u8; 32],
    end: u64,
) -> Result<Option<u64>, KafkaOpenError> {
    let mut offset = batch;
    while offset < end {
        let records = partition.fetch(offset, FETCH_BYTES)?;
        if records.is_empty() {
            return Ok(None);
        }
        for record in records.iter().filter(|record| record.offset < end) {
            let found = HashedBatch::decode(&record.bytes);
            if found.is_ok_and(|found| found.batch().header().batch == batch && found.sha256() == sha256) {
                return Ok(Some(record.offset));
            }
        }
        offset = records.last().map_or(end, |record| record.offset.saturating_add(1));
    }
    Ok(None)
}

fn take_lock(folder: &Path) -> Result<File, KafkaOpenError> {
    let lock = files::lock_folder(folder).map_err(|(path, cause)| KafkaOpenError::Io { path, cause })?;
    lock.ok_or_else(|| KafkaOpenError::InUse(folder.to_owned()))
}

fn io_at(path: &Path, cause: io::Error) -> KafkaOpenError {
    KafkaOpenError::Io { path: path.to_owned(), cause }
}
