//! A ledger that is followed: its log, wherever it is kept, read beside whoever writes it.

use crate::failure::Failure;
use grants_eventlog::{LogReader, RocksReader};
use grants_ledger::DataDir;
use std::path::Path;
use tempfile::TempDir;

/// The log of another ledger.
pub(crate) enum Source {
    /// A data directory on this machine.
    Folder {
        /// Follows the log up to its head file.
        reader: Box<RocksReader>,
        /// The database keeps its own notes in it. Declared last, so that it goes last.
        _scratch: TempDir,
    },
}

impl Source {
    /// Opens the log in a data directory.
    pub(crate) fn open(from: &Path) -> Result<Self, Failure> {
        DataDir::at(from).manifest().map_err(Failure::usage)?;
        let scratch = tempfile::tempdir()?;
        let reader = RocksReader::open_secondary(from, scratch.path()).map_err(Failure::fault)?;
        Ok(Self::Folder { reader: Box::new(reader), _scratch: scratch })
    }

    /// Sees what was written since.
    pub(crate) fn catch_up(&self) -> Result<(), Failure> {
        let Self::Folder { reader, .. } = self;
        reader.catch_up().map(|_| ()).map_err(Failure::fault)
    }

    /// The log.
    pub(crate) fn log(&self) -> &dyn LogReader {
        let Self::Folder { reader, .. } = self;
        &**reader
    }
}
