//! Looks at a ledger beside its writer: log and state are read as they lie on disk, and what the state lacks is folded
//! in memory. No lock is taken, no epoch is begun, and nothing in the folder changes.

use grants_domain::{rules::Rules, state::StateRead, values::Timestamp};
use grants_eventlog::{
    LogReader, RocksReader, Root,
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

/// A log that is read beside its writer.
enum Beside {
    Folder(Arc<RocksReader>),
    Brokers(Arc<KafkaReader>),
}

impl Beside {
    fn reader(&self) -> Arc<dyn LogReader> {
        match self {
            Beside::Folder(log) => Arc::<RocksReader>::clone(log),
            Beside::Brokers(log) => Arc::<KafkaReader>::clone(log),
        }
    }

    /// Reads on; the end of the log and the root there.
    fn catch_up(&self) -> Result<(u64, Root), OpenError> {
        Ok(match self {
            Beside::Folder(log) => {
                let vouched = log.catch_up()?;
                (vouched.next_batch, vouched.root)
            }
            Beside::Brokers(log) => {
                let head = log.catch_up()?;
                (head.next_batch(), head.root())
            }
        })
    }
}

/// A ledger that is looked at.
pub struct Onlooker {
    // Invariant: the view holds the store, and both are at `position`, which is where the log is read to.
    view: ReadThrough,
    latch: FaultLatch,
    log: Beside,
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
            let log = RocksReader::open_secondary(dir, &scratch.join("log"))?;
            Ok(Beside::Folder(Arc::new(log)))
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
            let log = KafkaReader::open(partition, dir, position.head.clone())?;
            Ok(Beside::Brokers(Arc::new(log)))
        })
    }

    fn beside(
        dir: &Path,
        scratch: &Path,
        rules: &mut dyn Rules,
        open: impl FnOnce(&Position) -> Result<Beside, OpenError>,
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
        let (end, root) = not_behind(&log, &position)?;
        let store = Arc::new(store);
        let mut view = ReadThrough::over(Arc::clone(&store), CACHE_BYTES_MAX);
        learn_all(&view, rules)?;
        let reader = log.reader();
        let (position, replayed) = if missing {
            fold(&*reader, end, &store, &mut view, rules, position)
        } else {
            fold_in_view(&*reader, end, &latch, &mut view, rules, position)
        }?;
        let onlooker = Onlooker { view, latch, log, position, manifest, replayed };
        onlooker.stands_at(end, root)?;
        Ok(onlooker)
    }

    /// Looks at what was recorded since. `rules` are those that it was opened with.
    ///
    /// # Errors
    /// See [`OpenError`]. It is good for nothing then.
    pub fn catch_up(&mut self, rules: &mut dyn Rules) -> Result<(), OpenError> {
        let (end, root) = self.log.catch_up()?;
        let (reader, position) = (self.log.reader(), self.position.clone());
        let folded = fold_in_view(&*reader, end, &self.latch, &mut self.view, rules, position);
        let (position, replayed) = folded?;
        self.position = position;
        self.replayed.batches += replayed.batches;
        self.replayed.events += replayed.events;
        self.stands_at(end, root)
    }

    fn stands_at(&self, end: u64, root: Root) -> Result<(), OpenError> {
        if self.position.head.root() != root {
            return Err(OpenError::OtherHistory { batch: end });
        }
        self.latch.check().map_err(ReplayError::from)?;
        Ok(())
    }

    /// Whose ledger it is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The log, up to what is looked at.
    #[must_use]
    pub fn log(&self) -> Arc<dyn LogReader> {
        self.log.reader()
    }

    /// The log, if it is on brokers: another reader of what is looked at, which may go on by itself.
    #[must_use]
    pub fn brokers(&self) -> Option<KafkaReader> {
        match &self.log {
            Beside::Folder(_) => None,
            Beside::Brokers(log) => Some(KafkaReader::clone(log)),
        }
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

/// Waits until the log is known to hold what the state has folded: the thread that writes a head file lags a moment.
fn not_behind(log: &Beside, position: &Position) -> Result<(u64, Root), OpenError> {
    let mut catch_ups = 0;
    loop {
        let (end, root) = log.catch_up()?;
        if position.head.next_batch() <= end {
            return Ok((end, root));
        }
        if CATCH_UPS_MAX <= catch_ups {
            return Err(OpenError::StateAhead { state: position.head.next_batch(), log: end });
        }
        thread::sleep(CATCH_UP_PAUSE);
        catch_ups += 1;
    }
}
