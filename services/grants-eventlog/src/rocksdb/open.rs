//! Opens the embedded log, and refuses one that has lost or changed what was acknowledged.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ::rocksdb::{DB, IteratorMode};

use super::{RocksLog, Shared, end_of, read_range, settings};
use crate::files;
use crate::head::Head;
use crate::headfile::{Found, HeadFile, HeadFileError, HeadKeeper, Vouched};
use crate::ids::{LedgerId, WriterId};
use crate::judge::{Halt, HashedBatch, Judge};
use crate::log::{AppendError, EventLog, ReadError};

/// How many bytes of batches are read at once while they are judged.
const READ_BYTES: usize = 8 * 1_024 * 1_024;

/// What was found when a log was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Where the log ends.
    pub head: Head,
    /// What the head file vouched for; a loss behind it could not be seen.
    pub vouched_to: Vouched,
}

/// Why a log was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another part of this one, has it open for writing.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// There is a ledger already where one was to be created.
    #[error("there is a ledger in {} already", .0.display())]
    AlreadyCreated(PathBuf),
    /// No ledger was ever created there.
    #[error("there is no ledger in {}", .0.display())]
    NotCreated(PathBuf),
    /// There are batches, but nothing says how many there must be.
    #[error("the log has {batches} batches, but the head file {} is {}; nobody can say whether history is missing", path.display(), if *.unreadable { "unreadable" } else { "missing" })]
    NoHeadFile {
        /// Where it should be.
        path: PathBuf,
        /// How many batches the log has.
        batches: u64,
        /// Whether there is a file at all.
        unreadable: bool,
    },
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
    /// The log is shorter than it was.
    #[error(
        "acknowledged history missing: the head file vouches for {vouched_batches} batches ({vouched_events} events), the log has {log_batches} batches"
    )]
    HistoryMissing {
        /// How many batches there must be.
        vouched_batches: u64,
        /// How many events there must be.
        vouched_events: u64,
        /// How many batches there are.
        log_batches: u64,
    },
    /// The log is long enough, but it is another one.
    #[error(
        "acknowledged history missing: batch {batch} (before sequence {sequence}) is not the one the head file vouches for"
    )]
    HistoryDiffers {
        /// The batch that differs.
        batch: u64,
        /// The sequence after that batch, as vouched for.
        sequence: u64,
    },
    /// What the caller holds for judged is not in the log: its state is ahead of the log, or of another history.
    #[error("the log does not contain the position the caller holds: batch {batch}, sequence {sequence}")]
    TrustedMissing {
        /// The batch before the caller's position.
        batch: u64,
        /// The caller's next sequence.
        sequence: u64,
    },
    /// A batch is not valid.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// A batch cannot be read.
    #[error("at sequence {sequence}: {fault}")]
    Read {
        /// The first sequence that cannot be read.
        sequence: u64,
        /// Why.
        fault: ReadError,
    },
    /// The first batch could not be written.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// A file or folder beside the database cannot be used.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The database is damaged in a way that it would not find itself.
    #[error(transparent)]
    Journal(#[from] super::JournalError),
    /// The database cannot be opened.
    #[error("the database in {} cannot be opened: {cause}", path.display())]
    Database {
        /// Where.
        path: PathBuf,
        /// What it says.
        cause: String,
    },
}

impl RocksLog {
    /// Creates a ledger in `folder`, with `writer` in epoch 1.
    ///
    /// A creation that was cut off can be repeated: the head file comes before the first batch, and a log without
    /// batches is never held against it.
    ///
    /// # Errors
    /// There is a ledger already, or it cannot be written.
    pub fn create(
        folder: &Path,
        ledger: LedgerId,
        writer: WriterId,
        address: &str,
    ) -> Result<RocksLog, OpenError> {
        fs::create_dir_all(folder).map_err(|cause| io_at(folder, cause))?;
        let lock = take_lock(folder)?;
        let path = folder.join("log");
        super::check_journals(&path)?;
        let db = DB::open(&settings::for_writing(true), &path).map_err(|fault| database_at(&path, fault))?;
        if 0 < batches_in(&db)? {
            return Err(OpenError::AlreadyCreated(folder.to_owned()));
        }
        let vouched = HeadFile::read(&folder.join("head"))?;
        if let Found::Slot(vouched) = vouched {
            require_length(&vouched, 0)?;
        }
        let head = Head::genesis(ledger);
        let file = HeadFile::create(&folder.join("head"), &Vouched::from(&head))?;
        let mut log =
            RocksLog::assemble(folder, db, lock, head, (file, Vouched::from(&Head::genesis(ledger))))?;
        log.begin_epoch(writer, address)?;
        log.keeper.settle().map_err(|fault| io_at(folder, io::Error::other(fault)))?;
        files::sync_folder(folder).map_err(|cause| io_at(folder, cause))?;
        Ok(log)
    }

