//! Looks at a ledger beside its writer: log and state are read as they lie on disk, and what the state lacks is folded
//! in memory. No lock is taken, no epoch is begun, and nothing in the folder changes.

use grants_domain::{rules::Rules, state::StateRead, values::Timestamp};
use grants_eventlog::{
    GrowingLog, RocksReader, Vouched,
    kafka::{KafkaReader, Partition},
};
use std::{path::Path, sync::Arc, thread, time::Duration};

use crate::{
    fault::{Fault, FaultLatch},
    layout::{DataDir, Manifest},
    open::{OpenError, learn_all},
    replay::{ReplayError, Replayed, fold, fold_in_view},
    store::{Position, StateStore, StoreError},
    view::{CACHE_BYTES_MAX, ReadThrough},
};

/// How often the head file is read again while it lags behind a state that was just flushed.
const CATCH_UPS_MAX: u32 = 40;
/// How long to wait in between.
const CATCH_UP_PAUSE: Duration = Duration::from_millis(50);

/// A ledger that is looked at.
pub struct Onlooker {
    // Invariant: the view holds the store, and both are at `position`, which is where the log is read to.
    view: ReadThrough,
    latch: FaultLatch,
    log: Arc<dyn GrowingLog>,
    position: Position,
    manifest: Manifest,
    replayed: Replayed,
}

impl Onlooker {
    /// Looks at the ledger in `dir`, up to what its head file vouches for; `scratch` is a folder for RocksDB's own
    /// notes, one per onlooker. The rules learn the catalogues of every published version.
    ///
    /// # Errors
    /// See [`OpenError`]. A state that is damaged has to be rebuilt by a writer.
    pub fn open(dir: &Path, scratch: &Path, rules: &mut dyn Rules) -> Result<Onlooker, OpenError> {
        Onlooker::beside(dir, scratch, rules, |_| {
            Ok(Arc::new(RocksReader::open_secondary(dir, &scratch.join("log"))?))
        })
    }

    /// Looks at a ledger whose log is on brokers, up to what these have now. `dir` is the folder of a process that
    /// follows it, whether that one runs or not.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open_on_brokers(
        partition: Arc<dyn Partition>,
        dir: &Path,
        scratch: &Path,
        rules: &mut dyn Rules,
    ) -> Result<Onlooker, OpenError> {
        Onlooker::beside(dir, scratch, rules, |position| {
            Ok(Arc::new(KafkaReader::open(partition, dir, position.head.clone())?))
        })
    }

    fn beside(
        dir: &Path,
        scratch: &Path,
        rules: &mut dyn Rules,
        open: impl FnOnce(&Position) -> Result<Arc<dyn GrowingLog>, OpenError>,
    ) -> Result<Onlooker, OpenError> {
        let dir = DataDir::at(dir);
        let manifest = dir.manifest()?;
        let ledger = grants_eventlog::LedgerId(manifest.ledger.0);
        let latch = FaultLatch::new();
        // The state first: the log that is opened behind it is not shorter.
        let found = StateStore::open_beside(&dir.state(), &scratch.join("state"), ledger, latch.clone());
        let missing = matches!(found, Err(StoreError::Missing(_)));
        let (store, position) = match found {
            // It is derived: where there is none, it is folded anew, in the scratch folder.
            Err(_) if missing => StateStore::open(&scratch.join("rebuilt"), ledger, latch.clone())?,
            found => found?,
        };
        let log = open(&position)?;
        let vouched = not_behind(&*log, &position)?;
        let store = Arc::new(store);
        let mut view = ReadThrough::over(Arc::clone(&store), CACHE_BYTES_MAX);
        learn_all(&view, rules)?;
        let end = vouched.next_batch;
        let (position, replayed) = if missing {
            fold(&*log, end, &store, &mut view, rules, position)
        } else {
            fold_in_view(&*log, end, &latch, &mut view, rules, position)
        }?;
        let onlooker = Onlooker { view, latch, log, position, manifest, replayed };
        onlooker.stands_at(&vouched)?;
        Ok(onlooker)
    }

    /// Looks at what was recorded since. `rules` are those that it was opened with.
    ///
    /// # Errors
    /// See [`OpenError`]. It is good for nothing then.
    pub fn catch_up(&mut self, rules: &mut dyn Rules) -> Result<(), OpenError> {
        let vouched = self.log.catch_up()?;
        let (log, position) = (self.log(), self.position.clone());
        let folded = fold_in_view(&*log, vouched.next_batch, &self.latch, &mut self.view, rules, position);
        let (position, replayed) = folded?;
        self.position = position;
        self.replayed.batches += replayed.batches;
        self.replayed.events += replayed.events;
        self.stands_at(&vouched)
    }

    fn stands_at(&self, vouched: &Vouched) -> Result<(), OpenError> {
        if self.position.head.root() != vouched.root {
            return Err(OpenError::OtherHistory { batch: vouched.next_batch });
        }
        self.latch.check().map_err(ReplayError::from)?;
        Ok(())
    }

    /// Whose ledger it is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The log, up to what was read of it: whoever catches up with it is ahead of what is looked at.
    #[must_use]
    pub fn log(&self) -> Arc<dyn GrowingLog> {
        Arc::clone(&self.log)
    }

    /// The first sequence that is not looked at.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.position.head.next_sequence()
    }

    /// When the last command was recorded.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.position.recorded_at
    }

    /// What the state on disk lacked.
    #[must_use]
    pub fn replayed(&self) -> Replayed {
        self.replayed
    }

    /// Looks at the state.
    ///
    /// # Errors
    /// A row cannot be read; nothing that `look` has made of it is given out.
    pub fn read<T>(&self, look: impl FnOnce(&dyn StateRead) -> T) -> Result<T, Fault> {
        let found = look(&self.view);
        self.latch.check()?;
        Ok(found)
    }
}

/// Waits until the head file vouches for what the state has folded: its thread writes a moment later.
fn not_behind(log: &dyn GrowingLog, position: &Position) -> Result<Vouched, OpenError> {
    let mut vouched = log.vouched();
    let mut catch_ups = 0;
    while vouched.next_batch < position.head.next_batch() {
        if CATCH_UPS_MAX <= catch_ups {
            let (state, log) = (position.head.next_batch(), vouched.next_batch);
            return Err(OpenError::StateAhead { state, log });
        }
        thread::sleep(CATCH_UP_PAUSE);
        vouched = log.catch_up()?;
        catch_ups += 1;
    }
    Ok(vouched)
}
