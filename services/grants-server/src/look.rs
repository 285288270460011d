//! A ledger to look at without opening it for writing: a copy of its state, for trials.

use crate::{failure::Failure, house};
use grants_domain::state::{MemoryState, StateRead, StateWrite};
use grants_ledger::ReadOnly;
use grants_policy::Library;
use std::path::Path;

/// Rows of a copy. A trial on more is a job for a copy of the folder.
const ROWS_MAX: usize = 5_000_000;

/// A copy of a state, and the catalogues in it.
pub(crate) struct Ground {
    pub(crate) state: MemoryState,
    pub(crate) library: Library,
    pub(crate) next_sequence: u64,
}

/// Copies the state of a ledger that nobody writes at the moment.
pub(crate) fn copy(dir: &Path) -> Result<Ground, Failure> {
    let ledger = ReadOnly::open(dir)?;
    let next_sequence = ledger.position().head.next_sequence();
    let (state, library) = ledger.read(|view| {
        let mut copy = MemoryState::default();
        // Tables are numbered from 1; key 0 is the position of the stored state.
        let mut from = vec![1_u8];
        let mut rows = 0_usize;
        while let Some((key, row)) = view.first(&[], &from).filter(|_| rows < ROWS_MAX) {
            from.clone_from(&key);
            from.push(0);
            copy.write(key, Some(row));
            rows = rows.saturating_add(1);
        }
        let library = house::library(view);
        (copy, library)
    })?;
    Ok(Ground { state, library, next_sequence })
}
