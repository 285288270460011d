//! The decision state on disk: rows under keys in RocksDB, always folded up to one place in the log.
//!
//! The write-ahead log is off, because the ledger's own log is one: after a crash the state is older, never torn,
//! and the missing part is replayed. That holds because everything lies in one column family and every write is
//! one `WriteBatch` with the rows and the position together.
//!
//! Invariant: a read that fails latches a fault. The `None` it then returns is never used, because everybody who
//! acts on what was read asks the latch first.
//!
//! RocksDB checks a sum over every block it reads and every record of its manifest, so flipped bits are found when
//! they are read, not when the state is opened: reading a large state whole at every start would take minutes.

mod beside; // read while another process writes
mod folder; // its files
mod position;

use grants_domain::{
    state::{KeyRow, StateRead},
    values::Sha256Hex,
};
use grants_eventlog::{LedgerId, rocksdb::check_journals};
use rocksdb::{DB, FlushOptions, ReadOptions, Snapshot, WriteBatch, WriteOptions};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{
    fault::{Fault, FaultLatch},
    limits::Limits,
};
use folder::{DOOMED, Hold, ROWS, clear, create, damaged, io_fault, is_missing, options, take_lock};
pub use position::Position;

/// Rows of one batch: each key once, `None` for a removal.
pub type Rows = Vec<(Vec<u8>, Option<Arc<[u8]>>)>;

/// Replaying more than this many events at the start would take more than a few seconds.
pub const FLUSH_EVENTS_MAX: u64 = 500_000;
/// Tables number from 1, so that no row of theirs has this key.
const POSITION_KEY: [u8; 1] = [0];

