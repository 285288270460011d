//! A log that is read beside whoever writes it, wherever it lies.

use crate::{failure::Failure, place::LogPlace};
use grants_eventlog::{
    GrowingLog, Head, LedgerId, LogEnd, LogReader, ReadError, RocksReader, Vouched, kafka::KafkaReader,
};
use grants_ledger::{DataDir, Manifest};
use std::path::Path;
use tempfile::TempDir;

/// A log that is read, up to where it ended when somebody caught up with it last.
pub(crate) struct Beside {
    log: Box<dyn GrowingLog>,
    manifest: Manifest,
    // Declared last: a database keeps its own notes in it.
    _scratch: TempDir,
}

impl Beside {
    /// Opens the log of the ledger with this data directory, from its beginning.
    pub(crate) fn open(data: &Path) -> Result<Beside, Failure> {
        let dir = DataDir::at(data);
        let manifest = dir.manifest().map_err(Failure::usage)?;
        let scratch = tempfile::tempdir()?;
        let log: Box<dyn GrowingLog> = match LogPlace::of(&dir)? {
            None => {
                let log = RocksReader::open_secondary(dir.root(), scratch.path());
                Box::new(log.map_err(Failure::fault)?)
            }
            Some(place) => {
                let genesis = Head::genesis(LedgerId(manifest.ledger.0));
                let log = KafkaReader::open(place.connect_log()?, dir.root(), genesis);
                Box::new(log.map_err(Failure::fault)?)
            }
        };
        Ok(Beside { log, manifest, _scratch: scratch })
    }

    /// Whose ledger it is.
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads on, and says what may be relied on.
    pub(crate) fn catch_up(&self) -> Result<Vouched, Failure> {
        self.log.catch_up().map_err(Failure::fault)
    }

    /// The log.
    pub(crate) fn reader(&self) -> &dyn LogReader {
        &*self.log
    }
}

/// A log that is looked at anew whenever somebody asks where it ends.
pub(crate) struct Fresh<'b>(pub(crate) &'b Beside);

impl LogReader for Fresh<'_> {
    fn end(&self) -> Result<LogEnd, ReadError> {
        let log = &self.0.log;
        let batch = log.end()?.next_batch;
        log.catch_up().map_err(|fault| ReadError::Storage { batch, cause: fault.to_string() })?;
        log.end()
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        self.0.log.read(from_batch, max_bytes)
    }
}
