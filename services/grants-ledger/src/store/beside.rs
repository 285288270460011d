//! Reads the state on disk while another process may be writing it: no lock is taken, and nothing changes.
//!
//! What the writer has not flushed yet is not seen. That is no harm: rows and position are flushed together, so what
//! is seen is the state of an earlier moment, and the log tells the rest.

use rocksdb::DB;
use std::{
    fs::{self, File},
    path::Path,
    sync::atomic::AtomicU64,
};

use super::{
    Position, StateStore, StoreError,
    folder::{ROWS, damaged, io_fault, is_missing, options},
};
use crate::{fault::FaultLatch, limits::Limits};
use grants_eventlog::{LedgerId, rocksdb::check_journals};

/// How often the state is opened anew, because the writer has just replaced a file that was to be opened.
const TRIES_MAX: u32 = 5;

impl StateStore {
    /// Opens the state of a ledger beside its writer; `scratch` is a folder for RocksDB's own notes.
    ///
    /// # Errors
    /// See [`StoreError`]; a state that is missing or damaged has to be rebuilt by a writer.
    pub(crate) fn open_beside(
        dir: &Path,
        scratch: &Path,
        ledger: LedgerId,
        latch: FaultLatch,
    ) -> Result<(StateStore, Position), StoreError> {
        if !dir.is_dir() || is_missing(dir)? {
            return Err(StoreError::Missing(dir.to_owned()));
        }
        let mut options = options(&Limits::default());
        // Every file stays open, so that none vanishes while it is needed.
        options.set_max_open_files(-1);
        check_journals(&dir.join(ROWS)).map_err(damaged(dir))?;
        let mut tries = 1;
        let db = loop {
            fs::create_dir_all(scratch).map_err(io_fault(scratch))?;
            match DB::open_as_secondary(&options, &dir.join(ROWS), &scratch.to_path_buf()) {
                Ok(db) => break db,
                Err(_) if tries < TRIES_MAX => tries += 1,
                Err(fault) => return Err(damaged(dir)(fault)),
            }
        };
        // Only held open: whoever looks keeps nobody out.
        let folder = File::open(dir).map_err(io_fault(dir))?;
        let store =
            StateStore { db, dir: dir.to_owned(), latch, unflushed: AtomicU64::new(0), _lock: folder };
        let position = store.position()?.unwrap_or_else(|| Position::genesis(ledger));
        if position.head.ledger() != ledger {
            return Err(StoreError::OtherLedger { dir: dir.to_owned(), found: position.head.ledger() });
        }
        Ok((store, position))
    }
}
