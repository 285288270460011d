//! How far a feed has come: a small file, which names ledger and topic, so that it is taken for no other.
//!
//! It is written behind the acknowledgement of what it covers and never before, so it may lag and never leads.

use grants_eventlog::{
    Head, LedgerId, Root,
    files::{Durable, lock_folder, write_whole},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::outlet::Places;

/// Largest file: a position with many partitions.
const POSITION_BYTES_MAX: u64 = 1 << 20;
const VERSION: u32 = 1;

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    version: u32,
    ledger: String,
    /// Where it is published.
    pub to: String,
    /// How many batches are published.
    pub next_batch: u64,
    /// How many events they have: the sequence of the first that is not published.
    pub next_sequence: u64,
    root: String,
    /// For each partition, the offset behind the last record that was acknowledged.
    pub places: Places,
}

/// Why a position cannot be used or kept.
#[derive(Debug, thiserror::Error)]
pub enum PositionError {
    /// Another process publishes with this folder.
    #[error("{0} is in use by another process that publishes")]
    InUse(PathBuf),
    /// The file is no position.
    #[error("{path} is not the position of a feed: {cause}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// The disk failed.
    #[error("{path}: {cause}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What it said.
        cause: io::Error,
    },
}

impl Position {
    /// The position behind the batches of a head.
    pub(super) fn at(head: &Head, to: &str, places: Places) -> Position {
        Position {
            version: VERSION,
            ledger: head.ledger().to_string(),
            to: to.to_owned(),
            next_batch: head.next_batch(),
            next_sequence: head.next_sequence(),
            root: head.root().to_string(),
            places,
        }
    }

    /// The ledger, as it is written.
    #[must_use]
    pub fn ledger(&self) -> &str {
        &self.ledger
    }

    pub(super) fn is_of(&self, ledger: LedgerId) -> bool {
        self.ledger == ledger.to_string()
    }

    pub(super) fn has(&self, root: Root) -> bool {
        self.root == root.to_string()
    }
}

/// The folder of a feed: its position, its figures, and a lock while a process publishes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Takes a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// See [`PositionError`].
    pub fn open(path: &Path) -> Result<Folder, PositionError> {
        let io = |cause| PositionError::Io { path: path.to_owned(), cause };
        fs::create_dir_all(path).map_err(io)?;
        match lock_folder(path).map_err(|(path, cause)| PositionError::Io { path, cause })? {
            Some(lock) => Ok(Folder { path: path.to_owned(), _lock: lock }),
            None => Err(PositionError::InUse(path.to_owned())),
        }
    }

    /// The position, if something was published.
    ///
    /// # Errors
    /// See [`PositionError`].
    pub fn position(&self) -> Result<Option<Position>, PositionError> {
        let path = self.path.join("position.json");
        let length = match fs::metadata(&path) {
            Ok(found) => found.len(),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(PositionError::Io { path, cause }),
        };
        let unreadable = |cause: String| PositionError::Unreadable { path: path.clone(), cause };
        if POSITION_BYTES_MAX < length {
            return Err(unreadable(format!("it has {length} bytes")));
        }
        let text = fs::read(&path).map_err(|cause| PositionError::Io { path: path.clone(), cause })?;
        let found: Position = serde_json::from_slice(&text).map_err(|fault| unreadable(fault.to_string()))?;
        if found.version != VERSION {
            return Err(unreadable(format!("it has version {}", found.version)));
        }
        Ok(Some(found))
    }

    /// Keeps a position: on disk when this returns.
    pub(super) fn keep(&self, position: &Position) -> Result<(), PositionError> {
        let text = serde_json::to_string(position);
        let path = self.path.join("position.json");
        let failed = |cause| PositionError::Io { path: path.clone(), cause };
        let text = text.map_err(|fault| failed(io::Error::other(fault)))?;
        write_whole(&path, text.as_bytes(), Durable::Yes).map_err(failed)
    }

    /// Tells the figures, for whoever collects them. They are told again soon, so nothing is synced.
    pub(super) fn tell(&self, figures: &str) -> Result<(), PositionError> {
        let path = self.path.join("feed.prom");
        write_whole(&path, figures.as_bytes(), Durable::No)
            .map_err(|cause| PositionError::Io { path: path.clone(), cause })
    }
}
