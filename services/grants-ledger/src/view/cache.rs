//! Rows that are read often, within a bound: two generations, of which the older one is forgotten whole.

use foldhash::fast::RandomState;
use std::{collections::HashMap, sync::Arc};

/// What an entry takes beside its bytes, roughly.
const ENTRY_BYTES: usize = 120;

/// A cache that costs one look-up to ask and nothing to keep in order.
pub(super) struct Cache {
    young: HashMap<Vec<u8>, Arc<[u8]>, RandomState>,
    old: HashMap<Vec<u8>, Arc<[u8]>, RandomState>,
    young_bytes: usize,
    generation_bytes_max: usize,
}

impl Cache {
    pub(super) fn new(bytes_max: usize) -> Cache {
        Cache {
            young: HashMap::default(),
            old: HashMap::default(),
            young_bytes: 0,
            generation_bytes_max: bytes_max / 2,
        }
    }

    /// The row, which counts as young again.
    pub(super) fn get(&mut self, key: &[u8]) -> Option<Arc<[u8]>> {
        if let Some(row) = self.young.get(key) {
            return Some(Arc::clone(row));
        }
        let (key, row) = self.old.remove_entry(key)?;
        self.put(key, Arc::clone(&row));
        Some(row)
    }

    /// Keeps a row, and forgets the old generation when the young one is full.
    pub(super) fn put(&mut self, key: Vec<u8>, row: Arc<[u8]>) {
        self.young_bytes = self.young_bytes.saturating_add(key.len() + row.len() + ENTRY_BYTES);
        self.young.insert(key, row);
        if self.generation_bytes_max < self.young_bytes {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }

    /// Forgets a row, and says whether it was here.
    pub(super) fn remove(&mut self, key: &[u8]) -> bool {
        // The bytes stay counted: a generation then ends a little early, which does no harm.
        self.young.remove(key).is_some() | self.old.remove(key).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let mut cache = Cache::new(20_000);
        let row: Arc<[u8]> = Arc::from([7; 40].as_slice());
        cache.put(b"hot".to_vec(), Arc::clone(&row));
        for number in 0..10_000_u32 {
            cache.put(number.to_be_bytes().to_vec(), Arc::clone(&row));
            assert_eq!(cache.get(b"hot"), Some(Arc::clone(&row)), "after {number}");
            let bytes = (cache.young.len() + cache.old.len()) * (40 + 3 + ENTRY_BYTES);
            assert!(bytes <= 21_000, "{bytes} bytes after {number}");
        }
        assert_eq!(cache.get(&0_u32.to_be_bytes()), None);
    }

    #[test]
    fn a_removed_row_is_gone_from_both_generations() {
        // Two rows of a hundred bytes fill a generation, so that the third begins the next one.
        let mut cache = Cache::new(2 * (100 + 1 + ENTRY_BYTES) + 2);
        for (key, row) in [(b"a", 1), (b"b", 2), (b"c", 3)] {
            cache.put(key.to_vec(), Arc::from([row; 100].as_slice()));
        }
        assert_eq!((cache.old.len(), cache.young.len()), (2, 1));
        assert!(cache.remove(b"a") && cache.remove(b"c") && !cache.remove(b"d"));
        assert_eq!((cache.get(b"a"), cache.get(b"c")), (None, None));
        assert!(cache.get(b"b").is_some());
    }
}
