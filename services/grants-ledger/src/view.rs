//! What decisions read: rows not yet written, then rows kept in memory, then the disk.
//!
//! The state on disk lags behind the decisions by some batches. Every row that a batch changed stands in the
//! overlay until the state thread has written that batch, so a reader never meets an older row.
//!
//! Invariant: a key that is not in the overlay has the same row on disk for as long as it is not in the overlay.

mod cache;

use foldhash::fast::RandomState;
use grants_domain::state::{KeyRow, StateRead, StateWrite};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    ops::Bound,
    sync::Arc,
};

use crate::store::{Rows, StateStore};
use cache::Cache;

/// Rows kept in memory because they are asked for again and again, in bytes.
pub const CACHE_BYTES_MAX: usize = 64 << 20;

/// Ranges known to be empty on disk that are remembered for one table.
const EMPTY_RANGES_MAX: usize = 16_384;

/// A prefix, and the key to start from.
type KeyRange = (Vec<u8>, Vec<u8>);

/// The state as the next command sees it. One thread owns it.
pub(crate) struct ReadThrough {
    store: Arc<StateStore>,
    overlay: HashMap<Vec<u8>, Pending, RandomState>,
    /// Keys that the batch in the making has changed, each once.
    changed: Vec<Vec<u8>>,
    /// Sealed batches that may not be written yet, oldest first.
    behind: VecDeque<(u64, Arc<Rows>)>,
    /// Number of the batch in the making; counts from 1 in each process.
    turn: u64,
    cache: RefCell<Cache>,
    /// Keys of the overlay in order, for those tables that somebody has asked for in order.
    ordered: RefCell<BTreeMap<u8, BTreeSet<Vec<u8>>>>,
    /// By table: prefix and start of ranges in which nothing lies on disk. Most questions are of this kind, and each
    /// would cost a search of the whole store.
    ///
    /// Invariant: when an entry was made, no row of its table was on its way to the disk, and none has been set since.
    empty: RefCell<BTreeMap<u8, HashSet<KeyRange, RandomState>>>,
}

struct Pending {
    turn: u64,
    row: Option<Arc<[u8]>>,
    /// Whether somebody has read it, so that it is worth keeping once it is written.
    wanted: Cell<bool>,
}

impl ReadThrough {
    pub(crate) fn over(store: Arc<StateStore>, cache_bytes_max: usize) -> ReadThrough {
        ReadThrough {
            store,
            overlay: HashMap::default(),
            changed: Vec::new(),
            behind: VecDeque::new(),
            turn: 1,
            cache: RefCell::new(Cache::new(cache_bytes_max)),
            ordered: RefCell::default(),
            empty: RefCell::default(),
        }
    }

    /// Takes in what a command has changed.
    pub(crate) fn apply(&mut self, rows: BTreeMap<Vec<u8>, Option<Arc<[u8]>>>) {
        for (key, row) in rows {
            self.set(key, row);
        }
    }

    /// Ends the batch in the making: its number, and its rows for the state thread.
    pub(crate) fn seal(&mut self) -> (u64, Arc<Rows>) {
        let turn = self.turn;
        self.turn = turn.saturating_add(1);
        let row_of = |key: Vec<u8>| {
            let row = self.overlay.get(&key).and_then(|pending| pending.row.clone());
            (key, row)
        };
        let rows: Rows = std::mem::take(&mut self.changed).into_iter().map(row_of).collect();
        let rows = Arc::new(rows);
        self.behind.push_back((turn, Arc::clone(&rows)));
        (turn, rows)
    }

    /// Forgets the rows of batches up to `turn`, because they are on disk.
    pub(crate) fn written(&mut self, turn: u64) {
        while let Some((_, rows)) = self.behind.pop_front_if(|(sealed, _)| *sealed <= turn) {
            for (key, _) in rows.iter() {
                self.forget(key, turn);
            }
        }
    }

    fn forget(&mut self, key: &[u8], turn: u64) {
        if self.overlay.get(key).is_none_or(|pending| turn < pending.turn) {
            return;
        }
        if let Some(keys) = self.ordered.get_mut().get_mut(key.first().unwrap_or(&0)) {
            keys.remove(key);
        }
        if let Some((key, Pending { row: Some(row), wanted, .. })) = self.overlay.remove_entry(key)
            && wanted.get()
        {
            self.cache.get_mut().put(key, row);
        }
    }