/// Why a state cannot be used. The remedy is always the same: it can be rebuilt from the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("the state in {} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// There is none.
    #[error("there is no state in {}", .0.display())]
    Missing(PathBuf),
    /// It cannot be read, or is not what was written.
    #[error("the state in {} is damaged: {cause}. Rebuild it from the log", dir.display())]
    Damaged {
        /// The folder.
        dir: PathBuf,
        /// What the store said.
        cause: String,
    },
    /// The folder belongs to another ledger.
    #[error("the state in {} belongs to ledger {found}", dir.display())]
    OtherLedger {
        /// The folder.
        dir: PathBuf,
        /// Whose it is.
        found: LedgerId,
    },
    /// The operating system refused a step.
    #[error("cannot use the state in {}: {source}", dir.display())]
    Io {
        /// The folder.
        dir: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// The rows of one ledger.
pub struct StateStore {
    db: DB,
    dir: PathBuf,
    latch: FaultLatch,
    unflushed: AtomicU64,
    _lock: File,
}

impl StateStore {
    /// Opens the state of a ledger for writing, or begins an empty one where there is none.
    ///
    /// # Errors
    /// See [`StoreError`]. A state that is there but cannot be used is never replaced silently.
    pub fn open(
        dir: &Path,
        ledger: LedgerId,
        latch: FaultLatch,
    ) -> Result<(StateStore, Position), StoreError> {
        StateStore::open_within(dir, ledger, latch, &Limits::default())
    }

    /// The same with other bounds on memory.
    pub(crate) fn open_within(
        dir: &Path,
        ledger: LedgerId,
        latch: FaultLatch,
        limits: &Limits,
    ) -> Result<(StateStore, Position), StoreError> {
        fs::create_dir_all(dir).map_err(io_fault(dir))?;
        let lock = take_lock(dir, Hold::Alone)?;
        if is_missing(dir)? {
            create(dir)?;
        }
        check_journals(&dir.join(ROWS)).map_err(damaged(dir))?;
        let db = DB::open(&options(limits), dir.join(ROWS)).map_err(damaged(dir))?;
        let store = StateStore { db, dir: dir.to_owned(), latch, unflushed: AtomicU64::new(0), _lock: lock };
        let position = store.position()?.unwrap_or_else(|| Position::genesis(ledger));
        if position.head.ledger() != ledger {
            return Err(StoreError::OtherLedger { dir: dir.to_owned(), found: position.head.ledger() });
        }
        Ok((store, position))
    }

    /// Opens the state for reading only, while no writer has it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open_read_only(dir: &Path, latch: FaultLatch) -> Result<(StateStore, Position), StoreError> {
        let missing = || StoreError::Missing(dir.to_owned());
        if !dir.is_dir() || is_missing(dir)? {
            return Err(missing());
        }
        let lock = take_lock(dir, Hold::Together)?;
        check_journals(&dir.join(ROWS)).map_err(damaged(dir))?;
        let db = DB::open_for_read_only(&options(&Limits::default()), dir.join(ROWS), false)
            .map_err(damaged(dir))?;
        let store = StateStore { db, dir: dir.to_owned(), latch, unflushed: AtomicU64::new(0), _lock: lock };
        let position = store.position()?.ok_or_else(missing)?;
        Ok((store, position))
    }

    /// Deletes a state that nobody uses, so that the next opening rebuilds it from the log.
    ///
    /// # Errors
    /// [`StoreError::InUse`], and faults of the disk.
    pub fn remove(dir: &Path) -> Result<(), StoreError> {
        if !dir.is_dir() {
            return Ok(());
        }
        let _lock = take_lock(dir, Hold::Alone)?;
        // Renamed first, so that a crash in the middle leaves no half of a state under its name.
        let (rows, doomed) = (dir.join(ROWS), dir.join(DOOMED));
        clear(dir, &doomed)?;
        if rows.exists() {
            fs::rename(&rows, &doomed).map_err(io_fault(dir))?;
        }
        clear(dir, &doomed)
    }

    /// Writes the rows of one batch together with the position after it. `events` says how many it has.
    ///
    /// # Errors
    /// The store failed; the fault is latched.
    pub fn write(&self, rows: &Rows, position: &Position, events: u64) -> Result<(), Fault> {
        // The memtable takes ascending keys faster.
        let mut ordered: Vec<_> = rows.iter().collect();
        ordered.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let mut batch = WriteBatch::default();
        for (key, row) in ordered {
            match row {
                Some(row) => batch.put(key, row),
                None => batch.delete(key),
            }
        }
        batch.put(POSITION_KEY, position.to_bytes());
        let mut options = WriteOptions::default();
        options.disable_wal(true);
        options.set_memtable_insert_hint_per_batch(true);
        self.db.write_opt(batch, &options).map_err(|fault| self.fail(fault))?;
        let unflushed = self.unflushed.fetch_add(events, Ordering::Relaxed).saturating_add(events);
        if FLUSH_EVENTS_MAX <= unflushed {
            self.flush(false)?;
        }
        Ok(())
    }

    /// Brings everything written so far to disk; with `wait` it is there on return.
    ///
    /// # Errors
    /// The store failed; the fault is latched.
    pub fn flush(&self, wait: bool) -> Result<(), Fault> {
        self.unflushed.store(0, Ordering::Relaxed);
        let mut options = FlushOptions::default();
        options.set_wait(wait);
        self.db.flush_opt(&options).map_err(|fault| self.fail(fault))
    }

    /// Fails if a flush or compaction in the background has failed.
    ///
    /// # Errors
    /// It has; the fault is latched.
    pub fn check_background(&self) -> Result<(), Fault> {
        let errors =
            self.db.property_int_value("rocksdb.background-errors").map_err(|fault| self.fail(fault))?;
        match errors {
            Some(0) | None => Ok(()),
            Some(errors) => Err(self.fail(format!("{errors} errors in the background"))),
        }
    }

    /// Up to where this state is folded; `None` for an empty one.
    ///
    /// # Errors
    /// The position cannot be read, or rows stand without one.
    pub fn position(&self) -> Result<Option<Position>, StoreError> {
        let found = self.db.get_pinned(POSITION_KEY).map_err(damaged(&self.dir))?;
        if let Some(bytes) = found {
            return Position::from_bytes(&bytes).map(Some).map_err(damaged(&self.dir));
        }
        let mut rows = self.db.raw_iterator();
        rows.seek_to_first();
        rows.status().map_err(damaged(&self.dir))?;
        if rows.valid() {
            return Err(damaged(&self.dir)("rows stand without a position"));
        }
        Ok(None)
    }

    /// SHA-256 over every row in key order, each as length and bytes of key and of row, then over sequence, root
    /// and last recorded time of the position.
    ///
    /// Epochs, writers and batch numbers are left out: the same commands give the same digest however they were
    /// cut into batches and whoever wrote them.
    ///
    /// # Errors
    /// A row cannot be read; the fault is latched.
    pub fn digest(&self) -> Result<Sha256Hex, Fault> {
        let mut sha = Sha256::new();
        let snapshot = self.db.snapshot();
        let mut rows = snapshot.raw_iterator();
        rows.seek([1]);
        while let Some((key, row)) = rows.item() {
            for part in [key, row] {
                sha.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                sha.update(part);
            }
            rows.next();
        }
        rows.status().map_err(|fault| self.fail(fault))?;
        let position = snapshot.get(POSITION_KEY).map_err(|fault| self.fail(fault))?;
        if let Some(bytes) = position {
            let position = Position::from_bytes(&bytes).map_err(|fault| self.fail(fault))?;
            sha.update(position.head.next_sequence().to_be_bytes());
            sha.update(position.head.root().0);
            sha.update(position.recorded_at.map_or(0, |at| at.micros()).to_be_bytes());
        }
        Ok(Sha256Hex(sha.finalize().into()))
    }

    /// Everything as it is now, while writing goes on.
    #[must_use]
    pub fn view(&self) -> StoreView<'_> {
        StoreView { snapshot: self.db.snapshot(), store: self }
    }

    /// The latch that a failed read sets.
    #[must_use]
    pub fn latch(&self) -> &FaultLatch {
        &self.latch
    }

    fn fail(&self, cause: impl ToString) -> Fault {
        let fault = Fault::State { dir: self.dir.display().to_string(), cause: cause.to_string() };
        self.latch.latch(fault.clone());
        fault
    }

    /// What was read; a failure is latched and becomes a `None` that nobody uses.
    fn read<T>(&self, found: Result<Option<T>, rocksdb::Error>) -> Option<T> {
        match found {
            Ok(found) => found,
            Err(fault) => {
                self.fail(fault);
                None
            }
        }
    }
}

