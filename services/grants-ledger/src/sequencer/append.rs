//! The second stage: makes batches durable, and only then lets their answers go.
//!
//! Invariant: no answer leaves before its batch and every batch before it are durable, and none leaves after a
//! fault that came before the sync. (tests::answers)

use std::{
    sync::Arc,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender},
    time::{Duration, Instant},
};

use grants_domain::values::Timestamp;
use grants_eventlog::{AppendError, BatchBuilder, LogEnd, SealedBatch};

use super::{
    behind::Durable,
    shared::Shared,
    submission::{Outcome, Reply},
};
use crate::{
    attended::AttendedLog,
    busy::Stage,
    fault::Fault,
    store::{Position, Rows},
};

/// How often an idle stage looks whether something failed in the background. The process has five seconds to end.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// What one turn of the deciding stage gives: a batch, and the answers that wait for it.
#[derive(Default)]
pub(super) struct Turn {
    /// Number of the turn, for the rows; 0 without events.
    pub(super) number: u64,
    pub(super) events: Vec<Vec<u8>>,
    /// What the events take in a batch, in bytes.
    pub(super) bytes: usize,
    pub(super) commands: usize,
    pub(super) recorded_at: Option<Timestamp>,
    pub(super) rows: Arc<Rows>,
    pub(super) answers: Vec<(Reply, Outcome)>,
}

pub(super) struct Appender {
    pub(super) shared: Arc<Shared>,
    pub(super) log: Box<dyn AttendedLog>,
    pub(super) from_decider: Receiver<Turn>,
    pub(super) to_state: SyncSender<Box<Durable>>,
}

impl Appender {
    /// Works until the deciding stage ends; then the log is closed.
    pub(super) fn run(mut self) {
        if let Err(fault) = self.go_on().and_then(|()| self.log.close()) {
            self.shared.fail(fault);
        }
        while let Ok(turn) = self.from_decider.try_recv() {
            turn.withhold(&self.shared);
        }
    }

    fn go_on(&mut self) -> Result<(), Fault> {
        loop {
            match self.from_decider.recv_timeout(PATIENCE) {
                Ok(turn) => {
                    self.turn(turn)?;
                    self.shared.inbox.done();
                }
                Err(RecvTimeoutError::Timeout) => self.log.check()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    fn turn(&mut self, mut turn: Turn) -> Result<(), Fault> {
        let start = Instant::now();
        let durable = self.append(&mut turn);
        self.shared.meter.worked(Stage::Append, start);
        // Asked after the sync: what was durable before a fault may still be answered, nothing else.
        let durable = match durable.and_then(|durable| self.log.check().map(|()| durable)) {
            Ok(durable) if !self.shared.latch.is_latched() => durable,
            Ok(_) => {
                turn.withhold(&self.shared);
                return self.shared.latch.check();
            }
            Err(fault) => {
                self.shared.fail(fault.clone());
                turn.withhold(&self.shared);
                return Err(fault);
            }
        };
        let start = Instant::now();
        for (reply, outcome) in turn.answers {
            reply.send(outcome);
        }
        self.shared.meter.worked(Stage::Answer, start);
        if let Some(durable) = durable
            && self.to_state.send(durable).is_err()
        {
            return Err(self.shared.latch.get().unwrap_or(Fault::Thread("write")));
        }
        Ok(())
    }

    /// Makes the events of a turn durable; there may be none.
    fn append(&mut self, turn: &mut Turn) -> Result<Option<Box<Durable>>, Fault> {
        let events = std::mem::take(&mut turn.events);
        if events.is_empty() {
            return Ok(None);
        }
        let batch = self.seal(&events);
        self.log.append(&batch).map_err(|fault| {
            let epoch = if let AppendError::Superseded { epoch } = fault { Some(epoch) } else { None };
            epoch.map_or_else(|| Fault::Log(fault.to_string()), |epoch| Fault::Replaced { epoch })
        })?;
        let head = batch.head_after().clone();
        let count = u64::from(batch.count());
        self.shared.meter.appended(u64::try_from(turn.commands).unwrap_or(u64::MAX), count);
        self.shared.durable(LogEnd { next_batch: head.next_batch(), next_sequence: head.next_sequence() });
        let position = Position { head, recorded_at: turn.recorded_at };
        let rows = Arc::clone(&turn.rows);
        Ok(Some(Box::new(Durable { turn: turn.number, rows, position, events: count })))
    }

    fn seal(&self, events: &[Vec<u8>]) -> SealedBatch {
        let mut builder = BatchBuilder::new(self.log.head());
        for event in events {
            builder.push(event).expect("the deciding stage has measured the events");
        }
        builder.seal()
    }
}
