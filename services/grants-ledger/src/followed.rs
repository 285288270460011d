//! A ledger that this process follows and may write: its state stands where the log was followed to.

use grants_domain::{rules::Rules, values::Timestamp};
use grants_eventlog::{Head, LogReader, kafka::Heart, moved_to};
use std::{sync::Arc, time::Duration};

use crate::{
    attended::AttendedLog,
    clock::Clock,
    limits::Limits,
    open::{OpenError, check_simulated, learn_all},
    replay::{ReplayError, Replayed, fold},
    sequencer::{Ledger, Parts},
    store::{Position, StateStore},
    view::ReadThrough,
};

/// A state that is kept up with a log, with the rules that its catalogues say.
pub(crate) struct Followed<R> {
    store: Arc<StateStore>,
    view: ReadThrough,
    rules: R,
    // Invariant: every batch before it is folded; after an error of `follow` nothing is known of the view any more.
    position: Position,
    simulated: bool,
    limits: Limits,
}

impl<R: Rules + Send + 'static> Followed<R> {
    /// Takes a state as it lies on disk.
    ///
    /// # Errors
    /// A catalogue that it holds cannot be enforced by this program.
    pub(crate) fn open(
        (store, position): (StateStore, Position),
        mut rules: R,
        simulated: bool,
        limits: Limits,
    ) -> Result<Followed<R>, OpenError> {
        let store = Arc::new(store);
        let view = ReadThrough::over(Arc::clone(&store), limits.cache_bytes);
        learn_all(&view, &mut rules)?;
        Ok(Followed { store, view, rules, position, simulated, limits })
    }

    /// Folds what the state lacks of a log that ends at `head`.
    ///
    /// # Errors
    /// See [`OpenError`]. The state in memory is good for nothing then.
    pub(crate) fn follow(&mut self, log: &dyn LogReader, head: &Head) -> Result<Replayed, OpenError> {
        if head.moved() {
            let target =
                moved_to(log).map_err(|fault| ReplayError::Read { sequence: head.next_sequence(), fault });
            return Err(OpenError::Moved { target: target?.unwrap_or_default() });
        }
        let end = head.next_batch();
        if end < self.position.head.next_batch() {
            return Err(OpenError::StateAhead { state: self.position.head.next_batch(), log: end });
        }
        let position = self.position.clone();
        let folded = fold(log, end, &self.store, &mut self.view, &mut self.rules, position);
        let (position, replayed) = folded?;
        if position.head != *head {
            return Err(OpenError::OtherHistory { batch: end });
        }
        self.position = position;
        check_simulated(&self.view, self.simulated)?;
        self.store.latch().check().map_err(ReplayError::from)?;
        Ok(replayed)
    }

    /// When the last command was recorded.
    pub(crate) fn recorded_at(&self) -> Option<Timestamp> {
        self.position.recorded_at
    }

    /// Writes from now on, in the epoch that this process has begun at the end of `log`. A heart beats while the ledger
    /// is open.
    ///
    /// # Errors
    /// The state cannot be written, or a thread cannot be started.
    pub(crate) fn begin(
        self,
        log: Box<dyn AttendedLog>,
        clock: Box<dyn Clock>,
        heart: Option<(Heart, Duration)>,
    ) -> Result<Ledger, OpenError> {
        let Followed { store, view, rules, mut position, simulated, limits } = self;
        position.head = log.head().clone();
        store.write(&Vec::new(), &position, 0).map_err(ReplayError::from)?;
        Ok(Ledger::start(Parts { log, store, view, position, rules, clock, simulated, limits, heart })?)
    }
}