impl StateRead for StateStore {
    fn row(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        self.read(self.db.get_pinned(key)).map(|row| Arc::from(&*row))
    }

    fn first(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow> {
        self.read(first_of(self.db.raw_iterator_opt(within(prefix)), prefix, from))
    }
}

/// A state at one position.
pub struct StoreView<'a> {
    snapshot: Snapshot<'a>,
    store: &'a StateStore,
}

impl StoreView<'_> {
    /// Up to where it is folded; `None` for an empty state.
    ///
    /// # Errors
    /// The position cannot be read; the fault is latched.
    pub fn position(&self) -> Result<Option<Position>, Fault> {
        let found = self.snapshot.get(POSITION_KEY).map_err(|fault| self.store.fail(fault))?;
        found.map(|bytes| Position::from_bytes(&bytes)).transpose().map_err(|fault| self.store.fail(fault))
    }
}

impl StateRead for StoreView<'_> {
    fn row(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        self.store.read(self.snapshot.get(key)).map(Arc::from)
    }

    fn first(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow> {
        self.store.read(first_of(self.snapshot.raw_iterator_opt(within(prefix)), prefix, from))
    }
}

fn first_of(
    mut rows: rocksdb::DBRawIterator<'_>,
    prefix: &[u8],
    from: &[u8],
) -> Result<Option<KeyRow>, rocksdb::Error> {
    rows.seek(if from < prefix { prefix } else { from });
    let found = rows.item().filter(|(key, _)| key.starts_with(prefix));
    let found = found.map(|(key, row)| (key.to_vec(), Arc::from(row)));
    rows.status()?;
    Ok(found)
}

/// Ends an iterator with its prefix, so that removed rows behind it are not looked through.
fn within(prefix: &[u8]) -> ReadOptions {
    let mut options = ReadOptions::default();
    let mut bound = prefix.to_vec();
    while let Some(last) = bound.pop() {
        if let Some(next) = last.checked_add(1) {
            bound.push(next);
            options.set_iterate_upper_bound(bound);
            break;
        }
    }
    options
}
