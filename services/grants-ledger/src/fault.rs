//! The world failing: the first fault is kept, everybody can see and wait for it, and nothing goes on after it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What failed. The process ends; the next one starts from the disk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The log could not be written or synced: the newest batch may be there or not.
    #[error("the log failed, and whether the newest batch is durable is unknown: {0}")]
    Log(String),
    /// Another process writes the ledger now: nothing that this one has taken since is in the log.
    #[error("another process has taken the ledger over in epoch {epoch}")]
    Replaced {
        /// Its epoch.
        epoch: u64,
    },
    /// The decision state could not be read or written.
    #[error(
        "the decision state in {dir} failed: {cause}. If it fails again, remove the folder: it is rebuilt from the log"
    )]
    State {
        /// The folder of the state.
        dir: String,
        /// What the store said.
        cause: String,
    },
    /// The file that says how long the log must be could not be written.
    #[error("the head file failed: {0}")]
    HeadFile(String),
    /// The clock has left the years that the ledger can write.
    #[error("the clock failed: {0}")]
    Clock(String),
    /// A thread of the sequencer ended where it must not: a bug.
    #[error("the {0} thread of the sequencer ended unexpectedly; its panic message says why")]
    Thread(&'static str),
}

/// Keeps the first fault of a ledger. Clones share it.
///
/// Invariant: once latched it stays latched, and no answer leaves for a batch that was not durable before.
#[derive(Clone, Debug, Default)]
pub struct FaultLatch(Arc<Latch>);

#[derive(Debug, Default)]
struct Latch {
    latched: AtomicBool,
    first: Mutex<Option<Fault>>,
    told: Condvar,
}

impl FaultLatch {
    /// Nothing has failed.
    #[must_use]
    pub fn new() -> FaultLatch {
        FaultLatch::default()
    }

    /// Keeps the fault, unless one came before.
    pub fn latch(&self, fault: Fault) {
        let mut first = self.first();
        if first.is_none() {
            tracing::error!(%fault, "The ledger stops: {fault}");
            *first = Some(fault);
        }
        self.0.latched.store(true, Ordering::SeqCst);
        self.0.told.notify_all();
    }

    /// Whether something failed.
    #[must_use]
    pub fn is_latched(&self) -> bool {
        self.0.latched.load(Ordering::SeqCst)
    }

    /// The fault, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<Fault> {
        self.first().clone()
    }

    /// `Ok` while nothing failed.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Fault> {
        if self.is_latched() { self.get().map_or(Ok(()), Err) } else { Ok(()) }
    }

    /// Waits at most so long for a fault.
    #[must_use]
    pub fn wait_for(&self, patience: Duration) -> Option<Fault> {
        let end = Instant::now().checked_add(patience)?;
        let mut first = self.first();
        while first.is_none() {
            let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            first = self.0.told.wait_timeout(first, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        first.clone()
    }

    fn first(&self) -> MutexGuard<'_, Option<Fault>> {
        self.0.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
