//! How much a running ledger holds at once. None of it changes an outcome: only time and memory. (tests::cutting)

use crate::{
    sequencer::{BATCH_COMMANDS_MAX, LAG_BATCHES_MAX, QUEUE_BYTES_MAX, QUEUE_COMMANDS_MAX},
    view::CACHE_BYTES_MAX,
};

/// Blocks, indexes and filters of the state kept in memory, in bytes.
const BLOCK_CACHE_BYTES: usize = 192 << 20;
/// One memtable of the state, in bytes.
const MEMTABLE_BYTES: usize = 64 << 20;

/// The limits of one ledger. Production runs with the default; tests make them small.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) batch_commands: usize,
    pub(crate) queue_commands: usize,
    pub(crate) queue_bytes: usize,
    pub(crate) lag_batches: usize,
    pub(crate) cache_bytes: usize,
    pub(crate) block_cache_bytes: usize,
    pub(crate) memtable_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            batch_commands: BATCH_COMMANDS_MAX,
            queue_commands: QUEUE_COMMANDS_MAX,
            queue_bytes: QUEUE_BYTES_MAX,
            lag_batches: LAG_BATCHES_MAX,
            cache_bytes: CACHE_BYTES_MAX,
            block_cache_bytes: BLOCK_CACHE_BYTES,
            memtable_bytes: MEMTABLE_BYTES,
        }
    }
}
