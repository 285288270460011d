//! Where commands wait, and where the stages tell each other that there is room: one lock, no timer.
//!
//! Group commit comes from this: the thread that decides adds to its batch for as long as the log is busy, and
//! hands the batch over as soon as the log is free or the batch is full.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use super::submission::{Reply, Submission, SubmitError};
use crate::limits::Limits;

/// Commands that may wait. At 50,000 decisions a second this is a third of a second.
pub const QUEUE_COMMANDS_MAX: usize = 16_384;
/// What the waiting commands may take together, in bytes.
pub const QUEUE_BYTES_MAX: usize = 64 << 20;
/// Batches handed over and not yet durable. The second one is there so that the log need not wait for a full batch.
pub(super) const HANDED_OVER_MAX: usize = 2;

/// What the deciding thread does next.
pub(super) enum Next {
    /// Hand the batch in the making over; room for it is already taken.
    HandOver,
    /// Decide what was moved to the local list.
    Decide,
    /// Everything is done: end.
    End,
}

/// How the batch in the making stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Making {
    /// There is nothing in it.
    Empty,
    /// It may grow.
    Open,
    /// It may not.
    Full,
}

pub(super) struct Inbox {
    commands_max: usize,
    bytes_max: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Submission>,
    queued_bytes: usize,
    handed_over: usize,
    closing: bool,
    failed: bool,
}

impl Inbox {
    /// An empty inbox with these bounds.
    pub(super) fn within(limits: &Limits) -> Inbox {
        Inbox {
            commands_max: limits.queue_commands,
            bytes_max: limits.queue_bytes,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Lets a command wait for its turn, or gives the reply back with the reason why not.
    pub(super) fn submit(&self, submission: Submission) -> Result<(), (Reply, SubmitError)> {
        let mut state = self.lock();
        if state.closing || state.failed {
            return Err((submission.reply, SubmitError::Closing));
        }
        let bytes = state.queued_bytes.saturating_add(submission.asked.bytes().len());
        if self.commands_max <= state.queue.len() || self.bytes_max < bytes {
            return Err((submission.reply, SubmitError::Overloaded));
        }
        state.queued_bytes = bytes;
        state.queue.push_back(submission);
        // The decider looks at the queue before it waits: only the first of a burst needs to wake it.
        if state.queue.len() == 1 {
            self.changed.notify_all();
        }
        Ok(())
    }

    /// Waits until there is something to do, and moves waiting commands to `waiting`.
    pub(super) fn next(&self, making: Making, waiting: &mut VecDeque<Submission>) -> Next {
        let mut state = self.lock();
        loop {
            if state.failed {
                return Next::End;
            }
            let room = match making {
                Making::Empty => false,
                Making::Open => state.handed_over == 0,
                Making::Full => state.handed_over < HANDED_OVER_MAX,
            };
            if room {
                state.handed_over += 1;
                return Next::HandOver;
            }
            if making != Making::Full && !state.queue.is_empty() {
                std::mem::swap(&mut state.queue, waiting);
                state.queued_bytes = 0;
                return Next::Decide;
            }
            if state.closing && making == Making::Empty {
                return Next::End;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A batch that was handed over is done with.
    pub(super) fn done(&self) {
        let mut state = self.lock();
        state.handed_over = state.handed_over.saturating_sub(1);
        self.changed.notify_all();
    }

    /// Takes no more commands; those that wait are still decided.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.changed.notify_all();
    }

    /// Takes no more commands and gives those that wait back, because the ledger has failed.
    pub(super) fn fail(&self) -> VecDeque<Submission> {
        let mut state = self.lock();
        state.failed = true;
        self.changed.notify_all();
        std::mem::take(&mut state.queue)
    }

    /// How many commands wait.
    pub(super) fn len(&self) -> usize {
        self.lock().queue.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
