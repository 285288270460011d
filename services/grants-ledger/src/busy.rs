//! How busy each stage is, for operators and for the benchmark: time at work, not time waiting for work.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A stage of the sequencer; each has a thread of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Deciding commands.
    Decide,
    /// Hashing, appending and syncing batches.
    Append,
    /// Sending answers, on the thread that appends.
    Answer,
    /// Writing rows behind.
    Write,
}

/// What the stages have done since the ledger was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Busy {
    /// Time spent deciding and encoding.
    pub deciding: Duration,
    /// Time spent hashing, appending and syncing.
    pub appending: Duration,
    /// Time spent sending answers.
    pub answering: Duration,
    /// Time spent writing rows.
    pub writing: Duration,
    /// Batches appended.
    pub batches: u64,
    /// Commands recorded, follow-ups included.
    pub commands: u64,
    /// Events recorded.
    pub events: u64,
}

/// Where the stages count. Reading it while they work gives numbers of about the same moment.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    deciding: AtomicU64,
    appending: AtomicU64,
    answering: AtomicU64,
    writing: AtomicU64,
    batches: AtomicU64,
    commands: AtomicU64,
    events: AtomicU64,
}

impl Meter {
    /// Adds the time since `start` to a stage.
    pub(crate) fn worked(&self, stage: Stage, start: Instant) {
        let counter = match stage {
            Stage::Decide => &self.deciding,
            Stage::Append => &self.appending,
            Stage::Answer => &self.answering,
            Stage::Write => &self.writing,
        };
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        counter.fetch_add(nanos, Ordering::Relaxed);
    }

    /// Counts a batch that is durable.
    pub(crate) fn appended(&self, commands: u64, events: u64) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.commands.fetch_add(commands, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Busy {
        let time = |counter: &AtomicU64| Duration::from_nanos(counter.load(Ordering::Relaxed));
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Busy {
            deciding: time(&self.deciding),
            appending: time(&self.appending),
            answering: time(&self.answering),
            writing: time(&self.writing),
            batches: count(&self.batches),
            commands: count(&self.commands),
            events: count(&self.events),
        }
    }
}
