//! The third stage: writes the rows of durable batches, some batches behind the decisions.

use std::{
    sync::Arc,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Instant,
};

use super::{append::PATIENCE, shared::Shared};
use crate::{
    busy::Stage,
    fault::Fault,
    store::{Position, Rows, StateStore},
};

/// Durable batches whose rows may wait to be written. More would only take memory: the stage that decides has to
/// slow down to the speed of this one.
pub const LAG_BATCHES_MAX: usize = 16;

/// A batch that is durable in the log, and what it does to the state.
pub(super) struct Durable {
    pub(super) turn: u64,
    pub(super) rows: Arc<Rows>,
    pub(super) position: Position,
    pub(super) events: u64,
}

pub(super) struct Behind {
    pub(super) shared: Arc<Shared>,
    pub(super) store: Arc<StateStore>,
    pub(super) from_log: Receiver<Box<Durable>>,
}

impl Behind {
    /// Works until the log's stage ends; then everything is brought to disk.
    pub(super) fn run(self) {
        if let Err(fault) = self.go_on() {
            self.shared.fail(fault);
        }
    }

    fn go_on(&self) -> Result<(), Fault> {
        loop {
            match self.from_log.recv_timeout(PATIENCE) {
                Ok(durable) => self.write(&durable)?,
                Err(RecvTimeoutError::Timeout) => self.store.check_background()?,
                Err(RecvTimeoutError::Disconnected) => return self.store.flush(true),
            }
        }
    }

    fn write(&self, durable: &Durable) -> Result<(), Fault> {
        let start = Instant::now();
        self.store.write(&durable.rows, &durable.position, durable.events)?;
        self.shared.written(durable.turn, durable.position.head.next_sequence());
        self.shared.meter.worked(Stage::Write, start);
        self.store.check_background()
    }
}