    /// Opens the log of `ledger` and judges every batch from the beginning.
    ///
    /// # Errors
    /// See [`OpenError`]; a halt names the first sequence that cannot be trusted.
    pub fn open(folder: &Path, ledger: LedgerId) -> Result<(RocksLog, Opened), OpenError> {
        RocksLog::open_from(folder, Head::genesis(ledger))
    }

    /// Opens the log and judges only what follows `trusted`, which the caller has judged before.
    ///
    /// # Errors
    /// See [`OpenError`]; also when the log does not contain `trusted`.
    pub fn open_from(folder: &Path, trusted: Head) -> Result<(RocksLog, Opened), OpenError> {
        if !folder.join("log").join("CURRENT").exists() {
            // Without a database there is nothing to lock, and looking must not create anything.
            return Err(nothing_there(folder)?);
        }
        let lock = take_lock(folder)?;
        let (head_path, path) = (folder.join("head"), folder.join("log"));
        let found = HeadFile::read(&head_path)?;
        super::check_journals(&path)?;
        {
            // Opening for writing may rewrite files; a log that lost something is looked at before that happens.
            let db = DB::open_for_read_only(&settings::for_reading(), &path, false)
                .map_err(|fault| database_at(&path, fault))?;
            compare(&db, folder, &found, &trusted)?;
        }
        let db = DB::open(&settings::for_writing(false), &path).map_err(|fault| database_at(&path, fault))?;
        let vouched = compare(&db, folder, &found, &trusted)?;
        let head = judge_all(&db, trusted, &vouched)?;
        let file = HeadFile::open(&head_path)?;
        let log = RocksLog::assemble(folder, db, lock, head.clone(), (file, vouched))?;
        // What was recovered behind the head file is durable now, and must not be lost later.
        log.keeper.vouch(Vouched::from(&head));
        Ok((log, Opened { head, vouched_to: vouched }))
    }

    fn assemble(
        folder: &Path,
        db: DB,
        lock: File,
        head: Head,
        (file, vouched): (HeadFile, Vouched),
    ) -> Result<RocksLog, OpenError> {
        let keeper = HeadKeeper::start(file, vouched).map_err(|cause| io_at(folder, cause))?;
        let shared = Shared { db, end: Mutex::new(end_of(&head)), _lock: lock };
        Ok(RocksLog { shared: Arc::new(shared), head, keeper, epoch_begun: false, dead: false })
    }
}

/// What the head file and the caller know is in the log; on success, what the head file vouches for.
fn compare(db: &DB, folder: &Path, found: &Found, trusted: &Head) -> Result<Vouched, OpenError> {
    let batches = batches_in(db)?;
    let vouched = check_vouched(db, folder, found, trusted.ledger())?;
    if batches == 0 {
        return Err(OpenError::NotCreated(folder.to_owned()));
    }
    let (batch, sequence) = (trusted.next_batch().saturating_sub(1), trusted.next_sequence());
    if batches < trusted.next_batch()
        || (0 < trusted.next_batch() && sha256_of(db, batch)? != Some(trusted.last_batch_sha256()))
    {
        return Err(OpenError::TrustedMissing { batch, sequence });
    }
    Ok(vouched)
}

