//! The strict fake of a log: keeps everything in memory, and fails the test of a caller who breaks the contract.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::batch::SealedBatch;
use crate::head::Head;
use crate::ids::{LedgerId, WriterId};
use crate::judge::{Halt, Judge};
use crate::log::{AppendError, EventLog, LogEnd, LogReader, ReadError, check_next, take_while_fits};

/// What happens to the batch of an append whose outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is there when the log is opened again.
    Kept,
    /// It is not.
    Lost,
}

/// The disk of the fake: it outlives the log objects that are opened on it.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Stored>>);

#[derive(Default)]
struct Stored {
    ledger: Option<LedgerId>,
    batches: Vec<Vec<u8>>,
    // Invariant: readers see this much; a batch of unknown outcome lies behind it until the log is opened again.
    end: LogEnd,
    open: bool,
}

/// A log in memory.
pub struct MemoryLog {
    store: MemoryStore,
    judge: Judge,
    epoch_begun: bool,
    next_outcome: Option<Unknown>,
    dead: bool,
}

impl MemoryLog {
    /// A new ledger whose first writer is `writer`.
    ///
    /// # Errors
    /// The address is not acceptable.
    pub fn create(ledger: LedgerId, writer: WriterId, address: &str) -> Result<MemoryLog, AppendError> {
        let store = MemoryStore::default();
        store.lock().ledger = Some(ledger);
        store.lock().open = true;
        let judge = Judge::new(Head::genesis(ledger));
        let mut log = MemoryLog { store, judge, epoch_begun: false, next_outcome: None, dead: false };
        log.begin_epoch(writer, address)?;
        Ok(log)
    }

    /// Opens what another log object left behind, as a process does after a crash.
    ///
    /// # Errors
    /// A stored batch is not valid.
    ///
    /// # Panics
    /// When nothing was created in this store, or another log object is open on it: both are bugs of the test.
    pub fn open(store: MemoryStore) -> Result<MemoryLog, Halt> {
        let judge = {
            let mut stored = store.lock();
            assert!(!stored.open, "two logs were opened for writing on one store");
            let mut judge =
                Judge::new(Head::genesis(stored.ledger.expect("no ledger was created in this store")));
            for batch in &stored.batches {
                judge.accept(batch)?;
            }
            stored.open = true;
            stored.end = end_of(judge.head());
            judge
        };
        Ok(MemoryLog { store, judge, epoch_begun: false, next_outcome: None, dead: false })
    }

    /// The store, to open it again later or to damage it.
    pub fn store(&self) -> MemoryStore {
        self.store.clone()
    }

    /// Makes the next append return an unknown outcome.
    pub fn fail_next(&mut self, outcome: Unknown) {
        self.next_outcome = Some(outcome);
    }
}

impl Drop for MemoryLog {
    fn drop(&mut self) {
        self.store.lock().open = false;
    }
}

impl EventLog for MemoryLog {
    fn head(&self) -> &Head {
        self.judge.head()
    }

    fn append(&mut self, batch: &SealedBatch) -> Result<(), AppendError> {
        assert!(
            !self.dead,
            "a batch was appended after an append of unknown outcome; the log must be opened again"
        );
        check_next(self.judge.head(), self.epoch_begun, batch)?;
        let outcome = self.next_outcome.take();
        if outcome != Some(Unknown::Lost) {
            self.store.lock().batches.push(batch.bytes().to_vec());
        }
        if outcome.is_some() {
            self.dead = true;
            return Err(AppendError::Unknown {
                batch: batch.batch(),
                cause: "injected by the test".to_owned(),
            });
        }
        let head = self.judge.accept(batch.bytes()).expect("a sealed batch at the end is valid");
        assert_eq!(&head, batch.head_after(), "a sealed batch promised another head than the rule finds");
        self.store.lock().end = end_of(&head);
        self.epoch_begun = true;
        Ok(())
    }

    fn copy_epoch(&mut self) {
        self.epoch_begun = true;
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        Arc::new(self.store.clone())
    }
}

impl LogReader for MemoryLog {
    fn end(&self) -> Result<LogEnd, ReadError> {
        self.store.end()
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        self.store.read(from_batch, max_bytes)
    }
}

impl LogReader for MemoryStore {
    fn end(&self) -> Result<LogEnd, ReadError> {
        Ok(self.lock().end)
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        let stored = self.lock();
        let end = stored.end.next_batch;
        if end < from_batch {
            return Err(ReadError::BeyondEnd { from: from_batch, end });
        }
        let place = |batch| usize::try_from(batch).expect("the batches fit into memory");
        let range = stored.batches.get(place(from_batch)..place(end));
        let range = range.ok_or(ReadError::Missing(from_batch))?;
        take_while_fits(range.iter().cloned().map(Ok), max_bytes)
    }
}

impl MemoryStore {
    /// Changes a stored batch, for tests that want to see the change found.
    pub fn tamper(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
        change(&mut self.lock().batches);
    }

    fn lock(&self) -> MutexGuard<'_, Stored> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end_of(head: &Head) -> LogEnd {
    LogEnd { next_batch: head.next_batch(), next_sequence: head.next_sequence() }
}
