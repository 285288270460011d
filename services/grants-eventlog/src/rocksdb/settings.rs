//! How the log's database is set up: careful when it writes, suspicious when it reads.

use ::rocksdb::{DBCompressionType, DBRecoveryMode, Options, ReadOptions, WriteOptions};

/// Memory for writes before they become a file, in bytes.
const WRITE_BUFFER_BYTES: usize = 64 * 1_024 * 1_024;

/// All write-ahead files together, in bytes: bounds what recovery has to read.
const WAL_BYTES_MAX: u64 = 256 * 1_024 * 1_024;

/// RocksDB's own diagnostic files that are kept.
const INFO_LOG_FILES_MAX: usize = 5;

pub(super) fn for_writing(create: bool) -> Options {
    let mut options = for_reading();
    options.create_if_missing(create);
    options.set_write_buffer_size(WRITE_BUFFER_BYTES);
    options.set_max_total_wal_size(WAL_BYTES_MAX);
    options.set_keep_log_file_num(INFO_LOG_FILES_MAX);
    options.set_compression_type(DBCompressionType::Lz4);
    options
}

pub(super) fn for_reading() -> Options {
    let mut options = Options::default();
    options.set_paranoid_checks(true);
    options.set_track_and_verify_wals_in_manifest(true);
    // A torn tail after a power cut must not refuse to open; that it tore no acknowledged batch is what the head
    // file shows.
    options.set_wal_recovery_mode(DBRecoveryMode::PointInTime);
    options
}

/// For following a database that another process writes: every file stays open, so that none vanishes under us.
pub(super) fn for_following() -> Options {
    let mut options = for_reading();
    options.set_max_open_files(-1);
    options
}

pub(super) fn synced_write() -> WriteOptions {
    let mut options = WriteOptions::default();
    options.set_sync(true);
    options
}

pub(super) fn checked_read() -> ReadOptions {
    let mut options = ReadOptions::default();
    options.set_verify_checksums(true);
    options
}