/// Compares the log with its head file, which must not say more than the log holds.
pub(super) fn check_vouched(
    db: &DB,
    folder: &Path,
    found: &Found,
    ledger: LedgerId,
) -> Result<Vouched, OpenError> {
    let batches = batches_in(db)?;
    let vouched = match found {
        Found::Slot(vouched) => vouched,
        Found::Nothing | Found::Unreadable if batches == 0 => {
            return Err(OpenError::NotCreated(folder.to_owned()));
        }
        Found::Nothing | Found::Unreadable => {
            let unreadable = *found == Found::Unreadable;
            return Err(OpenError::NoHeadFile { path: folder.join("head"), batches, unreadable });
        }
    };
    if vouched.ledger != ledger {
        return Err(OpenError::ForeignHeadFile { expected: ledger, found: vouched.ledger });
    }
    require_length(vouched, batches)?;
    if let Some(last) = vouched.next_batch.checked_sub(1)
        && sha256_of(db, last)? != Some(vouched.last_batch_sha256)
    {
        return Err(OpenError::HistoryDiffers { batch: last, sequence: vouched.next_sequence });
    }
    Ok(*vouched)
}

fn require_length(vouched: &Vouched, log_batches: u64) -> Result<(), OpenError> {
    if log_batches < vouched.next_batch {
        let (vouched_batches, vouched_events) = (vouched.next_batch, vouched.next_sequence);
        return Err(OpenError::HistoryMissing { vouched_batches, vouched_events, log_batches });
    }
    Ok(())
}

/// Judges every batch behind `trusted`, and that the tree is the vouched one where the head file vouches for it.
fn judge_all(db: &DB, trusted: Head, vouched: &Vouched) -> Result<Head, OpenError> {
    let end = batches_in(db)?;
    let mut judge = Judge::new(trusted);
    while judge.head().next_batch() < end {
        let sequence = judge.head().next_sequence();
        let batches = read_range(db, judge.head().next_batch(), end, READ_BYTES)
            .map_err(|fault| OpenError::Read { sequence, fault })?;
        for batch in batches {
            let head = judge.accept(&batch)?;
            let differs = (head.next_sequence(), head.root()) != (vouched.next_sequence, vouched.root);
            if head.next_batch() == vouched.next_batch && differs {
                let (batch, sequence) = (vouched.next_batch - 1, vouched.next_sequence);
                return Err(OpenError::HistoryDiffers { batch, sequence });
            }
        }
    }
    Ok(judge.head().clone())
}

/// How many batches the log has, by its last key.
pub(super) fn batches_in(db: &DB) -> Result<u64, OpenError> {
    let unreadable = |cause: String| OpenError::Database { path: db.path().to_owned(), cause };
    match db.iterator_opt(IteratorMode::End, settings::checked_read()).next() {
        None => Ok(0),
        Some(Err(fault)) => Err(unreadable(fault.into_string())),
        Some(Ok((key, _))) => match <[u8; 8]>::try_from(&*key) {
            Ok(key) => Ok(u64::from_be_bytes(key).saturating_add(1)),
            Err(_) => Err(unreadable(format!("its last key has {} bytes and not 8", key.len()))),
        },
    }
}

/// The SHA-256 that names a batch of the log; nothing when it is missing or damaged.
fn sha256_of(db: &DB, batch: u64) -> Result<Option<[u8; 32]>, OpenError> {
    let bytes = db
        .get_pinned_opt(batch.to_be_bytes(), &settings::checked_read())
        .map_err(|fault| database_at(db.path(), fault))?;
    Ok(bytes.and_then(|bytes| HashedBatch::decode(&bytes).ok().map(|batch| batch.sha256())))
}

/// Why there is no database: nothing was created, or it has been taken away.
fn nothing_there(folder: &Path) -> Result<OpenError, OpenError> {
    if let Found::Slot(vouched) = HeadFile::read(&folder.join("head"))? {
        require_length(&vouched, 0)?;
    }
    Ok(OpenError::NotCreated(folder.to_owned()))
}

fn take_lock(folder: &Path) -> Result<File, OpenError> {
    let lock = files::lock_folder(folder).map_err(|(path, cause)| OpenError::Io { path, cause })?;
    lock.ok_or_else(|| OpenError::InUse(folder.to_owned()))
}

pub(super) fn io_at(path: &Path, cause: io::Error) -> OpenError {
    OpenError::Io { path: path.to_owned(), cause }
}

pub(super) fn database_at(path: &Path, fault: ::rocksdb::Error) -> OpenError {
    OpenError::Database { path: path.to_owned(), cause: fault.into_string() }
}
