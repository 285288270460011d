//! Reads a log that another process is writing, without its help, up to what its head file vouches for.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ::rocksdb::DB;

use super::open::{OpenError, check_vouched, database_at};
use super::{read_range, settings};
use crate::headfile::{Found, HeadFile, Vouched};
use crate::log::{CatchUpError, GrowingLog, LogEnd, LogReader, ReadError};

/// A reader of a live data folder. It changes nothing there; its own notes go to a scratch folder.
pub struct RocksReader {
    db: DB,
    folder: PathBuf,
    // Invariant: read from the head file before the database was looked at, so that the log has at least this.
    vouched: Mutex<Vouched>,
}

impl RocksReader {
    /// Opens the log in `folder`; `scratch` is a folder for RocksDB's own notes, one per reader.
    ///
    /// # Errors
    /// There is no log, or it is shorter than its head file says.
    pub fn open_secondary(folder: &Path, scratch: &Path) -> Result<RocksReader, OpenError> {
        let found = HeadFile::read(&folder.join("head"))?;
        let path = folder.join("log");
        if !path.join("CURRENT").exists() {
            return Err(OpenError::NotCreated(folder.to_owned()));
        }
        super::check_journals(&path)?;
        let db = DB::open_as_secondary(&settings::for_following(), &path, &scratch.to_path_buf())
            .map_err(|fault| database_at(&path, fault))?;
        let vouched = checked(&db, folder, &found)?;
        Ok(RocksReader { db, folder: folder.to_owned(), vouched: Mutex::new(vouched) })
    }

    /// What the head file vouched for when it was read last.
    pub fn vouched(&self) -> Vouched {
        *self.vouched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the head file again and follows the log up to it.
    ///
    /// # Errors
    /// As for [`RocksReader::open_secondary`].
    pub fn catch_up(&self) -> Result<Vouched, OpenError> {
        let found = HeadFile::read(&self.folder.join("head"))?;
        self.db.try_catch_up_with_primary().map_err(|fault| database_at(&self.folder, fault))?;
        let vouched = checked(&self.db, &self.folder, &found)?;
        *self.vouched.lock().unwrap_or_else(PoisonError::into_inner) = vouched;
        Ok(vouched)
    }
}

impl GrowingLog for RocksReader {
    fn vouched(&self) -> Vouched {
        RocksReader::vouched(self)
    }

    fn catch_up(&self) -> Result<Vouched, CatchUpError> {
        Ok(RocksReader::catch_up(self)?)
    }
}

impl LogReader for RocksReader {
    fn end(&self) -> Result<LogEnd, ReadError> {
        let vouched = self.vouched();
        Ok(LogEnd { next_batch: vouched.next_batch, next_sequence: vouched.next_sequence })
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        read_range(&self.db, from_batch, self.vouched().next_batch, max_bytes)
    }
}

/// The ledger is whatever the head file names: the reader's judge compares it with the batches.
fn checked(db: &DB, folder: &Path, found: &Found) -> Result<Vouched, OpenError> {
    let ledger = match found {
        Found::Slot(vouched) => vouched.ledger,
        Found::Nothing | Found::Unreadable => crate::ids::LedgerId([0; 16]),
    };
    check_vouched(db, folder, found, ledger)
}