    fn set(&mut self, key: Vec<u8>, row: Option<Arc<[u8]>>) {
        self.empty.get_mut().remove(key.first().unwrap_or(&0));
        match self.overlay.get_mut(&key) {
            Some(pending) => {
                if pending.turn < self.turn {
                    pending.turn = self.turn;
                    self.changed.push(key);
                }
                pending.row = row;
            }
            None => {
                let wanted = Cell::new(self.cache.get_mut().remove(&key));
                self.changed.push(key.clone());
                if let Some(keys) = self.ordered.get_mut().get_mut(key.first().unwrap_or(&0)) {
                    keys.insert(key.clone());
                }
                self.overlay.insert(key, Pending { turn: self.turn, row, wanted });
            }
        }
    }

    /// The first row on disk that begins with `prefix` and is not less than `from`.
    fn first_on_disk(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow> {
        let table = prefix.first().copied().unwrap_or(0);
        let range = (prefix.to_vec(), from.to_vec());
        if self.empty.borrow().get(&table).is_some_and(|ranges| ranges.contains(&range)) {
            return None;
        }
        let found = self.store.first(prefix, from);
        // A failed read looks like nothing, but it has latched a fault: nobody decides on this view any more.
        if found.is_none() && self.ordered.borrow().get(&table).is_some_and(BTreeSet::is_empty) {
            let mut empty = self.empty.borrow_mut();
            let ranges = empty.entry(table).or_default();
            if EMPTY_RANGES_MAX <= ranges.len() {
                ranges.clear();
            }
            ranges.insert(range);
        }
        found
    }

    /// The first key of the overlay that begins with `prefix` and is not less than `from`.
    fn first_pending(&self, prefix: &[u8], from: &[u8]) -> Option<Vec<u8>> {
        let mut ordered = self.ordered.borrow_mut();
        let table = prefix.first().copied().unwrap_or(0);
        let keys = ordered.entry(table).or_insert_with(|| {
            self.overlay.keys().filter(|key| key.first() == Some(&table)).cloned().collect()
        });
        let next = keys.range::<[u8], _>((Bound::Included(from), Bound::Unbounded)).next();
        next.filter(|key| key.starts_with(prefix)).cloned()
    }
}

impl StateRead for ReadThrough {
    fn row(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        if let Some(pending) = self.overlay.get(key) {
            pending.wanted.set(true);
            return pending.row.clone();
        }
        if let Some(row) = self.cache.borrow_mut().get(key) {
            return Some(row);
        }
        let row = self.store.row(key)?;
        self.cache.borrow_mut().put(key.to_vec(), Arc::clone(&row));
        Some(row)
    }

    fn first(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow> {
        assert!(!prefix.is_empty(), "rows are asked for in order within one table");
        let mut from = if from < prefix { prefix.to_vec() } else { from.to_vec() };
        let mut below = self.first_on_disk(prefix, &from);
        loop {
            let above = self.first_pending(prefix, &from);
            let key = match (&above, &below) {
                (None, None) => return None,
                (Some(above), None) => above,
                (None, Some((below, _))) => below,
                (Some(above), Some((below, _))) => above.min(below),
            };
            match self.overlay.get(key) {
                Some(Pending { row: Some(row), .. }) => return Some((key.clone(), Arc::clone(row))),
                // Removed, though perhaps not yet on disk: go on behind it.
                Some(Pending { row: None, .. }) => {
                    from.clone_from(key);
                    from.push(0);
                    if below.as_ref().is_some_and(|(below, _)| below < &from) {
                        below = self.first_on_disk(prefix, &from);
                    }
                }
                None => return below,
            }
        }
    }
}

impl StateWrite for ReadThrough {
    fn write(&mut self, key: Vec<u8>, row: Option<Arc<[u8]>>) {
        self.set(key, row);
    }
    fn as_read(&self) -> &dyn StateRead {
        self
    }
}
