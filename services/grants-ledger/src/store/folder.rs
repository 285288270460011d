//! The folder of a decision state: its lock, its names, and how the store in it is set up.

use rocksdb::{BlockBasedOptions, Cache, DB, DBCompressionType, Options};
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

use super::StoreError;
use crate::limits::Limits;

/// Memtables that may be full and not yet written.
const MEMTABLES_MAX: i32 = 3;
/// About one wrong guess in a hundred look-ups of an id that is not there.
const BLOOM_BITS_PER_KEY: f64 = 10.0;
/// Part of a memtable that its filter may take.
const MEMTABLE_BLOOM_RATIO: f64 = 0.05;
/// RocksDB's own diary, for support; nothing of ours is read from it.
const DIARY_BYTES_MAX: usize = 1 << 20;
const DIARIES_MAX: usize = 2;

const LOCK: &str = "lock";
pub(super) const ROWS: &str = "rows";
const MAKING: &str = "rows.new";
pub(super) const DOOMED: &str = "rows.old";

pub(super) fn options(limits: &Limits) -> Options {
    let mut blocks = BlockBasedOptions::default();
    blocks.set_block_cache(&Cache::new_lru_cache(limits.block_cache_bytes));
    blocks.set_bloom_filter(BLOOM_BITS_PER_KEY, false);
    blocks.set_whole_key_filtering(true);
    blocks.set_cache_index_and_filter_blocks(true);
    blocks.set_cache_index_and_filter_blocks_with_high_priority(true);
    blocks.set_pin_l0_filter_and_index_blocks_in_cache(true);
    let mut options = Options::default();
    options.set_block_based_table_factory(&blocks);
    options.set_paranoid_checks(true);
    options.set_compression_type(DBCompressionType::Lz4);
    options.set_write_buffer_size(limits.memtable_bytes);
    options.set_max_write_buffer_number(MEMTABLES_MAX);
    options.set_memtable_prefix_bloom_ratio(MEMTABLE_BLOOM_RATIO);
    options.set_memtable_whole_key_filtering(true);
    options.set_allow_concurrent_memtable_write(false);
    options.set_keep_log_file_num(DIARIES_MAX);
    options.set_max_log_file_size(DIARY_BYTES_MAX);
    options.set_stats_dump_period_sec(0);
    options
}

pub(super) enum Hold {
    Alone,
    Together,
}

pub(super) fn take_lock(dir: &Path, hold: Hold) -> Result<File, StoreError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join(LOCK));
    let file = file.map_err(io_fault(dir))?;
    let taken = match hold {
        Hold::Alone => file.try_lock(),
        Hold::Together => file.try_lock_shared(),
    };
    match taken {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StoreError::InUse(dir.to_owned())),
        Err(fs::TryLockError::Error(fault)) => Err(io_fault(dir)(fault)),
    }
}

/// Makes an empty state under another name first, so that a crash in the middle does not look like damage.
pub(super) fn create(dir: &Path) -> Result<(), StoreError> {
    let making = dir.join(MAKING);
    clear(dir, &making)?;
    let mut options = options(&Limits::default());
    options.create_if_missing(true);
    drop(DB::open(&options, &making).map_err(damaged(dir))?);
    clear(dir, &dir.join(ROWS))?;
    fs::rename(&making, dir.join(ROWS)).map_err(io_fault(dir))?;
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(io_fault(dir))
}

pub(super) fn clear(dir: &Path, part: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(part) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(io_fault(dir)(fault)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether nothing was ever kept here. One left-over file is enough to say no: then somebody must look.
pub(super) fn is_missing(dir: &Path) -> Result<bool, StoreError> {
    match fs::read_dir(dir.join(ROWS)) {
        Ok(mut files) => Ok(files.next().is_none()),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(fault) => Err(io_fault(dir)(fault)),
    }
}

pub(super) fn io_fault(dir: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let dir = dir.to_owned();
    move |source| StoreError::Io { dir, source }
}

pub(super) fn damaged<T: ToString>(dir: &Path) -> impl FnOnce(T) -> StoreError {
    let dir = dir.to_owned();
    move |cause| StoreError::Damaged { dir, cause: cause.to_string() }
}
