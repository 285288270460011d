//! What the stages and the handle share: the inbox, the latch, and how far the state has been written.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use grants_eventlog::LogEnd;

use super::{
    inbox::Inbox,
    submission::{Outcome, Reply, SubmitError},
};
use crate::{
    busy::Meter,
    fault::{Fault, FaultLatch},
    limits::Limits,
};

/// Shared by the threads of one ledger.
pub(super) struct Shared {
    pub(super) inbox: Inbox,
    pub(super) latch: FaultLatch,
    pub(super) meter: Meter,
    progress: Mutex<Progress>,
    moved: Condvar,
}

/// How far things have got.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    /// The last turn whose rows are on disk or in its memtable.
    pub(super) written_turn: u64,
    /// The sequence after it.
    pub(super) written_sequence: u64,
    /// What is durable in the log.
    pub(super) durable: LogEnd,
}

impl Shared {
    pub(super) fn new(latch: FaultLatch, durable: LogEnd, limits: &Limits) -> Shared {
        let progress = Progress { written_turn: 0, written_sequence: durable.next_sequence, durable };
        Shared {
            inbox: Inbox::within(limits),
            latch,
            meter: Meter::default(),
            progress: Mutex::new(progress),
            moved: Condvar::new(),
        }
    }

    /// Latches a fault and lets nobody wait any longer.
    pub(super) fn fail(&self, fault: Fault) {
        self.latch.latch(fault);
        for submission in self.inbox.fail() {
            self.withhold(submission.reply);
        }
        let _progress = self.lock();
        self.moved.notify_all();
    }

    /// Says that the outcome of a command is unknown.
    pub(super) fn withhold(&self, reply: Reply) {
        reply.send(self.unknown());
    }

    /// What a command gets instead of an answer after a fault.
    pub(super) fn unknown(&self) -> Outcome {
        let fault = self.latch.get().unwrap_or(Fault::Thread("append"));
        Err(SubmitError::Unknown(fault))
    }

    pub(super) fn progress(&self) -> Progress {
        *self.lock()
    }

    /// Tells that the log is durable up to `end`.
    pub(super) fn durable(&self, end: LogEnd) {
        self.lock().durable = end;
        self.moved.notify_all();
    }

    /// Tells that the rows of a turn are written.
    pub(super) fn written(&self, turn: u64, next_sequence: u64) {
        let mut progress = self.lock();
        progress.written_turn = turn;
        progress.written_sequence = next_sequence;
        self.moved.notify_all();
    }

    /// Waits until every event before `next_sequence` is in the state.
    pub(super) fn wait_written(&self, next_sequence: u64) -> Result<(), Fault> {
        let mut progress = self.lock();
        while progress.written_sequence < next_sequence {
            self.latch.check()?;
            progress = self.moved.wait(progress).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
