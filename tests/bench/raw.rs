//! The peer that only keeps bytes: a bare RocksDB, set up like the log's, with one synced write per batch.

use crate::Fallible;
use rocksdb::{DB, DBCompressionType, Options, WriteOptions};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// As in the log.
const WRITE_BUFFER_BYTES: usize = 64 << 20;
const WAL_BYTES_MAX: u64 = 256 << 20;

/// Something that keeps the bytes of batches, and no more.
pub(crate) trait Keeps {
    /// Keeps batches one after the other, each safe before the next begins; how long it took.
    fn append(&mut self, batches: &[Vec<u8>]) -> Fallible<Duration>;
}

/// A store of batches that knows nothing of them.
pub(crate) struct Raw {
    db: DB,
    next: u64,
}

impl Raw {
    pub(crate) fn create(folder: &Path) -> Fallible<Raw> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.set_write_buffer_size(WRITE_BUFFER_BYTES);
        options.set_max_total_wal_size(WAL_BYTES_MAX);
        options.set_compression_type(DBCompressionType::Lz4);
        Ok(Raw { db: DB::open(&options, folder)?, next: 0 })
    }
}

impl Keeps for Raw {
    fn append(&mut self, batches: &[Vec<u8>]) -> Fallible<Duration> {
        let mut synced = WriteOptions::default();
        synced.set_sync(true);
        let start = Instant::now();
        for batch in batches {
            self.db.put_opt(self.next.to_be_bytes(), batch, &synced)?;
            self.next = self.next.saturating_add(1);
        }
        Ok(start.elapsed())
    }
}
