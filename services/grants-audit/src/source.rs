//! A folder to check: a bundle that was handed over, or the data folder of a ledger that may be running.

use grants_eventlog::{BundleReader, LogReader, RocksReader};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

use crate::{note::NOTE_BYTES_MAX, tree::Hash};

/// A log that can be read, and what lay beside it.
pub struct Source {
    /// The batches. Nobody has judged them yet.
    pub reader: Box<dyn LogReader>,
    /// The signed note beside them, if there is one.
    pub checkpoint: Option<String>,
    /// What a bundle's manifest promises: ledger, batches, events and root.
    pub promised: Option<Promised>,
    /// RocksDB's own notes while it reads a live folder.
    _scratch: Option<TempDir>,
}

/// What the folder says it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The ledger, as 32 hexadecimal digits.
    pub ledger: String,
    /// How many batches.
    pub batches: u64,
    /// How many events.
    pub events: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a folder cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is neither of the two kinds.
    #[error("{} is neither a bundle (it has no manifest) nor the folder of a ledger (it has no log)", .0.display())]
    Neither(PathBuf),
    /// The bundle cannot be opened.
    #[error("the bundle in {} cannot be opened: {cause}", path.display())]
    Bundle {
        /// The folder.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The log cannot be opened.
    #[error("the log in {} cannot be opened: {cause}", path.display())]
    Log {
        /// The folder.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// A file cannot be read.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl Source {
    /// A log without a folder.
    #[must_use]
    pub fn of(reader: Box<dyn LogReader>, checkpoint: Option<String>) -> Self {
        Self { reader, checkpoint, promised: None, _scratch: None }
    }

    /// Opens a bundle or a data folder; a data folder may belong to a running ledger, and nothing in it is changed.
    ///
    /// # Errors
    /// See [`SourceError`].
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        if path.join("manifest").is_file() {
            return Self::bundle(path);
        }
        if path.join("log").is_dir() {
            return Self::folder(path);
        }
        Err(SourceError::Neither(path.to_owned()))
    }

    fn bundle(path: &Path) -> Result<Self, SourceError> {
        let failed = |cause: String| SourceError::Bundle { path: path.to_owned(), cause };
        let bundle = BundleReader::open(path).map_err(|fault| failed(fault.to_string()))?;
        let manifest = bundle.manifest();
        let promised = Promised {
            ledger: manifest.ledger.to_string(),
            batches: manifest.batches,
            events: manifest.events,
            root: manifest.root.0,
        };
        let checkpoint = Some(bundle.checkpoint().to_owned());
        Ok(Self { reader: Box::new(bundle), checkpoint, promised: Some(promised), _scratch: None })
    }

    fn folder(path: &Path) -> Result<Self, SourceError> {
        let failed = |cause: String| SourceError::Log { path: path.to_owned(), cause };
        // Before the log: what is signed is durable, so the log that is opened afterwards has it.
        let checkpoint = small_file(&path.join("checkpoint"))?;
        let scratch = tempfile::tempdir().map_err(|fault| failed(fault.to_string()))?;
        let reader =
            RocksReader::open_secondary(path, scratch.path()).map_err(|fault| failed(fault.to_string()))?;
        Ok(Self { reader: Box::new(reader), checkpoint, promised: None, _scratch: Some(scratch) })
    }
}

/// A small text file, if it is there.
///
/// # Errors
/// It is too long, not text, or cannot be read.
pub fn small_file(path: &Path) -> Result<Option<String>, SourceError> {
    let failed = |cause: io::Error| SourceError::File { path: path.to_owned(), cause };
    let length = match fs::metadata(path) {
        Ok(found) => found.len(),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(failed(fault)),
    };
    if usize::try_from(length).map_or(true, |length| NOTE_BYTES_MAX < length) {
        return Err(failed(io::Error::other(format!("{length} bytes are too many for a note"))));
    }
    fs::read_to_string(path).map(Some).map_err(failed)
}
