//! Reading the state without deciding: at one position, beside the writer or when there is none.

use grants_domain::state::{KeyRow, StateRead};
use std::{path::Path, sync::Arc};

use crate::{
    fault::{Fault, FaultLatch},
    layout::{DataDir, LayoutError, Manifest},
    sequencer::Ledger,
    store::{Position, StateStore, StoreError, StoreView},
};

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The sequence asked for is not durable yet.
    #[error("sequence {asked} is not recorded yet; {next} is the next")]
    NotYet {
        /// What was asked for.
        asked: u64,
        /// The next sequence of the log.
        next: u64,
    },
    /// The state could not be read, or the ledger has failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The state at one position.
pub struct StateView<'a> {
    rows: StoreView<'a>,
    next_sequence: u64,
}

impl StateView<'_> {
    /// The first sequence that is not in this state.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.next_sequence
    }
}

impl StateRead for StateView<'_> {
    fn row(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        self.rows.row(key)
    }
    fn first(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow> {
        self.rows.first(prefix, from)
    }
}

impl Ledger {
    /// Looks at the state while the ledger runs. With `at_least`, the state holds that sequence: a caller who has
    /// an answer sees what it did. What is seen is durable, and all of one moment.
    ///
    /// # Errors
    /// [`QueryError::NotYet`], and faults; nothing that `look` has made of a failed read is given out.
    pub fn read<T>(
        &self,
        at_least: Option<u64>,
        look: impl FnOnce(&StateView<'_>) -> T,
    ) -> Result<T, QueryError> {
        if let Some(asked) = at_least {
            let next = self.durable().next_sequence;
            if next <= asked {
                return Err(QueryError::NotYet { asked, next });
            }
            self.wait_written(asked.saturating_add(1))?;
        }
        read(self.store(), look)
    }
}

/// The state of a ledger that no process writes.
pub struct ReadOnly {
    store: StateStore,
    position: Position,
    manifest: Manifest,
}

/// Why a state cannot be read by itself.
#[derive(Debug, thiserror::Error)]
pub enum ReadOnlyError {
    /// The folder.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The state.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ReadOnly {
    /// Opens the state in the folder of a ledger. After a crash it may end before the log; it says where.
    ///
    /// # Errors
    /// See [`ReadOnlyError`]; a process that writes the ledger keeps others out.
    pub fn open(dir: &Path) -> Result<ReadOnly, ReadOnlyError> {
        let dir = DataDir::at(dir);
        let manifest = dir.manifest()?;
        let (store, position) = StateStore::open_read_only(&dir.state(), FaultLatch::new())?;
        let found = position.head.ledger();
        if found.0 != manifest.ledger.0 {
            return Err(StoreError::OtherLedger { dir: dir.state(), found }.into());
        }
        Ok(ReadOnly { store, position, manifest })
    }

    /// Up to where the state is folded.
    #[must_use]
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Whose state it is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The same digest for the same commands, on any machine.
    ///
    /// # Errors
    /// A row cannot be read.
    pub fn digest(&self) -> Result<grants_domain::values::Sha256Hex, Fault> {
        self.store.digest()
    }

    /// Looks at the state.
    ///
    /// # Errors
    /// A row cannot be read; nothing that `look` has made of it is given out.
    pub fn read<T>(&self, look: impl FnOnce(&StateView<'_>) -> T) -> Result<T, QueryError> {
        read(&self.store, look)
    }
}

fn read<T>(store: &StateStore, look: impl FnOnce(&StateView<'_>) -> T) -> Result<T, QueryError> {
    let rows = store.view();
    let position = rows.position()?;
    let next_sequence = position.map_or(0, |position| position.head.next_sequence());
    let found = look(&StateView { rows, next_sequence });
    store.latch().check()?;
    Ok(found)
}
