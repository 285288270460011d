//! The embedded log: one RocksDB key per batch, one sync per batch, and a head file that says how long it must be.
//!
//! ```text
//!   <folder>/lock       held while a process writes
//!   <folder>/head       how long the log must be, see `headfile.rs`
//!   <folder>/log/       the database; key = batch number (8 bytes, big-endian), value = the batch
//! ```
//!
//! A store of this kind has one writer at a time, so every batch in it must be valid: nothing is skipped.

mod journals;
mod open;
mod secondary;
mod settings;

pub use journals::{JournalError, check_journals};
pub use open::{OpenError, Opened};
pub use secondary::RocksReader;

use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

use ::rocksdb::{DB, Direction, IteratorMode};

use crate::batch::SealedBatch;
use crate::head::Head;
use crate::headfile::{HeadKeeper, Vouched};
use crate::log::{AppendError, EventLog, LogEnd, LogReader, ReadError, check_next, take_while_fits};

/// The log of a ledger on this machine, open for writing.
pub struct RocksLog {
    shared: Arc<Shared>,
    head: Head,
    keeper: HeadKeeper,
    epoch_begun: bool,
    // Invariant: once true, no append succeeds and no batch is written any more.
    dead: bool,
}

/// What the writer and the readers of this process hold together.
struct Shared {
    // Declared before the lock, so that the database is closed before another process may open it.
    db: DB,
    end: Mutex<LogEnd>,
    _lock: File,
}

/// A reader in the writer's process.
#[derive(Clone)]
struct Handle(Arc<Shared>);

impl RocksLog {
    /// The thread that writes the head file: ask it what is vouched for and whether it failed.
    pub fn keeper(&self) -> HeadKeeper {
        self.keeper.clone()
    }

    /// How often the database failed in the background. Above 0 the process has to end.
    ///
    /// # Errors
    /// The database does not say; treat it as a failure.
    pub fn background_errors(&self) -> Result<u64, ReadError> {
        let count = self.shared.db.property_int_value(::rocksdb::properties::BACKGROUND_ERRORS);
        let batch = self.head.next_batch();
        match count {
            Ok(Some(count)) => Ok(count),
            Ok(None) => {
                Err(ReadError::Storage { batch, cause: "background errors are not counted".to_owned() })
            }
            Err(fault) => Err(ReadError::Storage { batch, cause: fault.into_string() }),
        }
    }

    /// Writes the head file up to the end and closes the log. Readers of this process keep the database open.
    ///
    /// # Errors
    /// The head file could not be written; the batches are durable all the same.
    pub fn close(self) -> Result<Vouched, crate::headfile::KeeperFailed> {
        self.keeper.close()
    }
}

impl Drop for RocksLog {
    fn drop(&mut self) {
        // The keeper has logged a failure already, and a head file that lags is only a weaker witness.
        let _ = self.keeper.close();
    }
}

impl EventLog for RocksLog {
    fn head(&self) -> &Head {
        &self.head
    }

    fn append(&mut self, batch: &SealedBatch) -> Result<(), AppendError> {
        if self.dead {
            return Err(AppendError::Dead);
        }
        check_next(&self.head, self.epoch_begun, batch)?;
        let key = batch.batch().to_be_bytes();
        if let Err(fault) = self.shared.db.put_opt(key, batch.bytes(), &settings::synced_write()) {
            // A failed sync is never tried again: the next one could succeed without the pages of this one.
            self.dead = true;
            return Err(AppendError::Unknown { batch: batch.batch(), cause: fault.into_string() });
        }
        self.head = batch.head_after().clone();
        self.epoch_begun = true;
        *self.shared.end.lock().unwrap_or_else(PoisonError::into_inner) = end_of(&self.head);
        self.keeper.vouch(Vouched::from(&self.head));
        Ok(())
    }

    fn copy_epoch(&mut self) {
        self.epoch_begun = true;
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        Arc::new(Handle(Arc::clone(&self.shared)))
    }
}

impl LogReader for RocksLog {
    fn end(&self) -> Result<LogEnd, ReadError> {
        Ok(self.shared.end())
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        read_range(&self.shared.db, from_batch, self.shared.end().next_batch, max_bytes)
    }
}

impl LogReader for Handle {
    fn end(&self) -> Result<LogEnd, ReadError> {
        Ok(self.0.end())
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        read_range(&self.0.db, from_batch, self.0.end().next_batch, max_bytes)
    }
}

impl Shared {
    fn end(&self) -> LogEnd {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end_of(head: &Head) -> LogEnd {
    LogEnd { next_batch: head.next_batch(), next_sequence: head.next_sequence() }
}

/// The batches from `from` on and before `end`, as many as fit.
fn read_range(db: &DB, from: u64, end: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
    if end < from {
        return Err(ReadError::BeyondEnd { from, end });
    }
    let key = from.to_be_bytes();
    let start = IteratorMode::From(&key, Direction::Forward);
    let mut items = db.iterator_opt(start, settings::checked_read());
    let batches = (from..end).map(|number| match items.next() {
        Some(Ok((key, value))) if *key == number.to_be_bytes() => Ok(value.into_vec()),
        Some(Ok(_)) | None => Err(ReadError::Missing(number)),
        Some(Err(fault)) => Err(ReadError::Storage { batch: number, cause: fault.into_string() }),
    });
    take_while_fits(batches, max_bytes)
}
